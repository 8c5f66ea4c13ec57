#include "ingest/poller.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/health.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/fake_source.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant noon = from_unix(1'800'000'000);
const Window all_time{Instant{}, Instant::max()};

/// Sources on hosts of their own, a store, and what a run is told.
struct Bench {
  std::unique_ptr<PostStore> store = make_memory_store();
  ScriptedHttp http;
  CollectorOptions options{.now = noon, .connections = 4, .host_gap = milliseconds{0}};
  std::function<void(const CollectProgress&)> progress;
  std::function<bool()> stop;
  SourceType type{"feed", "", false, {}};
  std::deque<SourceConfig> configs;
  std::deque<CollectJob> jobs;

  CollectJob& add(const std::string& name, const std::string& url, FakeSource::Answer answer,
                  std::vector<FakeSource::Asked>* asked = nullptr) {
    configs.push_back({.name = name, .type = "feed", .url = url});
    CollectJob& job = jobs.emplace_back();
    job.config = &configs.back();
    job.type = &type;
    job.source = std::make_unique<FakeSource>(std::move(answer), asked);
    job.outcome.name = name;
    job.outcome.state = {.name = name, .type = "feed", .interval = hours{1}};
    return job;
  }

  Result<Done> poll() {
    std::vector<CollectJob*> due;
    for (CollectJob& job : jobs) due.push_back(&job);
    return poll_sources({*store, http, options, progress, stop}, due);
  }

  SourceState stored(const std::string& name) const {
    const auto states = store->sources();
    REQUIRE(states);
    for (const SourceState& state : *states)
      if (state.name == name) return state;
    return {};
  }

  std::vector<Poll> polls() const { return *store->polls(all_time); }
};

Result<Page> refuse(int status, std::optional<seconds> wait = {}) {
  Page page;
  page.refused_status = status;
  page.wait = wait;
  return page;
}

/// A store whose disk is full.
class FullStore final : public PostStore {
 public:
  Result<AppendOutcome> append(const Append&) override {
    return Error{Error::Kind::store_full, "the disk is full"};
  }
  Result<Done> scan(const ScanFilter&, ScanCursor&, std::size_t, StoredBatch&) const override {
    return Done{};
  }
  Result<Done> posts(std::span<const PostKey>, StoredBatch&, HiddenPosts) const override {
    return Done{};
  }
  Result<Done> facts(Window, const std::function<void(const FactBatch&)>&) const override {
    return Done{};
  }
  Result<Tallies> tally(const TallyRequest&) const override { return Tallies{}; }
  Result<Done> roll_up(const RollupPlan&) override { return Done{}; }
  Result<Generation> generation(std::uint64_t) const override { return Generation{}; }
  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const override {
    return std::vector<std::pair<std::uint64_t, std::uint64_t>>{};
  }
  Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const override {
    return std::vector<std::pair<std::uint64_t, std::string>>{};
  }
  Result<std::vector<SourceState>> sources() const override { return std::vector<SourceState>{}; }
  Result<std::vector<HostState>> hosts() const override { return std::vector<HostState>{}; }
  Result<std::vector<Poll>> polls(Window) const override { return std::vector<Poll>{}; }
  Result<StoreCounters> counters() const override { return StoreCounters{}; }
  Result<std::optional<std::pair<Instant, Instant>>> span() const override {
    return std::optional<std::pair<Instant, Instant>>{};
  }
  Result<VerifyOutcome> verify() const override { return VerifyOutcome{}; }
  Result<Done> purge() override { return Done{}; }
};

/// Counts its writes.
class CountingStore final : public PostStore {
 public:
  std::atomic<int> appends{0};

  Result<AppendOutcome> append(const Append& batch) override {
    ++appends;
    return store_->append(batch);
  }
  Result<Done> scan(const ScanFilter& filter, ScanCursor& cursor, std::size_t limit,
                    StoredBatch& out) const override {
    return store_->scan(filter, cursor, limit, out);
  }
  Result<Done> posts(std::span<const PostKey> keys, StoredBatch& out,
                     HiddenPosts hidden) const override {
    return store_->posts(keys, out, hidden);
  }
  Result<Done> facts(Window window,
                     const std::function<void(const FactBatch&)>& visit) const override {
    return store_->facts(window, visit);
  }
  Result<Tallies> tally(const TallyRequest& request) const override {
    return store_->tally(request);
  }
  Result<Done> roll_up(const RollupPlan& plan) override { return store_->roll_up(plan); }
  Result<Generation> generation(std::uint64_t id) const override { return store_->generation(id); }
  Result<std::vector<std::pair<std::uint64_t, std::uint64_t>>> generations() const override {
    return store_->generations();
  }
  Result<std::vector<std::pair<std::uint64_t, std::string>>> channel_names() const override {
    return store_->channel_names();
  }
  Result<std::vector<SourceState>> sources() const override { return store_->sources(); }
  Result<std::vector<HostState>> hosts() const override { return store_->hosts(); }
  Result<std::vector<Poll>> polls(Window window) const override { return store_->polls(window); }
  Result<StoreCounters> counters() const override { return store_->counters(); }
  Result<std::optional<std::pair<Instant, Instant>>> span() const override {
    return store_->span();
  }
  Result<VerifyOutcome> verify() const override { return store_->verify(); }
  Result<Done> purge() override { return store_->purge(); }

 private:
  std::unique_ptr<PostStore> store_ = make_memory_store();
};

}  // namespace

