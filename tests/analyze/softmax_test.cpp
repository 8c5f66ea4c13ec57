#include "analyze/softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace earshot;

TEST_CASE("softmax: agrees with libm's exponential") {
  for (const double negative : {-30.0, -3.5, -0.01, 0.0, 0.7, 12.0})
    for (const double positive : {-50.0, -1.0, 0.0, 2.5, 29.0}) {
      const auto probabilities = softmax(negative, positive);
      const double sum = std::exp(negative) + 1 + std::exp(positive);
      CHECK(probabilities[0] == doctest::Approx(std::exp(negative) / sum).epsilon(1e-9));
      CHECK(probabilities[1] == doctest::Approx(1 / sum).epsilon(1e-9));
      CHECK(probabilities[2] == doctest::Approx(std::exp(positive) / sum).epsilon(1e-9));
    }
}

TEST_CASE("softmax: no logit is too large") {
  CHECK(softmax(1e9, -1e9)[0] == doctest::Approx(1));
  CHECK(softmax(-1e9, -1e9)[1] == doctest::Approx(1));
}
