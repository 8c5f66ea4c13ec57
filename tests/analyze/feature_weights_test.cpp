#include "analyze/feature_weights.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/tiny_model.hpp"

using namespace earshot;

namespace {

bool has(const std::vector<FeatureWeight>& features, FeatureKind kind, const std::string& name) {
  return std::ranges::any_of(features, [&](const FeatureWeight& feature) {
    return feature.kind == kind && feature.name == name;
  });
}

/// What is left of the difference of the logits when all features are taken from it.
double remainder_of(const std::string& text) {
  SentimentModel::Scratch scratch;
  const auto [negative, positive] = tiny_model().logits(text, scratch);
  double rest = positive - negative;
  for (const auto& feature : weigh_features(tiny_model().view(), text)) rest -= feature.weight;
  const auto& bias = tiny_model().view().scales.bias;
  return rest - (bias[1] - bias[0]);
}

}  // namespace

TEST_CASE("feature weights: together they are the score") {
  for (const std::string text :
       {"", "a", "love", "I don't love this terrible, terrible shop!! :( @acme https://a.example/",
        "\u00e9t\u00e9 tr\u00e8s bon \u5f88\u597d\u5403 \U0001F60D ok", "\xFF\xFE love \xF0\x9F",
        "SHOUTING about nothing and 12345 #hashtags"})
    CHECK(remainder_of(text) == doctest::Approx(0).epsilon(1e-6));
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += "word" + std::to_string(i) + (i % 7 == 0 ? " never \u00e9, " : " ");
  CHECK(remainder_of(all) == doctest::Approx(0).epsilon(1e-6));
}

TEST_CASE("feature weights: each feature has its name") {
  const auto features =
      weigh_features(tiny_model().view(), "@acme I DON'T love \u00e9t\u00e9 https://a.example/ !");
  CHECK(has(features, FeatureKind::word, "love"));
  CHECK(has(features, FeatureKind::word, "@"));
  CHECK(has(features, FeatureKind::pair, "don't love"));
  CHECK(has(features, FeatureKind::pair, "@ i"));
  CHECK(has(features, FeatureKind::negated, "love"));
  CHECK_FALSE(has(features, FeatureKind::negated, "i"));
  CHECK(has(features, FeatureKind::run, "lov"));
  CHECK(has(features, FeatureKind::run, "love "));
  CHECK(has(features, FeatureKind::run, "e \u00e9t\u00e9"));
  CHECK(has(features, FeatureKind::run, "link !"));
  CHECK(has(features, FeatureKind::style, "exclamation marks 1"));
  CHECK(has(features, FeatureKind::style, "links 1"));
}
