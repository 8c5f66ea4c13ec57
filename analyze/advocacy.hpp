#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/labels.hpp"

namespace earshot {

/// Stance and intents of a text by the scheme of `labels.hpp`, decided by rules over its clauses.
struct AdvocacyLabels {
  Stance stance = Stance::none;
  Intents intents;
  bool only_thanks = false;
};

/// Text buffers between calls; one a thread.
struct AdvocacyScratch {
  std::string lowered;
  std::vector<std::string_view> words;
};

/// Precision before recall: a recommendation that is negated, hypothetical, quoted or someone else's is not the author's.
/// Safe to call from several threads at once, with a scratch each.
AdvocacyLabels label_advocacy(std::string_view text, Sentiment sentiment, AdvocacyScratch& scratch);

}  // namespace earshot
