#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

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

/// A phrase that the rules know, or a form, where it stands in a text.
struct FoundRule {
  std::string_view name;             ///< Of a `Cue`; or "question_form", "request_form".
  std::uint32_t begin = 0, end = 0;  ///< Of its words, as `ClauseWords` counts them.
  bool counts = false;  ///< False: what stands around it takes it back, or it is somebody else's.
};

/// What `label_advocacy` goes by.
struct AdvocacyTrace {
  std::vector<FoundRule> rules;  ///< Phrases as they come in the text, then forms.
  double complaint_log_odds = 0;
  double complaint_threshold = 0;  ///< From here on it is a complaint, if something is amiss.
};

/// For explanations: slower than the labels, which come out the same.
AdvocacyTrace trace_advocacy(const TokenisedText& post, const SentimentScore& feeling,
                             AdvocacyScratch& scratch);

}  // namespace earshot
