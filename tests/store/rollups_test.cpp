// What adds up is kept by the day: it must say what the posts say, whatever happens to them.
#include <doctest/doctest.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <string>

#include "store/memory_post_store.hpp"
#include "store/rocks/authors.hpp"
#include "store/rocks/dialogues.hpp"
#include "store/rocks/rocks_post_store.hpp"
#include "store/rocks/rollups.hpp"
#include "tests/support/both_stores.hpp"
#include "tests/support/churn_script.hpp"
#include "tests/support/labelled_corpus.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/store_picture.hpp"

namespace earshot::test {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const Instant new_year = from_unix(1'767'225'600);  // 2026-01-01

const std::vector<Entity> entities{{EntityKind::brand, "Basket"}, {EntityKind::topic, "price"}};

TallyRequest request_of(std::vector<Instant> edges) {
  TallyRequest request{.edges = std::move(edges), .now = {}, .entities = entities};
  request.now = request.edges.back();
  return request;
}

Said said(const std::string& id, Instant at, std::uint64_t group = 0) {
  return {.id = id, .at = at, .author = id, .about = {{.entity = 0}}, .group = group};
}

std::uint64_t items(const Tallies& tallies) {
  std::uint64_t sum = 0;
  for (const auto& row : tallies.cube)
    if (row.scope == Scope{Scope::Kind::everything} && row.intent == any_intent) sum += row.items;
  return sum;
}

/// All that adds up; `tally_difference` looks at the tables.
void check_same(const PostStore& left, const PostStore& right, const TallyRequest& request) {
  CHECK(tally_difference(left, right, request) == "");
  const auto one = left.tally(request), two = right.tally(request);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->cube == two->cube);
  CHECK(one->audience == two->audience);
  CHECK(one->labels == two->labels);
  CHECK(one->channels == two->channels);
  CHECK(one->history == two->history);
  CHECK(one->inbox == two->inbox);
  CHECK(one->answers == two->answers);
  CHECK(one->own == two->own);
  CHECK(one->newcomers == two->newcomers);
  CHECK(one->accounts == two->accounts);
  CHECK(one->collapsed == two->collapsed);
  CHECK(one->fingerprint == two->fingerprint);
}

/// Local midnights of a zone that is ahead of UTC.
std::vector<Instant> midnights(Instant from, int count, hours ahead) {
  std::vector<Instant> cuts;
  for (int day = 0; day < count; ++day) cuts.push_back(from + days{day} - ahead);
  return cuts;
}

/// Every so many of them, as if that were a month or a year.
std::vector<Instant> every(std::size_t count, std::span<const Instant> cuts) {
  std::vector<Instant> begins;
  for (std::size_t i = 0; i < cuts.size(); i += count) begins.push_back(cuts[i]);
  return begins;
}

/// A store on disk and one in memory that are told the same.
struct Pair {
  Pair() {
    for (const auto& generation : ChurnScript::generations()) append({.generation = generation});
  }
  void append(const Append& batch) {
    REQUIRE(disk.store->append(batch));
    REQUIRE(memory.store->append(batch));
  }
  void append(std::span<const Post> posts) {
    for (; !posts.empty(); posts = posts.subspan(std::min<std::size_t>(posts.size(), 500)))
      append({.posts = posts.first(std::min<std::size_t>(posts.size(), 500))});
  }

