#include "analyze/sentiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <utility>

#include "analyze/feature_rows.hpp"
#include "analyze/lexicon.hpp"
#include "analyze/normalise.hpp"
#include "analyze/sentiment_file.hpp"
#include "analyze/softmax.hpp"
#include "analyze/weight_sums.hpp"
#include "store/base/hash.hpp"
#include "store/base/mapped_file.hpp"

namespace earshot {

struct SentimentModel::Tables {
  MappedFile file;
  SentimentView view;  ///< Of the file's bytes.
  Lexicon lexicon;     ///< Likewise.
  std::string name;
  std::uint64_t hash = 0;
};

namespace {

/// Adds up the weights of a text's features while they are found.
class Summing {
 public:
  /// `seen` has room for one more than the text has tokens, and gets those that may be in the
  /// lexicon.
  Summing(std::span<const SentimentWeight> weights, const Lexicon& lexicon, WordSeen* seen)
      : weights_{weights.data()}, lexicon_{lexicon}, seen_{seen} {}

  void word(std::uint32_t row) { words.add(weights_[row]); }
  void character(std::uint32_t row) { characters.add(weights_[row]); }
  void eight(const EightRuns& runs) {
    characters.add(weights_of(runs.three));
    characters.add(weights_of(runs.five));
  }
  /// Without a branch, as which words are in the lexicon is hard to foresee.
  void token(std::uint64_t hash, bool negated) {
    *seen_ = {hash, negated};
    seen_ += lexicon_.may_hold(*seen_) ? 1 : 0;
  }

  const WordSeen* seen_end() const { return seen_; }

  WeightSums words, characters;

 private:
  EightWeights weights_of(const std::array<std::uint32_t, 8>& rows) const {
    EightWeights weights;
    for (std::size_t i = 0; i < rows.size(); ++i) weights[i] = weights_[rows[i]];
    return weights;
  }

  const SentimentWeight* weights_;
  const Lexicon& lexicon_;
  WordSeen* seen_;
};

std::uint16_t permille_of(double probability) {
  return static_cast<std::uint16_t>(probability * 1000 + 0.5);
}

double scaled(double scale, std::size_t count) {
  return count == 0 ? 0 : scale / std::sqrt(static_cast<double>(count));
}

}  // namespace

SentimentModel::SentimentModel(std::unique_ptr<Tables> tables) : tables_{std::move(tables)} {}
SentimentModel::SentimentModel(SentimentModel&&) noexcept = default;
SentimentModel& SentimentModel::operator=(SentimentModel&&) noexcept = default;
SentimentModel::~SentimentModel() = default;

Result<SentimentModel> SentimentModel::load(const std::string& path) {
  auto file = MappedFile::open(path);
  if (!file)
    return Error{Error::Kind::config, file.error().message + "; `earshot train` makes a model"};
  return over(*std::move(file), path);
}

Result<SentimentModel> SentimentModel::parse(std::string_view bytes, const std::string& path) {
  return over(MappedFile::copy_of(bytes), path);
}

Result<SentimentModel> SentimentModel::over(MappedFile file, const std::string& path) {
  const auto view = view_sentiment(file.bytes(), path);
  if (!view) return view.error();
  const std::uint64_t hash = hash_bytes(file.bytes());
  return SentimentModel{std::make_unique<Tables>(
      Tables{std::move(file), *view, Lexicon{view->lexicon}, std::string{view->name}, hash})};
}

const std::string& SentimentModel::name() const {
  return tables_->name;
}
const SentimentView& SentimentModel::view() const {
  return tables_->view;
}
std::uint64_t SentimentModel::hash() const {
  return tables_->hash;
}

bool SentimentModel::speaks(const Lang& lang) const {
  const auto& spoken = tables_->view.languages;
  return spoken.empty() || lang == Lang{} || std::ranges::find(spoken, lang) != spoken.end();
}

SentimentScore SentimentModel::score(std::string_view text, const Lang& lang,
                                     Scratch& scratch) const {
  if (speaks(lang)) return score(text, scratch);
  normalise(text, scratch.normalised);
  scratch.text.read(scratch.normalised);
  return {.sentiment = Sentiment::unsupported};
}

SentimentLogits SentimentModel::logits(std::string_view text, Scratch& scratch) const {
  const SentimentView& model = tables_->view;
  const SentimentScales& scales = model.scales;
  const TextStyle style = normalise(text, scratch.normalised);
  scratch.text.read(scratch.normalised);
  const std::size_t tokens = scratch.text.tokens().size();
  if (scratch.seen.size() <= tokens) scratch.seen.resize(tokens + 1);
  Summing sums{model.weights, tables_->lexicon, scratch.seen.data()};
  const FeatureCounts counts = take_features(scratch.text, style, sums);
  const ValenceSums valences = tables_->lexicon.sum({scratch.seen.data(), sums.seen_end()});
  const double word_scale = scaled(scales.word, counts.words);
  const double character_scale = scaled(scales.character, counts.characters);
  const double valence_scale = scaled(1.0 / 100, counts.words);
  const double positive = static_cast<double>(valences.positive) * valence_scale;
  const double negative = static_cast<double>(valences.negative) * valence_scale;
  const std::array<std::int64_t, 2> word_sums{sums.words.negative(), sums.words.positive()};
  const std::array<std::int64_t, 2> character_sums{sums.characters.negative(),
                                                   sums.characters.positive()};
  SentimentLogits logits{};
  for (std::size_t i = 0; i < logits.size(); ++i)
    logits[i] = static_cast<double>(word_sums[i]) * word_scale +
                static_cast<double>(character_sums[i]) * character_scale +
                scales.positive_valence[i] * positive + scales.negative_valence[i] * negative +
                scales.bias[i];
  return logits;
}

SentimentScore SentimentModel::score(std::string_view text, Scratch& scratch) const {
  const auto [negative, positive] = logits(text, scratch);
  const std::array<double, 3> probabilities = softmax(negative, positive);
  SentimentScore score;
  score.negative_permille = permille_of(probabilities[0]);
  score.positive_permille = permille_of(probabilities[2]);
  score.permille = permille_of(probabilities[1]);
  if (negative > 0 && negative > positive) {
    score.sentiment = Sentiment::negative;
    score.permille = score.negative_permille;
  } else if (positive > 0 && positive > negative) {
    score.sentiment = Sentiment::positive;
    score.permille = score.positive_permille;
  }
  return score;
}

}  // namespace earshot
