#include "analyze/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace earshot {

namespace {

constexpr double z = 1.959963984540054;  // 97.5 % of the standard normal

/// A product of fractions is not exactly a half where it should be.
constexpr double tolerance = 1e-12;

constexpr std::string_view order_statistics = "order statistics";

double square(double x) {
  return x * x;
}

bool censored(std::span<const Observation> observations) {
  return !std::ranges::all_of(observations, &Observation::ended);
}

/// The time at that place, were each written down as often as it was observed.
double time_at(std::span<const Observation> sorted, std::uint64_t place) {
  auto at = sorted.begin();
  for (; place >= at->count; ++at) place -= at->count;
  return at->time;
}

std::uint64_t quantile_place(std::uint64_t n, double p) {
  return std::min(static_cast<std::uint64_t>(p * static_cast<double>(n)), n - 1);
}

/// The largest r with P(X < r) <= 0.025 for X binomial(n, 1/2), so that the r-th smallest and the
/// r-th largest value enclose the median; 0 if there is none.
std::size_t median_rank(std::size_t n) {
  const auto count = static_cast<double>(n);
  constexpr std::size_t exact_up_to = 1000;  // 2^-n is a normal double up to n = 1022
  if (n > exact_up_to) return static_cast<std::size_t>((count - z * std::sqrt(count)) / 2);
  double term = std::pow(0.5, count);  // P(X = 0)
  double below = 0;                    // P(X < r)
  std::size_t rank = 0;
  while (below + term <= 0.025) {
    below += term;
    term *= (count - static_cast<double>(rank)) / (static_cast<double>(rank) + 1);
    ++rank;
  }
  return rank;
}

}  // namespace

std::optional<Interval> wilson_interval(std::uint64_t hits, std::uint64_t n) {
  if (n == 0) return {};
  const auto count = static_cast<double>(n);
  const double p = static_cast<double>(hits) / count;
  const double centre = p + z * z / (2 * count);
  const double half = z * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  const double scale = 1 + z * z / count;
  // At 0 and at n the formula gives the end exactly, but for rounding.
  return Interval{hits == 0 ? 0 : (centre - half) / scale, hits == n ? 1 : (centre + half) / scale,
                  "Wilson"};
}

std::optional<Interval> net_share_interval(std::uint64_t plus, std::uint64_t minus,
                                           std::uint64_t n) {
  if (n == 0) return {};
  const double count = static_cast<double>(n) + 2;
  const double up = (static_cast<double>(plus) + 0.5) / count;
  const double down = (static_cast<double>(minus) + 0.5) / count;
  const double net = up - down;
  const double half = z * std::sqrt((up + down - net * net) / count);
  return Interval{std::max(-1.0, net - half), std::min(1.0, net + half), "Agresti-Min"};
}

Interval difference_interval(double now, const Interval& now_interval, double before,
                             const Interval& before_interval) {
  const double difference = now - before;
  const double down =
      std::sqrt(square(now - now_interval.low) + square(before_interval.high - before));
  const double up =
      std::sqrt(square(now_interval.high - now) + square(before - before_interval.low));
  return {difference - down, difference + up, "Newcombe"};
}

std::optional<double> quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return {};
  return sorted[quantile_place(sorted.size(), p)];
}

std::optional<Interval> median_interval(std::span<const double> sorted) {
  const std::size_t rank = median_rank(sorted.size());
  if (rank == 0) return {};
  return Interval{sorted[rank - 1], sorted[sorted.size() - rank], order_statistics};
}

std::uint64_t count_of(std::span<const Observation> observations) {
  std::uint64_t count = 0;
  for (const auto& observation : observations) count += observation.count;
  return count;
}

std::vector<SurvivalStep> survival_curve(std::span<const Observation> sorted) {
  std::vector<SurvivalStep> steps;
  double survival = 1;
  double greenwood = 0;
  auto left = count_of(sorted);
  for (std::size_t i = 0; i < sorted.size();) {
    const auto at_risk = static_cast<double>(left);
    const double time = sorted[i].time;
    double ended = 0;
    for (; i < sorted.size() && sorted[i].time == time; ++i) {
      left -= sorted[i].count;
      if (sorted[i].ended) ended += static_cast<double>(sorted[i].count);
    }
    if (ended == 0) continue;
    survival *= (at_risk - ended) / at_risk;
    if (ended < at_risk) greenwood += ended / (at_risk * (at_risk - ended));
    steps.push_back({time, survival, survival * survival * greenwood});
  }
  return steps;
}

std::optional<double> effective_number(std::span<const std::uint64_t> counts) {
  const auto total =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  if (total == 0) return {};
  double entropy = 0;
  for (const auto count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

std::optional<double> gini_coefficient(std::span<const std::uint64_t> sorted) {
  const auto n = static_cast<double>(sorted.size());
  double total = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto value = static_cast<double>(sorted[i]);
    total += value;
    weighted += (2 * static_cast<double>(i) + 1 - n) * value;
  }
  if (total == 0) return {};
  return weighted / (n * total);
}

SurvivalQuantile survival_quantile(std::span<const Observation> sorted, double p) {
  if (sorted.empty()) return {};
  const double beyond = sorted.back().time;
  if (!censored(sorted)) return {time_at(sorted, quantile_place(count_of(sorted), p)), beyond};
  for (const auto& step : survival_curve(sorted))
    if (step.survival <= 1 - p + tolerance) return {step.time, beyond};
  return {{}, beyond};
}

std::optional<Interval> survival_median_interval(std::span<const Observation> sorted) {
  if (!censored(sorted)) {
    const auto n = count_of(sorted);
    const auto rank = median_rank(n);
    if (rank == 0) return {};
    return Interval{time_at(sorted, rank - 1), time_at(sorted, n - rank), order_statistics};
  }
  const auto steps = survival_curve(sorted);
  std::optional<Interval> interval;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (square(step.survival - 0.5) > z * z * step.variance + tolerance) continue;
    const double end = i + 1 < steps.size() ? steps[i + 1].time : Interval::open;
    if (!interval) interval = Interval{step.time, end, "Brookmeyer-Crowley"};
    interval->high = end;
  }
  return interval;
}

void sort_observations(std::span<Observation> observations) {
  std::ranges::sort(observations, {}, [](const Observation& observation) {
    return std::tuple{observation.time, !observation.ended};
  });
}

}  // namespace earshot