TEST_CASE("poller: a good answer leaves posts, validators, health and one poll") {
  Bench bench;
  CollectJob& job = bench.add("news", "http://a/feed", [](const FetchState&) {
    Page page = page_of(0, 3, "news");
    page.etag = "\"v1\"";
    page.last_modified = "Sun, 22 Nov 2026 03:15:37 GMT";
    page.body_hash = "abc";
    return page;
  });
  job.state().body_hash = "@address";

  REQUIRE(bench.poll());

  const SourceState state = bench.stored("news");
  CHECK(state.etag == "\"v1\"");
  CHECK(state.last_modified == "Sun, 22 Nov 2026 03:15:37 GMT");
  CHECK(state.body_hash == "abc@address");
  CHECK(state.first_poll == noon);
  CHECK(state.last_new == noon);
  CHECK(state.next_try == noon + hours{1});
  CHECK(state.posts == 3);
  CHECK(state == job.outcome.state);
  CHECK(job.outcome.polled);
  CHECK(job.outcome.rows == 3);
  CHECK(bench.polls() == std::vector<Poll>{{.source = "news", .at = noon, .ok = true, .posts = 3}});
}

TEST_CASE(
    "poller: the next request carries the validators; an unchanged answer is a good poll without "
    "posts") {
  Bench bench;
  std::vector<FakeSource::Asked> asked;
  CollectJob& job = bench.add(
      "news", "http://a/feed",
      [](const FetchState&) {
        Page page;
        page.unchanged = true;
        return page;
      },
      &asked);
  job.state() = {.name = "news",
                 .type = "feed",
                 .etag = "\"v1\"",
                 .last_modified = "then",
                 .body_hash = "abc@address",
                 .interval = hours{1},
                 .last_new = noon - hours{9}};

  REQUIRE(bench.poll());

  REQUIRE(asked.size() == 1);
  CHECK(asked[0].etag == "\"v1\"");
  CHECK(asked[0].last_modified == "then");
  CHECK(asked[0].body_hash == "abc");
  CHECK(bench.stored("news").etag == "\"v1\"");
  CHECK(bench.stored("news").body_hash == "abc@address");
  CHECK(bench.stored("news").last_ok == noon);
  CHECK(bench.stored("news").last_new == noon - hours{9});
  CHECK(bench.polls() == std::vector<Poll>{{.source = "news", .at = noon, .ok = true, .posts = 0}});
}

TEST_CASE("poller: a new answer without validators forgets the old ones") {
  Bench bench;
  CollectJob& job =
      bench.add("news", "http://a/feed", [](const FetchState&) { return page_of(0, 1); });
  job.state().etag = "\"old\"";

  REQUIRE(bench.poll());

  CHECK(bench.stored("news").etag.empty());
}

TEST_CASE("poller: the whole answer is asked for without validators") {
  Bench bench;
  std::vector<FakeSource::Asked> asked;
  CollectJob& job = bench.add(
      "news", "http://a/feed", [](const FetchState&) { return page_of(0, 1); }, &asked);
  job.state().etag = "\"v1\"";
  job.full_answer = true;

  REQUIRE(bench.poll());

  CHECK(asked[0].etag.empty());
}

TEST_CASE("poller: a source that fails costs itself only") {
  Bench bench;
  bench.add("bad", "http://a/", [](const FetchState&) {
    return Error{Error::Kind::network, "http://user:canary@a/: no complete answer within 30 s"};
  });
  bench.add("refused", "http://b/", [](const FetchState&) { return refuse(404); });
  bench.add("good", "http://c/", [](const FetchState&) { return page_of(0, 2, "good"); });

  REQUIRE(bench.poll());

  REQUIRE(bench.jobs[0].outcome.error);
  CHECK(bench.jobs[0].outcome.error->message == "http://a/: no complete answer within 30 s");
  CHECK(bench.stored("bad").last_error == "http://a/: no complete answer within 30 s");
  CHECK(bench.stored("bad").failing_since == noon);
  CHECK(bench.stored("bad").next_try == noon + backoff("bad", 1, hours{1}));
  CHECK(bench.jobs[1].outcome.error->message == "HTTP 404");
  CHECK_FALSE(bench.jobs[2].outcome.error);
  CHECK(bench.stored("good").posts == 2);
  CHECK(bench.polls() == std::vector<Poll>{{.source = "bad", .at = noon},
                                           {.source = "good", .at = noon, .ok = true, .posts = 2},
                                           {.source = "refused", .at = noon}});
}

TEST_CASE("poller: 410 is the end of a source") {
  Bench bench;
  bench.add("old", "http://a/", [](const FetchState&) { return refuse(410); });

  REQUIRE(bench.poll());

  CHECK(bench.stored("old").gone);
  CHECK(bench.jobs[0].outcome.error->message == "HTTP 410: gone for good, not polled again");
}

TEST_CASE("poller: a host that asks for rest gets it from all sources that wait for it") {
  Bench bench;
  for (const char* name : {"one", "two", "three"})
    bench.add(name, std::string{"https://Reddit.example:443/"} + name,
              [](const FetchState&) { return refuse(429, seconds{7200}); });
  bench.add("other", "https://other.example/",
            [](const FetchState&) { return page_of(0, 1, "other"); });

  REQUIRE(bench.poll());

  CHECK(bench.jobs[0].outcome.polled);
  CHECK(bench.jobs[0].outcome.error->message == "HTTP 429, asked to wait 7200 s");
  for (const char* name : {"one", "two", "three"})
    CHECK(bench.stored(name).next_try == noon + hours{2});
  for (const std::size_t spared : {1, 2}) {
    CHECK_FALSE(bench.jobs[spared].outcome.polled);
    CHECK_FALSE(bench.jobs[spared].outcome.error);
    CHECK(bench.jobs[spared].outcome.state.failures == 0);
  }
  CHECK(bench.jobs[3].outcome.polled);
  CHECK(bench.polls().size() == 2);
}

