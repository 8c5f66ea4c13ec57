#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_topics(const MetricInput& input) {
  const auto& request = input.tallies.request;
  const auto topics = entities_of_kind(request, EntityKind::topic);
  const auto about_brand = count_items(input.tallies, brand_scope);
  if (topics.empty())
    return {.figure =
                not_measurable({}, Unit::percent,
                               "no topic is declared: add [[topic]] to the config", about_brand)};
  std::vector<std::uint64_t> items;
  std::uint64_t all = 0;
  for (const auto topic : topics) {
    items.push_back(count_items(input.tallies, {Scope::Kind::brand_and_entity, topic}));
    all += items.back();
  }
  if (all == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "no post about the brand matches a topic in the window")};
  MetricValue value;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (items[i] > items[largest]) largest = i;
    value.breakdown.push_back({"topic", share_figure(request.entities[topics[i]].name,
                                                     Unit::percent, items[i], all, all)});
  }
  value.figure = value.breakdown[largest].figure;
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format(
        "People who talk about you talk most about {}: {} of {} mentions of a topic.", figure.name,
        figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format(
      "People who talk about you talk most about {}: {} of every 100 mentions of a topic.",
      figure.name, of_every_100(*figure.value));
}

/// The value is that of one topic, which only the whole table tells; so all of them are counted.
Weight weigh(const FactView& fact, const Project&) {
  Weight weight;
  for (std::size_t i = 0; i < fact.request.entities.size(); ++i)
    if (fact.request.entities[i].kind == EntityKind::topic &&
        fact.in({Scope::Kind::brand_and_entity, static_cast<EntityIndex>(i)}))
      ++weight.eligible;
  weight.used = weight.eligible;
  weight.counted = static_cast<std::int64_t>(weight.eligible);
  return weight;
}

}  // namespace

/// For each topic: items about brand and topic / the sum of these over all topics. The value is
/// that of the largest topic (the first of equals); each topic's change is against its own share
/// before.
MetricDefinition topic_trend() {
  return {.formula =
              "per topic: count(B and T) / sum over topics of count(B and T); change in "
              "points; the value is the largest topic's",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "topics overlap (an item counts in each of its topics), or n is low",
          .measure = measure_topics,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
