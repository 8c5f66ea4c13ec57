#include "analyze/calibration.hpp"

#include <array>
#include <cmath>

#include "analyze/softmax.hpp"

namespace earshot {
namespace {

/// Factor, bias of negative, bias of positive.
using Settings = std::array<double, 3>;

/// The settings where `slope` is 0, from those given on, by steps that shrink as they add up
/// (Duchi, Hazan and Singer 2011). A setting whose slope is always 0 stays as it is.
template <class Slope>
Settings descend(Settings settings, const Slope& slope) {
  Settings squares{};
  for (int round = 0; round < 300; ++round) {
    const Settings gradient = slope(settings);
    for (std::size_t i = 0; i < settings.size(); ++i) {
      squares[i] += gradient[i] * gradient[i];
      settings[i] -= 0.2 * gradient[i] / (std::sqrt(squares[i]) + 1e-12);
    }
  }
  return settings;
}

void scale_all(SentimentScales& scales, const Settings& settings) {
  const double factor = settings[0];
  scales.word *= factor;
  scales.character *= factor;
  for (std::size_t i = 0; i < 2; ++i) {
    scales.positive_valence[i] *= factor;
    scales.negative_valence[i] *= factor;
    scales.bias[i] = scales.bias[i] * factor + settings[i + 1];
  }
}

}  // namespace

void Calibrator::add(const SentimentLogits& logits, std::size_t label, double importance) {
  points_.push_back({logits, label, importance});
}

void Calibrator::apply(SentimentScales& scales) const {
  const auto slope_at = [&](const Settings& settings, bool balanced) {
    Settings gradient{};
    double total = 0;
    for (const Point& point : points_) {
      const auto p = softmax(settings[0] * point.logits[0] + settings[1],
                             settings[0] * point.logits[1] + settings[2]);
      const double importance = balanced ? point.importance : 1;
      const double negative = importance * (p[0] - (point.label == 0 ? 1 : 0));
      const double positive = importance * (p[2] - (point.label == 2 ? 1 : 0));
      gradient[0] += negative * point.logits[0] + positive * point.logits[1];
      gradient[1] += negative;
      gradient[2] += positive;
      total += importance;
    }
    for (double& part : gradient) part /= total;
    return gradient;
  };
  const Settings labels =
      descend({1, 0, 0}, [&](const Settings& settings) { return slope_at(settings, true); });
  scale_all(scales, labels);

  // The second factor multiplies the biases too, so its slope is that of all three together.
  const Settings factor = descend({1, 0, 0}, [&](const Settings& settings) {
    const Settings all{labels[0] * settings[0], labels[1] * settings[0], labels[2] * settings[0]};
    const Settings gradient = slope_at(all, false);
    return Settings{gradient[0] * labels[0] + gradient[1] * labels[1] + gradient[2] * labels[2], 0,
                    0};
  });
  scale_all(scales, factor);
}

}  // namespace earshot
