#include "analyze/sentiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <utility>

#include "analyze/normalise.hpp"
#include "analyze/sentiment_file.hpp"
#include "analyze/softmax.hpp"
#include "store/base/file.hpp"
#include "store/base/hash.hpp"

namespace earshot {

struct SentimentModel::Tables {
  SentimentParameters parameters;
  std::uint64_t hash = 0;
};

namespace {

/// Integer sums: the order of the rows can't change them.
std::array<std::int64_t, 2> sum_rows(const std::vector<SentimentWeight>& weights,
                                     std::span<const std::uint32_t> rows) {
  std::int64_t negative = 0, positive = 0;
  for (const std::uint32_t row : rows) {
    negative += weights[row][0];
    positive += weights[row][1];
  }
  return {negative, positive};
}

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
  const auto bytes = read_file(path);
  if (!bytes)
    return Error{Error::Kind::config, bytes.error().message + "; `earshot train` makes a model"};
  return parse(*bytes, path);
}

Result<SentimentModel> SentimentModel::parse(std::string_view bytes, const std::string& path) {
  auto parameters = decode_sentiment(bytes, path);
  if (!parameters) return parameters.error();
  return SentimentModel{
      std::make_unique<Tables>(Tables{std::move(*parameters), hash_bytes(bytes)})};
}

const std::string& SentimentModel::name() const {
  return tables_->parameters.name;
}
std::uint64_t SentimentModel::hash() const {
  return tables_->hash;
}

bool SentimentModel::speaks(const Lang& lang) const {
  static constexpr std::array<Lang, 9> spoken{{Lang{},
                                               {'a', 'r'},
                                               {'d', 'e'},
                                               {'e', 'n'},
                                               {'e', 's'},
                                               {'f', 'r'},
                                               {'h', 'i'},
                                               {'i', 't'},
                                               {'p', 't'}}};
  return std::find(spoken.begin(), spoken.end(), lang) != spoken.end();
}

SentimentScore SentimentModel::score(std::string_view text, const Lang& lang,
                                     Scratch& scratch) const {
  if (!speaks(lang)) return {.sentiment = Sentiment::unsupported};
  return score(text, scratch);
}

SentimentLogits SentimentModel::logits(std::string_view text, Scratch& scratch) const {
  const SentimentParameters& model = tables_->parameters;
  const TextStyle style = normalise(text, scratch.normalised);
  extract_features(scratch.normalised, style, scratch.features);
  const auto words = scratch.features.words(), characters = scratch.features.characters();
  const auto word_sums = sum_rows(model.weights, words);
  const auto character_sums = sum_rows(model.weights, characters);
  const double word_scale = scaled(model.word_scale, words.size());
  const double character_scale = scaled(model.character_scale, characters.size());
  SentimentLogits logits{};
  for (std::size_t i = 0; i < logits.size(); ++i)
    logits[i] = static_cast<double>(word_sums[i]) * word_scale +
                static_cast<double>(character_sums[i]) * character_scale + model.bias[i];
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