TEST_CASE("poller: where a host rests after each answer, its sources take turns") {
  Bench bench;
  bench.options.host_gap = milliseconds{0};
  std::vector<std::string> order;
  for (const char* name : {"a", "b", "c"})
    bench.add(name, "https://one.example/feed", [&order, name](const FetchState&) {
      order.emplace_back(name);
      Page page;
      page.wait = seconds{60};
      return Result<Page>{std::move(page)};
    });

  for (int run = 0; run < 4; ++run) {
    for (CollectJob& job : bench.jobs) {
      job.due = true;
      job.pages = 0;
      job.outcome.polled = false;
    }
    REQUIRE(bench.poll());
    bench.options.now += hours{2};
  }

  CHECK(order == std::vector<std::string>{"a", "b", "c", "a"});
}

TEST_CASE("poller: also a source that is not due spares a host that asks for rest") {
  Bench bench;
  bench.add("busy", "https://h.example/a", [](const FetchState&) { return refuse(503, hours{5}); });
  CollectJob& later =
      bench.add("later", "https://h.example/b", [](const FetchState&) { return page_of(0, 1); });
  later.due = false;
  later.state().next_try = noon + minutes{10};

  REQUIRE(bench.poll());

  CHECK(bench.stored("later").next_try == noon + hours{5});
  CHECK_FALSE(later.outcome.polled);
}

TEST_CASE("poller: a host's rest is obeyed by later runs, by new sources and by those asked for") {
  Bench bench;
  int asked = 0;
  bench.add("busy", "https://h.example/a", [](const FetchState&) { return refuse(429, hours{2}); });
  REQUIRE(bench.poll());
  bench.jobs.clear();
  CollectJob& fresh = bench.add("fresh", "https://H.example:443/b",
                                [&](const FetchState&) { return ++asked, page_of(0, 1); });

  bench.options.now = noon + hours{2} - seconds{10};
  bench.options.due_only = false;
  REQUIRE(bench.poll());
  const bool early = fresh.outcome.polled;
  const Instant next_try = fresh.outcome.state.next_try;
  bench.options.now = noon + hours{2};
  fresh.due = true;
  REQUIRE(bench.poll());

  CHECK_FALSE(early);
  CHECK(next_try == noon + hours{2});
  CHECK(asked == 1);
  CHECK(fresh.outcome.polled);
  CHECK(bench.store->hosts()->empty());
}

TEST_CASE("poller: a host with its budget used up rests, though it answered") {
  Bench bench;
  bench.add("api", "https://api.example/a", [](const FetchState&) {
    Page page = page_of(0, 1);
    page.wait = hours{3};
    return page;
  });
  bench.add("too", "https://api.example/b", [](const FetchState&) { return page_of(1, 1); });

  REQUIRE(bench.poll());

  CHECK(bench.jobs[0].outcome.polled);
  CHECK_FALSE(bench.jobs[0].outcome.error);
  CHECK_FALSE(bench.jobs[1].outcome.polled);
  CHECK(bench.stored("too").next_try == noon + hours{3});
  CHECK(*bench.store->hosts() == std::vector<HostState>{{"api.example", noon + hours{3}}});
}

TEST_CASE("poller: Retry-After of 0 is no rest; a freshness is the source's own matter") {
  Bench bench;
  bench.add("hasty", "https://h.example/a",
            [](const FetchState&) { return refuse(429, seconds{0}); });
  bench.add("fresh", "https://h.example/b", [](const FetchState&) {
    Page page = page_of(0, 1);
    page.fresh = hours{5};
    return page;
  });
  bench.add("last", "https://h.example/c", [](const FetchState&) { return page_of(1, 1); });

  REQUIRE(bench.poll());

  CHECK(bench.stored("hasty").next_try == noon + hours{1});
  CHECK(bench.stored("fresh").next_try == noon + hours{5});
  CHECK(bench.stored("last").next_try == noon + hours{1});
  CHECK(bench.store->hosts()->empty());
}

TEST_CASE("poller: the gap between two requests to a host is kept between runs") {
  Bench bench;
  bench.options.host_gap = milliseconds{300};
  std::vector<std::chrono::steady_clock::time_point> times;
  CollectJob& job = bench.add("a", "http://h/", [&](const FetchState&) {
    times.push_back(std::chrono::steady_clock::now());
    return page_of(0, 1);
  });
  bench.add("b", "http://other/", [&](const FetchState&) { return page_of(1, 1); });

  REQUIRE(bench.poll());
  const auto resting = *bench.store->hosts();
  bench.jobs.back().due = false;
  job.pages = 0;
  REQUIRE(bench.poll());

  REQUIRE(resting.size() == 2);
  CHECK(resting[0] == HostState{"h", noon + seconds{2}});
  REQUIRE(times.size() == 2);
  CHECK(times[1] - times[0] >= milliseconds{300});
}

TEST_CASE("poller: a rest that nobody can have asked for does not silence a host") {
  Bench bench;
  const std::vector<HostState> wrong{{"a.example", noon + hours{24 * 365}}};
  REQUIRE(bench.store->append({.hosts = wrong}));
  CollectJob& job =
      bench.add("a", "https://a.example/", [](const FetchState&) { return page_of(0, 1); });

  REQUIRE(bench.poll());

  CHECK(job.outcome.polled);
  CHECK(bench.store->hosts()->empty());
}

TEST_CASE("poller: 404 for a month is the end of a source, and says so") {
  Bench bench;
  CollectJob& job = bench.add("old", "http://a/", [](const FetchState&) { return refuse(404); });
  job.state().missing_since = noon - hours{24 * 30};
  job.state().failures = 32;

  REQUIRE(bench.poll());

  CHECK(bench.stored("old").gone);
  CHECK(bench.stored("old").last_error == "HTTP 404 for 30 days: gone for good, not polled again");
  CHECK(job.outcome.error->message == "HTTP 404 for 30 days: gone for good, not polled again");
}

