#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"
#include "analyze/moods.hpp"

namespace earshot {

namespace {

constexpr Scope heard{Scope::Kind::brand_or_topic};

Moods count_ideas(const Tallies& tallies) {
  Moods ideas;
  for (const auto& row : tallies.cube)
    if (row.scope == heard && row.intent == static_cast<std::uint8_t>(Intent::suggestion))
      ideas.add(row.sentiment, row.items);
  return ideas;
}

Figure shipped_ideas(const MetricInput& input) {
  constexpr auto name = "shipped";
  if (!input.files.milestones) return not_measurable(name, Unit::items, no_file("milestones"));
  return count_figure(name, static_cast<std::uint64_t>(std::ranges::count_if(
                                *input.files.milestones, [&](const MilestoneRow& row) {
                                  return same_name(row.kind, "shipped") &&
                                         is_observed(input, row.day);
                                })));
}

MetricValue measure_ideas(const MetricInput& input) {
  const auto ideas = count_ideas(input.tallies);
  const auto corrected = correct_moods(input, ideas);
  MetricValue value{.figure = mood_figure({}, Sentiment::positive, ideas, corrected)};
  if (ideas.all() == 0)
    value.figure.not_measurable =
        "nobody suggested anything about the brand or a topic in the "
        "window";
  else if (sum_of(ideas.judged) == 0)
    value.figure.not_measurable = no_known_language;
  value.parts.push_back(shipped_ideas(input));
  if (corrected) value.parts.push_back(mood_figure("as labelled", Sentiment::positive, ideas, {}));
  return value;
}

std::string say(const MetricValue& value) {
  if (!value.figure.ratio)
    return fmt::format("Suggestions heard: {}, of every 100 about {} in a friendly tone.",
                       value.figure.n_used, of_every_100(*value.figure.value));
  return fmt::format("Suggestions heard: {}, of them {} in a friendly tone.",
                     value.figure.ratio->denominator, value.figure.ratio->numerator);
}

Weight weigh(const FactView& fact, const Project&) {
  const bool idea = fact.in(heard) && fact.fact.intents.has(Intent::suggestion);
  const bool judged = idea && fact.fact.sentiment != Sentiment::unsupported;
  return {idea, judged, judged && fact.fact.sentiment == Sentiment::positive};
}

}  // namespace

/// Positive items with a suggestion / all items with one, about the brand or a topic. Its part
/// counts the milestones of the kind "shipped" in the window. No value if nobody suggests anything.
MetricDefinition idea_impact() {
  return {.formula =
              "positive items with a suggestion / items with a suggestion, over brand and "
              "topics; shipped: milestones of the kind \"shipped\"",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "the rules for suggestions miss many, or take an order for an idea",
          .measure = measure_ideas,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
