#pragma once

#include <string_view>

#include "analyze/clauses.hpp"
#include "analyze/sentiment.hpp"
#include "store/labels.hpp"

namespace earshot {

/// Stance and intents of a text by the scheme of `labels.hpp`, decided by rules over its clauses.
struct AdvocacyLabels {
  Stance stance = Stance::none;
  Intents intents;
  bool only_thanks = false;
};

/// Buffers between calls, so that labelling allocates nothing; one a thread.
struct AdvocacyScratch {
  ClauseWords text;
};

/// `post` is the normalised text, which `SentimentModel::Scratch` keeps, and `feeling` what the
/// model thinks of it. Precision before recall: a recommendation that is negated, hypothetical,
/// quoted or someone else's is not the author's. Safe to call from several threads at once, with a
/// scratch each.
AdvocacyLabels label_advocacy(const TokenisedText& post, const SentimentScore& feeling,
                              AdvocacyScratch& scratch);

}  // namespace earshot
