#include "analyze/softmax.hpp"

#include <algorithm>

namespace earshot {
namespace {

/// e to the power of `x` for x <= 0, within 1e-10; (e^(x/1024))^1024 by its series.
double exponential(double x) {
  if (x == 0) return 1;
  constexpr double half = 1.0 / 2, third = 1.0 / 3, quarter = 1.0 / 4, fifth = 1.0 / 5;
  const double small = std::max(x, -60.0) * (1.0 / 1024);
  double power =
      1 + small * (1 + small * half *
                           (1 + small * third * (1 + small * quarter * (1 + small * fifth))));
  for (int doubling = 0; doubling < 10; ++doubling) power *= power;
  return power;
}

}  // namespace

std::array<double, 3> softmax(double negative, double positive) {
  const double most = std::max({negative, 0.0, positive});
  std::array<double, 3> parts{exponential(negative - most), exponential(-most),
                              exponential(positive - most)};
  const double sum = parts[0] + parts[1] + parts[2];
  for (double& part : parts) part /= sum;
  return parts;
}

}  // namespace earshot
