// What every store must do, checked on each: the memory store and RocksDB.
#include "store/post_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "tests/support/both_stores.hpp"
#include "tests/support/sample_posts.hpp"

namespace earshot {
namespace {

Generation sample_generation() {
  return {.model = "test-1",
          .model_hash = 1,
          .config_hash = 2,
          .entities = {{EntityKind::brand, "Acme"}}};
}

AppendOutcome append(PostStore& store, std::vector<Post> posts) {
  auto outcome = store.append({.posts = posts});
  REQUIRE(outcome);
  return *outcome;
}

std::vector<StoredPost> scan_all(const PostStore& store, const ScanFilter& filter,
                                 std::size_t limit = 3) {
  static StoredBatch batch;  // keeps the views alive for the test
  static std::vector<StoredBatch> batches;
  batches.clear();
  std::vector<StoredPost> found;
  ScanCursor cursor;
  for (;;) {
    batches.emplace_back();
    REQUIRE(store.scan(filter, cursor, limit, batches.back()));
    if (batches.back().posts.empty()) return found;
    for (const auto& post : batches.back().posts) found.push_back(post);
  }
}

std::vector<Fact> all_facts(const PostStore& store) {
  std::vector<Fact> found;
  REQUIRE(store.facts(all_time, [&](const FactBatch& batch) {
    found.insert(found.end(), batch.facts.begin(), batch.facts.end());
  }));
  return found;
}

void label_all(PostStore& store, std::uint64_t generation) {
  std::vector<LabelledPost> rows;
  for (const auto& stored : scan_all(store, {})) {
    rows.push_back({stored.key, {.content = stored.content, .generation = generation}});
    rows.back().labels.entities = {
        {.entity = 0, .sentiment = Sentiment::positive, .matched = true}};
    rows.back().labels.links = {7};
  }
  REQUIRE(store.append({.labels = rows, .generation = sample_generation()}));
}

}  // namespace

TEST_CASE_TEMPLATE("a post comes back as it went in", Store, InMemory, OnDisk) {
  Store in;
  Post post = sample_post("1", "ann", "good\nboxes \xF0\x9F\xA5\x95", 2);
  post.parent_id = "0";
  post.root_id = "00";
  post.url = "https://town.example/1";
  post.place = "Logan";
  post.lang = "en";
  post.edited_at = from_unix(5);
  post.engagement = {
      .likes = 0, .shares = 3, .replies = {}, .followers = 12, .observed_at = from_unix(9)};
  post.filtered = true;
  post.repost = true;

  CHECK(append(*in.store, {post}).added == 1);

  const auto found = scan_all(*in.store, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].post.text == post.text);
  CHECK(found[0].post.parent_id == "0");
  CHECK(found[0].post.root_id == "00");
  CHECK(found[0].post.place == "Logan");
  CHECK(found[0].post.engagement == post.engagement);
  CHECK(found[0].post.edited_at == post.edited_at);
  CHECK(found[0].post.posted_at == post.posted_at);
  CHECK(found[0].post.filtered);
  CHECK(found[0].post.repost);
  CHECK(found[0].content == content_hash(post));
  CHECK(found[0].labels.generation == 0);
  const auto facts = all_facts(*in.store);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].likes == 0);
  CHECK(facts[0].shares == 3);
  CHECK(facts[0].replies == unknown_count);
  CHECK(facts[0].parent == post_id_hash("net", "0"));
}

TEST_CASE_TEMPLATE("the same post again changes nothing", Store, InMemory, OnDisk) {
  Store in;
  const Post post = sample_post("1", "ann", "hello");
  append(*in.store, {post, post});

  const auto again = append(*in.store, {post});

  CHECK(again.added == 0);
  CHECK(again.repeated == 1);
  CHECK(in.store->counters()->posts == 1);
}

