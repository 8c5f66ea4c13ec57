#include "analyze/learner.hpp"

#include <algorithm>
#include <cmath>

#include "analyze/softmax.hpp"

namespace earshot {
namespace {

float scale_of(std::span<const std::uint32_t> rows) {
  return rows.empty() ? 0 : 1 / std::sqrt(static_cast<float>(rows.size()));
}

/// As `SentimentParameters` says: per root of the number of words, in whole units of valence.
std::array<float, 2> valences_of(const Example& example) {
  const float scale = scale_of(example.words) / 100;
  return {static_cast<float>(example.valences.positive) * scale,
          static_cast<float>(example.valences.negative) * scale};
}

/// Of negative, neutral and positive. A distant label speaks of the outer two alone.
std::array<double, 3> probabilities_of(const Learner::Triple& logits, bool distant) {
  auto probabilities =
      softmax(double{logits[0]} - double{logits[1]}, double{logits[2]} - double{logits[1]});
  if (distant) {
    const double told = probabilities[0] + probabilities[2];
    probabilities = {probabilities[0] / told, 0, probabilities[2] / told};
  }
  return probabilities;
}

Learner::Triple scaled(const Learner::Triple& gradient, float scale) {
  return {gradient[0] * scale, gradient[1] * scale, gradient[2] * scale};
}

}  // namespace

Learner::Learner(const FitSettings& settings, std::size_t sources_apart)
    : rate_{static_cast<float>(settings.rate)},
      ridge_{static_cast<float>(settings.ridge)},
      apart_ridge_{static_cast<float>(settings.apart_ridge)},
      shared_{std::vector<Row>(feature_rows), {}},
      apart_(sources_apart, shared_),
      averages_(feature_rows) {}

double Learner::learn(const Example& example) {
  Table* const apart = example.apart ? &apart_[*example.apart] : nullptr;
  Triple words{}, characters{};
  sum(shared_, example.words, words);
  sum(shared_, example.characters, characters);
  if (apart != nullptr) {
    sum(*apart, example.words, words);
    sum(*apart, example.characters, characters);
  }
  const float word_scale = scale_of(example.words), character_scale = scale_of(example.characters);
  const auto valences = valences_of(example);
  Triple logits{};
  for (std::size_t c = 0; c < classes; ++c) {
    logits[c] = words[c] * word_scale + characters[c] * character_scale + shared_.bias.weight[c];
    if (apart != nullptr) logits[c] += apart->bias.weight[c];
    for (std::size_t i = 0; i < valences.size(); ++i)
      logits[c] += valences_[i].weight[c] * valences[i];
  }

  const auto probabilities = probabilities_of(logits, example.distant);
  Triple gradient{};
  for (std::size_t c = 0; c < classes; ++c)
    gradient[c] = example.importance *
                  (static_cast<float>(probabilities[c]) - (c == example.label ? 1.0F : 0.0F));
  update(shared_, example, gradient, ridge_);
  if (apart != nullptr) update(*apart, example, gradient, apart_ridge_);
  for (std::size_t i = 0; i < valences.size(); ++i)
    step(valences_[i], scaled(gradient, valences[i]), 0);
  return -double{example.importance} * std::log(std::max(probabilities[example.label], 1e-9));
}

void Learner::remember() {
  ++remembered_;
  const auto count_in = [](Triple& average, const Row& row) {
    for (std::size_t c = 0; c < classes; ++c) average[c] += row.weight[c];
  };
  for (std::size_t row = 0; row < averages_.size(); ++row)
    count_in(averages_[row], shared_.rows[row]);
  count_in(dense_averages_[0], shared_.bias);
  for (std::size_t i = 0; i < valences_.size(); ++i) count_in(dense_averages_[i + 1], valences_[i]);
}

SentimentParameters Learner::parameters() const {
  SentimentParameters result;
  double most = 1e-9;
  for (const auto& average : averages_)
    for (const std::size_t c : {std::size_t{0}, std::size_t{2}})
      most = std::max(most, std::abs(double{average[c]} - double{average[neutral]}));
  constexpr double largest = 127;
  const auto quantised = [&](const Triple& average, std::size_t c) {
    return static_cast<int>(
        std::lround((double{average[c]} - double{average[neutral]}) / most * largest));
  };
  result.weights.reserve(averages_.size());
  for (const Triple& average : averages_)
    result.weights.push_back(make_weight(quantised(average, 0), quantised(average, 2)));
  const double times = std::max(remembered_, 1);
  const auto dense = [&](std::size_t i) {
    const Triple& average = dense_averages_[i];
    return std::array<double, 2>{(double{average[0]} - double{average[neutral]}) / times,
                                 (double{average[2]} - double{average[neutral]}) / times};
  };
  result.scales.word = result.scales.character = most / largest / times;
  result.scales.bias = dense(0);
  result.scales.positive_valence = dense(1);
  result.scales.negative_valence = dense(2);
  return result;
}

void Learner::sum(const Table& table, std::span<const std::uint32_t> rows, Triple& total) {
  for (const std::uint32_t row : rows)
    for (std::size_t c = 0; c < classes; ++c) total[c] += table.rows[row].weight[c];
}

void Learner::update(Table& table, const Example& example, const Triple& gradient,
                     float ridge) const {
  const Triple of_words = scaled(gradient, scale_of(example.words)),
               of_characters = scaled(gradient, scale_of(example.characters));
  for (const std::uint32_t row : example.words) step(table.rows[row], of_words, ridge);
  for (const std::uint32_t row : example.characters) step(table.rows[row], of_characters, ridge);
  if (!example.distant) step(table.bias, gradient, 0);
}

void Learner::step(Row& row, const Triple& gradient, float ridge) const {
  for (std::size_t c = 0; c < classes; ++c) {
    const float root = std::sqrt(row.root[c] * row.root[c] + gradient[c] * gradient[c]);
    row.gradients[c] += gradient[c] - (root - row.root[c]) / rate_ * row.weight[c];
    row.root[c] = root;
    row.weight[c] = -row.gradients[c] / ((1 + root) / rate_ + ridge);
  }
}

}  // namespace earshot
