#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/sentiment.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// How well a model does on a labelled file. Classes in the order negative, neutral, positive.
struct Evaluation {
  std::string file;
  std::uint64_t rows = 0;
  double accuracy = 0;
  double macro_recall = 0;
  std::array<double, 3> precision{}, recall{}, f1{};
  std::array<std::uint64_t, 3> support{};
  /// Expected, over 10 equal bins of the probability of the label given.
  double calibration_error = 0;
};

struct TrainRequest {
  /// Files of `label<TAB>text` lines; label negative, neutral or positive.
  std::vector<std::string> train;
  std::vector<std::string> tune;  ///< Held out: calibration is fitted on them and their scores are
                                  ///< written into the card.
  std::string name;               ///< Goes into the model: "sentiment-2026.11".
  std::string output;             ///< The model is written here, its card beside it as `.md`.
  std::uint64_t seed = 1;
};

/// Fits the model. The same files, seed and version give the same bytes. Errors: `io`, `format`
/// (file:line).
Result<std::vector<Evaluation>> train_sentiment(
    const TrainRequest& request, const std::function<void(std::string_view message)>& progress);

/// Scores a model on a labelled file. Errors: `io`, `format` (file:line).
Result<Evaluation> evaluate_sentiment(const SentimentModel& model, const std::string& file);

}  // namespace earshot