  OnDisk disk;
  InMemory memory;
};

/// Puts one value of a family in the place of the next, but for its first bytes, past the store.
void repeat_value(const std::string& path, std::string_view family, int number = 0,
                  std::size_t own = 8) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open({}, path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> database{opened};
  auto* handle =
      handles[static_cast<std::size_t>(std::ranges::find(names, family) - names.begin())];
  std::string first, second;
  {
    const std::unique_ptr<rocksdb::Iterator> at{database->NewIterator({}, handle)};
    at->SeekToFirst();
    for (; number > 0 && at->Valid(); --number) at->Next();
    REQUIRE(at->Valid());
    first = at->value().ToString();
    at->Next();
    REQUIRE(at->Valid());
    second = at->key().ToString();
    REQUIRE(at->value() != rocksdb::Slice{first});
    first.replace(0, own, at->value().data(), own);
  }
  REQUIRE(database->Put({}, handle, second, first).ok());
  for (auto* each : handles) REQUIRE(database->DestroyColumnFamilyHandle(each).ok());
  REQUIRE(database->Close().ok());
}

/// A post every three hours, every seventh of which asks the brand.
void ask_for_a_fortnight(PostStore& store) {
  std::vector<std::string> ids;
  for (int i = 0; i < 120; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (int i = 0; i < 120; ++i) posts.push_back(sample_post(ids[i], "ann", "hello", 3 * i));
  const Generation generation{.model = "m", .entities = entities};
  REQUIRE(store.append({.posts = posts, .generation = generation}));
  std::vector<LabelledPost> labels;
  for (const auto& post : posts) {
    Labels asks{.content = content_hash(post), .generation = generation.id()};
    asks.entities = {{.entity = 0, .matched = true, .addressed = labels.size() % 7 == 0}};
    labels.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)}, asks});
  }
  REQUIRE(store.append({.labels = labels}));
}

std::size_t count_keys(const std::string& path, std::string_view family) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::OpenForReadOnly({}, path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> database{opened};
  auto* handle =
      handles[static_cast<std::size_t>(std::ranges::find(names, family) - names.begin())];
  std::size_t count = 0;
  {
    const std::unique_ptr<rocksdb::Iterator> at{database->NewIterator({}, handle)};
    for (at->SeekToFirst(); at->Valid(); at->Next()) ++count;
  }
  for (auto* each : handles) REQUIRE(database->DestroyColumnFamilyHandle(each).ok());
  return count;
}

}  // namespace

TEST_CASE("near-duplicates count once a day of UTC, and own posts stand for themselves") {
  auto own = said("own", new_year + hours{1}, 5);
  own.owner = brand_index;
  const auto store =
      make_labelled_store({own, said("a", new_year + hours{2}, 5),
                           said("b", new_year + hours{3}, 5), said("c", new_year + hours{25}, 5)},
                          entities);

  const auto both = store->tally(request_of({new_year, new_year + days{2}}));
  const auto late = store->tally(request_of({new_year + minutes{150}, new_year + days{1}}));

  CHECK(items(*both) == 3);  // own, a, c
  CHECK(both->collapsed == 1);
  CHECK(items(*late) == 0);  // b repeats what was said before the window on that day
  CHECK(late->collapsed == 1);
}

TEST_CASE("the tallies of two windows that meet add up to those of both") {
  std::vector<Said> posts;
  for (int i = 0; i < 200; ++i)
    posts.push_back(
        said("p" + std::to_string(i), new_year + minutes{37 * i}, i % 3 == 0 ? i % 9 : 0));
  const auto store = make_labelled_store(posts, entities);
  const auto middle = new_year + hours{51} + minutes{15}, end = new_year + days{6};

  const auto first = store->tally(request_of({new_year, middle}));
  const auto second = store->tally(request_of({middle, end}));
  const auto whole = store->tally(request_of({new_year, end}));

  REQUIRE(whole->collapsed > 0);
  CHECK(first->collapsed + second->collapsed == whole->collapsed);
  CHECK(items(*first) + items(*second) == items(*whole));
  CHECK(first->fingerprint + second->fingerprint == whole->fingerprint);
}

