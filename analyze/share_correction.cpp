#include "analyze/share_correction.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace earshot {

namespace {

using Matrix = ShareCorrection::Matrix;
using Shares = std::array<double, 3>;

constexpr std::size_t rounds = 1'000;
constexpr std::string_view too_much_alike = "the labels tell the three kinds apart too badly";
constexpr std::string_view method = "adjusted count, bootstrap";

/// SplitMix64 (Steele, Lea & Flood 2014): small, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// About normal, mean 0 and variance 1: a sum of twelve uniform numbers, which needs no library
  /// function that differs between machines.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

/// M[given][true]: how often a post of each true class is given each label. Nothing if a class does
/// not occur.
std::optional<Matrix> rates_of(const Audit& audit) {
  const auto confusion = score_audit(audit).confusion;
  Matrix rates{};
  for (std::size_t truth = 0; truth < 3; ++truth) {
    const double all = confusion[0][truth] + confusion[1][truth] + confusion[2][truth];
    if (all == 0) return {};
    for (std::size_t given = 0; given < 3; ++given)
      rates[given][truth] = confusion[given][truth] / all;
  }
  return rates;
}

/// By cofactors. Nothing where the largest sum of a column's sizes, which is how much an error can
/// grow, is more than `largest_gain`.
std::optional<Matrix> inverse_of(const Matrix& m) {
  const auto cofactor = [&](std::size_t row, std::size_t column) {
    const auto r1 = (row + 1) % 3, r2 = (row + 2) % 3;
    const auto c1 = (column + 1) % 3, c2 = (column + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  };
  const double determinant =
      m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  if (std::abs(determinant) < 1e-9) return {};
  Matrix inverse{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      inverse[row][column] = cofactor(column, row) / determinant;
  for (std::size_t column = 0; column < 3; ++column) {
    double size = 0;
    for (const auto& row : inverse) size += std::abs(row[column]);
    if (size > ShareCorrection::largest_gain) return {};
  }
  return inverse;
}

/// The shares behind the counted ones, clipped to what shares can be.
Shares solve(const Matrix& inverse, const Shares& counted) {
  Shares shares{};
  double sum = 0;
  for (std::size_t truth = 0; truth < 3; ++truth) {
    for (std::size_t given = 0; given < 3; ++given)
      shares[truth] += inverse[truth][given] * counted[given];
    shares[truth] = std::max(0.0, shares[truth]);
    sum += shares[truth];
  }
  for (auto& share : shares) share /= sum;  // they add up to 1 before clipping, and to more after
  return shares;
}

/// The audit with its rows drawn anew, with replacement, within each label.
Audit redrawn(const Audit& audit, Random& random) {
  Audit drawn = audit;
  for (std::size_t given = 0; given < 3; ++given) {
    const auto& rows = audit.rows[given];
    const auto n = sum_of(rows);
    drawn.rows[given] = {};
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto at = random.below(n);
      ++drawn.rows[given][at < rows[0] ? 0 : at < rows[0] + rows[1] ? 1 : 2];
    }
  }
  return drawn;
}

/// Shares of another sample of n posts: the normal approximation of the multinomial, with
/// covariance (diag(q) - q q') / n.
Shares resampled(const Shares& counted, double n, Random& random) {
  Shares moved{};
  double drift = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    moved[i] = std::sqrt(counted[i] / n) * random.normal();
    drift += moved[i];
  }
  for (std::size_t i = 0; i < 3; ++i) moved[i] += counted[i] - counted[i] * drift;
  return moved;
}

double net_of(const Shares& shares) {
  return shares[2] - shares[0];
}

double polar_of(const Shares& shares) {
  return net_of(shares) / (shares[0] + shares[2]);
}

/// Percentiles of the rounds, never nearer to the value than `plain_interval` is to `plain`.
Estimate estimate(double value, std::vector<double> found, double plain,
                  const Interval& plain_interval, double least) {
  Interval interval{value - (plain - plain_interval.low), value + (plain_interval.high - plain),
                    method};
  if (!found.empty()) {
    std::ranges::sort(found);
    const auto tail = found.size() / 40;  // 2.5 % on either side
    interval.low = std::min(interval.low, found[tail]);
    interval.high = std::max(interval.high, found[found.size() - 1 - tail]);
  }
  interval.low = std::clamp(interval.low, least, 1.0);
  interval.high = std::clamp(interval.high, least, 1.0);
  return {value, interval};
}

}  // namespace

ShareCorrection::ShareCorrection(const Audit& audit) : audit_{audit} {
  for (const auto sentiment : {Sentiment::negative, Sentiment::neutral, Sentiment::positive}) {
    std::uint64_t rows = 0;
    for (const auto& given : audit.rows) rows += given[place_of(sentiment)];
    if (rows >= least_rows) continue;
    why_not_ = fmt::format("it has {} {} post{}, and needs {} of each kind", rows,
                           name_of(sentiment), rows == 1 ? "" : "s", least_rows);
    return;
  }
  const auto rates = rates_of(audit);
  const auto inverse = rates ? inverse_of(*rates) : std::nullopt;
  if (!inverse) {
    why_not_ = too_much_alike;
    return;
  }
  inverse_ = *inverse;
  add_rounds();
}

void ShareCorrection::add_rounds() {
  Random random{1};
  rounds_.reserve(rounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto rates = rates_of(redrawn(audit_, random));
    const auto inverse = rates ? inverse_of(*rates) : std::nullopt;
    if (inverse) rounds_.push_back(*inverse);
  }
  if (2 * rounds_.size() < rounds) why_not_ = too_much_alike;
}

std::optional<CorrectedShares> ShareCorrection::correct(const SentimentCounts& counts) const {
  const auto all = sum_of(counts);
  if (!why_not_.empty() || all == 0) return {};
  const auto n = static_cast<double>(all);
  Shares counted{};
  for (std::size_t i = 0; i < 3; ++i) counted[i] = static_cast<double>(counts[i]) / n;

  std::array<std::vector<double>, 3> found;
  std::vector<double> nets, polars;
  Random random{2};
  for (const auto& inverse : rounds_) {
    const auto shares = solve(inverse, resampled(counted, n, random));
    for (std::size_t i = 0; i < 3; ++i) found[i].push_back(shares[i]);
    nets.push_back(net_of(shares));
    if (shares[0] + shares[2] > 0) polars.push_back(polar_of(shares));
  }
  const auto shares = solve(inverse_, counted);
  CorrectedShares corrected;
  for (std::size_t i = 0; i < 3; ++i)
    corrected.share[i] =
        estimate(shares[i], std::move(found[i]), counted[i], *wilson_interval(counts[i], all), 0);
  corrected.net = estimate(net_of(shares), std::move(nets), net_of(counted),
                           *net_share_interval(counts[2], counts[0], all), -1);
  const auto sides = counts[0] + counts[2];
  if (sides > 0 && shares[0] + shares[2] > 0)
    corrected.polar = estimate(polar_of(shares), std::move(polars), polar_of(counted),
                               *net_share_interval(counts[2], counts[0], sides), -1);
  return corrected;
}

}  // namespace earshot
