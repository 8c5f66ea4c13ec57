#include "analyze/weight_sums.hpp"

#include <doctest/doctest.h>

using namespace earshot;

TEST_CASE("weight sums: a row keeps both its numbers") {
  for (int negative = -127; negative <= 127; ++negative)
    for (int positive = -127; positive <= 127; ++positive) {
      const SentimentWeight weight = make_weight(negative, positive);
      if (negative_of(weight) == negative && positive_of(weight) == positive) continue;
      FAIL_CHECK(negative << ", " << positive);
    }
}

TEST_CASE("weight sums: eight at once are the same as one by one") {
  WeightSums at_once, one_by_one;
  std::uint32_t state = 1;
  const auto next = [&] {
    state = state * 1664525 + 1013904223;
    return static_cast<int>(state >> 24) % 128 - (state >> 20 & 1 ? 127 : 0);
  };
  for (int round = 0; round < 1000; ++round) {
    EightWeights weights{};
    for (SentimentWeight& weight : weights) {
      const int negative = next();
      weight = make_weight(negative, next());
      one_by_one.add(weight);
    }
    at_once.add(weights);
  }
  CHECK(at_once.negative() == one_by_one.negative());
  CHECK(at_once.positive() == one_by_one.positive());
}

TEST_CASE("weight sums: the longest text does not overflow them") {
  EightWeights least{}, most{};
  least.fill(make_weight(-127, 127));
  most.fill(make_weight(127, -127));
  WeightSums sums;
  constexpr std::int64_t blocks = 2 * (16 << 20) / 8;  // two runs a character
  for (std::int64_t i = 0; i < blocks; ++i) sums.add(least);
  CHECK(sums.negative() == -127 * 8 * blocks);
  CHECK(sums.positive() == 127 * 8 * blocks);
  for (std::int64_t i = 0; i < 2 * blocks; ++i) sums.add(most);
  CHECK(sums.negative() == 127 * 8 * blocks);
}
