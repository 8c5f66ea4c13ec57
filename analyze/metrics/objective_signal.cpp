#include <fmt/format.h>

#include "analyze/moods.hpp"

namespace earshot {

namespace {

Figure mood_of(const MetricInput& input, Scope scope, const std::string& name) {
  const auto counts = count_moods(input.tallies, scope);
  auto figure = net_mood_figure(name, counts, correct_moods(input, counts));
  if (counts.all() == 0)
    figure.not_measurable = "no post about the brand touches it in the window";
  else if (sum_of(counts.judged) == 0)
    figure.not_measurable = no_known_language;
  return figure;
}

MetricValue measure_signal(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto objectives = entities_of_kind(tallies.request, EntityKind::objective);
  if (objectives.empty())
    return {.figure = not_measurable({}, Unit::items,
                                     "no objective has a query: add one to [[objective]]")};
  MetricValue value;
  std::uint64_t touching = 0;
  for (const auto objective : objectives) {
    const auto items = count_items(tallies, {Scope::Kind::brand_and_entity, objective});
    touching += items;
    value.breakdown.push_back(
        {"objective", count_figure(tallies.request.entities[objective].name, items)});
  }
  for (const auto objective : objectives)
    value.breakdown.push_back(
        {"objective, net sentiment", mood_of(input, {Scope::Kind::brand_and_entity, objective},
                                             tallies.request.entities[objective].name)});
  value.figure = count_figure({}, touching);
  return value;
}

std::string say(const MetricValue& value) {
  const Figure* most = &value.breakdown.front().figure;
  for (const auto& row : value.breakdown)
    if (row.dimension == "objective" && *row.figure.value > *most->value) most = &row.figure;
  if (most->n_used == 0) return "Nobody who talked about you touched one of your objectives.";
  return fmt::format("Of your objectives, people talk most about \"{}\": {} posts.", most->name,
                     most->n_used);
}

Weight weigh(const FactView& fact, const Project&) {
  Weight weight;
  for (const auto objective : entities_of_kind(fact.request, EntityKind::objective))
    if (fact.in({Scope::Kind::brand_and_entity, objective})) ++weight.eligible;
  weight.used = weight.eligible;
  weight.counted = static_cast<std::int64_t>(weight.eligible);
  return weight;
}

}  // namespace

/// Items about the brand that match the query of an objective, added up over the objectives that
/// have one: an item counts for each that it touches. By objective: the same, and the net sentiment
/// of these items, corrected if there is an audit of the labels. Without any item the number is a
/// real 0. No value if no objective has a query.
MetricDefinition objective_signal() {
  return {.formula =
              "per objective with a query: count(B matching), and (positive - negative) / "
              "all of these; the value is the sum of the counts",
          .source = "Altimeter, stage Strategic: alignment (2013)",
          .misleading_when = "talk is taken for effect, or the query of an objective is loose",
          .measure = measure_signal,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
