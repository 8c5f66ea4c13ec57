#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_net(const MetricInput& input) {
  const auto count = [&](Sentiment sentiment) {
    return count_items(input.tallies, [sentiment](const CubeRow& row) {
      return row.scope == brand_scope && row.sentiment == sentiment;
    });
  };
  const auto positive = count(Sentiment::positive);
  const auto negative = count(Sentiment::negative);
  const auto all = positive + negative + count(Sentiment::neutral);
  if (all == 0)
    return {.figure =
                not_measurable("all", Unit::points, "nobody mentioned the brand in the window")};
  auto polar = net_figure("polar", positive, negative, positive + negative, all);
  if (polar.n_used == 0) polar.not_measurable = "no post about the brand takes a side";
  return {.figure = net_figure("all", positive, negative, all, all), .parts = {polar}};
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  return {1, 1, static_cast<std::int64_t>(fact.about(brand_index)->sentiment)};
}

}  // namespace

/// Positive minus negative items about the brand, of all of them ("all") and of those that take a
/// side ("polar"), -100 to 100. Two numbers that are often mixed up under one name.
MetricDefinition net_sentiment() {
  return {.formula =
              "all: (positive - negative) / (positive + neutral + negative); polar: "
              "(positive - negative) / (positive + negative), over B",
          .source = "vendors' definitions; both named here",
          .misleading_when = "the two are mixed up, neutral posts flood in, or the classifier errs",
          .measure = measure_net,
          .reads = {Table::cube},
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
