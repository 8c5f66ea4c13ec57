#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/memory_post_store.hpp"

namespace earshot::test {

/// An entity in a post: what the labeller would have said.
struct About {
  EntityIndex entity = no_entity;
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
  bool matched = true;
  bool addressed = false;
};

/// A post with its labels, for corpora made by hand.
struct Said {
  std::string id;
  Instant at{};
  std::string author;
  std::string channel = "forum";
  std::string parent = {};
  std::vector<About> about = {};
  std::vector<Intent> intents = {};
  EntityIndex owner = no_entity;
  Count likes = {}, shares = {}, replies = {}, followers = {};
  std::uint8_t priority = 3;
  std::uint64_t group = 0;
  std::uint64_t question = 0;
  std::vector<Mark> marks = {};
  std::vector<std::uint64_t> links = {};  ///< Sorted.
  bool filtered = false;
  bool repost = false;
  bool affiliate = false;
  bool only_thanks = false;
  bool labelled = true;
};

/// A store in memory with these posts, all labelled by one generation over `entities`.
std::unique_ptr<PostStore> make_labelled_store(const std::vector<Said>& posts,
                                               const std::vector<Entity>& entities);

/// The generation that `make_labelled_store` labels by.
Generation corpus_generation(const std::vector<Entity>& entities);

}  // namespace earshot::test
