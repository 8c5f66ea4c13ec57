#include "store/tallies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <set>

#include "store/base/hash.hpp"
#include "store/memory_post_store.hpp"
#include "store/post_store.hpp"
#include "tests/support/sample_posts.hpp"

namespace earshot {
namespace {

// The project of these tests: the brand (0), one competitor (1), two topics (2, 3), and what tags
// posts: an objective (4), a department (5), a region (6), a rule (7).
const std::vector<Entity> entities{{EntityKind::brand, "Basket"},
                                   {EntityKind::competitor, "Crate"},
                                   {EntityKind::topic, "delivery"},
                                   {EntityKind::topic, "price"},
                                   {EntityKind::objective, "fewer late boxes"},
                                   {EntityKind::department, "orders"},
                                   {EntityKind::region, "north"},
                                   {EntityKind::rule, "sign-off"}};
constexpr std::int64_t day_zero = 1'767'225'600;  // 2026-01-01

/// A small world: posts with their labels, told one by one.
class World {
 public:
  struct Said {
    Post post;
    Labels labels;
  };

  /// A labelled post by `author`, `hour` hours into 2026. Matches the entities of `matched`.
  Said& say(const char* id, const char* author, std::int64_t hour,
            std::vector<EntityIndex> matched = {}) {
    said_.push_back({sample_post(id, author, id, hour), {.generation = generation_.id()}});
    for (const auto entity : matched)
      said_.back().labels.entities.push_back({.entity = entity, .matched = true});
    return said_.back();
  }
  Said& reply(const char* id, const char* author, std::int64_t hour, const char* to,
              std::vector<EntityIndex> matched = {}) {
    auto& said = say(id, author, hour, std::move(matched));
    said.post.parent_id = to;
    return said;
  }

