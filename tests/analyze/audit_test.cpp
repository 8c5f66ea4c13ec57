#include "analyze/audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analyze/pipeline.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/sample_posts.hpp"

using namespace earshot;

namespace {

const Generation generation{
    "tiny", 1, 2, {{EntityKind::brand, "Acme"}, {EntityKind::objective, "taste"}}};

const Window window{from_unix(1'767'225'600), from_unix(1'767'225'600 + 3600 * 1000)};

/// Adds a post of that hour with a label of the generation, about one entity.
void add(PostStore& store, int hour, Sentiment sentiment, EntityIndex entity = 0,
         bool by_hand = false, EntityIndex owner = no_entity) {
  const auto id = std::to_string(hour);
  const std::string text = "well " + id;  // posts are views
  const auto post = sample_post(id, "jane", text, hour);
  Labels labels = sample_labels(post, generation.id());
  labels.sentiment = sentiment;
  labels.by_hand = by_hand;
  labels.owner = owner;
  labels.entities = {{.entity = entity, .matched = true}};
  const LabelledPost labelled{{post.posted_at, post_id_hash("net", id)}, labels};
  REQUIRE(store.append(
      {.posts = std::span{&post, 1}, .labels = std::span{&labelled, 1}, .generation = generation}));
}

AuditSample draw(const PostStore& store, std::size_t size, std::uint64_t seed) {
  auto sample = draw_audit(store, generation, {.window = window, .size = size, .seed = seed},
                           [](std::uint64_t) {});
  REQUIRE(sample);
  return *std::move(sample);
}

/// 20 negative posts, 100 neutral ones, 40 positive ones; `backwards` changes the order of arrival.
std::unique_ptr<PostStore> stream(bool backwards) {
  auto store = make_memory_store();
  for (int i = 0; i < 160; ++i) {
    const int hour = backwards ? 159 - i : i;
    add(*store, hour,
        hour % 8 == 0   ? Sentiment::negative
        : hour % 4 == 1 ? Sentiment::positive
                        : Sentiment::neutral);
  }
  return store;
}

}  // namespace

TEST_CASE(
    "audit: rare groups get as many posts as common ones, and all they have if that is less") {
  CHECK(allocate_sample(30, {100, 900, 200}) == SentimentCounts{10, 10, 10});
  CHECK(allocate_sample(30, {4, 900, 200}) == SentimentCounts{4, 13, 13});
  CHECK(allocate_sample(31, {4, 900, 200}) == SentimentCounts{4, 14, 13});
  CHECK(allocate_sample(30, {4, 5, 6}) == SentimentCounts{4, 5, 6});
  CHECK(allocate_sample(0, {4, 5, 6}) == SentimentCounts{0, 0, 0});
}

TEST_CASE("audit: a sample is of its seed, whatever the order in which the posts came") {
  const auto store = stream(false);
  const auto first = draw(*store, 30, 7);

  CHECK(first.frame == AuditFrame{generation.id(), window, {20, 100, 40}});
  CHECK(first.posts.size() == 30);
  CHECK(std::set<PostKey>{first.posts.begin(), first.posts.end()}.size() == 30);
  CHECK(draw(*stream(true), 30, 7).posts == first.posts);
  CHECK(draw(*store, 30, 8).posts != first.posts);
  const auto count = [&](auto&& wanted) {
    return std::ranges::count_if(first.posts, [&](const PostKey& key) {
      return wanted((to_unix(key.posted_at) - 1'767'225'600) / 3600);
    });
  };
  CHECK(count([](std::int64_t hour) { return hour % 8 == 0; }) == 10);
  CHECK(count([](std::int64_t hour) { return hour % 4 == 1; }) == 10);
}

TEST_CASE("audit: the order of a sample tells neither the group nor the time") {
  const auto sample = draw(*stream(false), 30, 7);
  CHECK_FALSE(std::ranges::is_sorted(sample.posts));
  int changes = 0;
  for (std::size_t i = 1; i < sample.posts.size(); ++i) {
    const auto is_negative = [&](std::size_t at) {
      return (to_unix(sample.posts[at].posted_at) - 1'767'225'600) / 3600 % 8 == 0;
    };
    changes += is_negative(i) != is_negative(i - 1) ? 1 : 0;
  }
  CHECK(changes > 2);
}

TEST_CASE("audit: own posts, corrected ones, those about nothing and without a feeling stay out") {
  const auto store = make_memory_store();
  add(*store, 1, Sentiment::positive);
  add(*store, 2, Sentiment::positive, 0, true);
  add(*store, 3, Sentiment::positive, 0, false, brand_index);
  add(*store, 4, Sentiment::positive, 1);
  add(*store, 6, Sentiment::unsupported);
  add(*store, 1000, Sentiment::positive);
  const auto other = sample_post("5", "jane", "well", 5);
  const LabelledPost labelled{{other.posted_at, post_id_hash("net", "5")},
                              sample_labels(other, 99)};
  REQUIRE(store->append({.posts = std::span{&other, 1}, .labels = std::span{&labelled, 1}}));

  const auto sample = draw(*store, 10, 1);

  CHECK(sample.frame.stream == SentimentCounts{0, 0, 1});
  REQUIRE(sample.posts.size() == 1);
  CHECK(sample.posts[0].id == post_id_hash("net", "1"));
}

TEST_CASE("audit: scores are those of the stream and not of the sample") {
  // Of each label 8 in 10 are right; the labels call 800 of 1,000 posts neutral. So the stream has
  // .1 x .8 + .8 x .1 + .1 x .1 = .17 negative posts, of which .08 are called so.
  const Audit audit{.frame = {1, window, {100, 800, 100}},
                    .at = {},
                    .rows = {{{80, 10, 10}, {10, 80, 10}, {10, 10, 80}}}};
  const auto score = score_audit(audit);
  CHECK(score.accuracy == doctest::Approx(0.8));
  CHECK(score.confusion[1][0] == doctest::Approx(0.08));
  CHECK(score.confusion[0][1] == doctest::Approx(0.01));
  CHECK(score.recall[0] == doctest::Approx(0.08 / 0.17));
  CHECK(score.recall[1] == doctest::Approx(0.64 / 0.66));
  CHECK(score.precision[2] == doctest::Approx(0.8));
  CHECK(score.macro_recall == doctest::Approx((2 * 0.08 / 0.17 + 0.64 / 0.66) / 3));
  // Of each group .8 x .2 / 100: (.01 + .64 + .01) x .0016 is .001056.
  CHECK(score.accuracy_error == doctest::Approx(std::sqrt(0.001056)));
  CHECK(audit.n() == 300);
}

TEST_CASE("audit: a class that never occurs is in no mean") {
  const Audit audit{
      .frame = {1, window, {10, 10, 0}}, .at = {}, .rows = {{{10, 0, 0}, {5, 5, 0}, {0, 0, 0}}}};
  const auto score = score_audit(audit);
  CHECK(score.macro_recall == doctest::Approx((10.0 / 15 + 1) / 2));
  CHECK(score.recall[2] == 0);
}
