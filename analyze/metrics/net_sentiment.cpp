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
  const auto judged = positive + negative + count(Sentiment::neutral);
  const auto all = judged + count(Sentiment::unsupported);
  if (judged == 0) return {.figure = no_mood("all", Unit::points, all)};
  auto polar = net_figure("polar", positive, negative, positive + negative, all);
  if (polar.n_used == 0) polar.not_measurable = "no post about the brand takes a side";
  return {.figure = net_figure("all", positive, negative, judged, all), .parts = {polar}};
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  const auto sentiment = fact.about(brand_index)->sentiment;
  const bool judged = sentiment != Sentiment::unsupported;
  return {1, judged, judged ? static_cast<std::int64_t>(sentiment) : 0};
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
