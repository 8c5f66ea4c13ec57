#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/evaluate.hpp"
#include "analyze/learner.hpp"
#include "store/base/result.hpp"
#include "store/labels.hpp"

namespace earshot {

/// A file to make a model from, and what is to be said of it in the card.
struct SourceFile {
  std::string path;
  std::string licence = "not recorded";  ///< As its publisher states it.
};

/// A file of `label<TAB>text` lines; label negative, neutral or positive. Within a file each class
/// counts alike.
struct TrainingSource {
  SourceFile file;
  double weight = 1;     ///< Of each of its lines.
  bool apart = false;    ///< Has habits of its own: `Example::apart`.
  bool distant = false;  ///< Was labelled by emoticons: `Example::distant`.
};

struct TrainRequest {
  std::vector<TrainingSource> train;
  std::vector<SourceFile> lexica;  ///< As in `lexicon.hpp`; the first to know a word is believed.
  std::vector<std::string> calibrate;  ///< Held out: calibration is fitted on them.
  std::vector<std::string> score;      ///< Held out from calibration too.
  std::vector<Lang> languages;  ///< Of the posts; those in others will be `unsupported`. Empty:
                                ///< none will.
  std::string name;             ///< Goes into the model: "sentiment-2026.11".
  std::string output;           ///< The model is written here, its card beside it as `.md`.
  std::uint64_t seed = 1;
  FitSettings fit;
  std::string recipe;  ///< The recipe's file, for the card; empty if there is none.
};

/// Fits the model; returns its scores on the files of `calibrate` and `score`, which go into the
/// card too. The same files, seed and version give the same bytes. Errors: `io`, `format`
/// (file:line), `usage` (nothing to train on).
Result<std::vector<Evaluation>> train_sentiment(
    const TrainRequest& request, const std::function<void(std::string_view message)>& progress);

}  // namespace earshot
