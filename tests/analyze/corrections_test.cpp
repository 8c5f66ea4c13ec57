#include "analyze/corrections.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "analyze/pipeline.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/sample_posts.hpp"
#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {

const std::vector<Entity> entities{{EntityKind::brand, "Acme"},
                                   {EntityKind::competitor, "Globex"},
                                   {EntityKind::topic, "delivery"}};

Intents intents_of(std::initializer_list<Intent> list) {
  Intents intents;
  for (const auto intent : list) intents.add(intent);
  return intents;
}

/// Labels of a post about these entities, all else as default.
Labels about(std::initializer_list<EntityIndex> which) {
  Labels labels;
  for (const auto entity : which) labels.entities.push_back({.entity = entity, .matched = true});
  return labels;
}

Labeller labeller_for(const std::string& query) {
  Project project;
  project.brand = {"Acme", query, {}, {}};
  auto labeller = Labeller::create(project, tiny_model());
  REQUIRE(labeller);
  return *std::move(labeller);
}

void label_all(PostStore& store, const Labeller& labeller) {
  REQUIRE(analyze_store(
      store, labeller, {.all = true}, [](std::uint64_t, std::uint64_t) {}, [] { return false; }));
}

StoredPost only_post(const PostStore& store, StoredBatch& batch) {
  ScanCursor cursor;
  REQUIRE(store.scan({}, cursor, 10, batch));
  REQUIRE(batch.posts.size() == 1);
  return batch.posts.front();
}

}  // namespace

TEST_CASE("corrections: what is named changes, and all else stays") {
  auto labels = about({0, 2});
  labels.stance = Stance::advocate;
  labels.sentiment_permille = 640;
  labels.intents = intents_of({Intent::thanks});

  correct({.sentiment = Sentiment::negative}, sample_post("1", "jane", "well"), entities, false,
          labels);

  CHECK(labels.by_hand);
  CHECK(labels.sentiment == Sentiment::negative);
  CHECK(labels.sentiment_permille == 1000);
  CHECK(labels.entities[0].sentiment == Sentiment::negative);
  CHECK(labels.entities[1].sentiment == Sentiment::negative);
  CHECK(labels.stance == Stance::advocate);
  CHECK(labels.intents == intents_of({Intent::thanks}));
}

TEST_CASE("corrections: a stance is toward the one party that the post concerns") {
  const auto post = sample_post("1", "jane", "go there");
  auto one = about({0, 2});
  correct({.stance = Stance::advocate}, post, entities, false, one);
  CHECK(one.stance == Stance::advocate);
  CHECK(one.entities[0].stance == Stance::advocate);
  CHECK(one.entities[1].stance == Stance::none);

  auto two = about({0, 1});
  correct({.stance = Stance::advocate}, post, entities, false, two);
  CHECK(two.stance == Stance::advocate);
  CHECK(two.entities[0].stance == Stance::none);
  CHECK(two.entities[1].stance == Stance::none);

  auto own = about({0});
  own.owner = 0;
  correct({.stance = Stance::advocate}, post, entities, false, own);
  CHECK(own.entities[0].stance == Stance::none);
}

TEST_CASE("corrections: intents say how soon to answer, and which questions are the same") {
  const auto post = sample_post("1", "jane", "where is my green parcel today");
  auto labels = about({0});
  labels.only_thanks = true;

  correct({.intents = intents_of({Intent::question})}, post, entities, false, labels);
  CHECK(labels.priority == 2);
  CHECK(labels.question != 0);
  CHECK_FALSE(labels.only_thanks);
  correct({.intents = intents_of({Intent::complaint})}, post, entities, false, labels);
  CHECK(labels.priority == 1);
  CHECK(labels.question == 0);
  correct({.intents = intents_of({Intent::thanks})}, post, entities, false, labels);
  CHECK(labels.priority == 3);
  CHECK(labels.only_thanks);
  correct({.intents = Intents{}}, post, entities, true, labels);
  CHECK(labels.priority == 1);
  CHECK_FALSE(labels.only_thanks);
}

TEST_CASE("corrections: a post that is urgent by its words stays so under another model") {
  const auto post = sample_post("1", "jane", "mouldy again");
  auto by_hand = about({0});
  by_hand.by_hand = true;
  by_hand.priority = 1;
  auto fresh = about({0});
  fresh.intents = intents_of({Intent::complaint});
  fresh.priority = 1;

  keep_correction(by_hand, post, entities, fresh);
  CHECK(fresh.priority == 1);

  by_hand.priority = 3;
  fresh.intents = intents_of({Intent::complaint});
  fresh.priority = 1;
  keep_correction(by_hand, post, entities, fresh);
  CHECK(fresh.priority == 3);
  CHECK(fresh.intents.empty());
}

TEST_CASE("corrections: labels by hand outlive a change of the config, and all else follows it") {
  const auto store = make_memory_store();
  const auto post = sample_post("1", "jane", "I love this wonderful crate");
  REQUIRE(store->append({.posts = std::span{&post, 1}}));
  label_all(*store, labeller_for("acme"));
  StoredBatch batch;
  const auto before = only_post(*store, batch);
  REQUIRE(before.labels.entities.empty());
  REQUIRE(before.labels.sentiment == Sentiment::positive);
  LabelledPost by_hand{before.key, before.labels};
  correct({.sentiment = Sentiment::negative, .stance = Stance::detractor}, post, {}, false,
          by_hand.labels);
  REQUIRE(store->append({.labels = std::span{&by_hand, 1}}));

  const auto labeller = labeller_for("acme OR crate");
  label_all(*store, labeller);

  const auto after = only_post(*store, batch);
  CHECK(after.labels.by_hand);
  CHECK(after.labels.generation == labeller.generation().id());
  CHECK(after.labels.sentiment == Sentiment::negative);
  CHECK(after.labels.stance == Stance::detractor);
  REQUIRE(after.labels.entities.size() == 1);
  CHECK(after.labels.entities[0].sentiment == Sentiment::negative);
  CHECK(after.labels.entities[0].stance == Stance::detractor);
}

TEST_CASE("corrections: new content asks for labels again") {
  const auto store = make_memory_store();
  const auto labeller = labeller_for("acme");
  auto post = sample_post("1", "jane", "I love this wonderful crate");
  REQUIRE(store->append({.posts = std::span{&post, 1}}));
  label_all(*store, labeller);
  StoredBatch batch;
  const auto before = only_post(*store, batch);
  LabelledPost by_hand{before.key, before.labels};
  correct({.sentiment = Sentiment::neutral}, post, {}, false, by_hand.labels);
  REQUIRE(store->append({.labels = std::span{&by_hand, 1}}));

  post.text = "I hate this terrible crate";
  post.edited_at = post.posted_at + std::chrono::hours{1};
  REQUIRE(store->append({.posts = std::span{&post, 1}}));
  label_all(*store, labeller);

  const auto after = only_post(*store, batch);
  CHECK_FALSE(after.labels.by_hand);
  CHECK(after.labels.sentiment == Sentiment::negative);
}
