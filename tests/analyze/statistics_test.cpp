#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "analyze/statistics.hpp"

using namespace earshot;

namespace {

/// Remission in weeks under 6-mercaptopurine: Freireich et al. 1963, in most textbooks since.
std::vector<Observation> remissions() {
  std::vector<Observation> weeks{
      {6, true},   {6, true},   {6, true},   {6, false},  {7, true},   {9, false},  {10, true},
      {10, false}, {11, false}, {13, true},  {16, true},  {17, false}, {19, false}, {20, false},
      {22, true},  {23, true},  {25, false}, {32, false}, {32, false}, {34, false}, {35, false}};
  sort_observations(weeks);
  return weeks;
}

/// The same trial's placebo arm: nothing censored.
constexpr std::array<double, 21> placebo{1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                                         8, 8, 11, 11, 12, 12, 15, 17, 22, 23};

}  // namespace

TEST_CASE("statistics: Wilson's interval is the published one") {
  // Newcombe 1998, table I: 81/263 gives .2553 to .3662, 15/148 .0624 to .1605, 0/20 0 to .1611.
  const auto first = wilson_interval(81, 263);
  CHECK(first->low == doctest::Approx(0.2553).epsilon(0.0005));
  CHECK(first->high == doctest::Approx(0.3662).epsilon(0.0005));
  const auto second = wilson_interval(15, 148);
  CHECK(second->low == doctest::Approx(0.0624).epsilon(0.001));
  CHECK(second->high == doctest::Approx(0.1605).epsilon(0.001));
  const auto none = wilson_interval(0, 20);
  CHECK(none->low == 0);
  CHECK(none->high == doctest::Approx(0.1611).epsilon(0.0005));
  CHECK(wilson_interval(20, 20)->high == 1);
  CHECK_FALSE(wilson_interval(0, 0));
}

TEST_CASE("statistics: the interval of a difference is Newcombe's") {
  // Newcombe 1998 (differences), table II: 56/70 - 48/80 gives .0524 to .3339.
  const auto interval =
      difference_interval(56.0 / 70, *wilson_interval(56, 70), 48.0 / 80, *wilson_interval(48, 80));
  CHECK(interval.low == doctest::Approx(0.0524).epsilon(0.002));
  CHECK(interval.high == doctest::Approx(0.3339).epsilon(0.002));
}

TEST_CASE("statistics: a net share's interval is Agresti and Min's") {
  // plus 86, minus 150 of 1600: (86.5 - 150.5)/1602 -+ 1.96 sqrt((237/1602 - .03995^2)/1602).
  const auto interval = net_share_interval(86, 150, 1600);
  CHECK(interval->low == doctest::Approx(-0.0587).epsilon(0.002));
  CHECK(interval->high == doctest::Approx(-0.0212).epsilon(0.004));
  CHECK_FALSE(net_share_interval(0, 0, 0));
}

TEST_CASE("statistics: a net share lies in its interval, whatever the counts") {
  for (std::uint64_t n = 1; n <= 40; ++n)
    for (std::uint64_t plus = 0; plus <= n; ++plus)
      for (std::uint64_t minus = 0; plus + minus <= n; ++minus) {
        const double net =
            (static_cast<double>(plus) - static_cast<double>(minus)) / static_cast<double>(n);
        const auto interval = net_share_interval(plus, minus, n);
        const bool inside = interval->low <= net && net <= interval->high;
        CHECK_MESSAGE(inside, plus, " ", minus, " ", n);
      }
}

TEST_CASE("statistics: the Kaplan-Meier median of the remission data is 23 weeks, from 13 up") {
  // S: .857 at 6, .807 at 7, .753 at 10, .690 at 13 (se .107), .627 at 16, .538 at 22, .448 at 23.
  // At 10 (.753 - .5)/.096 = 2.6 > 1.96, at 13 it is 1.78; no step is ever significantly below.
  const auto weeks = remissions();

  CHECK(survival_quantile(weeks, 0.5).value == 23);
  const auto interval = survival_median_interval(weeks);
  REQUIRE(interval);
  CHECK(interval->low == 13);
  CHECK(interval->high == Interval::open);
  CHECK(interval->method == "Brookmeyer-Crowley");
}