TEST_CASE("poller: what a document wishes is remembered while it is unchanged") {
  Bench bench;
  int asked = 0;
  CollectJob& job = bench.add("a", "http://a/", [&](const FetchState&) {
    Page page;
    page.unchanged = ++asked > 1;
    if (asked == 1) {
      page = page_of(0, 1);
      page.wish = hours{6};
      page.skip_hours = 1U << 3;
    }
    if (asked == 3) page = page_of(1, 1);
    return page;
  });

  std::vector<seconds> pauses;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(bench.poll());
    pauses.push_back(job.state().next_try - noon);
  }

  CHECK(pauses[0] == hours{6});
  CHECK(pauses[1] == hours{6});
  CHECK(pauses[2] == hours{1});
  CHECK(bench.stored("a").skip_hours == 0);
}

TEST_CASE("poller: polls without posts share a write, and none of them is lost") {
  Bench bench;
  auto counting = std::make_unique<CountingStore>();
  const CountingStore& counts = *counting;
  bench.store = std::move(counting);
  for (int i = 0; i < 200; ++i)
    bench.add("s" + std::to_string(i), "http://h" + std::to_string(i) + "/",
              [i](const FetchState&) -> Result<Page> {
                if (i % 2 == 0) return refuse(500);
                Page page;
                page.unchanged = true;
                return page;
              });

  REQUIRE(bench.poll());

  CHECK(bench.polls().size() == 200);
  CHECK(bench.store->sources()->size() == 200);
  CHECK(counts.appends < 40);
}

TEST_CASE("poller: a source that goes on where it stopped can't lose posts") {
  Bench bench;
  CollectJob& job = bench.add("a", "https://a.example/", [](const FetchState&) -> Result<Page> {
    Page page = page_of(0, 9);
    page.gapless = true;
    return page;
  });
  job.polled_before = true;

  REQUIRE(bench.poll());

  CHECK_FALSE(bench.polls()[0].overflow);
}

TEST_CASE("poller: what the source says was deleted is erased in the same write") {
  Bench bench;
  bench.add("a", "https://a.example/", [](const FetchState& state) -> Result<Page> {
    if (state.cursor.empty()) {
      Page page = page_of(0, 2);
      page.next_cursor = "2";
      page.more = true;
      return page;
    }
    Page page = page_of(2, 1);
    page.removed.push_back({page.posts.texts.keep("test"), page.posts.texts.keep("1")});
    return page;
  });

  REQUIRE(bench.poll());

  CHECK(bench.jobs[0].outcome.posts.added == 3);
  CHECK(bench.jobs[0].outcome.posts.erased == 1);
  CHECK(bench.store->counters()->erased == 1);
}

namespace {

/// Brings posts 0 to 9 with each poll, made an hour and more before noon, and can be asked for
/// three at a time. Of those in `gone` it knows nothing.
class Rereadable final : public Source {
 public:
  struct Told {
    std::vector<std::vector<std::string>> asked;
    std::set<std::string, std::less<>> gone;
    std::set<std::string, std::less<>> unlisted;  ///< Polls don't bring them any more.
    int status = 0;
    bool silent = false;                 ///< Polls bring nothing.
    std::set<std::string> refused = {};  ///< Answered with 403, if asked for alone.
    bool divides = false;                ///< Refuses them all, and then takes them one by one.
    std::size_t room = 3;
    std::string network = "test";  ///< That it misses posts in.
    bool endless = false;          ///< Says each time that more follows.
    bool in_steps = false;         ///< The last of those asked for come first, then the others.
    std::vector<std::string> cursors = {};  ///< It was asked with.
    std::vector<std::string> known = {};    ///< What it was told of them: channel, author, text.
  };
  explicit Rereadable(Told& told) : told_{told} {}

  Result<Page> fetch(HttpClient&, const FetchState&, Instant now) override {
    Page page = told_.silent ? Page{} : posts(10, now);
    std::erase_if(page.posts.posts,
                  [&](const Post& post) { return told_.unlisted.contains(post.native_id); });
    return page;
  }
  std::size_t rereads() const override { return told_.room; }
  Result<Page> reread(HttpClient&, const FetchState& state, std::span<const Post> asked,
                      Instant now) override {
    std::vector<std::string> ids;
    for (const Post& post : asked) ids.emplace_back(post.native_id);
    told_.asked.push_back(ids);
    told_.cursors.emplace_back(state.cursor);
    for (const Post& post : asked)
      told_.known.push_back(fmt::format("{}|{}|{}", post.channel, post.author_id, post.text));
    Page page;
    page.more = told_.endless;
    if (told_.in_steps) {
      page.more = state.cursor.empty();
      page.next_cursor = page.more ? "others" : "";
      ids = page.more ? std::vector{ids.back()}
                      : std::vector<std::string>{ids.begin(), ids.end() - 1};
    }
    if (told_.status != 0) {
      page.refused_status = told_.status;
      return page;
    }
    if (told_.divides) {
      told_.room = 1;
      told_.divides = false;
      page.refused_status = 403;
      return page;
    }
    if (ids.size() == 1 && told_.refused.contains(ids[0])) {
      page.refused_status = 403;
      return page;
    }
    const Page all = posts(10, now);
    for (const Post& post : all.posts.posts) {
      if (std::ranges::find(ids, post.native_id) == ids.end()) continue;
      if (told_.gone.contains(post.native_id))
        page.missing.push_back(
            {page.posts.texts.keep(told_.network), page.posts.texts.keep(post.native_id)});
      else
        add_post(page.posts, post);
    }
    return page;
  }