TEST_CASE("a party that only replies is heard on each channel, and in a part of a day") {
  Pair pair;
  const Generation generation{.model = "m", .entities = entities};
  std::vector<std::string> ids;
  for (int i = 0; i < 240; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (int i = 0; i < 240; ++i) {
    posts.push_back(sample_post(ids[i], "basket", "thank you", i));
    posts.back().parent_id = "elsewhere";
    posts.back().channel = i % 24 < 12 ? "blog" : "forum";
  }
  pair.append({.posts = posts, .generation = generation});
  std::vector<LabelledPost> labels;
  for (const auto& post : posts)
    labels.push_back(
        {{post.posted_at, post_id_hash(post.network, post.native_id)},
         {.content = content_hash(post), .generation = generation.id(), .owner = brand_index}});
  pair.append({.labels = labels});
  const auto cuts = midnights(std::chrono::floor<days>(posts.front().posted_at), 12, hours{0});
  REQUIRE(pair.disk.store->roll_up(
      {.entities = entities, .cuts = cuts, .settled = posts.back().posted_at + days{30}}));

  auto request = request_of({cuts[0], cuts[10]});
  request.tables = {Table::own_posts};
  const auto channels = *pair.memory.store->channel_names();
  REQUIRE(channels.size() == 2);
  for (const auto& [channel, name] : channels) {
    request.only_channel = channel;
    CHECK(pair.disk.store->tally(request)->own.size() == 1);
    check_same(*pair.disk.store, *pair.memory.store, request);
  }
  request.only_channel.reset();
  request.edges = {cuts[8] + hours{20}, cuts[9]};
  CHECK(pair.disk.store->tally(request)->own.size() == 1);
  check_same(*pair.disk.store, *pair.memory.store, request);
}

TEST_CASE("a store with rollups says what its posts say, through every change, for every window") {
  ChurnScript script{{.seed = 11}};
  Pair pair;
  pair.append(script.past(3'000));
  pair.append(script.labels(*pair.memory.store, 0, false).append());
  const auto requests = ChurnScript::requests();
  const auto begin = std::chrono::floor<days>(requests[0].edges.front()) + days{1};
  for (int round = 0; round < 6; ++round) {
    CAPTURE(round);
    const auto cuts = midnights(begin, 80, hours{round % 3 * 5});
    const auto months = every(10, cuts), years = every(20, cuts);
    const auto settled = round == 0   ? Instant::min()
                         : round == 5 ? requests[0].edges.back() + days{30}
                                      : begin + days{round * 20};
    REQUIRE(pair.disk.store->roll_up({.entities = requests[0].entities,
                                      .cuts = cuts,
                                      .months = months,
                                      .years = years,
                                      .settled = settled}));
    if (round % 2 == 1)
      pair.append(script.changes(*pair.memory.store, 1 + script.below(80), round == 3).append());
    if (round == 4) pair.append(script.labels(*pair.memory.store, 1, true).append());
    for (auto request : requests) {
      check_same(*pair.disk.store, *pair.memory.store, request);
      for (const Tables tables :
           {Tables::all(), Tables{Table::voices}, Tables{Table::newcomers}, Tables{Table::stances},
            Tables{Table::accounts}, Tables{Table::threads, Table::inbox, Table::activity},
            dialogue_tables | Tables{Table::raised, Table::audience}, dialogue_tables,
            Tables{Table::cube, Table::quarters, Table::waits}, Tables{Table::answers},
            Tables{Table::activity}, Tables{Table::own_posts}}) {
        request.tables = tables;
        check_same(*pair.disk.store, *pair.memory.store, request);
        auto later = request;
        later.now += days{30};
        check_same(*pair.disk.store, *pair.memory.store, later);
      }
      request.tables = dialogue_tables | Tables{Table::cube, Table::audience};
      auto year = request;
      year.edges = {years[1], years[2]};
      check_same(*pair.disk.store, *pair.memory.store, year);
      for (const auto after : {hours{1}, hours{7}, hours{51}, hours{150}}) {
        request.now = std::chrono::floor<hours>((*pair.memory.store->span())->second) + after;
        check_same(*pair.disk.store, *pair.memory.store, request);
      }
      request.now = request.edges.back() - hours{31};  // in the midst of a day
      check_same(*pair.disk.store, *pair.memory.store, request);
      request.only_channel = pair.memory.store->channel_names()->front().first;
      check_same(*pair.disk.store, *pair.memory.store, request);
      request.only_topic = 2;
      check_same(*pair.disk.store, *pair.memory.store, request);
    }
    auto other = requests[1];  // numbered in another way
    std::ranges::reverse(other.entities.begin() + 1, other.entities.end());
    check_same(*pair.disk.store, *pair.memory.store, other);
    const auto verified = pair.disk.store->verify();
    REQUIRE(verified);
    CHECK(verified->faults.empty());
  }
}

TEST_CASE("windows cut at hours or quarters of an hour are not answered from days") {
  Pair pair;
  ChurnScript script{{.seed = 12}};
  pair.append(script.past(800));
  pair.append(script.labels(*pair.memory.store, 0, false).append());
  const auto requests = ChurnScript::requests();
  REQUIRE(pair.disk.store->roll_up({requests[0].entities}));
  auto request = requests[1];
  const auto begin = request.edges[3] + minutes{45};
  request.edges.clear();
  for (int i = 0; i < 40; ++i) request.edges.push_back(begin + hours{i});

  check_same(*pair.disk.store, *pair.memory.store, request);
}

TEST_CASE("verify makes all again that is ready for reports and names the days that differ") {
  OnDisk disk;
  ask_for_a_fortnight(*disk.store);
  REQUIRE(disk.store->roll_up({entities}));
  CHECK(disk.store->verify()->faults.empty());
  disk.store.reset();
  repeat_value(disk.folder / "store", "rollups");
  repeat_value(disk.folder / "store", "dialogues");

  const auto found =
      (*open_rocks_store(disk.folder / "store", {.access = RocksOptions::Access::read}))->verify();

  REQUIRE(found);
  REQUIRE(found->faults.size() == 2);
  CHECK(found->faults[0].starts_with("the rollup from "));
  CHECK(found->faults[1].starts_with("the dialogue from "));
  CHECK(found->faults[1].ends_with(" on: its posts say something else"));
}

TEST_CASE("who waited for how long, and what was said, is read from what is ready") {
  OnDisk disk;
  ask_for_a_fortnight(*disk.store);
  REQUIRE(disk.store->roll_up({.entities = entities, .settled = new_year + days{60}}));
  auto request = request_of({new_year, new_year + days{15}});
  int damaged_day = 0;
  SUBCASE("after the horizon") {
    request.now += days{30};
  }
  SUBCASE("before it, when nobody has said anything since") {
    request.edges.front() = new_year + days{9};
    damaged_day = 10;
  }
  const auto tables = {Table::waits, Table::answers};
  std::vector<Tallies> sound, damaged;
  const auto tally_each = [&](std::vector<Tallies>& tallies) {
    for (const auto table : tables) {
      request.tables = {table};
      tallies.push_back(*disk.store->tally(request));
    }
  };
  tally_each(sound);
  disk.store.reset();
  repeat_value(disk.folder / "store", "dialogues", damaged_day);
  disk.store = *open_rocks_store(disk.folder / "store", {.access = RocksOptions::Access::read});
  tally_each(damaged);

  CHECK(sound[0].inbox != damaged[0].inbox);
  CHECK(sound[1].answers != damaged[1].answers);
}

TEST_CASE("a new post takes away the dialogues of the days that see it, and no others") {
  OnDisk disk;
  std::vector<std::string> ids;
  for (int i = 0; i < 120; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (int i = 0; i < 120; ++i) posts.push_back(sample_post(ids[i], "ann", "hello", 3 * i));
  REQUIRE(disk.store->append({.posts = posts}));
  REQUIRE(disk.store->roll_up({entities}));
  const auto path = disk.folder / "store";
  disk.store.reset();
  const auto ready = count_keys(path, "dialogues");
  REQUIRE(ready > 2);

  const auto left_after = [&](const char* id, Instant at) {
    auto post = sample_post(id, "bob", "hello", 0);
    post.posted_at = at;
    REQUIRE((*open_rocks_store(path, {.reserve_bytes = 0}))->append({.posts = {&post, 1}}));
    return count_keys(path, "dialogues");
  };

  CHECK(left_after("new", posts.back().posted_at) == ready);
  CHECK(left_after("late", posts.back().posted_at - days{1}) == ready - 1);
}

namespace {

/// Labelled posts about the brand every seven hours from the new year on, of three authors in turn.
void talk_of_weeks(PostStore& store, int weeks) {
  const int count = weeks * 24;
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(std::to_string(i));
  std::vector<Post> posts;
  for (int i = 0; i < count; ++i)
    posts.push_back(sample_post(ids[static_cast<std::size_t>(i)],
                                std::string_view{"annbobeve"}.substr(i % 3 * 3U, 3), "hello",
                                7 * i));
  const Generation generation{.model = "m", .entities = entities};
  REQUIRE(store.append({.posts = posts, .generation = generation}));
  std::vector<LabelledPost> labels;
  for (const auto& post : posts) {
    auto about = sample_labels(post, generation.id());
    about.entities = {{.entity = 0, .matched = true}};
    if (labels.size() % 5 == 0) about.entities[0].stance = Stance::advocate;
    labels.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)}, about});
  }
  REQUIRE(store.append({.labels = labels}));
}

const Instant february = new_year + days{31}, march = new_year + days{59};

RollupPlan plan_of_months(const std::vector<Instant>& cuts, Instant settled) {
  static const std::vector<Instant> months{new_year, february, march, new_year + days{90}};
  // As short as years may be.
  static const std::span<const Instant> years = std::span{months}.first(3);
  return {.entities = entities, .cuts = cuts, .months = months, .years = years, .settled = settled};
}

}  // namespace