TEST_CASE("statistics: a quartile of the remission data, and one that is not reached") {
  const auto weeks = remissions();

  CHECK(survival_quantile(weeks, 0.25).value == 13);  // S(10) = .753 is still above .75
  const auto last = survival_quantile(weeks, 0.9);
  CHECK_FALSE(last.value);
  CHECK(last.beyond == 35);
}

TEST_CASE("statistics: without censoring a median is the value at index n/2") {
  std::vector<Observation> weeks;
  for (const auto week : placebo) weeks.push_back({week, true});

  CHECK(survival_quantile(weeks, 0.5).value == 8);
  CHECK(quantile(placebo, 0.9) == 17);  // index floor(18.9) = 18
  // n = 21: P(X < 6) = .0133 and P(X < 7) = .0392, so the 6th and the 16th value.
  const auto interval = survival_median_interval(weeks);
  CHECK(interval->low == 4);
  CHECK(interval->high == 12);
  CHECK(interval->method == "order statistics");
}

TEST_CASE("statistics: what was observed often is as if each were written down") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::vector<Observation> counted, each;
    const bool censored = seed % 3 != 0;
    for (std::uint64_t i = 0; i < seed % 9 + 1; ++i) {
      const auto drawn = (seed * 7 + i * i * 13) % 31;
      const Observation one{static_cast<double>(drawn % 7), !censored || drawn % 2 == 0};
      counted.push_back({one.time, one.ended, drawn + 1});
      each.insert(each.end(), drawn + 1, one);
    }
    sort_observations(counted);
    sort_observations(each);
    CHECK(count_of(counted) == each.size());
    for (const double p : {0.0, 0.25, 0.5, 0.9, 1.0}) {
      const auto quantile = survival_quantile(counted, p), expected = survival_quantile(each, p);
      CHECK(quantile.value == expected.value);
      CHECK(quantile.beyond == expected.beyond);
    }
    CHECK(survival_median_interval(counted) == survival_median_interval(each));
  }
}

TEST_CASE("statistics: five values are too few for an interval of the median, six are enough") {
  const std::array<double, 6> six{1, 2, 3, 4, 5, 6};
  CHECK_FALSE(median_interval(std::span{six}.first(5)));
  const auto interval = median_interval(six);  // 1 - 2/64 = .969
  CHECK(interval->low == 1);
  CHECK(interval->high == 6);
}

TEST_CASE("statistics: for many values the ranks come from the normal approximation") {
  std::vector<double> values(10'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i + 1);
  const auto interval = median_interval(values);  // (10000 - 196)/2 = 4902
  CHECK(interval->low == 4902);
  CHECK(interval->high == 5099);
}

TEST_CASE("statistics: a curve on which nobody was answered says how far it was seen") {
  const std::array<Observation, 2> waiting{{{50, false}, {100, false}}};
  const auto median = survival_quantile(waiting, 0.5);
  CHECK_FALSE(median.value);
  CHECK(median.beyond == 100);
  CHECK_FALSE(survival_median_interval(waiting));
}

TEST_CASE("statistics: the effective number of equal kinds is their number") {
  CHECK(*effective_number(std::array<std::uint64_t, 3>{4, 4, 4}) == doctest::Approx(3));
  CHECK(*effective_number(std::array<std::uint64_t, 2>{9, 0}) == doctest::Approx(1));
  // Shares 1/2, 1/4, 1/4: entropy 1.5 ln 2, so 2^1.5.
  CHECK(*effective_number(std::array<std::uint64_t, 3>{2, 1, 1}) == doctest::Approx(2.8284271));
  CHECK_FALSE(effective_number(std::array<std::uint64_t, 1>{0}));
  CHECK_FALSE(effective_number({}));
}

TEST_CASE("statistics: Gini's coefficient is half the relative mean difference") {
  CHECK(gini_coefficient(std::array<std::uint64_t, 3>{5, 5, 5}) == 0);
  CHECK(gini_coefficient(std::array<std::uint64_t, 4>{0, 0, 0, 7}) == 0.75);
  // 1, 2, 6: differences over all ordered pairs 2 (1 + 5 + 4) = 20, mean 20/9; half of it over the
  // mean 3 is 10/27.
  CHECK(*gini_coefficient(std::array<std::uint64_t, 3>{1, 2, 6}) == doctest::Approx(10.0 / 27));
  CHECK_FALSE(gini_coefficient(std::array<std::uint64_t, 2>{0, 0}));
  CHECK_FALSE(gini_coefficient({}));
}
