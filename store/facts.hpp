#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// -1 stands for "the source does not say" in a fact's counts.
inline constexpr std::int64_t unknown_count = -1;

/// The fixed-width essence of a post and its labels: what reports read in place of the post.
struct Fact {
  PostKey key;
  std::uint64_t channel = 0;  ///< `hash_bytes(channel)`; `PostStore::channel_names` has the name.
  std::uint64_t author = 0;   ///< `author_hash`; 0 where unknown.
  std::uint64_t parent = 0;   ///< `post_id_hash` of the post that it answers; 0 for none.
  std::uint64_t root = 0;     ///< The same of the thread's first post, where the source says.
  std::int64_t likes = unknown_count;
  std::int64_t shares = unknown_count;
  std::int64_t replies = unknown_count;
  std::int64_t followers = unknown_count;
  bool filtered = false;
  bool repost = false;

  std::uint64_t generation = 0;  ///< 0: not labelled yet, and the rest below says nothing.
  std::uint64_t group = 0;
  std::uint64_t question = 0;
  Lang lang{};
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
  Intents intents;
  Marks marks;
  EntityIndex owner = no_entity;
  std::uint8_t priority = 3;
  bool only_thanks = false;
  bool affiliate = false;
  std::uint32_t first_entity = 0;  ///< Into `FactBatch::entities`.
  std::uint32_t entity_count = 0;
  std::uint32_t first_link = 0;  ///< Into `FactBatch::links`.
  std::uint32_t link_count = 0;

  /// likes + shares + replies, of those that are known; `unknown_count` if none is.
  std::int64_t engagement() const {
    if (likes < 0 && shares < 0 && replies < 0) return unknown_count;
    return (likes > 0 ? likes : 0) + (shares > 0 ? shares : 0) + (replies > 0 ? replies : 0);
  }
};

/// Facts in the order of their keys, with the rows that belong to them.
struct FactBatch {
  std::vector<Fact> facts;
  std::vector<EntityLabel> entities;  ///< One row a (post, entity).
  std::vector<std::uint64_t> links;

  std::span<const EntityLabel> entities_of(const Fact& fact) const {
    return std::span{entities}.subspan(fact.first_entity, fact.entity_count);
  }
  std::span<const std::uint64_t> links_of(const Fact& fact) const {
    return std::span{links}.subspan(fact.first_link, fact.link_count);
  }
  void clear() {
    facts.clear();
    entities.clear();
    links.clear();
  }
};

/// Fills the label part of `fact` and adds its rows to `batch`, to which the fact itself is to be
/// added next.
void add_labels(const Labels& labels, Fact& fact, FactBatch& batch);

}  // namespace earshot
