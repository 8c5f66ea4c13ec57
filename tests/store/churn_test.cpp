// Years of changes in a few seconds: after each round the store on disk says what the store in
// memory says, and what it would say if all had come at once.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "store/memory_post_store.hpp"
#include "store/rocks/rocks_post_store.hpp"
#include "tests/support/churn_script.hpp"
#include "tests/support/store_picture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace earshot::test {
namespace {

/// A store on disk and one in memory that are told the same.
class Pair {
 public:
  explicit Pair(std::uint64_t (*id_hash)(std::string_view, std::string_view) = post_id_hash)
      : id_hash_{id_hash} {
    open();
    for (const auto& generation : ChurnScript::generations()) append({.generation = generation});
  }

  void append(const Append& batch) {
    const auto left = disk_->append(batch);
    const auto right = memory_->append(batch);
    REQUIRE_MESSAGE(left, left.error().message);
    REQUIRE(right);
    CHECK(left->added == right->added);
    CHECK(left->edited == right->edited);
    CHECK(left->recounted == right->recounted);
    CHECK(left->repeated == right->repeated);
    CHECK(left->labelled == right->labelled);
    CHECK(left->erased == right->erased);
  }

  void append(const std::vector<Post>& posts, std::size_t size) {
    for (std::size_t at = 0; at < posts.size(); at += size)
      append({.posts = std::span{posts}.subspan(at, std::min(size, posts.size() - at))});
  }

  void reopen() {
    disk_.reset();
    open();
  }

  const PostStore& disk() const { return *disk_; }
  PostStore& disk() { return *disk_; }
  const PostStore& memory() const { return *memory_; }

 private:
  void open() {
    auto opened = open_rocks_store(folder_ / "store",
                                   {.create = true, .reserve_bytes = 0, .id_hash = id_hash_});
    REQUIRE(opened);
    disk_ = *std::move(opened);
  }