 private:
  static Page posts(int count, Instant now) {
    Page page = page_of(0, count, "a");
    for (Post& post : page.posts.posts) {
      post.channel = "venue";
      post.author_id = "nell";
      post.posted_at = noon - minutes{60} + minutes{6} * (&post - page.posts.posts.data());
      post.engagement = {.likes = static_cast<std::uint64_t>((now - noon) / minutes{1}),
                         .observed_at = now};
    }
    return page;
  }

  Told& told_;
};

/// Runs of one source, each some time after noon.
struct RereadBench {
  Rereadable::Told told;
  std::unique_ptr<PostStore> store = make_memory_store();

  SourceOutcome poll(seconds after) {
    Bench bench;
    bench.store.swap(store);
    bench.options.now = noon + after;
    CollectJob& job = bench.add("a", "https://a.example/", {});
    job.source = std::make_unique<Rereadable>(told);
    if (const auto state = bench.stored("a"); !state.name.empty()) job.outcome.state = state;
    told.asked.clear();
    told.cursors.clear();
    told.known.clear();
    REQUIRE(bench.poll());
    bench.store.swap(store);
    return std::move(bench.jobs[0].outcome);
  }
  SourceState state() const { return (*store->sources())[0]; }

  std::size_t shown() const {
    std::size_t facts = 0;
    REQUIRE(store->facts(all_time, [&](const FactBatch& batch) { facts += batch.facts.size(); }));
    return facts;
  }
};

using Asked = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("poller: posts are read again when they are an hour, six hours, a day, a week old") {
  RereadBench bench;

  bench.poll(seconds{0});
  CHECK(bench.told.asked.empty());
  CHECK(bench.state().reread_to == noon);
  bench.told.silent = true;
  bench.poll(minutes{13});  // post 0 was an hour old at noon, 1 and 2 have become so
  CHECK(bench.told.asked == Asked{{"0", "1", "2"}});
  CHECK(bench.state().reread_to == noon + minutes{13});
  bench.poll(minutes{14});
  CHECK(bench.told.asked.empty());
  bench.poll(minutes{31});
  CHECK(bench.told.asked == Asked{{"3", "4", "5"}});
  bench.told.silent = false;
  const auto outcome = bench.poll(minutes{55});
  CHECK(bench.told.asked == Asked{{"9", "6", "7"}, {"9", "8"}});  // 9: the poll has just seen it
  CHECK(outcome.posts.added == 0);
  for (const auto& [after, count] : {std::pair{minutes{6 * 60}, 10},
                                     {minutes{24 * 60}, 10},
                                     {minutes{7 * 24 * 60}, 10},
                                     {minutes{8 * 24 * 60}, 0}}) {
    bench.told.silent = true;
    bench.poll(after);
    std::size_t asked = 0;
    for (const auto& ids : bench.told.asked) asked += ids.size();
    CHECK_MESSAGE(asked == count, after.count());
  }
}

TEST_CASE("poller: a poll that is missed, or a service that fails, leaves no post unread") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.silent = true;
  bench.told.status = 500;

  const auto failed = bench.poll(minutes{30});

  CHECK_FALSE(failed.error);
  CHECK(failed.bad_rows == 1);
  CHECK(failed.bad[0].reason == "posts could not be read again: HTTP 500");
  CHECK(bench.state().reread_to == noon);
  CHECK(bench.state().failures == 0);
  bench.told.status = 0;
  bench.poll(hours{30});
  CHECK(bench.told.asked == Asked{{"0", "1", "2"}, {"3", "4", "5"}, {"6", "7", "8"}, {"9"}});
}

TEST_CASE("poller: a source that never ends reading posts again is given up, and not failed") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.endless = true;

  const auto outcome = bench.poll(minutes{13});

  CHECK(bench.told.asked.size() == 17);  // twice the three that were asked for, and 10
  CHECK_FALSE(outcome.error);
  CHECK(outcome.bad_rows == 1);
  CHECK(bench.state().reread_to == noon);
}

TEST_CASE("poller: what is read again costs a run no more pages than a poll, the rest follows") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.silent = true;
  Bench limited;
  limited.store.swap(bench.store);
  limited.options.now = noon + hours{2};
  limited.options.pages_per_poll = 2;
  CollectJob& job = limited.add("a", "https://a.example/", {});
  job.source = std::make_unique<Rereadable>(bench.told);
  job.outcome.state = limited.stored("a");

  REQUIRE(limited.poll());

  CHECK(bench.told.asked == Asked{{"0", "1", "2"}, {"3", "4", "5"}});
  CHECK(limited.stored("a").reread_to == noon + minutes{36});
  limited.store.swap(bench.store);
  bench.poll(hours{2} + minutes{10});
  CHECK(bench.told.asked == Asked{{"6", "7", "8"}, {"9"}});
}

