#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// One file a model was fitted on.
struct TrainingFile {
  std::string name;  ///< Without its folder.
  std::uint64_t rows = 0;
  std::uint64_t times = 1;  ///< How often it was given: its weight.
  std::uint64_t hash = 0;   ///< XXH3 of its bytes.
  std::string licence;      ///< As its publisher states it.
};

/// How the model did on one file it was not fitted on.
struct ReachedScore {
  std::string name;
  std::uint64_t rows = 0;
  double macro_recall = 0;
  double accuracy = 0;
};

/// What one row of the table adds: evidence for negative and for positive, against neutral.
using SentimentWeight = std::array<std::int16_t, 2>;

/// All that a model's file holds. With n words and m runs of characters in a text, and the sums W
/// and C of their rows, negative's logit against neutral's is `word_scale * W / sqrt(n) +
/// character_scale * C / sqrt(m) + bias`; positive's likewise.
struct SentimentParameters {
  std::string name;
  std::vector<TrainingFile> training;
  std::vector<ReachedScore> scores;
  double word_scale = 0;
  double character_scale = 0;
  std::array<double, 2> bias{};
  std::vector<SentimentWeight> weights;  ///< `feature_rows` of them.
};

/// The bytes of a model file; the same on every machine.
///
///     "earsent\n"  u32 format  u32 feature version  u32 feature bits  u32 size of the notes
///     notes        lines of text: name, training files, scores; for people and for the card
///     f64          word scale, character scale, bias of negative, bias of positive
///     i16 pairs    one a row
///     u64          XXH3 of all bytes before
///
/// All numbers little-endian.
std::string encode_sentiment(const SentimentParameters& parameters);

/// The opposite, without `training` and `scores`. Errors `config`, each naming `path`: not a model,
/// made for another version, cut short, damaged.
Result<SentimentParameters> decode_sentiment(std::string_view bytes, const std::string& path);

}  // namespace earshot