TEST_CASE_TEMPLATE("the later edit stands, in whatever order the versions come", Store, InMemory,
                   OnDisk) {
  Post first = sample_post("1", "ann", "helo", 1);
  Post second = sample_post("1", "ann", "hello", 2);  // the platform also moved its date
  second.edited_at = from_unix(100);
  for (const auto& order : {std::vector{first, second}, std::vector{second, first}}) {
    Store in;
    append(*in.store, {order[0]});
    label_all(*in.store, sample_generation().id());
    append(*in.store, {order[1]});

    const auto found = scan_all(*in.store, {});
    REQUIRE(found.size() == 1);
    CHECK(found[0].post.text == "hello");
    CHECK(found[0].post.posted_at == second.posted_at);
    CHECK(in.store->counters()->posts == 1);
    CHECK(all_facts(*in.store).size() == 1);
  }
}

TEST_CASE_TEMPLATE("without edit times the same version wins in any order", Store, InMemory,
                   OnDisk) {
  const Post one = sample_post("1", "ann", "one", 1);
  const Post two = sample_post("1", "ann", "two", 9);
  const Post three = sample_post("1", "ann", "three", 5);
  std::vector<std::string> winners;
  for (const auto& order :
       {std::vector{one, two, three}, std::vector{three, one, two}, std::vector{two, three, one}}) {
    Store in;
    for (const auto& post : order) append(*in.store, {post});
    winners.emplace_back(scan_all(*in.store, {})[0].post.text);
  }
  CHECK(winners[0] == winners[1]);
  CHECK(winners[1] == winners[2]);
}

TEST_CASE_TEMPLATE("the latest look at the counts stands, and the larger of two at the same time",
                   Store, InMemory, OnDisk) {
  Post early = sample_post("1", "ann", "hello");
  early.engagement = {.likes = 9, .observed_at = from_unix(10)};
  Post late = early;
  late.engagement = {.likes = 4, .observed_at = from_unix(20)};
  Post tie = late;
  tie.engagement.likes = 5;
  Store in;

  CHECK(append(*in.store, {late}).added == 1);
  CHECK(append(*in.store, {early}).repeated == 1);
  CHECK(append(*in.store, {tie}).recounted == 1);

  CHECK(scan_all(*in.store, {})[0].post.engagement.likes == 5);
}

TEST_CASE_TEMPLATE("a post without a date keeps the first time it was seen", Store, InMemory,
                   OnDisk) {
  Post late = sample_post("1", "ann", "hello", 5);
  late.dated = false;
  Post early = late;
  early.posted_at = from_unix(1'767'225'600);
  Store in;
  append(*in.store, {late});
  label_all(*in.store, sample_generation().id());

  append(*in.store, {early});
  append(*in.store, {late});

  const auto found = scan_all(*in.store, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].post.posted_at == early.posted_at);
  CHECK(found[0].labels.generation == sample_generation().id());  // the text is the same
  CHECK(in.store->counters()->unlabelled == 0);
}

TEST_CASE_TEMPLATE("labels hold for their content only", Store, InMemory, OnDisk) {
  const Post post = sample_post("1", "ann", "hello");
  Post edited = sample_post("1", "ann", "hello!");
  edited.edited_at = from_unix(50);
  Store in;
  append(*in.store, {post});
  const auto before = scan_all(*in.store, {});
  append(*in.store, {edited});

  const std::vector<LabelledPost> old{{before[0].key, sample_labels(post, 1)}};
  const auto outcome = in.store->append({.labels = old, .generation = sample_generation()});

  REQUIRE(outcome);
  CHECK(outcome->labelled == 0);
  CHECK(in.store->counters()->unlabelled == 1);
  CHECK(scan_all(*in.store, {.unlabelled_only = true}).size() == 1);
}

TEST_CASE_TEMPLATE("labels given by hand stay", Store, InMemory, OnDisk) {
  const Post post = sample_post("1", "ann", "hello");
  Store in;
  append(*in.store, {post});
  const auto key = scan_all(*in.store, {})[0].key;
  Labels by_hand = sample_labels(post, 1);
  by_hand.by_hand = true;
  by_hand.sentiment = Sentiment::negative;
  const std::vector<LabelledPost> hand{{key, by_hand}};
  const std::vector<LabelledPost> model{{key, sample_labels(post, 2)}};

  REQUIRE(in.store->append({.labels = hand}));
  REQUIRE(in.store->append({.labels = model}));

  CHECK(scan_all(*in.store, {})[0].labels == by_hand);
}