TEST_CASE(
    "poller: a post that is missing is hidden, the second time erased, in an outage neither") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.silent = true;

  SUBCASE("twice") {
    bench.told.gone = {"1"};
    bench.poll(minutes{13});
    CHECK(bench.state().missing ==
          std::vector<MissingPost>{{"test", "1", noon - minutes{54}, noon + minutes{13}}});
    CHECK(bench.store->counters()->erased == 0);
    CHECK(bench.shown() == 9);
    bench.poll(minutes{20});  // too soon to ask again, and still remembered
    CHECK(bench.told.asked == Asked{{"3"}});
    CHECK(bench.shown() == 9);
    const auto outcome = bench.poll(minutes{75});
    CHECK(bench.told.asked[0][0] == "1");
    CHECK(outcome.posts.erased == 1);
    CHECK(bench.state().missing.empty());
    CHECK(bench.store->counters()->erased == 1);
  }
  SUBCASE("twice, in another network") {
    bench.told.gone = {"1"};
    bench.told.network = "new";
    for (const int minute : {13, 75}) bench.poll(minutes{minute});
    CHECK(bench.state().missing.empty());
    CHECK(bench.store->counters()->erased == 0);
  }
  SUBCASE("found again") {
    bench.told.gone = {"1"};
    bench.poll(minutes{13});
    CHECK(bench.shown() == 9);
    bench.told.gone.clear();
    bench.poll(minutes{75});
    CHECK(bench.state().missing.empty());
    CHECK(bench.store->counters()->erased == 0);
    CHECK(bench.shown() == 10);
  }
  SUBCASE("an outage") {
    for (int i = 0; i < 10; ++i) bench.told.gone.insert(std::to_string(i));
    for (const int hour : {1, 3, 7, 30, 200}) bench.poll(hours{hour});
    CHECK(bench.state().missing.empty());
    CHECK(bench.store->counters()->erased == 0);
    CHECK(bench.shown() == 10);
  }
  SUBCASE("nothing that is due, but a post that the poll has seen") {
    bench.told.gone = {"8"};
    bench.poll(minutes{59});
    CHECK(bench.state().missing.size() == 1);
    bench.poll(hours{2});
    CHECK(bench.told.asked.empty());  // alone it would prove nothing
    bench.told.silent = false;
    bench.told.unlisted = {"8"};
    bench.poll(hours{3});
    CHECK(bench.told.asked == Asked{{"9", "8"}});
    CHECK(bench.store->counters()->erased == 1);
  }
  SUBCASE("a post that the poll still brings") {
    bench.told.gone = {"8"};
    bench.poll(minutes{59});
    CHECK(bench.shown() == 9);
    bench.told.silent = false;
    bench.poll(hours{3});
    CHECK(bench.state().missing.empty());
    CHECK(bench.store->counters()->erased == 0);
    CHECK(bench.shown() == 10);
  }
  SUBCASE("hidden, with its text and its labels as they were") {
    const auto stored = [&](HiddenPosts hidden) {
      StoredBatch batch;
      const PostKey key{noon - minutes{54}, post_id_hash("test", "1")};
      REQUIRE(bench.store->posts(std::span{&key, 1}, batch, hidden));
      return batch;
    };
    const auto before = stored(HiddenPosts::left_out);
    bench.told.gone = {"1"};
    bench.poll(minutes{13});
    CHECK(stored(HiddenPosts::left_out).posts.empty());
    const auto after = stored(HiddenPosts::taken);
    REQUIRE(after.posts.size() == 1);
    CHECK(after.posts[0].content == before.posts[0].content);
    CHECK(after.posts[0].post.engagement == before.posts[0].post.engagement);
    CHECK(after.posts[0].post.missing_at == noon + minutes{13});
  }
}

TEST_CASE("poller: a source that needs several requests to read posts again is asked until done") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.silent = true;
  bench.told.in_steps = true;
  bench.told.gone = {"2"};

  bench.poll(minutes{25});

  CHECK(bench.told.asked == Asked{{"0", "1", "2"}, {"0", "1", "2"}, {"3", "4"}, {"3", "4"}});
  CHECK(bench.told.cursors == std::vector<std::string>{"", "others", "", "others"});
  // Told before anything was found, and counted all the same.
  CHECK(bench.state().missing ==
        std::vector<MissingPost>{{"test", "2", noon - minutes{48}, noon + minutes{25}}});
}

TEST_CASE(
    "poller: of posts that are asked for one by one, too, those are erased that are missing") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.room = 1;
  bench.told.silent = true;

  SUBCASE("found before or after them") {
    bench.told.gone = {"0", "2"};
    bench.poll(minutes{13});
    CHECK(bench.told.asked == Asked{{"0"}, {"1"}, {"2"}});
    CHECK(bench.state().missing.size() == 2);
    const auto outcome = bench.poll(minutes{75});
    CHECK(bench.told.asked[0][0] == "0");
    CHECK(outcome.posts.erased == 2);
    CHECK(bench.state().missing.empty());
  }
  SUBCASE("nothing else is due, but the poll has just seen one") {
    bench.told.gone = {"0"};
    bench.told.silent = false;
    bench.told.unlisted = {"0"};
    bench.poll(minutes{1});
    CHECK(bench.told.asked == Asked{{"0"}, {"9"}});
    CHECK(bench.state().missing.size() == 1);
  }
  SUBCASE("nothing is found") {
    for (int i = 0; i < 10; ++i) bench.told.gone.insert(std::to_string(i));
    bench.told.silent = false;
    bench.told.unlisted = {"0", "1"};
    bench.poll(minutes{7});
    CHECK(bench.told.asked == Asked{{"0"}, {"1"}, {"9"}});
    CHECK(bench.state().missing.empty());
    CHECK(bench.state().reread_to == noon + minutes{7});
  }
}

