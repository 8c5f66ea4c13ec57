#include "analyze/pipeline.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "store/memory_post_store.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {

/// A memory store that refuses the appends of labels after the first `accepted`, like a kill
/// between two batches; and that remembers what it was to make ready.
class BreakingStore final : public PostStore {
 public:
  BreakingStore(PostStore& store, int accepted) : store_{store}, accepted_{accepted} {}

  Result<AppendOutcome> append(const Append& batch) override {
    if (!batch.labels.empty() && accepted_-- == 0)
      return Error{Error::Kind::store_full, "disk full"};
    return store_.append(batch);
  }
  Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                    StoredBatch& out) const override {
    return store_.scan(filter, cursor, limit, out);
  }
  Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out,
                     HiddenPosts hidden) const override {
    return store_.posts(keys, out, hidden);
  }
  Result<Done> facts(Window window,
                     const std::function<void(const FactBatch&)>& visit) const override {
    return store_.facts(window, visit);
  }
  Result<Tallies> tally(const TallyRequest& request) const override {
    return store_.tally(request);
  }
  Result<Done> roll_up(const RollupPlan& plan) override {
    months.assign(plan.months.begin(), plan.months.end());
    years.assign(plan.years.begin(), plan.years.end());
    settled = plan.settled;
    return store_.roll_up(plan);
  }
  Result<Generation> generation(std::uint64_t id) const override { return store_.generation(id); }
  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const override {
    return store_.generations();
  }
  Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const override {
    return store_.channel_names();
  }
  Result<std::vector<SourceState>> sources() const override { return store_.sources(); }
  Result<std::vector<HostState>> hosts() const override { return store_.hosts(); }
  Result<std::vector<Poll>> polls(Window window) const override { return store_.polls(window); }
  Result<StoreCounters> counters() const override { return store_.counters(); }
  Result<std::optional<std::pair<Instant, Instant>>> span() const override { return store_.span(); }
  Result<VerifyOutcome> verify() const override { return store_.verify(); }
  Result<Done> purge() override { return store_.purge(); }

  std::vector<Instant> months, years;  ///< As `roll_up` was last told.
  Instant settled{};

 private:
  PostStore& store_;
  int accepted_;
};

std::unique_ptr<PostStore> store_of(int count) {
  auto store = make_memory_store();
  for (int i = 0; i < count; ++i) {
    const auto id = std::to_string(i), text = "I love Acme number " + id;
    const auto post = sample_post(id, "somebody", text, i);
    REQUIRE(store->append({.posts = std::span{&post, 1}}));
  }
  return store;
}

Labeller labeller_for(const std::string& query) {
  Project project;
  project.brand = {"Acme", query, {}, {}};
  auto labeller = Labeller::create(project, tiny_model());
  REQUIRE(labeller);
  return *std::move(labeller);
}

void no_progress(std::uint64_t, std::uint64_t) {}
bool never() {
  return false;
}

/// All posts with their labels.
std::vector<Labels> labels_in(const PostStore& store) {
  ScanCursor cursor;
  StoredBatch batch;
  REQUIRE(store.scan({}, cursor, 1'000'000, batch));
  std::vector<Labels> labels;
  for (const auto& stored : batch.posts) labels.push_back(stored.labels);
  return labels;
}

}  // namespace

TEST_CASE("pipeline: the store is told until when posts are settled, if that is known") {
  const auto store = store_of(3);
  BreakingStore told{*store, 0};

  REQUIRE(roll_up(told, {}, from_unix(77)));
  CHECK(told.settled == from_unix(77));
  REQUIRE(roll_up(told, {}));
  CHECK(told.settled == Instant::min());
}

TEST_CASE("pipeline: labels what waits, batch by batch, and then nothing") {
  const auto store = store_of(25);
  const auto labeller = labeller_for("acme");
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  const auto progress = [&](std::uint64_t done, std::uint64_t total) {
    seen.emplace_back(done, total);
  };

  const auto first = analyze_store(*store, labeller, {.batch = 10}, progress, never);
  const auto second = analyze_store(*store, labeller, {.batch = 10}, no_progress, never);

  REQUIRE(first);
  CHECK(first->labelled == 25);
  CHECK(first->stale == 0);
  CHECK(seen == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{10, 25}, {20, 25}, {25, 25}});
  REQUIRE(second);
  CHECK(second->labelled == 0);
  for (const auto& labels : labels_in(*store)) {
    CHECK(labels.generation == labeller.generation().id());
    CHECK(labels.entities.size() == 1);
  }
  CHECK(store->generation(labeller.generation().id())->entities == labeller.generation().entities);
}