  Tallies tally(int days = 2, std::int64_t now_hour = 24 * 30, int first_day = 0) {
    auto store = make_memory_store();
    std::vector<Post> posts;
    for (const auto& said : said_) posts.push_back(said.post);
    REQUIRE(store->append({.posts = posts}));
    std::vector<LabelledPost> labels;
    for (auto& [post, given] : said_) {
      if (given.generation == 0) continue;
      given.content = content_hash(post);
      labels.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)}, given});
    }
    REQUIRE(store->append(
        {.labels = labels, .generation = generation_, .sources = sources, .polls = polls}));
    TallyRequest request{.now = from_unix(day_zero + now_hour * 3600), .entities = entities};
    for (int i = 0; i <= days; ++i)
      request.edges.push_back(from_unix(day_zero + (first_day + i) * 86'400));
    request.previous = {from_unix(day_zero + (first_day - days) * 86'400), request.edges.front()};
    adjust(request);
    auto tallies = store->tally(request);
    REQUIRE(tallies);
    return *std::move(tallies);
  }

  std::vector<SourceState> sources;
  std::vector<Poll> polls;
  std::function<void(TallyRequest&)> adjust = [](TallyRequest&) {};

 private:
  Generation generation_{.model = "test", .model_hash = 1, .config_hash = 2, .entities = entities};
  std::deque<Said> said_;
};

std::uint64_t items(const Tallies& tallies, Scope scope, std::uint8_t intent = any_intent) {
  std::uint64_t sum = 0;
  for (const auto& row : tallies.cube)
    if (row.scope == scope && row.intent == intent) sum += row.items;
  return sum;
}

constexpr Scope everything{Scope::Kind::everything};
constexpr Scope listening{Scope::Kind::listening};
constexpr Scope brand_or_topic{Scope::Kind::brand_or_topic};
constexpr Scope of(EntityIndex entity) {
  return {Scope::Kind::entity, entity};
}
constexpr Scope brand_and(EntityIndex topic) {
  return {Scope::Kind::brand_and_entity, topic};
}

std::uint64_t id_of(const char* native) {
  return post_id_hash("net", native);
}

const InboxItem* inbox_item(const Tallies& tallies, const char* native, EntityIndex owner = 0) {
  const auto found = std::ranges::find_if(tallies.inbox, [&](const InboxItem& item) {
    return item.key.id == id_of(native) && item.owner == owner;
  });
  return found == tallies.inbox.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("an item counts once in each scope that it is in") {
  World world;
  world.say("a", "ann", 1, {0, 2});  // brand and delivery
  world.say("b", "bob", 2, {1});     // competitor
  world.say("c", "cid", 3, {3});     // price
  world.say("d", "dan", 4);          // nothing that is watched

  const auto tallies = world.tally();

  CHECK(items(tallies, everything) == 4);
  CHECK(items(tallies, listening) == 3);
  CHECK(items(tallies, brand_or_topic) == 2);
  CHECK(items(tallies, of(0)) == 1);
  CHECK(items(tallies, of(1)) == 1);
  CHECK(items(tallies, of(2)) == 1);
  CHECK(items(tallies, brand_and(2)) == 1);
  CHECK(items(tallies, brand_and(3)) == 0);
}

TEST_CASE("an owner's own posts are not mentions of it") {
  World world;
  world.say("a", "basket", 1, {0, 1, 2}).labels.owner = 0;
  world.say("b", "crate", 2, {0, 1, 2}).labels.owner = 1;

  const auto tallies = world.tally();

  CHECK(items(tallies, of(0)) == 1);  // what the competitor says of the brand
  CHECK(items(tallies, of(1)) == 1);  // what the brand says of the competitor
  CHECK(items(tallies, of(2)) == 1);  // topics: not by the brand
  CHECK(tallies.own.size() == 2);
}

TEST_CASE("each intent has a row of its own beside the one for any") {
  World world;
  auto& said = world.say("a", "ann", 1, {0});
  said.labels.intents.add(Intent::question);
  said.labels.intents.add(Intent::complaint);

  const auto tallies = world.tally();

  CHECK(items(tallies, of(0)) == 1);
  CHECK(items(tallies, of(0), static_cast<std::uint8_t>(Intent::question)) == 1);
  CHECK(items(tallies, of(0), static_cast<std::uint8_t>(Intent::complaint)) == 1);
  CHECK(items(tallies, of(0), static_cast<std::uint8_t>(Intent::thanks)) == 0);
}

TEST_CASE("buckets are cut at their edges and posts outside the window are left out") {
  World world;
  world.say("before", "ann", -1, {0});
  world.say("first", "ann", 0, {0});
  world.say("second", "ann", 24, {0});
  world.say("after", "ann", 48, {0});

  const auto tallies = world.tally();

  CHECK(items(tallies, of(0)) == 2);
  std::vector<std::uint32_t> buckets;
  for (const auto& row : tallies.cube)
    if (row.scope == of(0)) buckets.push_back(row.bucket);
  CHECK(buckets == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("near-duplicates fall onto the first, but own posts stand for themselves") {
  World world;
  world.say("own", "basket", 0).labels = {.generation = 0};
  auto& own = world.say("own2", "basket", 1);
  own.labels.owner = 0;
  own.labels.group = 5;
  world.say("a", "ann", 2, {0}).labels.group = 5;
  world.say("b", "bob", 3, {0}).labels.group = 5;
  world.say("c", "cid", 4, {0}).labels.group = 6;

  const auto tallies = world.tally();

  CHECK(items(tallies, of(0)) == 2);  // a and c
  CHECK(tallies.collapsed == 1);
  CHECK(tallies.own.size() == 1);
  CHECK(tallies.labels.unlabelled == 1);
  CHECK(tallies.labels.labelled == 4);
}

TEST_CASE("engagement is summed over the items that have one") {
  World world;
  world.say("a", "ann", 1, {0}).post.engagement = {.likes = 2, .shares = 3};
  world.say("b", "bob", 1, {0}).post.engagement = {.replies = 0};
  world.say("c", "cid", 1, {0});

  const auto tallies = world.tally();

  std::uint64_t engaged = 0, sum = 0;
  for (const auto& row : tallies.cube)
    if (row.scope == of(0)) {
      engaged += row.engaged_items;
      sum += row.engagement;
    }
  CHECK(engaged == 2);
  CHECK(sum == 5);
}

TEST_CASE("authors take a stand by their items, affiliates never as advocates") {
  World world;
  const auto stand = [&](const char* id, const char* author, Stance stance) -> World::Said& {
    auto& said = world.say(id, author, 1, {0});
    said.labels.entities[0].stance = stance;
    return said;
  };
  stand("a", "ann", Stance::advocate);
  stand("b", "ann", Stance::advocate);
  stand("c", "bob", Stance::detractor);
  stand("d", "leni", Stance::advocate).labels.affiliate = true;

  const auto tallies = world.tally();

  std::uint64_t advocates = 0, detractors = 0, authors = 0;
  for (const auto& row : tallies.authors) {
    if (row.scope != of(0)) continue;
    ++authors;
    advocates += row.advocate_items > 0 ? 1 : 0;
    detractors += row.detractor_items > 0 ? 1 : 0;
  }
  CHECK(authors == 3);
  CHECK(advocates == 1);
  CHECK(detractors == 1);
}

TEST_CASE("what needs an answer: replies to own posts, mentions of a handle, and those who ask") {
  World world;
  world.say("own", "basket", 0).labels.owner = 0;
  world.reply("to-own", "ann", 1, "own");
  world.say("mention", "bob", 2).labels.entities = {{.entity = 0, .addressed = true}};
  world.say("asks", "cid", 3, {0}).labels.intents.add(Intent::question);
  world.say("talks", "dan", 4, {0});
  auto& thanks = world.reply("thanks", "eve", 5, "own");
  thanks.labels.only_thanks = true;
  auto& share = world.say("share", "fay", 6);
  share.labels.entities = {{.entity = 0, .addressed = true}};
  share.post.repost = true;
  world.reply("own-too", "basket", 7, "own").labels.owner = 0;

  const auto tallies = world.tally();

  CHECK(tallies.inbox.size() == 3);
  CHECK(inbox_item(tallies, "to-own"));
  CHECK(inbox_item(tallies, "mention"));
  CHECK(inbox_item(tallies, "asks"));
}

TEST_CASE(
    "the first answer is the earliest own reply, else one to the same author later in the thread") {
  World world;
  const auto ask = [&](const char* id, std::int64_t hour, const char* author) -> World::Said& {
    auto& said = world.say(id, author, hour);
    said.labels.entities = {{.entity = 0, .addressed = true}};
    return said;
  };
  ask("direct", 0, "ann");
  world.reply("late-answer", "basket", 5, "direct").labels.owner = 0;
  world.reply("early-answer", "basket", 3, "direct").labels.owner = 0;
  ask("first", 0, "bob");  // answered through bob's second post in the thread
  world.reply("second", "bob", 1, "first").labels.entities = {{.entity = 0, .addressed = true}};
  world.reply("answer", "basket", 2, "second").labels.owner = 0;
  ask("alone", 0, "cid");
  world.reply("by-another", "dan", 1, "alone");

  const auto tallies = world.tally();

  REQUIRE(inbox_item(tallies, "direct"));
  CHECK(inbox_item(tallies, "direct")->answered_after == 3 * 3600);
  CHECK(inbox_item(tallies, "first")->answered_after == 2 * 3600);
  CHECK(inbox_item(tallies, "second")->answered_after == 1 * 3600);
  CHECK_FALSE(inbox_item(tallies, "alone")->answered_after);
  CHECK(inbox_item(tallies, "alone")->observed_for == 7 * 86'400);
  CHECK(inbox_item(tallies, "direct")->threaded);
}

TEST_CASE("an answer after the horizon is none, and what is young is watched for less") {
  World world;
  world.say("old", "ann", 0).labels.entities = {{.entity = 0, .addressed = true}};
  world.reply("too-late", "basket", 24 * 7, "old").labels.owner = 0;
  world.say("young", "bob", 40).labels.entities = {{.entity = 0, .addressed = true}};

  const auto tallies = world.tally(2, 48);

  CHECK_FALSE(inbox_item(tallies, "old")->answered_after);
  CHECK(inbox_item(tallies, "old")->observed_for == 48 * 3600);
  CHECK(inbox_item(tallies, "young")->observed_for == 8 * 3600);
}

TEST_CASE("an owner's auto-reply is no answer, to the post or later in its thread") {
  World world;
  const auto auto_reply = [&](const char* id, std::int64_t hour, const char* to) {
    auto& said = world.reply(id, "basket", hour, to);
    said.labels.owner = 0;
    said.labels.marks.add(Mark::automatic);
  };
  auto& asked = world.say("asked", "ann", 0, {0});
  asked.labels.intents.add(Intent::question);
  auto_reply("machine", 1, "asked");
  world.reply("answer", "basket", 5, "asked").labels.owner = 0;
  world.say("again", "bob", 0, {0}).labels.intents.add(Intent::question);
  world.reply("more", "bob", 1, "again");
  auto_reply("machine2", 2, "more");

  const auto tallies = world.tally();

  REQUIRE(tallies.inbox.size() == 2);
  REQUIRE(inbox_item(tallies, "asked"));
  CHECK(inbox_item(tallies, "asked")->answered_after == 5 * 3600);
  REQUIRE(inbox_item(tallies, "again"));
  CHECK_FALSE(inbox_item(tallies, "again")->answered_after);
}

TEST_CASE("an owner's auto-reply is no reaction to a question or a newcomer") {
  World world;
  world.say("asked", "ann", 0, {0}).labels.intents.add(Intent::question);
  auto& machine = world.reply("machine", "basket", 1, "asked");
  machine.labels.owner = 0;
  machine.labels.marks.add(Mark::automatic);
  world.reply("peer", "bob", 2, "asked").labels.marks.add(Mark::automatic);  // only says so

  const auto tallies = world.tally();

  REQUIRE(tallies.raised.size() == 1);
  CHECK_FALSE(tallies.raised[0].own_replied_after);
  CHECK(tallies.raised[0].replied_after == 2 * 3600);
  REQUIRE_FALSE(tallies.newcomers.empty());
  CHECK(tallies.newcomers[0].key.id == id_of("asked"));
  CHECK(tallies.newcomers[0].replied_after == 2 * 3600);
}

TEST_CASE("waits are counted by whose they are, where, whether they ended and after how long") {
  World world;
  const auto ask = [&](const char* id, const char* author, std::int64_t hour, EntityIndex whom) {
    world.say(id, author, hour).labels.entities = {{.entity = whom, .addressed = true}};
  };
  ask("a", "ann", 0, 0);
  ask("b", "bob", 1, 0);
  ask("c", "cid", 2, 0);
  ask("rival's", "dan", 3, 1);
  ask("young", "eve", 40, 0);
  ask("young, answered", "fay", 41, 0);
  world.reply("to-a", "basket", 5, "a").labels.owner = 0;
  world.reply("to-young", "basket", 42, "young, answered").labels.owner = 0;

  const auto tallies = world.tally(2, 24 * 7 + 12);

  const auto channel = tallies.inbox.front().channel;
  constexpr std::int64_t hour = 3600, week = 7 * 24 * hour;
  const auto row = [&](EntityIndex owner, bool settled, bool answered, std::int64_t seconds,
                       std::uint64_t items) {
    return AnswerRow{owner, channel, true, settled, answered, seconds, items};
  };
  CHECK(tallies.answers == std::vector{row(0, false, false, week - 28 * hour, 1),
                                       row(0, false, true, hour, 1), row(0, true, false, week, 2),
                                       row(0, true, true, 5 * hour, 1),
                                       row(1, true, false, week, 1)});
}

TEST_CASE("a competitor has an inbox of its own") {
  World world;
  world.say("theirs", "crate", 0).labels.owner = 1;
  world.reply("to-them", "ann", 1, "theirs");
  world.reply("answer", "crate", 2, "to-them").labels.owner = 1;

  const auto tallies = world.tally();

  REQUIRE(tallies.inbox.size() == 1);
  CHECK(tallies.inbox[0].owner == 1);
  CHECK(tallies.inbox[0].answered_after == 3600);
}

TEST_CASE("threads hang together through stored parents, missing ones and loops") {
  World world;
  world.reply("b", "bob", 2, "a");
  world.reply("c", "cid", 3, "b");
  world.say("a", "ann", 1);  // stored after its replies
  world.reply("x", "xi", 4, "gone");
  world.reply("y", "yu", 5, "gone");
  world.reply("p", "pat", 6, "q");  // a loop
  world.reply("q", "quo", 7, "p");
  world.reply("r", "roy", 8, "zz").post.root_id = "a";  // the source knows better

  const auto tallies = world.tally();

  const auto root = [&](const char* native) {
    for (const auto& edge : tallies.threads)
      if (edge.key.id == id_of(native)) return edge.root;
    return std::uint64_t{0};
  };
  CHECK(root("b") == id_of("a"));
  CHECK(root("c") == id_of("a"));
  CHECK(root("x") == id_of("gone"));
  CHECK(root("y") == id_of("gone"));
  CHECK(root("p") == root("q"));
  CHECK(root("r") == id_of("a"));
  CHECK(tallies.channels.at(0).name == "town");
  CHECK(tallies.channels.at(0).replies == 7);
}

TEST_CASE("replies by others are counted at own posts, within the horizon") {
  World world;
  world.say("own", "basket", 0).labels.owner = 0;
  world.reply("r1", "ann", 1, "own");
  world.reply("r2", "bob", 2, "own");
  world.reply("r3", "basket", 3, "own").labels.owner = 0;
  world.reply("r4", "cid", 24 * 7, "own");

  const auto tallies = world.tally();

  const auto own =
      std::ranges::find(tallies.own, id_of("own"), [](const OwnItem& item) { return item.key.id; });
  REQUIRE(own != tallies.own.end());
  CHECK(own->root);
  CHECK(own->public_replies == 2);
}

TEST_CASE("questions on a topic wait for anyone but the asker") {
  World world;
  world.say("q1", "ann", 1, {2, 3}).labels.intents.add(Intent::question);
  world.reply("self", "ann", 2, "q1");
  world.reply("peer", "bob", 3, "q1");
  world.say("q2", "cid", 1, {2}).labels.intents.add(Intent::question);
  auto& own = world.say("q3", "basket", 1, {2});
  own.labels.owner = 0;
  own.labels.intents.add(Intent::question);

  const auto tallies = world.tally();

  REQUIRE(tallies.raised.size() == 2);
  const auto& q1 = tallies.raised[0].key.id == id_of("q1") ? tallies.raised[0] : tallies.raised[1];
  const auto& q2 = tallies.raised[0].key.id == id_of("q1") ? tallies.raised[1] : tallies.raised[0];
  CHECK(q1.topics == EntityList{2, 3});
  CHECK(q1.replied_after == 2 * 3600);
  CHECK(q1.public_replied_after == 2 * 3600);
  CHECK_FALSE(q2.replied_after);
}

TEST_CASE("links count items and distinct authors") {
  World world;
  world.say("a", "ann", 1).labels.links = {9};
  world.say("b", "ann", 2).labels.links = {9};
  world.say("c", "bob", 3).labels.links = {8, 9};

  const auto tallies = world.tally();

  REQUIRE(tallies.links.size() == 2);
  CHECK(tallies.links[0].link == 8);
  CHECK(tallies.links[1].items == 3);
  CHECK(tallies.links[1].authors == 2);
}

TEST_CASE("a source covers the hours in which it was polled well") {
  World world;
  const auto at = [](std::int64_t minute) { return from_unix(day_zero + minute * 60); };
  world.sources = {{.name = "archive", .type = "csv"},
                   {.name = "feed",
                    .type = "feed",
                    .interval = std::chrono::hours{1},
                    .first_poll = at(44 * 60 + 10)}};
  world.polls = {{.source = "feed", .at = at(44 * 60 + 10), .ok = true},
                 {.source = "feed", .at = at(45 * 60 + 10), .ok = false},
                 {.source = "feed", .at = at(46 * 60 + 10), .ok = true, .overflow = true},
                 {.source = "feed", .at = at(47 * 60 + 10), .ok = true}};

  const auto tallies = world.tally();

  REQUIRE(tallies.coverage.size() == 2);
  CHECK_FALSE(tallies.coverage[0].scheduled);
  CHECK(tallies.coverage[1].scheduled_hours == 4);
  CHECK(tallies.coverage[1].covered_hours == 2);
  CHECK(tallies.coverage[1].gaps == std::vector<Window>{{at(45 * 60), at(47 * 60)}});
}

TEST_CASE("labels of another generation are read with its own numbering") {
  const Generation old{.model = "old",
                       .model_hash = 1,
                       .config_hash = 1,
                       .entities = {{EntityKind::topic, "gone"}, {EntityKind::brand, "Basket"}}};
  auto store = make_memory_store();
  const std::vector<Post> posts{sample_post("a", "ann", "a", 1)};
  Labels labels = sample_labels(posts[0], old.id());
  labels.entities = {{.entity = 0, .matched = true}, {.entity = 1, .matched = true}};
  const std::vector<LabelledPost> rows{{{posts[0].posted_at, id_of("a")}, labels}};
  REQUIRE(store->append({.posts = posts, .labels = rows, .generation = old}));

  const auto tallies = store->tally({.edges = {from_unix(day_zero), from_unix(day_zero + 86'400)},
                                     .now = from_unix(day_zero + 86'400),
                                     .entities = entities});

  REQUIRE(tallies);
  CHECK(items(*tallies, of(0)) == 1);
  CHECK(items(*tallies, of(2)) == 0);
  CHECK(items(*tallies, listening) == 1);
  CHECK(tallies->labels.generations ==
        std::vector<std::pair<std::uint64_t, std::uint64_t>>{{old.id(), 1}});
}

TEST_CASE("tags are counted with the brand, and are not listened to") {
  World world;
  world.say("a", "ann", 1, {0, 4, 5, 6});
  world.say("b", "bob", 2, {4});  // serves the objective without the brand's name in it
  world.say("c", "cid", 3, {5, 6, 7});

  const auto tallies = world.tally();

  CHECK(items(tallies, listening) == 1);
  CHECK(items(tallies, of(4)) == 2);
  CHECK(items(tallies, brand_and(4)) == 1);
  CHECK(items(tallies, brand_and(5)) == 1);
  CHECK(items(tallies, brand_and(6)) == 1);
  CHECK(items(tallies, {Scope::Kind::brand_and_department}) == 1);
  CHECK(items(tallies, of(5)) == 0);
  CHECK(items(tallies, of(7)) == 0);
}

TEST_CASE("only what was asked for is counted: one channel, or one topic") {
  World world;
  world.say("a", "ann", 1, {0, 2});
  world.say("b", "bob", 2, {0, 3}).post.channel = "city";
  world.reply("r", "cid", 3, "a", {0});

  world.adjust = [](TallyRequest& request) { request.only_channel = hash_bytes("city"); };
  const auto city = world.tally();
  world.adjust = [](TallyRequest& request) { request.only_topic = EntityIndex{2}; };
  const auto delivery = world.tally();

  CHECK(items(city, of(0)) == 1);
  CHECK(city.threads.empty());
  CHECK(items(delivery, of(0)) == 1);
  CHECK(items(delivery, of(3)) == 0);
  REQUIRE(delivery.channels.size() == 1);
  CHECK(delivery.channels[0].name == "town");
}

TEST_CASE("history knows who spoke before, and since when") {
  World world;
  world.say("a1", "ann", 1, {2});       // day 0: delivery
  world.say("b1", "bob", 24 * 2, {0});  // day 2, the window before
  world.say("a2", "ann", 24 * 4, {0});  // day 4, in the window
  world.say("c1", "cid", 24 * 4 + 1);   // first of all his posts
  world.say("o1", "basket", 24 * 4 + 2).labels.owner = 0;

  const auto tallies = world.tally(2, 24 * 30, 4);  // days 4 and 5, before them 2 and 3

  const auto& history = tallies.history;
  CHECK(history.begin == from_unix(day_zero + 3600));
  REQUIRE(history.voices.size() == 3);  // no handles
  const auto voice = [&](const char* author) {
    const auto hash = author_hash(sample_post("x", author, "x"));
    return *std::ranges::find(history.voices, hash, &VoiceRow::author);
  };
  CHECK(voice("ann").heard_before);
  CHECK(voice("bob").heard_before);
  CHECK_FALSE(voice("cid").heard_before);
  CHECK(voice("ann").topics_before == 0);  // day 0 is before the window before
  CHECK(voice("bob").brand_before == 1);
  REQUIRE(tallies.newcomers.size() == 1);
  CHECK(tallies.newcomers[0].key.id == id_of("c1"));
  CHECK(history.channels_before ==
        std::vector<std::pair<std::uint64_t, std::uint64_t>>{{hash_bytes("town"), 1}});
}

TEST_CASE("quarters reach back eight weeks and collapse near-duplicates by the day") {
  World world;
  const int window_day = 60;
  world.say("too-old", "ann", 24 * 3, {0});
  world.say("q1", "ann", 24 * 5, {0}).labels.intents.add(Intent::complaint);
  world.say("q2", "bob", 24 * 5, {0}).labels.group = 9;
  world.say("q3", "cid", 24 * 5 + 1, {0}).labels.group = 9;  // the same day
  world.say("q4", "dan", 24 * 6, {0, 2}).labels.group = 9;   // another day
  const auto tallies = world.tally(1, 24 * 90, window_day);

  std::uint64_t brand = 0, complaints = 0, delivery = 0, heard = 0;
  for (const auto& row : tallies.history.quarters) {
    if (row.scope == of(0)) brand += row.items, complaints += row.complaints;
    if (row.scope == of(2)) delivery += row.items;
    if (row.scope == listening) heard += row.items;
  }
  CHECK(brand == 3);  // q1, q2, q4
  CHECK(complaints == 1);
  CHECK(delivery == 1);
  CHECK(heard == 3);
  CHECK(std::ranges::is_sorted(tallies.history.quarters, {}, &QuarterRow::quarter));
}

TEST_CASE("stances are remembered for a year") {
  World world;
  const auto stand = [&](const char* id, std::int64_t hour, Stance stance) -> World::Said& {
    auto& said = world.say(id, id, hour, {0});
    said.labels.entities[0].stance = stance;
    return said;
  };
  stand("long-ago", 1, Stance::advocate);
  stand("ann", 24 * 40, Stance::advocate);
  stand("bob", 24 * 50, Stance::detractor);
  stand("leni", 24 * 51, Stance::advocate).labels.affiliate = true;
  stand("cid", 24 * 52, Stance::none);

  const auto tallies = world.tally(2, 24 * 900, 380);

  REQUIRE(tallies.history.stances.size() == 2);
  CHECK(tallies.history.stances[0].key.id == id_of("ann"));
  CHECK(tallies.history.stances[1].stance == Stance::detractor);
}

TEST_CASE("posts further apart than the horizon are no conversation, whatever the window") {
  World world;
  world.say("own", "basket", 0).labels.owner = 0;
  world.reply("soon", "ann", 24 * 6, "own");
  world.reply("late", "bob", 24 * 8 + 1, "own");

  const auto tallies = world.tally(20);

  CHECK(inbox_item(tallies, "soon") != nullptr);
  CHECK(inbox_item(tallies, "late") == nullptr);
}

TEST_CASE("raised are questions, plans to buy and stances, with who reacted when") {
  World world;
  world.say("lead", "ann", 1, {2}).labels.intents.add(Intent::purchase_intent);
  world.reply("own", "basket", 3, "lead").labels.owner = 0;
  world.reply("other", "bob", 2, "lead");
  auto& praise = world.say("praise", "cid", 4, {0});
  praise.labels.entities[0].stance = Stance::advocate;
  world.say("idle", "dan", 5, {0});

  const auto tallies = world.tally();

  REQUIRE(tallies.raised.size() == 2);
  const auto& lead = tallies.raised[0];
  CHECK(lead.key.id == id_of("lead"));
  CHECK(lead.replied_after == 3600);
  CHECK(lead.public_replied_after == 3600);
  CHECK(lead.own_replied_after == 2 * 3600);
  CHECK(lead.topics == EntityList{2});
  CHECK(tallies.raised[1].stance == Stance::advocate);
  CHECK_FALSE(tallies.raised[1].own_replied_after);
}

TEST_CASE("a thread is whole where somebody replied in the window") {
  World world;
  world.say("root", "ann", -5);
  world.reply("in", "basket", 2, "root").labels.owner = 0;
  world.reply("later", "ann", 24 * 3, "in").labels.intents.add(Intent::thanks);
  world.say("quiet", "bob", -4);
  world.reply("after", "cid", 24 * 3, "quiet");

  const auto tallies = world.tally();

  REQUIRE(tallies.threads.size() == 3);
  CHECK(tallies.threads[0].key.id == id_of("root"));
  CHECK_FALSE(tallies.threads[0].in_window);
  CHECK(tallies.threads[1].in_window);
  CHECK(tallies.threads[2].intents.has(Intent::thanks));
  for (const auto& row : tallies.threads) CHECK(row.root == id_of("root"));
}

TEST_CASE("accounts are who writes for a party, and whose name looks like the brand's") {
  World world;
  world.say("o1", "basket", 1).labels.owner = 0;
  world.say("o2", "basket", 2).labels.owner = 0;
  world.say("l", "basket_fans", 3).labels.marks.add(Mark::look_alike);
  world.say("p", "ann", 4);

  const auto tallies = world.tally();

  REQUIRE(tallies.accounts.size() == 2);
  const auto own = tallies.accounts[tallies.accounts[0].owner == 0 ? 0 : 1];
  CHECK(own.items == 2);
  CHECK(own.last.id == id_of("o2"));
}

namespace {

/// A world with something for every table.
World busy_world() {
  static const auto ids = [] {  // posts keep views of their ids
    std::vector<std::string> all;
    for (int i = 0; i < 400; ++i) all.push_back("p" + std::to_string(i));
    return all;
  }();
  constexpr std::array names{"ann", "bob", "cid", "dan", "eve"};
  World world;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto hour = static_cast<std::int64_t>(i) - 80;
    const auto* id = ids[i].c_str();
    const auto* name = i % 50 == 49 ? id : names[i * i % 5];  // some speak once
    const auto entity = static_cast<EntityIndex>(i % 5);
    auto& said = i % 3 == 0 && i > 10
                     ? world.reply(id, name, hour, ids[i - 1 - i % 10].c_str(), {entity})
                     : world.say(id, name, hour, {entity, 7});
    said.labels.intents = Intents{static_cast<std::uint8_t>(i * 37 % 128)};
    said.labels.sentiment = static_cast<Sentiment>(static_cast<int>(i % 3) - 1);
    said.labels.entities[0].stance = static_cast<Stance>(static_cast<int>(i / 5 % 3) - 1);
    said.labels.group = i % 4 == 0 ? i % 40 + 1 : 0;
    if (i % 6 == 0) said.labels.owner = static_cast<EntityIndex>(i / 6 % 2);
    if (i % 11 == 0) said.labels.marks.add(Mark::look_alike);
    if (i % 5 == 0) said.labels.links = {i % 15 + 1};
    if (i % 2 == 0) said.post.engagement.likes = i;
    if (i % 13 == 0) said.labels.generation = 0;
  }
  return world;
}

std::vector<InboxItem> brands_of(std::vector<InboxItem> inbox) {
  std::erase_if(inbox, [](const InboxItem& item) { return item.owner != brand_index; });
  return inbox;
}

std::vector<InboxItem> waits_of(std::vector<InboxItem> inbox) {
  inbox = brands_of(std::move(inbox));
  for (auto& item : inbox) item.key.id = item.author = 0;
  return inbox;
}

std::vector<OwnItem> activity_of(std::vector<OwnItem> own) {
  for (auto& item : own) item.key.id = 0;
  return own;
}

std::vector<OwnItem> own_posts_of(const std::vector<OwnItem>& own) {
  std::vector<OwnItem> posts;
  std::set<EntityIndex> heard;
  for (const auto& item : activity_of(own))
    if (heard.insert(item.owner).second || item.root) posts.push_back(item);
  CHECK(posts.size() < own.size());
  return posts;
}

/// Checks one table of a tally that made only that one, and that the others are empty.
template <class Rows>
void check_table(Table table, Table made, const Rows& rows, const Rows& all) {
  CHECK_FALSE(all.empty());
  CHECK(rows == (table == made ? all : Rows{}));
}

}  // namespace

TEST_CASE("each table is the same alone as beside all others") {
  auto world = busy_world();
  const auto all = world.tally(4, 24 * 30, 1);
  for (std::size_t i = 0; i < table_count; ++i) {
    CAPTURE(i);
    const auto made = static_cast<Table>(i);
    world.adjust = [made](TallyRequest& request) { request.tables = {made}; };

    const auto some = world.tally(4, 24 * 30, 1);

    check_table(Table::cube, made, some.cube, all.cube);
    check_table(Table::audience, made, some.audience, all.audience);
    check_table(Table::authors, made, some.authors, all.authors);
    if (made == Table::activity)
      CHECK(some.own == activity_of(all.own));
    else if (made == Table::own_posts)
      CHECK(some.own == own_posts_of(all.own));
    else
      check_table(Table::own, made, some.own, all.own);
    if (made == Table::waits)
      CHECK(some.inbox == waits_of(all.inbox));
    else if (made == Table::inbox)
      CHECK(some.inbox == brands_of(all.inbox));
    else
      check_table(Table::inboxes, made, some.inbox, all.inbox);
    check_table(Table::answers, made, some.answers, all.answers);
    check_table(Table::raised, made, some.raised, all.raised);
    check_table(Table::newcomers, made, some.newcomers, all.newcomers);
    check_table(Table::threads, made, some.threads, all.threads);
    check_table(Table::accounts, made, some.accounts, all.accounts);
    check_table(Table::links, made, some.links, all.links);
    check_table(Table::quarters, made, some.history.quarters, all.history.quarters);
    check_table(Table::voices, made, some.history.voices, all.history.voices);
    check_table(Table::stances, made, some.history.stances, all.history.stances);
    check_table(Table::channels_before, made, some.history.channels_before,
                all.history.channels_before);
    CHECK(some.history.begin == all.history.begin);
    CHECK(some.labels == all.labels);
    CHECK(some.channels == all.channels);
    CHECK(some.collapsed == all.collapsed);
    CHECK(some.fingerprint == all.fingerprint);
  }
}

TEST_CASE("the fingerprint tells windows apart and nothing else") {
  World one, same, other;
  for (auto* world : {&one, &same, &other}) {
    world->say("a", "ann", 1, {0});
    world->say("b", "bob", 2, {0}).post.engagement.likes = world == &other ? 3 : 2;
  }
  same.say("outside", "cid", 24 * 5, {0});

  CHECK(one.tally().fingerprint == same.tally().fingerprint);
  CHECK(one.tally().fingerprint != other.tally().fingerprint);
}

}  // namespace earshot