TEST_CASE_TEMPLATE("an edit makes a labelled post wait again", Store, InMemory, OnDisk) {
  Store in;
  append(*in.store, {sample_post("1", "ann", "hello"), sample_post("2", "bob", "hi")});
  label_all(*in.store, sample_generation().id());
  CHECK(in.store->counters()->unlabelled == 0);
  CHECK(scan_all(*in.store, {.unlabelled_only = true}).empty());
  Post edited = sample_post("1", "ann", "hello!");
  edited.edited_at = from_unix(50);

  CHECK(append(*in.store, {edited}).edited == 1);

  CHECK(in.store->counters()->unlabelled == 1);
  const auto waiting = scan_all(*in.store, {.unlabelled_only = true});
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].post.text == "hello!");
  const auto generations = in.store->generations();
  REQUIRE(generations);
  REQUIRE(generations->size() == 1);
  CHECK((*generations)[0].second == 1);
}

TEST_CASE_TEMPLATE("a scan goes on where it stopped and keeps to its window", Store, InMemory,
                   OnDisk) {
  Store in;
  std::vector<std::string> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (int i = 9; i >= 0; --i)
    posts.push_back(sample_post(ids[static_cast<std::size_t>(i)], "ann", "x", i));
  append(*in.store, posts);

  const Window middle{from_unix(1'767'225'600 + 3 * 3600), from_unix(1'767'225'600 + 8 * 3600)};
  const auto found = scan_all(*in.store, {.window = middle}, 2);

  std::string order;
  for (const auto& stored : found) order += stored.post.native_id;
  CHECK(order == "34567");
}

TEST_CASE_TEMPLATE("a scan for another generation skips what has this one", Store, InMemory,
                   OnDisk) {
  Store in;
  append(*in.store, {sample_post("1", "ann", "a"), sample_post("2", "bob", "b", 1)});
  label_all(*in.store, sample_generation().id());
  append(*in.store, {sample_post("3", "cid", "c", 2)});

  CHECK(scan_all(*in.store, {.not_generation = sample_generation().id()}).size() == 1);
  CHECK(scan_all(*in.store, {.not_generation = 99}).size() == 3);
}

TEST_CASE_TEMPLATE("a host's rest is kept by its name until it is taken away", Store, InMemory,
                   OnDisk) {
  Store in;
  const std::vector<HostState> hosts{{"a.example", from_unix(100)}, {"b.example", from_unix(200)}};
  const std::vector<HostState> later{{"a.example", from_unix(300)}, {"b.example", {}}};

  REQUIRE(in.store->append({.hosts = hosts}));
  const auto first = *in.store->hosts();
  REQUIRE(in.store->append({.hosts = later}));

  CHECK(first == hosts);
  CHECK(*in.store->hosts() == std::vector<HostState>{{"a.example", from_unix(300)}});
  CHECK(in.store->sources()->empty());
}

TEST_CASE_TEMPLATE("states, polls, channels and counters are kept", Store, InMemory, OnDisk) {
  Store in;
  const SourceState state{.name = "feed",
                          .type = "feed",
                          .cursor = "42",
                          .etag = "\"x\"",
                          .interval = std::chrono::hours{1},
                          .first_poll = from_unix(10),
                          .last_poll = from_unix(20),
                          .failures = 2,
                          .last_error = "answered 500",
                          .missing_since = from_unix(15),
                          .wish = std::chrono::minutes{90},
                          .skip_hours = 0x00C0'0003,
                          .skip_days = 0x41,
                          .moved_to = "https://example.org/feed",
                          .moved = 2,
                          .reread_to = from_unix(18),
                          .missing = {{"n", "7", from_unix(9), from_unix(11)},
                                      {"n", "8", from_unix(10), from_unix(12)}}};
  const std::vector<SourceState> states{state};
  const std::vector<Poll> polls{{.source = "feed", .at = from_unix(20), .ok = true, .posts = 1},
                                {.source = "feed", .at = from_unix(9000)}};
  Post other = sample_post("2", "bob", "b");
  other.channel = "forum";
  other.source = "feed";
  const std::vector<Post> posts{sample_post("1", "ann", "a"), other};

  REQUIRE(in.store->append({.posts = posts, .sources = states, .polls = polls}));

  CHECK(*in.store->sources() == states);
  CHECK(*in.store->polls({from_unix(0), from_unix(100)}) == std::vector{polls[0]});
  const auto channels = *in.store->channel_names();
  CHECK(channels.size() == 2);
  CHECK(std::ranges::count(channels, "forum", [](const auto& row) { return row.second; }) == 1);
  const auto counters = *in.store->counters();
  CHECK(counters.posts == 2);
  CHECK(counters.unlabelled == 2);
  CHECK(counters.posts_by_source ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"feed", 1}, {"test", 1}});
  CHECK((*in.store->span())->first == posts[0].posted_at);
}