  std::uint64_t (*id_hash_)(std::string_view, std::string_view);
  TemporaryFolder folder_;
  std::unique_ptr<PostStore> disk_;
  std::unique_ptr<PostStore> memory_ = make_memory_store();
};

void check_equal(const PostStore& left, const PostStore& right) {
  CHECK(difference(picture_of(left), picture_of(right)) == "");
}

void check_tallies(const PostStore& left, const PostStore& right) {
  for (const auto& request : ChurnScript::requests())
    CHECK(tally_difference(left, right, request) == "");
}

/// Verified, purged and opened again, the store on disk still says what the store in memory says.
void check_sound(Pair& pair) {
  for (int time = 0; time < 2; ++time) {
    const auto outcome = pair.disk().verify();
    REQUIRE_MESSAGE(outcome, outcome.error().message);
    CHECK(outcome->posts == pair.memory().counters()->posts);
    std::string faults;
    for (const auto& fault : outcome->faults) faults += fault + '\n';
    CHECK(faults == "");
    if (time == 0) REQUIRE(pair.disk().purge());
  }
  pair.reopen();
  check_equal(pair.disk(), pair.memory());
}

/// How many histories are drawn: 2, or as $EARSHOT_CHURN_SEEDS says.
std::uint64_t seeds() {
  const char* wanted = std::getenv("EARSHOT_CHURN_SEEDS");
  return wanted == nullptr ? 2 : std::strtoull(wanted, nullptr, 10);
}

/// A past of 3,000 posts, labelled, then rounds of changes in batches of all sizes, dense ones and
/// sparse ones; the store on disk is closed and opened again now and then.
void churn(ChurnScript& script, Pair& pair) {
  pair.append(script.past(3'000), 700);
  pair.append(script.labels(pair.memory(), 0, false).append());
  for (int round = 0; round < 7; ++round) {
    CAPTURE(round);
    if (round == 5) pair.append(script.labels(pair.memory(), 1, true).append());
    for (const auto size : {1 + script.below(4), 1 + script.below(60), 1 + script.below(400)})
      pair.append(script.changes(pair.memory(), size, round % 3 == 1).append());
    if (round % 2 == 1) pair.append(script.labels(pair.memory(), round > 5, false).append());
    if (round % 4 == 1) pair.reopen();
    if (round == 4) check_equal(pair.disk(), pair.memory());
  }
  check_equal(pair.disk(), pair.memory());
  check_tallies(pair.disk(), pair.memory());
}

/// The final state of a store, given to a new one: all versions in another order, then the labels.
std::unique_ptr<PostStore> from_scratch(ChurnScript& script, const PostStore& store,
                                        const std::string& path) {
  auto opened = open_rocks_store(path, {.create = true, .reserve_bytes = 0});
  REQUIRE(opened);
  auto made = *std::move(opened);
  auto posts = script.drawn();
  for (auto i = posts.size(); i > 1; --i) std::swap(posts[i - 1], posts[script.below(i)]);
  for (const auto& generation : ChurnScript::generations())
    REQUIRE(made->append({.generation = generation}));
  REQUIRE(made->append({.posts = posts}));

  std::vector<LabelledPost> labels;
  StoredBatch batch;
  ScanCursor cursor;
  const ScanFilter all{.hidden = HiddenPosts::taken};
  while (store.scan(all, cursor, 1'000, batch) && !batch.posts.empty())
    for (const auto& stored : batch.posts)
      if (stored.labels.generation != 0) labels.push_back({stored.key, stored.labels});
  REQUIRE(made->append({.labels = labels}));
  return made;
}

/// What stands under each id, where keys are not those of the other store.
std::map<std::string, std::string> by_id(const PostStore& store) {
  std::map<std::string, std::string> found;
  StoredBatch batch;
  ScanCursor cursor;
  const ScanFilter all{.hidden = HiddenPosts::taken};
  while (store.scan(all, cursor, 50, batch) && !batch.posts.empty())
    for (const auto& stored : batch.posts) {
      const auto& post = stored.post;
      const bool first =
          found
              .emplace(post_id(post), fmt::format("{} {} {}", to_unix(post.posted_at), post.text,
                                                  post.engagement.likes.value_or(999)))
              .second;
      CHECK(first);
    }
  return found;
}

std::uint64_t same_hash(std::string_view, std::string_view) {
  return 42;
}

}  // namespace

TEST_CASE(
    "after hundreds of edits, counts, repeats, late posts, labels and erasures the store on disk "
    "says "
    "what the store in memory says") {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    CAPTURE(seed);
    ChurnScript script{{.seed = seed}};
    Pair pair;
    churn(script, pair);
    check_sound(pair);
  }
}

TEST_CASE("a store of a long history says what it would say if all had come at once") {
  ChurnScript script{{.seed = 3, .erasures = false}};
  Pair pair;
  pair.append(script.past(3'000), 900);
  pair.append(script.labels(pair.memory(), 0, false).append());
  for (int round = 0; round < 8; ++round)
    pair.append(script.changes(pair.memory(), 150, round % 2 == 1).append());
  pair.reopen();

  const TemporaryFolder folder;
  const auto scratch = from_scratch(script, pair.memory(), folder / "store");

  check_equal(pair.disk(), *scratch);
  check_tallies(pair.disk(), *scratch);
}

TEST_CASE("posts whose ids all have the same hash are kept apart through every change") {
  ChurnScript script{{.seed = 4, .erasures = false}};
  Pair pair{same_hash};
  pair.append(script.past(40), 17);
  for (int round = 0; round < 6; ++round) {
    auto changes = script.changes(pair.memory(), 25, false);
    changes.labels.clear();
    pair.append(changes.append());
    if (round == 3) pair.reopen();
  }

  CHECK(by_id(pair.disk()) == by_id(pair.memory()));
  CHECK(pair.disk().counters()->posts == pair.memory().counters()->posts);
}

TEST_CASE("of posts whose ids all have the same hash, erasing one takes no other with it") {
  ChurnScript script{{.seed = 6}};
  Pair pair{same_hash};
  const auto past = script.past(30);
  pair.append(past, 30);
  const std::vector<PostId> ids{{past[4].network, past[4].native_id},
                                {past[9].network, past[9].native_id}};

  pair.append({.erasures = ids});
  pair.reopen();
  pair.append(past, 7);  // two of them stay erased

  CHECK(by_id(pair.disk()).size() == 28);
  CHECK(by_id(pair.disk()) == by_id(pair.memory()));
  pair.append({.posts = script.past(5)});
  CHECK(by_id(pair.disk()).size() == 33);
  CHECK(pair.disk().counters()->erased == 2);
}

}  // namespace earshot::test
