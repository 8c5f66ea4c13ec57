#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr std::string_view own_name = "objective_measurability";

Figure by_metric(const Objective& objective, const MetricInput& input) {
  const auto refuse = [&](std::string why) {
    return not_measurable(objective.name, Unit::percent, std::move(why));
  };
  const auto* metric = find_metric(objective.metric);
  if (metric == nullptr) return refuse(fmt::format("there is no metric '{}'", objective.metric));
  if (metric->name == own_name) return refuse("it is measured by this figure itself");
  const auto measured = measure_alone(*metric, input).figure;
  if (!measured.not_measurable.empty()) return refuse(measured.not_measurable);
  return {.name = objective.name,
          .unit = Unit::percent,
          .words = fmt::format("by {}", metric->name),
          .n_used = measured.n_used,
          .n_eligible = measured.n_eligible};
}

Figure by_query(const Objective& objective, const MetricInput& input) {
  const auto entity = find_entity(input.tallies.request, EntityKind::objective, objective.name);
  const auto posts = count_items(input.tallies, Scope{Scope::Kind::entity, entity});
  if (posts == 0)
    return not_measurable(objective.name, Unit::percent, "no post of the window matches its query");
  return {.name = objective.name,
          .unit = Unit::percent,
          .words = "by its query",
          .n_used = posts,
          .n_eligible = posts};
}

/// What tells how an objective stands, or why nothing does.
Figure standing_of(const Objective& objective, const MetricInput& input) {
  if (!objective.metric.empty()) return by_metric(objective, input);
  if (!objective.query.empty()) return by_query(objective, input);
  return not_measurable(objective.name, Unit::percent,
                        "nothing measures it: give it a metric or a query");
}

MetricValue measure_measurability(const MetricInput& input) {
  const auto& objectives = input.project.objectives;
  if (objectives.empty())
    return {.figure = not_measurable({}, Unit::percent,
                                     "no objective is declared: add [[objective]] to the config")};
  MetricValue value;
  std::uint64_t measured = 0;
  for (const auto& objective : objectives) {
    value.breakdown.push_back({"objective", standing_of(objective, input)});
    if (value.breakdown.back().figure.not_measurable.empty()) ++measured;
  }
  value.figure = share_figure({}, Unit::percent, measured, objectives.size(), objectives.size());
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("{} of your {} objectives can be measured from what is there.",
                     value.figure.ratio->numerator, value.figure.ratio->denominator);
}

}  // namespace

/// Objectives whose metric has a value in the window, or whose query matches a post by others than
/// the brand / objectives declared. It counts objectives and not posts, so that it has no posts as
/// evidence. An objective that names this metric is not measured. No value without objectives.
MetricDefinition objective_measurability() {
  return {.formula =
              "objectives whose metric has a value, or whose query matches a post / "
              "objectives",
          .source = "Altimeter (2013); AMEC",
          .misleading_when = "only objectives that are easy to measure are declared",
          .measure = measure_measurability,
          .reads = {Table::cube},
          .reads_objectives = true,
          .sentence = say,
          .census = true};
}

}  // namespace earshot
