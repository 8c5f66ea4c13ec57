#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/labels.hpp"

namespace earshot {

/// One file a model was made from.
struct TrainingFile {
  std::string name;  ///< Without its folder.
  std::uint64_t rows = 0;
  double weight = 1;
  std::uint64_t hash = 0;  ///< XXH3 of its bytes.
  std::string licence;     ///< As its publisher states it.
  std::string role;        ///< "labels", "labels, habits apart", "emoticons", "lexicon".
};

/// How the model did on one file it was not fitted on.
struct ReachedScore {
  std::string name;
  std::uint64_t rows = 0;
  double macro_recall = 0;
  double accuracy = 0;
};

/// What one row of the table adds: evidence for positive in the upper byte and for negative in the
/// lower, each against neutral and from -127 to 127. Two bytes, so that the table stays in a near
/// cache.
using SentimentWeight = std::int16_t;

constexpr SentimentWeight make_weight(int negative, int positive) {
  return static_cast<SentimentWeight>(positive * 256 + (negative & 0xFF));
}
constexpr int negative_of(SentimentWeight weight) {
  return static_cast<std::int8_t>(weight);
}
constexpr int positive_of(SentimentWeight weight) {
  return weight >> 8;
}

/// With n words and m runs of characters in a text, the sums W and C of their rows, and the sums P
/// and N of its words' valences above and below 0, negative's logit against neutral's is
/// `word * W / sqrt(n) + character * C / sqrt(m) + (positive_valence * P + negative_valence * N) /
/// sqrt(n) + bias`; positive's likewise.
struct SentimentScales {
  double word = 0;
  double character = 0;
  std::array<double, 2> bias{};
  std::array<double, 2> positive_valence{}, negative_valence{};
};

/// All that a model's file holds.
struct SentimentParameters {
  std::string name;
  std::vector<Lang> languages;  ///< Of the posts it was fitted on; empty: nobody said.
  std::vector<TrainingFile> training;
  std::vector<ReachedScore> scores;
  SentimentScales scales;
  std::vector<SentimentWeight> weights;  ///< `feature_rows` of them.
  std::vector<std::uint64_t> lexicon;    ///< As `make_lexicon_slots` lays them out.
};

/// The same as it lies in the bytes of a file, which it is a view of; without what is for people
/// alone.
struct SentimentView {
  std::string_view name;
  std::vector<Lang> languages;
  SentimentScales scales;
  std::span<const SentimentWeight> weights;
  std::span<const std::uint64_t> lexicon;
};

/// The bytes of a model file; the same on every machine.
///
///     "earsent\n"  u32 format  u32 feature version  u32 feature bits  u32 lexicon slots
///     u64          size of the notes, a multiple of 8
///     f64          scale of words, of characters; and each for negative and for positive:
///                  bias, valences above 0, valences below 0
///     notes        lines of text: name, languages; training files and scores, for people
///     i16          one a row
///     u64          lexicon slots
///     u64          XXH3 of all bytes before
///
/// All numbers little-endian, and all tables at multiples of 8, so that a file can be used where it
/// is mapped.
std::string encode_sentiment(const SentimentParameters& parameters);

/// The opposite, for bytes that begin at a multiple of 8. Errors `config`, each naming `path`: not
/// a model, made for another version, cut short, damaged.
Result<SentimentView> view_sentiment(std::string_view bytes, const std::string& path);

}  // namespace earshot
