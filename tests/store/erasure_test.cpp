// What erasing a post takes away, and what it leaves, checked on the memory store and on RocksDB.
#include <doctest/doctest.h>

#include <algorithm>

#include "store/base/hash.hpp"
#include "store/versions.hpp"
#include "tests/support/both_stores.hpp"
#include "tests/support/churn_script.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/store_picture.hpp"

namespace earshot {
namespace {

Generation acme() {
  return {.model = "test-1",
          .model_hash = 1,
          .config_hash = 2,
          .entities = {{EntityKind::brand, "Acme"}}};
}

AppendOutcome append(PostStore& store, const Append& batch) {
  const auto outcome = store.append(batch);
  REQUIRE_MESSAGE(outcome, outcome.error().message);
  return *outcome;
}

AppendOutcome add(PostStore& store, const std::vector<Post>& posts) {
  return append(store, {.posts = posts});
}

AppendOutcome erase(PostStore& store, const std::vector<PostId>& ids) {
  return append(store, {.erasures = ids});
}

PostKey key_of(const Post& post) {
  return {post.posted_at, post_id_hash(post.network, post.native_id)};
}

/// Labels of Acme's for that post: praise, with a link.
LabelledPost labelled(const Post& post) {
  Labels labels = sample_labels(post, acme().id());
  labels.sentiment = Sentiment::positive;
  labels.entities = {{.entity = 0, .sentiment = Sentiment::positive, .matched = true}};
  labels.links = {7};
  return {key_of(post), labels};
}

void label(PostStore& store, const std::vector<Post>& posts) {
  std::vector<LabelledPost> rows;
  for (const auto& post : posts) rows.push_back(labelled(post));
  REQUIRE(append(store, {.labels = rows, .generation = acme()}).labelled == posts.size());
}

/// A post of which everything is known, in answer to post 0.
Post full_post() {
  Post post = sample_post("1", "ann", "my address is 9 Elm Row", 2);
  post.parent_id = "0";
  post.root_id = "00";
  post.url = "https://town.example/ann/1";
  post.place = "Logan";
  post.lang = "en";
  post.engagement = {
      .likes = 5, .shares = 3, .replies = {}, .followers = 12, .observed_at = from_unix(9)};
  return post;
}

std::vector<std::string> scanned_ids(const PostStore& store, const ScanFilter& filter = {}) {
  std::vector<std::string> ids;
  StoredBatch batch;
  ScanCursor cursor;
  for (;;) {
    REQUIRE(store.scan(filter, cursor, 2, batch));
    if (batch.posts.empty()) return ids;
    for (const auto& stored : batch.posts) ids.emplace_back(stored.post.native_id);
  }
}

FactBatch all_facts(const PostStore& store) {
  FactBatch found;
  REQUIRE(store.facts(all_time, [&](const FactBatch& batch) {
    for (auto fact : batch.facts) {
      const auto rows = batch.entities_of(fact);
      const auto links = batch.links_of(fact);
      fact.first_entity = static_cast<std::uint32_t>(found.entities.size());
      fact.first_link = static_cast<std::uint32_t>(found.links.size());
      found.entities.insert(found.entities.end(), rows.begin(), rows.end());
      found.links.insert(found.links.end(), links.begin(), links.end());
      found.facts.push_back(fact);
    }
  }));
  return found;
}

/// How many posts the store shows under this key.
std::size_t shown(const PostStore& store, const PostKey& key) {
  StoredBatch batch;
  REQUIRE(store.posts({&key, 1}, batch));
  return batch.posts.size();
}

}  // namespace

TEST_CASE_TEMPLATE("an erased post is in no scan, and its key finds nothing", Store, InMemory,
                   OnDisk) {
  Store in;
  const auto other = sample_post("2", "bob", "hi", 3);
  add(*in.store, {full_post(), other});
  label(*in.store, {full_post(), other});

  const auto outcome = erase(*in.store, {{"net", "1"}});

  CHECK(outcome.erased == 1);
  CHECK(scanned_ids(*in.store) == std::vector<std::string>{"2"});
  CHECK(scanned_ids(*in.store, {.not_generation = 99}) == std::vector<std::string>{"2"});
  CHECK(shown(*in.store, key_of(full_post())) == 0);
  CHECK(shown(*in.store, key_of(other)) == 1);
}

TEST_CASE_TEMPLATE("its fact stays as it was, but for the author", Store, InMemory, OnDisk) {
  Store in;
  const auto post = full_post();
  add(*in.store, {post});
  label(*in.store, {post});
  const auto before = all_facts(*in.store);

  erase(*in.store, {{"net", "1"}});

  const auto after = all_facts(*in.store);
  REQUIRE(after.facts.size() == 1);
  const Fact& fact = after.facts[0];
  CHECK(fact.key == key_of(post));
  CHECK(fact.channel == hash_bytes("town"));
  CHECK(fact.parent == post_id_hash("net", "0"));
  CHECK(fact.root == post_id_hash("net", "00"));
  CHECK(fact.likes == 5);
  CHECK(fact.shares == 3);
  CHECK(fact.replies == unknown_count);
  CHECK(fact.followers == 12);
  CHECK(fact.generation == acme().id());
  CHECK(fact.sentiment == Sentiment::positive);
  CHECK(after.entities == before.entities);
  CHECK(after.links == std::vector<std::uint64_t>{7});
  CHECK(fact.author != before.facts[0].author);
  CHECK(fact.author == author_token(key_of(post)));
}

TEST_CASE_TEMPLATE("two erased posts of one author no longer show that they were", Store, InMemory,
                   OnDisk) {
  Store in;
  const auto one = sample_post("1", "ann", "one"), two = sample_post("2", "ann", "two");
  add(*in.store, {one, two});
  label(*in.store, {one, two});

  erase(*in.store, {{"net", "1"}, {"net", "2"}});

  const auto facts = all_facts(*in.store).facts;
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].author != facts[1].author);
}