TEST_CASE(
    "poller: a post that is refused for ever does not keep the others from being read again") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.room = 1;
  bench.told.silent = true;

  SUBCASE("the others are there") {
    bench.told.refused = {"0"};
    const auto outcome = bench.poll(minutes{13});
    CHECK(bench.told.asked == Asked{{"0"}, {"1"}, {"2"}});
    CHECK(bench.state().reread_to == noon + minutes{13});
    CHECK(outcome.bad_rows == 1);
    CHECK(outcome.bad[0].reason == "0 could not be read again: HTTP 403");
    CHECK(bench.shown() == 10);
    CHECK(bench.state().missing.empty());
  }
  SUBCASE("alone it says nothing, and stays due until another is there") {
    bench.told.refused = {"0"};
    const auto outcome = bench.poll(minutes{1});
    CHECK(outcome.bad[0].reason == "posts could not be read again: HTTP 403");
    CHECK(bench.state().reread_to == noon);
    bench.poll(minutes{7});
    CHECK(bench.told.asked == Asked{{"0"}, {"1"}});
    CHECK(bench.state().reread_to == noon + minutes{7});
  }
  SUBCASE("a post that the poll has just seen is asked for first") {
    bench.told.refused = {"0", "1"};
    bench.told.silent = false;
    bench.poll(minutes{7});
    CHECK(bench.told.asked == Asked{{"0"}, {"9"}, {"1"}});
    CHECK(bench.state().reread_to == noon + minutes{7});
  }
  SUBCASE("one that is missing beside it is hidden") {
    bench.told.refused = {"0"};
    bench.told.gone = {"1"};
    bench.poll(minutes{13});
    CHECK(bench.shown() == 9);
    CHECK(bench.state().missing.size() == 1);
  }
  SUBCASE("a service that refuses all is soon left alone") {
    for (const int status : {403, 500}) {
      bench.told.status = status;
      const auto outcome = bench.poll(hours{2});
      CHECK(bench.told.asked.size() == 5);
      CHECK(outcome.bad_rows == 1);
      CHECK(bench.state().reread_to == noon);
    }
    for (const int status : {401, 503}) {
      bench.told.status = status;
      bench.poll(hours{2});
      CHECK(bench.told.asked.size() == 1);
      CHECK(bench.state().reread_to == noon);
    }
  }
  SUBCASE("a source that finds out that it must ask for one at a time") {
    bench.told.room = 3;
    bench.told.divides = true;
    bench.told.refused = {"1"};
    bench.poll(minutes{13});
    CHECK(bench.told.asked == Asked{{"0", "1", "2"}, {"0"}, {"1"}, {"2"}});
    CHECK(bench.state().reread_to == noon + minutes{13});
  }
}

TEST_CASE("poller: who reads posts again learns where they stand, but not who said what") {
  RereadBench bench;
  bench.poll(seconds{0});
  bench.told.silent = true;
  bench.told.gone = {"0"};

  bench.poll(minutes{7});
  CHECK(bench.told.known == std::vector<std::string>(2, "venue||"));
  bench.poll(minutes{75});
  CHECK(bench.told.asked[0][0] == "0");  // it was missing
  CHECK(bench.told.known[0] == "venue||");
}

TEST_CASE("poller: a source with more that asks for a pause goes on at its next poll") {
  Bench bench;
  bench.add("a", "https://a.example/", [](const FetchState&) -> Result<Page> {
    Page page = page_of(0, 2);
    page.next_cursor = "2";
    page.more = true;
    page.wait = hours{2};
    return page;
  });

  REQUIRE(bench.poll());

  CHECK(bench.jobs[0].pages == 0);
  CHECK(bench.stored("a").cursor == "2");
  CHECK(bench.stored("a").next_try == noon + hours{2});
  CHECK(bench.stored("a").failures == 0);
}

TEST_CASE("poller: a token is read once a run, and one that is not there fails the source only") {
  const TemporaryFolder folder;
  folder.write("token", "secret-1\n");
  Bench bench;
  std::vector<std::string> tokens;
  const auto answer = [&](const FetchState& state) -> Result<Page> {
    tokens.emplace_back(state.token);
    folder.write("token", "secret-2\n");
    Page page = page_of(static_cast<int>(tokens.size()), 1);
    page.more = tokens.size() < 2;
    return page;
  };
  bench.add("a", "https://a.example/", answer);
  bench.add("b", "https://b.example/", [](const FetchState&) { return page_of(9, 1); });
  bench.configs[0].token = {TokenPlace::Kind::file, folder / "token"};
  bench.configs[1].token = {TokenPlace::Kind::file, folder / "nothing"};

  REQUIRE(bench.poll());

  CHECK(tokens == std::vector<std::string>{"secret-1", "secret-1"});
  REQUIRE(bench.jobs[1].outcome.error);
  CHECK(bench.jobs[1].outcome.error->kind == Error::Kind::config);
  CHECK(bench.stored("b").last_error == "token_file: the file that it names can't be read");
}

TEST_CASE("poller: a page of nothing but new posts after an earlier poll is noted as an overflow") {
  const auto overflow = [](bool polled_before, int count, bool one_known) {
    Bench bench;
    if (one_known) {
      const Page known = page_of(0, 1, "news");
      REQUIRE(bench.store->append({.posts = known.posts.posts}));
    }
    CollectJob& job = bench.add("news", "http://a/",
                                [count](const FetchState&) { return page_of(0, count, "news"); });
    job.polled_before = polled_before;
    REQUIRE(bench.poll());
    REQUIRE(bench.polls().size() == 1);
    return bench.polls()[0].overflow;
  };

  CHECK(overflow(true, 5, false));
  CHECK_FALSE(overflow(false, 5, false));
  CHECK_FALSE(overflow(true, 4, false));
  CHECK_FALSE(overflow(true, 5, true));
}

TEST_CASE("poller: pages follow each other by their cursors, and are one poll") {
  Bench bench;
  std::vector<FakeSource::Asked> asked;
  bench.options.pages_per_poll = 3;
  CollectJob& job = bench.add(
      "deep", "http://a/",
      [](const FetchState& state) {
        const int number = state.cursor.empty() ? 0 : std::stoi(std::string{state.cursor});
        Page page = page_of(number * 2, 2, "deep");
        page.more = true;
        page.next_cursor = std::to_string(number + 1);
        return page;
      },
      &asked);

  REQUIRE(bench.poll());

  REQUIRE(asked.size() == 3);
  CHECK(asked[2].cursor == "2");
  CHECK(bench.stored("deep").cursor == "3");
  CHECK(job.outcome.posts.added == 6);
  CHECK(bench.polls() == std::vector<Poll>{{.source = "deep", .at = noon, .ok = true, .posts = 6}});
}

