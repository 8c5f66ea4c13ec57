#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "analyze/sentiment.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"

namespace earshot {

/// How well one label is given. Ratios are in [0, 1], and 0 where they have no denominator;
/// `_error` is one standard error.
struct LabelScore {
  std::uint64_t hits = 0;    ///< Posts that have the label and were given it.
  std::uint64_t given = 0;   ///< Posts that were given it.
  std::uint64_t wanted = 0;  ///< Posts that have it.

  double precision() const;
  double precision_error() const;  ///< Binomial, over `given`.
  double recall() const;
  double recall_error() const;  ///< Binomial, over `wanted`.
  double f1() const;
  /// F1 is 2J / (1 + J), where J is the share of hits among the posts that have the label or were
  /// given it; the error of J is binomial.
  double f1_error() const;
};

/// Which posts of a file: all, or a half by the hash of their texts, so that rules written with an
/// eye on one half can be tried on the other.
enum class FileHalf : std::uint8_t { all, first, second };

struct AdvocacyEvaluation {
  std::string file;
  std::uint64_t rows = 0;
  std::array<LabelScore, 3> stances;  ///< Detractor, none, advocate; all 0 if the file has none.
  std::array<LabelScore, intent_count> intents;  ///< Only complaint's in a file of complaints.

  double stance_macro_f1() const;
  /// As if the three were independent.
  double stance_macro_f1_error() const;
};

/// True if the first labelled line of a file has a label of stance or complaint: a file for
/// `evaluate_advocacy`, not one of sentiment. Error: `io`.
Result<bool> is_advocacy_file(const std::string& path);

/// Scores stance and intents, with the sentiment that `model` gives, on a file of one post a line:
/// `stance<TAB>intents<TAB>...<TAB>text`, where intents are separated by commas and "-" is none, or
/// `complaint<TAB>text` and `other<TAB>text`. Errors: `io`, `format` (file:line; a line without a
/// tab, another label, no line at all).
Result<AdvocacyEvaluation> evaluate_advocacy(const SentimentModel& model, const std::string& path,
                                             FileHalf half = FileHalf::all);

}  // namespace earshot
