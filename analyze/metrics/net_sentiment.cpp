#include "analyze/moods.hpp"

namespace earshot {

namespace {

MetricValue measure_net(const MetricInput& input) {
  const auto counts = count_moods(input.tallies, brand_scope);
  if (sum_of(counts.judged) == 0) return {.figure = no_mood("all", Unit::points, counts.all())};
  const auto corrected = correct_moods(input, counts);
  MetricValue value{.figure = net_mood_figure("all", counts, corrected),
                    .parts = {polar_mood_figure("polar", counts, corrected)}};
  if (corrected) {
    value.parts.push_back(net_mood_figure("all, as labelled", counts, {}));
    value.parts.push_back(polar_mood_figure("polar, as labelled", counts, {}));
  }
  return value;
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  const auto sentiment = fact.about(brand_index)->sentiment;
  const bool judged = sentiment != Sentiment::unsupported;
  return {1, judged, judged ? static_cast<std::int64_t>(sentiment) : 0};
}

}  // namespace

/// Positive minus negative items about the brand, of all of them ("all") and of those that take a
/// side ("polar"), -100 to 100. Two numbers that are often mixed up under one name. With an audit
/// of the labels both are corrected for their errors, and stand beside what was counted.
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
