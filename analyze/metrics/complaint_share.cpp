#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::uint64_t count_complaints(const Tallies& tallies, Scope scope) {
  std::uint64_t complaints = 0;
  for (const auto& row : tallies.cube)
    if (row.scope == scope && row.intent == static_cast<std::uint8_t>(Intent::complaint))
      complaints += row.items;
  return complaints;
}

MetricValue measure_complaints(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto all = count_items(tallies, brand_scope);
  if (all == 0)
    return {.figure =
                not_measurable({}, Unit::percent, "nobody mentioned the brand in the window")};
  MetricValue value{
      .figure = share_figure({}, Unit::percent, count_complaints(tallies, brand_scope), all, all)};
  for (const auto topic : entities_of_kind(tallies.request, EntityKind::topic)) {
    const Scope scope{Scope::Kind::brand_and_entity, topic};
    const auto items = count_items(tallies, scope);
    auto figure = share_figure(tallies.request.entities[topic].name, Unit::percent,
                               count_complaints(tallies, scope), items, items);
    if (items == 0) figure.not_measurable = "no post about the brand is on this topic";
    value.breakdown.push_back({"topic", std::move(figure)});
  }
  return value;
}

/// The topic of which most is complained; null if none is.
const Figure* sorest(const MetricValue& value) {
  const Figure* most = nullptr;
  for (const auto& [dimension, figure] : value.breakdown) {
    if (!figure.ratio || figure.ratio->numerator == 0) continue;
    if (most == nullptr || figure.ratio->numerator > most->ratio->numerator) most = &figure;
  }
  return most;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  auto said = figure.small_sample ? fmt::format("{} of {} posts about you complained",
                                                figure.ratio->numerator, figure.ratio->denominator)
                                  : fmt::format("Of every 100 posts about you, {} complained",
                                                of_every_100(*figure.value));
  const auto* most = sorest(value);
  return most == nullptr ? said + "." : fmt::format("{}, most of all about {}.", said, most->name);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  return {1, 1, fact.fact.intents.has(Intent::complaint)};
}

}  // namespace

/// For each topic: items about brand and topic with the intent complaint / items about brand and
/// topic. The value is the same over all items about the brand, whatever their topic, so that it is
/// there without topics too. No value without items about the brand.
MetricDefinition complaint_share() {
  return {.formula =
              "per topic: count(B and T, intent complaint) / count(B and T); the value: count(B, "
              "intent complaint) / count(B)",
          .source = "servicerox (2010)",
          .misleading_when = "a few angry people write many posts, or n is low",
          .measure = measure_complaints,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
