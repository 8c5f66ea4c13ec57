#include "tests/support/labelled_corpus.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace earshot::test {

Generation corpus_generation(const std::vector<Entity>& entities) {
  return {.model = "by hand", .model_hash = 1, .config_hash = 2, .entities = entities};
}

namespace {

Labels labels_of(const Said& said, const Post& post, std::uint64_t generation) {
  Labels labels{.content = content_hash(post), .generation = generation, .group = said.group};
  labels.owner = said.owner;
  labels.priority = said.priority;
  labels.affiliate = said.affiliate;
  labels.only_thanks = said.only_thanks;
  labels.question = said.question;
  labels.links = said.links;
  for (const auto intent : said.intents) labels.intents.add(intent);
  for (const auto mark : said.marks) labels.marks.add(mark);
  for (const auto& about : said.about) {
    labels.entities.push_back(
        {about.entity, about.sentiment, about.stance, about.matched, about.addressed});
    labels.sentiment = about.sentiment;
    labels.stance = about.stance;
  }
  std::ranges::sort(labels.entities, {}, &EntityLabel::entity);
  return labels;
}

}  // namespace

std::unique_ptr<PostStore> make_labelled_store(const std::vector<Said>& posts,
                                               const std::vector<Entity>& entities) {
  const auto generation = corpus_generation(entities);
  std::vector<Post> stored;
  std::vector<LabelledPost> labels;
  for (const auto& said : posts) {
    Post post{.network = "test",
              .native_id = said.id,
              .channel = said.channel,
              .author_id = said.author,
              .author_name = said.author,
              .text = said.id,
              .parent_id = said.parent,
              .source = "by-hand",
              .posted_at = said.at,
              .engagement = {said.likes, said.shares, said.replies, said.followers},
              .filtered = said.filtered,
              .repost = said.repost};
    stored.push_back(post);
    if (said.labelled)
      labels.push_back(
          {{said.at, post_id_hash("test", said.id)}, labels_of(said, post, generation.id())});
  }
  auto store = make_memory_store();
  const auto outcome = store->append({.posts = stored, .labels = labels, .generation = generation});
  REQUIRE(outcome);
  REQUIRE(outcome->added == posts.size());
  REQUIRE(outcome->labelled == labels.size());
  return store;
}

}  // namespace earshot::test
