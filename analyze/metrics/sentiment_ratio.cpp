#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::uint64_t count_feeling(const Tallies& tallies, Sentiment sentiment) {
  return count_items(tallies, [sentiment](const CubeRow& row) {
    return row.scope == brand_scope && row.sentiment == sentiment;
  });
}

MetricValue measure_ratio(const MetricInput& input) {
  const auto positive = count_feeling(input.tallies, Sentiment::positive);
  const auto neutral = count_feeling(input.tallies, Sentiment::neutral);
  const auto negative = count_feeling(input.tallies, Sentiment::negative);
  const auto judged = positive + neutral + negative;
  const auto all = judged + count_feeling(input.tallies, Sentiment::unsupported);
  if (judged == 0) return {.figure = no_mood({}, Unit::ratio, all)};
  MetricValue value;
  // Positive to negative; without a negative one there is no such number, but still three counts.
  value.figure = mean_figure({}, Unit::ratio, positive, negative, all);
  value.figure.n_used = judged;
  value.figure.words = fmt::format("{} : {} : {}", positive, neutral, negative);
  value.parts = {share_figure("positive", Unit::percent, positive, judged, all),
                 share_figure("neutral", Unit::percent, neutral, judged, all),
                 share_figure("negative", Unit::percent, negative, judged, all)};
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Of {} posts about you, {} were positive, {} neutral and {} negative.",
                     value.figure.n_used, value.parts[0].ratio->numerator,
                     value.parts[1].ratio->numerator, value.parts[2].ratio->numerator);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  const auto sentiment = fact.about(brand_index)->sentiment;
  return {1, sentiment != Sentiment::unsupported, sentiment == Sentiment::positive};
}

}  // namespace

/// Positive : neutral : negative items about the brand, by the sentiment toward it. As one number,
/// positive to negative; none if no item is negative.
MetricDefinition sentiment_ratio() {
  return {.formula =
              "count(B, positive) : count(B, neutral) : count(B, negative); the number is "
              "positive / negative",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "people are sarcastic, or news copy is read as a mood",
          .measure = measure_ratio,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
