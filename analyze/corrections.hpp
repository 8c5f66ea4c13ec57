#pragma once

#include <optional>
#include <span>

#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// What a person says of a post. What is left out stays as it is.
struct Correction {
  std::optional<Sentiment> sentiment;
  std::optional<Stance> stance;
  std::optional<Intents> intents;

  bool empty() const { return !sentiment && !stance && !intents; }
};

/// Brings what a person says into `labels`, the labeller's of that very post, and marks them as
/// given by hand. Sentiment goes for every entity of the post; stance for the one party it
/// concerns, as with the labeller, and for none where there are several. `entities` are those of
/// the labels' generation; `urgent` says whether the post is urgent by its words.
void correct(const Correction& correction, const Post& post, std::span<const Entity> entities,
             bool urgent, Labels& labels);

/// Brings sentiment, stance and intents of labels that were given by hand, of whatever generation,
/// into `fresh`, what the labeller says of the same content today: so a correction outlives a
/// change of model or config, and all else is up to date. `entities` are those of `fresh`.
void keep_correction(const Labels& by_hand, const Post& post, std::span<const Entity> entities,
                     Labels& fresh);

}  // namespace earshot
