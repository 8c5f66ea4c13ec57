#include <map>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

struct Sum {
  double visits = 0, value = 0;
  double all_visits = 0;  ///< Those of lines without a value too.

  void add(const TrafficRow& row) {
    if (!row.visits) return;
    all_visits += *row.visits;
    if (!row.value) return;
    visits += *row.visits;
    value += *row.value;
  }
};

Figure per_visit(std::string name, const Sum& sum) {
  Figure figure{.name = std::move(name),
                .unit = Unit::money_per_visit,
                .n_used = whole(sum.visits),
                .n_eligible = whole(sum.all_visits)};
  if (figure.n_used > 0)
    figure.value = sum.value / sum.visits;
  else
    figure.not_measurable = no_line("traffic", "both visits and value");
  return figure;
}

MetricValue measure_economics(const MetricInput& input) {
  if (auto why = why_not_of_part(input); !why.empty())
    return {.figure = not_measurable({}, Unit::money_per_visit, std::move(why))};
  if (!input.files.traffic)
    return {.figure = not_measurable({}, Unit::money_per_visit, no_file("traffic"))};
  Sum all;
  std::map<std::string, Sum> by_source;
  for (const auto& row : *input.files.traffic) {
    if (!is_observed(input, row.day)) continue;
    all.add(row);
    by_source[row.source].add(row);
  }
  MetricValue value{.figure = per_visit({}, all)};
  if (!value.figure.value) return value;
  value.parts = {{.name = "value",
                  .unit = Unit::money,
                  .value = all.value,
                  .n_used = value.figure.n_used,
                  .n_eligible = value.figure.n_eligible},
                 count_figure("visits", whole(all.visits))};
  for (const auto& [source, sum] : by_source)
    value.breakdown.push_back({"source", per_visit(source, sum)});
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("A visit from social channels was worth {:.2f} on average.",
                     *value.figure.value);
}

}  // namespace

/// Value / visits over the lines of the traffic file in the window that say both, in all and by
/// source; in the currency of the file. n is visits. Money is no sample of trials: no interval. No
/// value without the file or such visits.
MetricDefinition economic_value() {
  return {.formula = "goal value / visits, over the lines of the traffic file that say both",
          .source = "Kaushik (2011)",
          .misleading_when = "only the last click is credited",
          .measure = measure_economics,
          .sentence = say,
          .needs_labels = false};
}

}  // namespace earshot