TEST_CASE("who said how much is kept by months that are over and days of the one at hand") {
  OnDisk disk;
  talk_of_weeks(*disk.store, 10);  // to 11 March
  const auto cuts = midnights(new_year, 90, hours{0});
  const auto path = disk.folder / "store";
  const auto stretches = [&](Instant settled) {
    REQUIRE(disk.store->roll_up(plan_of_months(cuts, settled)));
    disk.store.reset();
    const auto keys = count_keys(path, "authors");
    disk.store = *open_rocks_store(path, {.reserve_bytes = 0});
    return keys;
  };

  // A stretch is four values: itself and a part for each of three authors. A day is left alone
  // until it is a week old, by the newest post or by what is settled.
  CHECK(stretches(new_year) == 4 * (2 + 2));
  CHECK(stretches(march + days{12}) == 4 * (2 + 4));
  CHECK(stretches(march + days{15}) == 4 * (2 + 7));
  CHECK(stretches(march + days{60}) == 4 * 3);  // the month in place of its days
}

TEST_CASE("a post takes away the authors of the stretch that it is in, and of no other") {
  OnDisk disk;
  talk_of_weeks(*disk.store, 10);
  const auto cuts = midnights(new_year, 90, hours{0});
  REQUIRE(disk.store->roll_up(plan_of_months(cuts, march + days{60})));
  auto request = request_of({new_year, march, march + days{31}});
  request.tables = {Table::audience};
  const auto authors = [&] {
    const auto tallies = disk.store->tally(request);
    std::uint64_t sum = 0;
    for (const auto& row : tallies->audience)
      if (row.scope == Scope{Scope::Kind::everything}) sum += row.authors * row.items;
    return sum;
  };
  const auto before = authors();
  auto post = sample_post("late", "kim", "hello", 24 * 40);
  REQUIRE(disk.store->append({.posts = {&post, 1}}));
  const auto waits = authors();
  const auto labels = sample_labels(post, Generation{.model = "m", .entities = entities}.id());
  const LabelledPost labelled{{post.posted_at, post_id_hash(post.network, post.native_id)}, labels};
  REQUIRE(disk.store->append({.labels = {&labelled, 1}}));

  CHECK(before == 240);
  CHECK(waits == 240);
  CHECK(authors() == 241);
  disk.store.reset();
  CHECK(count_keys(disk.folder / "store", "authors") == 4 * 2);
  CHECK(count_keys(disk.folder / "store", "audiences") == 1);
}

