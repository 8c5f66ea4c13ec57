#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr Scope asked_about{Scope::Kind::brand_or_topic};

MetricValue measure_questions(const MetricInput& input) {
  const auto all = count_items(input.tallies, asked_about);
  if (all == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "nobody mentioned the brand or a topic in the window")};
  std::uint64_t questions = 0;
  for (const auto& row : input.tallies.cube)
    if (row.scope == asked_about && row.intent == static_cast<std::uint8_t>(Intent::question))
      questions += row.items;
  return {.figure = share_figure({}, Unit::percent, questions, all, all)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts about you or your topics asked something.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts about you or your topics, {} asked something.",
                     of_every_100(*figure.value));
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(asked_about)) return {};
  return {1, 1, fact.fact.intents.has(Intent::question)};
}

}  // namespace

/// Items about brand or topics with the intent question / all items about brand or topics.
MetricDefinition question_share() {
  return {.formula = "count(B or T, intent question) / count(B or T)",
          .source = "Altimeter: listen to learn (2013)",
          .misleading_when = "questions are rhetorical",
          .measure = measure_questions,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