TEST_CASE_TEMPLATE("posts are found by key, in the order asked for", Store, InMemory, OnDisk) {
  Store in;
  append(*in.store, {sample_post("1", "ann", "a"), sample_post("2", "bob", "b", 1)});
  const auto stored = scan_all(*in.store, {});
  const std::vector<PostKey> keys{stored[1].key, {from_unix(1), 1}, stored[0].key};

  StoredBatch found;
  REQUIRE(in.store->posts(keys, found));

  REQUIRE(found.posts.size() == 2);
  CHECK(found.posts[0].post.text == "b");
  CHECK(found.posts[1].post.text == "a");
}

TEST_CASE("the store on disk does what the store in memory does, whatever comes") {
  std::mt19937 random{7};  // the same posts every time
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  std::vector<std::string> ids, texts;
  for (int i = 0; i < 40; ++i) ids.push_back("id" + std::to_string(i));
  for (int i = 0; i < 5; ++i) texts.push_back("text " + std::to_string(i));

  OnDisk disk;
  InMemory memory;
  for (int round = 0; round < 60; ++round) {
    std::vector<Post> posts;
    for (unsigned i = below(12); i > 0; --i) {
      Post post = sample_post(ids[below(40)], "ann", texts[below(5)], below(4));
      post.edited_at = from_unix(below(3));
      post.engagement = {.likes = below(4), .observed_at = from_unix(below(3))};
      post.missing_at = from_unix(below(4));
      post.dated = below(4) != 0;
      post.source = below(2) == 0 ? "a" : "b";
      post.filtered = below(2) == 0;
      if (below(3) == 0) post.parent_id = ids[below(40)];
      posts.push_back(post);
    }
    std::vector<LabelledPost> labels;
    const ScanFilter all{.hidden = HiddenPosts::taken};
    for (const auto& stored : scan_all(*memory.store, all))
      if (below(4) == 0)
        labels.push_back({stored.key,
                          {.content = below(5) == 0 ? 1 : stored.content,
                           .generation = 1 + below(2),
                           .by_hand = below(5) == 0}});

    const auto on_disk = disk.store->append({.posts = posts, .labels = labels});
    const auto in_memory = memory.store->append({.posts = posts, .labels = labels});

    REQUIRE(on_disk);
    CHECK(on_disk->added == in_memory->added);
    CHECK(on_disk->edited == in_memory->edited);
    CHECK(on_disk->recounted == in_memory->recounted);
    CHECK(on_disk->repeated == in_memory->repeated);
    CHECK(on_disk->labelled == in_memory->labelled);
    CHECK(*disk.store->counters() == *memory.store->counters());
    CHECK(*disk.store->generations() == *memory.store->generations());
    std::vector<std::tuple<std::string, std::string, PostKey, Engagement, Labels, bool, Instant>>
        left, right;
    for (const auto& s : scan_all(*disk.store, all))
      left.emplace_back(s.post.native_id, s.post.text, s.key, s.post.engagement, s.labels,
                        s.post.filtered, s.post.missing_at);
    for (const auto& s : scan_all(*memory.store, all))
      right.emplace_back(s.post.native_id, s.post.text, s.key, s.post.engagement, s.labels,
                         s.post.filtered, s.post.missing_at);
    CHECK(left == right);
    CHECK(scan_all(*disk.store, {}).size() == scan_all(*memory.store, {}).size());
    CHECK(all_facts(*disk.store).size() == all_facts(*memory.store).size());
    CHECK(scan_all(*disk.store, {.unlabelled_only = true}).size() ==
          scan_all(*memory.store, {.unlabelled_only = true}).size());
  }
}

}  // namespace earshot
