#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyze/features.hpp"
#include "analyze/lexicon.hpp"
#include "analyze/sentiment_file.hpp"

namespace earshot {

/// How hard a model is fitted. Chosen by leaving whole sources and the latest year out; flat around
/// these values.
struct FitSettings {
  std::uint64_t rounds = 5;  ///< How often each text is seen; the later half is averaged.
  double rate = 0.3;         ///< Step size.
  double ridge = 5;          ///< What pulls the weights of all sources to zero,
  double apart_ridge = 50;   ///< and those that a source has for itself.
};

/// One text, as the fit sees it, and what is known of it.
struct Example {
  std::span<const std::uint32_t> words, characters;
  ValenceSums valences;
  std::size_t label = 0;  ///< 0 negative, 1 neutral, 2 positive.
  float importance = 1;
  /// The source whose habits the text shares: it has weights of its own, which take up what is
  /// true of that source alone and are no part of the model.
  std::optional<std::size_t> apart;
  /// Labelled by a sign (an emoticon) that tells positive from negative and says nothing of
  /// neutral.
  bool distant = false;
};

/// Logistic regression by FTRL-proximal, one text at a time, with a ridge and a step size for each
/// weight. Sources: McMahan et al., "Ad Click Prediction: a View from the Trenches" (KDD 2013),
/// algorithm 1 with lambda1 = 0, beta = 1; weights of a source's own after Daumé, "Frustratingly
/// Easy Domain Adaptation" (ACL 2007). The same examples in the same order give the same bits.
class Learner {
 public:
  static constexpr std::size_t classes = 3;
  static constexpr std::size_t neutral = 1;
  using Triple = std::array<float, classes>;

  /// For sources with weights of their own, numbered from 0.
  Learner(const FitSettings& settings, std::size_t sources_apart);

  /// Learns from one text; returns its weighted loss.
  double learn(const Example& example);

  /// Counts the present weights into the average, which is what `parameters` returns.
  void remember();

  /// Weights against neutral's, as 8-bit numbers of one scale.
  SentimentParameters parameters() const;

 private:
  struct Row {
    Triple weight{}, gradients{}, root{};  ///< `root`: of the sum of squared gradients.
  };
  /// All weights of one kind: those of the model, or of one source.
  struct Table {
    std::vector<Row> rows;
    Row bias;
  };

  static void sum(const Table& table, std::span<const std::uint32_t> rows, Triple& total);
  void update(Table& table, const Example& example, const Triple& gradient, float ridge) const;
  void step(Row& row, const Triple& gradient, float ridge) const;

  float rate_, ridge_, apart_ridge_;
  Table shared_;
  std::vector<Table> apart_;
  std::array<Row, 2> valences_;  ///< Of positive and of negative valences.
  std::vector<Triple> averages_;
  std::array<Triple, 3> dense_averages_{};  ///< Bias, and the two of the valences.
  int remembered_ = 0;
};

}  // namespace earshot