TEST_CASE("verify makes again who said how much, and names the stretch that differs") {
  OnDisk disk;
  talk_of_weeks(*disk.store, 10);
  const auto cuts = midnights(new_year, 90, hours{0});
  const auto path = disk.folder / "store";
  REQUIRE(disk.store->roll_up(plan_of_months(cuts, march + days{60})));
  CHECK(disk.store->verify()->faults.empty());
  disk.store.reset();
  repeat_value(path, "authors", 5, 0);  // of February, the first author in the place of the second

  const auto found = (*open_rocks_store(path, {.access = RocksOptions::Access::read}))->verify();

  REQUIRE(found);
  CHECK(found->faults == std::vector<std::string>{"the authors from 2026-02-01T00:00:00Z on: their "
                                                  "posts say something else"});
}

TEST_CASE("verify makes audiences again, and a year that is ready is told as it was") {
  OnDisk disk;
  talk_of_weeks(*disk.store, 10);
  const auto cuts = midnights(new_year, 90, hours{0});
  const auto path = disk.folder / "store";
  auto request = request_of({february, march});
  request.tables = {Table::audience};
  const auto made = disk.store->tally(request)->audience;
  REQUIRE(disk.store->roll_up(plan_of_months(cuts, march + days{60})));
  CHECK(disk.store->tally(request)->audience == made);
  CHECK_FALSE(made.empty());
  disk.store.reset();
  CHECK(count_keys(path, "audiences") == 2);
  repeat_value(path, "audiences");

  const auto found = (*open_rocks_store(path, {.access = RocksOptions::Access::read}))->verify();

  REQUIRE(found);
  CHECK(found->faults == std::vector<std::string>{"the audience from 2026-02-01T00:00:00Z on: its "
                                                  "posts say something else"});
}

