#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/sentiment_file.hpp"

namespace earshot {

/// What kind of feature of a text has a weight.
enum class FeatureKind : std::uint8_t {
  word,
  pair,     ///< Two words in a row.
  negated,  ///< A word within the reach of a negation.
  run,      ///< Three or five characters in a row, across words.
  style,    ///< Of the text as a whole: capitals, exclamation marks, its length ...
  valence,  ///< A word's, in the lexicon.
};
std::string_view name_of(FeatureKind kind);

/// A feature by its name, and what all its places in the text add.
struct FeatureWeight {
  FeatureKind kind = FeatureKind::word;
  std::string name;   ///< As the model sees it: folded, "@" for a mention, "link" for a link.
  double weight = 0;  ///< Part of (logit of positive - logit of negative).
};

/// The features of a text with their weights, each name of a kind once, in the order in which they
/// come. Together with the difference of `SentimentScales::bias` they are the difference of the
/// logits. `model` is a file's view.
std::vector<FeatureWeight> weigh_features(const SentimentView& model, std::string_view text);

}  // namespace earshot
