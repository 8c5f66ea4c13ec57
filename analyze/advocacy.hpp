#pragma once

#include <cstdint>
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

/// Buffers between calls, so that labelling allocates nothing; one a thread.
struct AdvocacyScratch {
  struct Word {
    std::string_view text;  ///< A view into `lowered`.
    std::uint64_t hash = 0;
    std::uint32_t clause = 0;  ///< Index into `clauses`.
    bool quoted = false;       ///< Somebody else's: between quotation marks, or after "RT @name".
  };
  struct Clause {
    std::uint32_t begin = 0, end = 0;  ///< Of its words.
    bool asks = false;                 ///< Ends in a question mark.
  };

  std::string lowered;
  std::vector<Word> words;
  std::vector<Clause> clauses;
};

/// Precision before recall: a recommendation that is negated, hypothetical, quoted or someone
/// else's is not the author's. Safe to call from several threads at once, with a scratch each.
AdvocacyLabels label_advocacy(std::string_view text, Sentiment sentiment, AdvocacyScratch& scratch);

}  // namespace earshot