TEST_CASE(
    "who spoke before is known from months that are ready, of those too who repeated others") {
  Pair pair;
  struct Line {
    const char *id, *author;
    int day;
    std::uint64_t group = 0;
    EntityIndex owner = no_entity;
  };
  const Line lines[] = {{"a1", "ann", 3, 7},
                        {"b1", "bob", 3, 7},                  // the same day: no item
                        {"o1", "basket", 4, 0, brand_index},  // the author of this is a handle then
                        {"e1", "eve", 33},
                        {"a2", "ann", 70},
                        {"b2", "bob", 70},
                        {"o2", "basket", 70},
                        {"e2", "eve", 71},
                        {"c1", "cid", 71}};
  const Generation generation{.model = "m", .entities = entities};
  std::vector<Post> posts;
  std::vector<LabelledPost> labels;
  for (const auto& line : lines) {
    posts.push_back(sample_post(line.id, line.author, "hello", 24 * line.day));
    auto about = sample_labels(posts.back(), generation.id());
    about.entities = {{.entity = 0, .matched = true}};
    about.group = line.group;
    about.owner = line.owner;
    labels.push_back(
        {{posts.back().posted_at, post_id_hash(posts.back().network, posts.back().native_id)},
         about});
  }
  pair.append({.posts = posts, .generation = generation});
  pair.append({.labels = labels});
  const auto cuts = midnights(new_year, 90, hours{0});
  REQUIRE(pair.disk.store->roll_up(plan_of_months(cuts, march + days{60})));

  auto request = request_of({new_year + days{68}, new_year + days{80}});
  request.previous = {new_year + days{56}, new_year + days{68}};
  for (const Tables tables : {Tables{Table::newcomers}, Tables{Table::voices}, Tables::all()}) {
    request.tables = tables;
    check_same(*pair.disk.store, *pair.memory.store, request);
  }
  const auto told = pair.disk.store->tally(request);
  const auto heard = std::ranges::count_if(told->history.voices, &VoiceRow::heard_before);
  CHECK(told->history.voices.size() == 5);
  CHECK(heard == 3);  // ann, bob and eve
  CHECK(told->newcomers.size() == 2);
}

