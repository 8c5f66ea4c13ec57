#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "analyze/sentiment.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// How well a model does on a labelled file. Classes in the order negative, neutral, positive.
struct Evaluation {
  std::string file;
  std::uint64_t rows = 0;
  double accuracy = 0;
  /// Means over the classes that the file has.
  double macro_recall = 0, macro_f1 = 0;
  /// Of `macro_recall`: each recall is the share of its class that was found.
  double standard_error = 0;
  std::array<double, 3> precision{}, recall{}, f1{};
  std::array<std::uint64_t, 3> support{};
  /// Expected, over 10 equal bins of the probability of the label given.
  double calibration_error = 0;
  double seconds = 0;  ///< What scoring took, on one thread.
};

/// Scores a model on a labelled file. Errors: `io`, `format` (file:line).
Result<Evaluation> evaluate_sentiment(const SentimentModel& model, const std::string& file);

}  // namespace earshot