TEST_CASE("poller: a source whose pages lead in circles fails, and keeps what it brought") {
  Bench bench;
  bench.options.pages_per_poll = 20;
  CollectJob& job = bench.add("round", "http://a/", [](const FetchState& state) {
    const int number = state.cursor.empty() ? 0 : std::stoi(std::string{state.cursor});
    Page page = page_of(number, 1, "round");
    page.more = true;
    page.next_cursor = std::to_string(number % 4 + 1);
    return page;
  });

  REQUIRE(bench.poll());

  REQUIRE(job.outcome.error);
  CHECK(job.outcome.error->message == "its pages lead in circles; given up after 7");
  CHECK(bench.store->counters()->posts == 5);
  CHECK(bench.stored("round").failures == 1);
  CHECK(bench.polls() ==
        std::vector<Poll>{{.source = "round", .at = noon, .ok = false, .posts = 5}});
}

TEST_CASE(
    "poller: a source that gets no further in all its pages fails, one that is slow does not") {
  Bench bench;
  bench.options.pages_per_poll = 4;
  CollectJob& stuck = bench.add("stuck", "http://a/", [](const FetchState&) {
    Page page;
    page.more = true;
    page.next_cursor = "here";
    return page;
  });
  stuck.outcome.state.cursor = "here";
  int asked = 0;
  CollectJob& slow = bench.add("slow", "http://b/", [&](const FetchState&) {
    Page page;
    page.more = true;
    page.next_cursor = ++asked < 3 ? "" : "on";  // it looks something up first
    return page;
  });

  REQUIRE(bench.poll());

  REQUIRE(stuck.outcome.error);
  CHECK(stuck.outcome.error->message == "it says that there is more, but 4 pages led no further");
  CHECK_FALSE(slow.outcome.error);
}

TEST_CASE("poller: hosts are asked side by side, one host never twice at a time") {
  Bench bench;
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  std::atomic<int> at_host[3] = {};
  std::atomic<int> shared{0};
  for (int i = 0; i < 12; ++i) {
    const int host = i % 3;
    bench.add("s" + std::to_string(i), "http://h" + std::to_string(host) + "/",
              [&, host, i](const FetchState&) {
                most = std::max(most.load(), ++at_once);
                if (++at_host[host] > 1) ++shared;
                std::this_thread::sleep_for(milliseconds{20});
                --at_host[host];
                --at_once;
                return page_of(i * 10, 1);
              });
  }

  REQUIRE(bench.poll());

  CHECK(shared == 0);
  CHECK(most == 3);
  CHECK(bench.store->counters()->posts == 12);
}

TEST_CASE("poller: two requests to one host keep their distance") {
  Bench bench;
  bench.options.host_gap = milliseconds{100};
  std::vector<std::chrono::steady_clock::time_point> times;
  for (const char* name : {"a", "b", "c"})
    bench.add(name, "http://h/", [&](const FetchState&) {
      times.push_back(std::chrono::steady_clock::now());
      return page_of(0, 1);
    });

  REQUIRE(bench.poll());

  REQUIRE(times.size() == 3);
  CHECK(times[1] - times[0] >= milliseconds{99});
  CHECK(times[2] - times[1] >= milliseconds{99});
}

TEST_CASE("poller: a service that asks for more distance gets it") {
  Bench bench;
  bench.type.details.gap = milliseconds{100};
  std::vector<std::chrono::steady_clock::time_point> times;
  for (const char* name : {"a", "b"})
    bench.add(name, "http://h/", [&](const FetchState&) {
      times.push_back(std::chrono::steady_clock::now());
      return page_of(0, 1);
    });

  REQUIRE(bench.poll());

  REQUIRE(times.size() == 2);
  CHECK(times[1] - times[0] >= milliseconds{99});
}

TEST_CASE("poller: a stop keeps what has come, and asks for no more") {
  Bench bench;
  bench.options.connections = 1;
  std::atomic<bool> stopped{false};
  bench.stop = [&] { return stopped.load(); };
  bench.progress = [&](const CollectProgress&) { stopped = true; };
  for (int i = 0; i < 30; ++i)
    bench.add("s" + std::to_string(i), "http://h" + std::to_string(i) + "/",
              [&, i](const FetchState&) -> Result<Page> {
                std::this_thread::sleep_for(milliseconds{5});
                if (stopped)
                  return Error{Error::Kind::network, "given up because the run was stopped"};
                return page_of(i * 10, 1, "s" + std::to_string(i));
              });

  REQUIRE(bench.poll());

  const auto polled =
      std::ranges::count_if(bench.jobs, [](const CollectJob& job) { return job.outcome.polled; });
  CHECK(polled >= 1);
  CHECK(polled < 10);
  CHECK(bench.polls().size() == static_cast<std::size_t>(polled));
  for (const CollectJob& job : bench.jobs) CHECK_FALSE(job.outcome.error);
}

TEST_CASE("poller: the store's error ends the run") {
  Bench bench;
  bench.store = std::make_unique<FullStore>();
  for (int i = 0; i < 10; ++i)
    bench.add("s" + std::to_string(i), "http://h" + std::to_string(i) + "/",
              [](const FetchState&) { return page_of(0, 1); });

  const auto done = bench.poll();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::store_full);
}