TEST_CASE("what authors said comes back from its bytes as it was") {
  const AuthorShares shares{
      .authors = {3, 1ULL << 40U, ~0ULL},
      .ends = {1, 3, 4},
      .shares = {
          {.scope = 0, .items = 0},
          {.scope = 1, .items = 300, .recommends = true},
          {.scope = audience_scope_number({Scope::Kind::entity, 700}), .items = 2, .warns = true},
          {.scope = 2, .items = ~0U, .recommends = true, .warns = true}}};

  std::string bytes;
  rocks::encode_authors(shares, bytes);

  CHECK(rocks::decode_authors(bytes) == shares);
  CHECK_FALSE(rocks::decode_authors(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(rocks::decode_authors(""));
}

TEST_CASE("what is ready for reports knows at once of a post that is hidden, or shown again") {
  Pair pair;
  std::vector<Post> posts;
  for (const char* id : {"1", "2", "3"}) posts.push_back(sample_post(id, "ann", id, 5));
  posts.push_back(sample_post("4", "bob", "later", 24 * 40));
  pair.append(posts);
  const Generation generation{.model = "m", .entities = entities};
  std::vector<LabelledPost> labels;
  for (const auto& post : posts)
    labels.push_back({{post.posted_at, post_id_hash(post.network, post.native_id)},
                      sample_labels(post, generation.id())});
  pair.append({.labels = labels, .generation = generation});
  const auto request = request_of({new_year, new_year + days{1}});
  REQUIRE(pair.disk.store->roll_up({entities, request.edges}));
  const auto check = [&](std::uint64_t expected) {
    for (int time = 0; time < 2; ++time) {
      CHECK(items(*pair.disk.store->tally(request)) == expected);
      check_same(*pair.disk.store, *pair.memory.store, request);
      REQUIRE(pair.disk.store->roll_up({entities, request.edges}));
      CHECK(pair.disk.store->verify()->faults.empty());
    }
  };
  check(3);

  posts[1].missing_at = from_unix(2'000'000'000);
  pair.append(posts);
  check(2);
  posts[1].engagement.observed_at = from_unix(2'000'000'001);
  pair.append(posts);
  check(3);
}

TEST_CASE("an audience comes back from its bytes as it was") {
  const std::vector<AudienceRow> rows{
      {.scope = {Scope::Kind::everything}, .items = 1, .authors = 1ULL << 40U},
      {.scope = {Scope::Kind::any_topic}, .items = 2, .warns = true, .authors = 3},
      {.scope = {Scope::Kind::entity, 12}, .items = ~0U, .recommends = true, .authors = 1}};

  std::string bytes;
  rocks::encode_audience(rows, bytes);

  CHECK(rocks::decode_audience(bytes) == rows);
  CHECK_FALSE(rocks::decode_audience(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(rocks::decode_audience(""));
}

TEST_CASE(
    "what is settled is made ready up to the newest post, and a plan that knows less keeps it") {
  OnDisk disk;
  std::vector<Post> posts{sample_post("first", "ann", "hello", 0),
                          sample_post("last", "ann", "hello", 24 * 20 + 5)};
  REQUIRE(disk.store->append({.posts = posts}));
  const auto path = disk.folder / "store";
  const auto ready_after = [&](const RollupPlan& plan) {
    if (!disk.store) disk.store = *open_rocks_store(path, {.reserve_bytes = 0});
    REQUIRE(disk.store->roll_up(plan));
    disk.store.reset();
    return std::pair{count_keys(path, "rollups"), count_keys(path, "dialogues")};
  };
  const auto over = std::chrono::floor<days>(posts[1].posted_at) + days{1};

  // Rollups: of the two days that have posts. Dialogues: of each of 21 days, as far as it is seen.
  CHECK(ready_after({.entities = entities}) == std::pair<std::size_t, std::size_t>{1, 13});
  CHECK(ready_after({.entities = entities, .settled = over - minutes{1}}) ==
        std::pair<std::size_t, std::size_t>{1, 13});
  CHECK(ready_after({.entities = entities, .settled = over}) ==
        std::pair<std::size_t, std::size_t>{2, 14});
  CHECK(ready_after({.entities = entities, .settled = over + days{90}}) ==
        std::pair<std::size_t, std::size_t>{2, 21});
  CHECK(ready_after({.entities = entities}) == std::pair<std::size_t, std::size_t>{2, 21});
}

TEST_CASE("a rollup comes back from its bytes as it was") {
  Rollup rollup{.window = {new_year + hours{2}, new_year + hours{24}},
                .entities = 77,
                .fingerprint = ~0ULL,
                .unlabelled = 3,
                .collapsed = 4};
  rollup.generations = {{.id = 9, .posts = 5, .begin = new_year + hours{3}}};
  rollup.channels = {{.channel = 1ULL << 60U, .items = 5, .heard = 4, .replies = 3}};
  rollup.cube = {{.channel = 1ULL << 60U,
                  .scope = {Scope::Kind::entity, 1},
                  .sentiment = Sentiment::unsupported,
                  .stance = Stance::advocate,
                  .intent = 6,
                  .filtered = true,
                  .items = 300,
                  .engaged_items = 299,
                  .engagement = 1ULL << 40U},
                 {.channel = 1ULL << 60U, .scope = {Scope::Kind::listening}, .items = 1}};
  rollup.quarters = {{new_year + hours{3}, {Scope::Kind::listening}, 7, 1},
                     {new_year + hours{3}, {Scope::Kind::entity, 0}, 6, 0}};
  rollup.stances = {{{new_year + hours{3}, ~0ULL}, 8, Stance::detractor},
                    {{new_year + hours{24} - std::chrono::seconds{1}, 1}, 0, Stance::advocate}};
  rollup.accounts = {
      {.channel = 5,
       .author = ~0ULL,
       .owner = no_entity,
       .items = 2,
       .last = {new_year + hours{4}, ~0ULL}},
      {.channel = 5, .author = 0, .owner = 0, .items = 1, .last = {new_year + hours{2}, 3}}};

  std::string bytes;
  rocks::encode_rollup(rollup, bytes);

  CHECK(rocks::decode_rollup(rollup.window.begin, bytes) == rollup);
  CHECK_FALSE(rocks::decode_rollup(rollup.window.begin, bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(rocks::decode_rollup(rollup.window.begin, ""));
}

TEST_CASE("a dialogue comes back from its bytes without ids and whether channels have replies") {
  const Dialogue dialogue{
      .waits = {{.key = {new_year + minutes{5}, 0},
                 .channel = 7,
                 .owner = 0,
                 .priority = 1,
                 .sentiment = Sentiment::unsupported,
                 .intents = Intents{0x41},
                 .entities = {0, 300},
                 .answered_after = 0,
                 .observed_for = 7 * 86'400,
                 .responder = ~0ULL},
                {.key = {new_year + hours{23}, 0},
                 .channel = 9,
                 .owner = 65'000,
                 .entities = {},
                 .answered_after = {},
                 .observed_for = 7 * 86'400}},
      .answers =
          {{.owner = 0, .channel = 7, .settled = true, .answered = true, .seconds = 0, .items = 1},
           {.owner = 3,
            .channel = 7,
            .settled = true,
            .seconds = 7 * 86'400,
            .items = 1ULL << 40U}},
      .activity = {{.key = {new_year + hours{2}, 0},
                    .channel = 9,
                    .author = ~0ULL,
                    .owner = 2,
                    .root = true,
                    .sentiment = Sentiment::negative,
                    .marks = Marks{0x44},
                    .group = 1ULL << 63U,
                    .entities = {2, 5},
                    .likes = 0,
                    .shares = unknown_count,
                    .followers = 1LL << 40U,
                    .public_replies = 12},
                   {.key = {new_year + hours{2}, 0},
                    .owner = 0,
                    .repost = true,
                    .sentiment = Sentiment::unsupported,
                    .entities = {}},
                   {.key = {new_year + hours{3}, 0}, .owner = 2, .entities = {}}},
      .questions = {
          {.key = {new_year + hours{4}, 0}, .channel = 7, .owner = 0, .answered_after = 0},
          {.key = {new_year + hours{23}, 0}, .channel = 9, .owner = 65'000}}};

  std::string bytes;
  rocks::encode_dialogue(new_year, dialogue, bytes);

  auto settled = dialogue, early = dialogue;
  settled.questions.clear();
  early.answers.clear();
  CHECK(rocks::decode_dialogue(new_year, days{7}, dialogue_tables, false, bytes) == settled);
  CHECK(rocks::decode_dialogue(new_year, days{7}, dialogue_tables, true, bytes) == early);
  CHECK(rocks::decode_dialogue(new_year, days{7}, {Table::answers}, false, bytes) ==
        Dialogue{.answers = dialogue.answers});
  const auto& activity = dialogue.activity;
  CHECK(rocks::decode_dialogue(new_year, days{7}, {Table::own_posts}, false, bytes) ==
        Dialogue{.activity = {activity[0], activity[1]}});  // a root, and the first of the other
  const auto cut = bytes.substr(0, bytes.size() - 1);
  CHECK_FALSE(rocks::decode_dialogue(new_year, days{7}, dialogue_tables, true, cut));
  CHECK_FALSE(rocks::decode_dialogue(new_year, days{7}, dialogue_tables, true, ""));
}

}  // namespace earshot::test
