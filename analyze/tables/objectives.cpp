#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/report_tables.hpp"
#include "analyze/stage.hpp"

namespace earshot {

namespace {

/// What an objective comes to now, and came to in the window before.
struct Standing {
  Figure now;
  std::optional<double> before;
  std::string measured_by;
};

Figure count_matching(const Tallies& tallies, const std::string& objective) {
  const auto entity = find_entity(tallies.request, EntityKind::objective, objective);
  return count_figure({}, count_items(tallies, {Scope::Kind::brand_and_entity, entity}));
}

Standing standing_of(const Objective& objective, const MetricInput& input) {
  if (!objective.query.empty()) {
    Standing standing{.now = count_matching(input.tallies, objective.name),
                      .measured_by = "posts about you that match its query"};
    if (input.other != nullptr)
      standing.before = count_matching(*input.other, objective.name).value;
    return standing;
  }
  const auto* metric = find_metric(objective.metric);
  Standing standing{.now = measure_alone(*metric, input).figure,
                    .measured_by = title_of(metric->name)};
  if (input.other != nullptr)
    standing.before = measure_alone(*metric, {*input.other, &input.tallies, input.project,
                                              input.calendar, input.accounts, input.files})
                          .figure.value;
  return standing;
}

bool more_is_better(const Objective& objective) {
  if (objective.at_most) return !*objective.at_most;
  const auto* metric = find_metric(objective.metric);
  if (metric == nullptr) return true;
  const auto all = criteria();
  const auto found = std::ranges::find(all, metric->name, &Criterion::metric);
  return found == all.end() || found->at_least;
}

std::string state_of(const Objective& objective, const Standing& standing,
                     const MetricInput& input) {
  const auto& now = standing.now;
  if (!now.not_measurable.empty()) return "nothing measures it: " + now.not_measurable;
  if (!objective.target) return "no target";
  if (!now.value || round_figure(now).value.empty()) return "too few posts to judge";
  const bool more = more_is_better(objective);
  const auto reached = [&](double value) {
    return more ? value >= *objective.target : value <= *objective.target;
  };
  const auto by = input.calendar.day_begin(objective.by);
  const auto end = input.observed_end();
  if (reached(*now.value)) return "reached";
  if (by && *by <= end) return "missed";
  if (!by || !standing.before) return "not reached yet";
  const auto window = input.tallies.request.window();
  const double lengths = std::chrono::duration<double>(*by - end) /
                         std::chrono::duration<double>(window.end - window.begin);
  return reached(*now.value + (*now.value - *standing.before) * lengths) ? "on track" : "behind";
}

ReportCell number(std::optional<double> value, Unit unit) {
  if (!value) return {};
  return {show_value(*value, unit), digits_of(*value, unit)};
}

std::vector<ReportCell> row_of(const Objective& objective, const MetricInput& input) {
  const auto standing = standing_of(objective, input);
  const auto unit = standing.now.unit;
  const auto shown = round_figure(standing.now);
  std::vector<ReportCell> row{{objective.name, {}},
                              {standing.measured_by, {}},
                              number(objective.target, unit),
                              {shown.shown, shown.value}};
  ReportCell gap;
  if (objective.target && !shown.value.empty()) {
    const double missing = *objective.target - *standing.now.value;
    gap.digits = digits_of(missing, unit);
    // Counts have no sign to be shown with; a gap has.
    gap.shown = (missing < 0 ? "-" : "+") + show_value(std::abs(missing), unit);
    if (missing == 0) gap.shown = show_value(0, unit);
  }
  row.push_back(gap);
  row.push_back({std::string{name_of(unit)}, {}});
  row.push_back({objective.by, {}});
  row.push_back({state_of(objective, standing, input), {}});
  return row;
}

}  // namespace

Tables objectives_tables(const Project& project) {
  Tables tables{Table::cube};
  for (const auto& objective : project.objectives)
    if (const auto* metric = find_metric(objective.metric)) tables |= tables_of(*metric, project);
  return tables;
}

ReportTable objectives_table(const MetricInput& input) {
  ReportTable table{
      .name = "objectives",
      .title = "Objectives",
      .note =
          "The gap is target minus now. On track: going on as from the window before, it is "
          "reached by its date; that takes --compare previous.",
      .columns = {{"Objective", ""},
                  {"Measured by", ""},
                  {"Target", "number"},
                  {"Now", "number"},
                  {"Gap", "number"},
                  {"Unit", ""},
                  {"By", ""},
                  {"State", ""}},
      .empty =
          "No objective is declared: add [[objective]] to the config, so that results serve "
          "one."};
  for (const auto& objective : input.project.objectives)
    table.rows.push_back(row_of(objective, input));
  return table;
}

}  // namespace earshot
