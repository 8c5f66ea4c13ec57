#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace earshot {

/// A 95 % confidence interval; `low` and `high` are ends that may belong to it.
struct Interval {
  double low = 0;
  double high = 0;  ///< Infinite where the data give no upper end.
  std::string_view method;

  static constexpr double open = std::numeric_limits<double>::infinity();

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// Interval for the proportion `hits / n`, in [0, 1] and always around it. Nothing for n = 0.
///
/// Source: Wilson, "Probable inference, the law of succession, and statistical inference" (JASA
/// 1927), with z = 1.959964 and without continuity correction.
std::optional<Interval> wilson_interval(std::uint64_t hits, std::uint64_t n);

/// Interval for (plus - minus) / n where each of n units is in one of `plus`, `minus` or neither;
/// in
/// [-1, 1]. Nothing for n = 0.
///
/// Source: Agresti & Min, "Simple improved confidence intervals for comparing matched proportions"
/// (Statistics in Medicine 2005): Wald's interval after two units are added, half a one to each of
/// the four cells of the matched table, of which plus and minus are the two off the diagonal.
std::optional<Interval> net_share_interval(std::uint64_t plus, std::uint64_t minus,
                                           std::uint64_t n);

/// Interval for the difference `now - before` of two independent estimates with intervals of their
/// own: of two proportions with Wilson's this is Newcombe's hybrid score interval.
///
/// Source: Newcombe, "Interval estimation for the difference between independent proportions"
/// (Statistics in Medicine 1998), method 10; for other estimates Zou & Donner, "Construction of
/// confidence limits about effect measures" (2008).
Interval difference_interval(double now, const Interval& now_interval, double before,
                             const Interval& before_interval);

/// The value at the 0-based index floor(p * n) of the sorted values. Nothing for n = 0.
std::optional<double> quantile(std::span<const double> sorted, double p);

/// Interval for the median from order statistics: the narrowest pair of values X(r), X(n+1-r) such
/// that P(r <= successes < n+1-r) >= 0.95 for the binomial of n trials at one half. Nothing for
/// n < 6, where not even the extremes cover it.
///
/// Source: Thompson 1936; Conover, "Practical Nonparametric Statistics", section 3.2. Above 1,000
/// values r comes from the normal approximation, floor((n - z sqrt(n)) / 2).
std::optional<Interval> median_interval(std::span<const double> sorted);

/// The effective number of kinds: as many equally large ones would be as mixed as these counts are,
/// exp(-sum p ln p). 1 if all are of one kind; nothing if there is none.
///
/// Source: Hill, "Diversity and evenness" (Ecology 1973), the number of order 1.
std::optional<double> effective_number(std::span<const std::uint64_t> counts);

/// How unequal counts are: 0 if all are the same, towards 1 if one has it all. Nothing without
/// counts or where all are 0. `sorted` rises.
///
/// Source: Gini, "Variabilita e mutabilita" (1912); sum of (2i - n - 1) x(i) / (n sum x(i)).
std::optional<double> gini_coefficient(std::span<const std::uint64_t> sorted);

/// A duration that ended, or was still going on when it was last looked at.
struct Observation {
  double time = 0;
  bool ended = false;  ///< False: censored, all that is known is that it lasts longer than `time`.
  std::uint64_t count = 1;  ///< So many were the same.
};

/// How many were observed.
std::uint64_t count_of(std::span<const Observation> observations);

/// An estimate from observations of which some are censored.
struct SurvivalQuantile {
  std::optional<double> value;  ///< Nothing if the curve does not come down that far.
  double beyond = 0;            ///< The largest time seen: what the quantile is beyond, then.
};

/// The time by which a share `p` has ended: the least t with S(t) <= 1 - p, S being the
/// product-limit estimate; at equal times ends come before censorings. Without censoring it is
/// `quantile`. `sorted` rises by time.
///
/// Source: Kaplan & Meier, "Nonparametric estimation from incomplete observations" (JASA 1958).
SurvivalQuantile survival_quantile(std::span<const Observation> sorted, double p);

/// A step of the product-limit curve: from `time` on this share has not ended.
struct SurvivalStep {
  double time = 0;
  double survival = 1;
  double variance = 0;  ///< Greenwood's.
};

/// The steps of the curve, one for each time at which something ended. `sorted` rises by time.
std::vector<SurvivalStep> survival_curve(std::span<const Observation> sorted);

/// Interval for the median: from the first to the end of the last step of the curve at which
/// (S(t) - 1/2)^2 <= z^2 Var S(t), by Greenwood's variance. Without an upper end (`Interval::open`)
/// if the last step is among them. Nothing where no step is. Without censoring it is
/// `median_interval`.
///
/// Source: Brookmeyer & Crowley, "A confidence interval for the median survival time" (Biometrics
/// 1982).
std::optional<Interval> survival_median_interval(std::span<const Observation> sorted);

/// Sorts by time, ends before censorings, as the two functions above want it.
void sort_observations(std::span<Observation> observations);

}  // namespace earshot
