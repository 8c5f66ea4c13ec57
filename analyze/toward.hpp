#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/advocacy.hpp"
#include "analyze/comparison.hpp"
#include "analyze/post_parts.hpp"
#include "analyze/sentiment.hpp"
#include "store/labels.hpp"

namespace earshot {

/// A post that names several entities, and what is thought of it as a whole.
struct NamedPost {
  std::string_view text;
  std::span<const Word> words;      ///< Of `text`.
  std::span<const Naming> namings;  ///< Of brand, competitors and topics, by place.
  EntityIndex parties = 0;          ///< Entities below it are brand and competitors.
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
};

/// Buffers between calls; one a thread.
struct TowardScratch {
  /// Neighbouring parts about the same entities.
  struct Block {
    std::uint32_t first = 0, last = 0;  ///< Parts [first, last).
    bool foreign = false;
    std::vector<EntityIndex> entities;  ///< Sorted.
  };
  /// What the blocks so far say of an entity.
  struct Attitude {
    bool told = false;
    bool preferred = false;  ///< To another.
    Sentiment sentiment = Sentiment::neutral;
    Stance stance = Stance::none;
  };

  PostParts post;
  std::vector<Verdict> verdicts;
  std::vector<Block> blocks;
  std::vector<Attitude> attitudes;  ///< By row.
  SentimentModel::Scratch sentiment;
  AdvocacyScratch advocacy;
  std::string mentions;  ///< The text of a block, its names as mentions.
};

/// Tells toward whom: sets sentiment and stance of the `rows` (sorted by entity) of the entities
/// that are named; the others keep theirs. A topic gets no stance. Linear time.
///
/// Each part of the post is about the entities it names; one that names none is about the one named
/// last ("left Acme for Bolt and love it": Bolt) or, at the start, first. An entity has the
/// sentiment of the last of its parts that has one, and the stance of the last that takes one;
/// where parties are compared, the one that comes off better is advocated, with positive sentiment,
/// and the other the opposite. A part with several parties, neither compared nor joined by "and",
/// gives none of them a stance. The only party of a post keeps the post's stance, and the post's
/// sentiment where its own parts have none; so does whatever is named in parts too short to tell.
void label_toward(const NamedPost& post, const SentimentModel& model, TowardScratch& scratch,
                  std::vector<EntityLabel>& rows);

}  // namespace earshot