TEST_CASE("pipeline: reports are made ready by months and years of the project's zone") {
  const auto memory = store_of(25);  // from 2026-01-01 on
  BreakingStore store{*memory, 0};
  Project project;
  project.timezone = "Australia/Brisbane";
  const auto now = from_unix(1'767'700'000);

  REQUIRE(roll_up(store, project, now));

  CHECK(store.years == std::vector<Instant>{from_unix(1'735'653'600),    // 2024-12-31T14:00Z
                                            from_unix(1'767'189'600),    // 2025-12-31T14:00Z
                                            from_unix(1'798'725'600)});  // 2026-12-31T14:00Z
  REQUIRE(store.months.size() == 25);
  CHECK(store.months[12] == store.years[1]);
  CHECK(store.months[13] == from_unix(1'769'868'000));  // 2026-01-31T14:00Z
  CHECK(store.settled == now);
}

TEST_CASE("pipeline: a post that is hidden does not wait for ever") {
  const auto store = store_of(3);
  Post post = sample_post("gone", "ann", "acme is late");
  post.missing_at = from_unix(2'000'000'000);
  REQUIRE(store->append({.posts = {&post, 1}}));
  const auto labeller = labeller_for("acme");

  for (const bool all : {false, true}) {
    const auto outcome = analyze_store(*store, labeller, {.all = all}, no_progress, never);
    REQUIRE(outcome);
    CHECK(outcome->labelled == (all ? 0 : 4));
    CHECK(outcome->stale == 0);
  }
  CHECK(store->counters()->unlabelled == 0);
  CHECK(labels_in(*store).size() == 3);
}

TEST_CASE("pipeline: an empty store has nothing to label") {
  const auto store = make_memory_store();
  int calls = 0;

  const auto outcome = analyze_store(
      *store, labeller_for("acme"), {}, [&](std::uint64_t, std::uint64_t) { ++calls; }, never);

  REQUIRE(outcome);
  CHECK(outcome->labelled == 0);
  CHECK(calls == 0);
}

TEST_CASE("pipeline: stops after the batch in which it is told to, and goes on from there") {
  const auto store = store_of(25);
  const auto labeller = labeller_for("acme");
  int asked = 0;

  const auto first =
      analyze_store(*store, labeller, {.batch = 10}, no_progress, [&] { return ++asked == 2; });
  const auto second = analyze_store(*store, labeller, {.batch = 10}, no_progress, never);

  REQUIRE(first);
  CHECK(first->labelled == 20);
  REQUIRE(second);
  CHECK(second->labelled == 5);
}

TEST_CASE("pipeline: broken off anywhere and run again, it ends as if it had not been") {
  const auto labeller = labeller_for("acme");
  const auto whole = store_of(25);
  REQUIRE(analyze_store(*whole, labeller, {.batch = 4}, no_progress, never));
  for (int accepted = 0; accepted < 7; ++accepted) {
    const auto store = store_of(25);
    BreakingStore breaking{*store, accepted};

    const auto broken = analyze_store(breaking, labeller, {.batch = 4}, no_progress, never);
    const auto again = analyze_store(*store, labeller, {.batch = 4}, no_progress, never);

    REQUIRE_FALSE(broken);
    CHECK(broken.error().kind == Error::Kind::store_full);
    REQUIRE(again);
    CHECK(again->labelled == static_cast<std::uint64_t>(25 - 4 * accepted));
    CHECK(labels_in(*store) == labels_in(*whole));
  }
}

TEST_CASE("pipeline: labels of an older config stay, and are counted, unless all are asked for") {
  const auto store = store_of(25);
  const auto before = labeller_for("acme"), after = labeller_for("acme number");
  REQUIRE(analyze_store(*store, before, {.batch = 10}, no_progress, never));
  const auto late = sample_post("late", "somebody", "Acme again", 99);
  REQUIRE(store->append({.posts = std::span{&late, 1}}));

  const auto only_new = analyze_store(*store, after, {.batch = 10}, no_progress, never);
  std::uint64_t announced = 0;
  const auto all = analyze_store(
      *store, after, {.all = true, .batch = 10},
      [&](std::uint64_t, std::uint64_t total) { announced = total; }, never);

  REQUIRE(only_new);
  CHECK(only_new->labelled == 1);
  CHECK(only_new->stale == 25);
  REQUIRE(all);
  CHECK(all->labelled == 25);
  CHECK(all->stale == 0);
  CHECK(announced == 25);
}

TEST_CASE("pipeline: labels given by hand survive") {
  const auto store = store_of(3);
  const auto labeller = labeller_for("acme");
  const auto post = sample_post("1", "somebody", "I love Acme number 1", 1);
  const LabelledPost by_hand{{post.posted_at, post_id_hash("net", "1")},
                             {.content = content_hash(post),
                              .generation = labeller.generation().id(),
                              .priority = 1,
                              .by_hand = true}};
  REQUIRE(store->append({.labels = std::span{&by_hand, 1}, .generation = labeller.generation()}));

  REQUIRE(analyze_store(*store, labeller, {.all = true}, no_progress, never));

  const auto labels = labels_in(*store);
  REQUIRE(labels.size() == 3);
  CHECK(labels[1] == by_hand.labels);
  CHECK(labels[2].generation == labeller.generation().id());
}