TEST_CASE_TEMPLATE("a post without an author gets none by being erased", Store, InMemory, OnDisk) {
  Store in;
  const auto post = sample_post("1", "", "who said that?");
  add(*in.store, {post});
  label(*in.store, {post});

  erase(*in.store, {{"net", "1"}});

  REQUIRE(all_facts(*in.store).facts.size() == 1);
  CHECK(all_facts(*in.store).facts[0].author == 0);
}

TEST_CASE_TEMPLATE("an erased post without labels is in no fact", Store, InMemory, OnDisk) {
  Store in;
  const auto post = sample_post("1", "ann", "one");
  auto edited = sample_post("2", "ann", "two");
  add(*in.store, {post, edited});
  label(*in.store, {edited});
  edited.text = "two, edited";
  edited.edited_at = from_unix(50);
  add(*in.store, {edited});  // waits for labels again
  REQUIRE(all_facts(*in.store).facts.size() == 2);

  erase(*in.store, {{"net", "1"}, {"net", "2"}});

  CHECK(all_facts(*in.store).facts.empty());
  CHECK(in.store->counters()->posts == 2);
}

TEST_CASE_TEMPLATE("erased posts are counted, wait for nothing and stay with their source", Store,
                   InMemory, OnDisk) {
  Store in;
  const auto one = sample_post("1", "ann", "one"), two = sample_post("2", "bob", "two", 1),
             three = sample_post("3", "cid", "three", 2);
  add(*in.store, {one, two, three});
  label(*in.store, {one});

  erase(*in.store, {{"net", "1"}, {"net", "2"}});

  const auto counters = *in.store->counters();
  CHECK(counters.posts == 3);
  CHECK(counters.erased == 2);
  CHECK(counters.unlabelled == 1);
  CHECK(counters.posts_by_source ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"test", 3}});
  CHECK(scanned_ids(*in.store, {.unlabelled_only = true}) == std::vector<std::string>{"3"});
  CHECK((*in.store->span())->first == one.posted_at);
  CHECK((*in.store->span())->second == three.posted_at);
}

TEST_CASE_TEMPLATE("an erased post is of no generation, as none can label it again", Store,
                   InMemory, OnDisk) {
  Store in;
  const auto one = sample_post("1", "ann", "one"), two = sample_post("2", "bob", "two");
  add(*in.store, {one, two});
  label(*in.store, {one, two});

  erase(*in.store, {{"net", "1"}});

  CHECK(*in.store->generations() ==
        std::vector<std::pair<std::uint64_t, std::uint64_t>>{{acme().id(), 1}});
  erase(*in.store, {{"net", "2"}});
  CHECK(in.store->generations()->empty());
}

