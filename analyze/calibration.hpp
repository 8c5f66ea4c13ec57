#pragma once

#include <cstddef>
#include <vector>

#include "analyze/sentiment.hpp"
#include "analyze/sentiment_file.hpp"

namespace earshot {

/// Makes a model's probabilities mean what they say, from held-out posts. First two biases and a
/// factor under which the posts are likeliest with each class counting alike: they decide which
/// label is given, so that rare classes are found too. Then one factor more on all of it, which
/// changes no label, under which the posts are likeliest as often as they really come.
class Calibrator {
 public:
  /// `importance`: so that each class counts alike.
  void add(const SentimentLogits& logits, std::size_t label, double importance);

  void apply(SentimentScales& scales) const;

 private:
  struct Point {
    SentimentLogits logits;
    std::size_t label;
    double importance;
  };

  std::vector<Point> points_;
};

}  // namespace earshot