TEST_CASE_TEMPLATE("the same id again stays erased, also edited, recounted or with another date",
                   Store, InMemory, OnDisk) {
  Store in;
  const auto post = full_post();
  add(*in.store, {post});
  label(*in.store, {post});
  erase(*in.store, {{"net", "1"}});
  const auto before = test::picture_of(*in.store);
  auto edited = post;
  edited.text = "my address is 10 Elm Row";
  edited.edited_at = from_unix(2'000'000'000);
  auto moved = edited;
  moved.posted_at += std::chrono::days{40};
  auto recounted = post;
  recounted.engagement = {.likes = 100, .observed_at = from_unix(1'900'000'000)};
  auto undated = post;
  undated.dated = false;
  undated.posted_at -= std::chrono::days{40};

  const auto outcome = add(*in.store, {post, edited, moved, recounted, undated});

  CHECK(outcome.repeated == 5);
  CHECK(outcome.added == 0);
  CHECK(test::difference(test::picture_of(*in.store), before) == "");
}

TEST_CASE_TEMPLATE("labels for an erased post are passed over", Store, InMemory, OnDisk) {
  Store in;
  const auto one = sample_post("1", "ann", "one"), two = sample_post("2", "bob", "two");
  add(*in.store, {one, two});
  label(*in.store, {one});
  erase(*in.store, {{"net", "1"}, {"net", "2"}});
  const auto before = test::picture_of(*in.store);
  std::vector<LabelledPost> rows{labelled(one), labelled(two)};
  rows[0].labels.by_hand = true;
  rows[0].labels.sentiment = Sentiment::negative;

  const auto outcome = append(*in.store, {.labels = rows});

  CHECK(outcome.labelled == 0);
  CHECK(test::difference(test::picture_of(*in.store), before) == "");
}

TEST_CASE_TEMPLATE("an id that is not stored, or is erased already, is passed over", Store,
                   InMemory, OnDisk) {
  Store in;
  add(*in.store, {sample_post("1", "ann", "one"), sample_post("2", "bob", "two")});
  CHECK(erase(*in.store, {{"net", "9"}, {"other", "1"}, {"", ""}}).erased == 0);
  CHECK(erase(*in.store, {{"net", "1"}, {"net", "1"}}).erased == 1);

  CHECK(erase(*in.store, {{"net", "1"}}).erased == 0);

  CHECK(in.store->counters()->erased == 1);
  CHECK(scanned_ids(*in.store) == std::vector<std::string>{"2"});
  CHECK(add(*in.store, {sample_post("9", "cid", "new")}).added == 1);  // it was never seen before
}

TEST_CASE_TEMPLATE("a post may come, be labelled and be erased in one write", Store, InMemory,
                   OnDisk) {
  Store in;
  const auto post = sample_post("1", "ann", "one");
  auto edited = post;
  edited.text = "one, edited";
  edited.edited_at = from_unix(5);
  const std::vector<Post> posts{post, edited, sample_post("2", "bob", "two")};
  const std::vector<LabelledPost> rows{labelled(edited)};
  const std::vector<PostId> ids{{"net", "1"}, {"net", "2"}};

  const auto outcome =
      append(*in.store, {.posts = posts, .labels = rows, .generation = acme(), .erasures = ids});

  CHECK(outcome.added == 2);
  CHECK(outcome.labelled == 1);
  CHECK(outcome.erased == 2);
  CHECK(scanned_ids(*in.store).empty());
  CHECK(all_facts(*in.store).facts.size() == 1);
  CHECK(in.store->counters()->erased == 2);
  CHECK(in.store->counters()->unlabelled == 0);
}

TEST_CASE_TEMPLATE("an edit in the write that erases comes first, and counts", Store, InMemory,
                   OnDisk) {
  Store in;
  const auto post = sample_post("1", "ann", "one");
  add(*in.store, {post});
  label(*in.store, {post});
  auto edited = post;
  edited.text = "one, edited";
  edited.edited_at = from_unix(5);
  const std::vector<Post> posts{edited};
  const std::vector<PostId> ids{{"net", "1"}};

  const auto outcome = append(*in.store, {.posts = posts, .erasures = ids});

  CHECK(outcome.edited == 1);
  CHECK(outcome.erased == 1);
  CHECK(all_facts(*in.store).facts.empty());  // its labels were of another text
}

TEST_CASE_TEMPLATE("totals hold when posts are erased", Store, InMemory, OnDisk) {
  Store in;
  test::ChurnScript script{{.seed = 5}};
  for (const auto& generation : test::ChurnScript::generations())
    append(*in.store, {.generation = generation});
  const auto posts = script.past(300);
  add(*in.store, posts);
  append(*in.store, script.labels(*in.store, 0, true).append());
  const auto request = test::ChurnScript::requests()[0];
  const auto before = in.store->tally(request);
  REQUIRE(before);
  std::vector<PostId> ids;
  for (std::size_t i = 0; i < posts.size(); i += 3)
    ids.push_back({posts[i].network, posts[i].native_id});

  CHECK(erase(*in.store, ids).erased == 100);

  const auto after = in.store->tally(request);
  REQUIRE(after);
  const auto cells = [](const Tallies& tallies) {
    std::vector<std::array<std::uint64_t, 4>> rows;
    for (const auto& row : tallies.cube)
      rows.push_back({row.bucket, row.items, row.engaged_items, row.engagement});
    return rows;
  };
  CHECK(cells(*after) == cells(*before));
  CHECK(after->own.size() == before->own.size());
  CHECK(after->inbox.size() == before->inbox.size());
  CHECK(after->raised.size() == before->raised.size());
  CHECK(after->threads.size() == before->threads.size());
  CHECK(after->collapsed == before->collapsed);
  CHECK(after->labels.labelled == before->labels.labelled);
}

TEST_CASE_TEMPLATE("a sound store has no faults, and stays as it is when it is purged", Store,
                   InMemory, OnDisk) {
  Store in;
  const auto one = sample_post("1", "ann", "one"), two = sample_post("2", "bob", "two");
  add(*in.store, {one, two, sample_post("3", "cid", "three")});
  label(*in.store, {one, two});
  erase(*in.store, {{"net", "1"}});
  const auto before = test::picture_of(*in.store);

  REQUIRE(in.store->purge());

  const auto outcome = in.store->verify();
  REQUIRE(outcome);
  CHECK(outcome->posts == 3);
  CHECK(outcome->faults.empty());
  CHECK(test::difference(test::picture_of(*in.store), before) == "");
}

}  // namespace earshot
