#include "analyze/selection.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/base/suggest.hpp"

namespace earshot {

namespace {

std::string unknown_metric(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& metric : metrics()) {
    names.push_back(metric.name);
    names.push_back(metric.number);
  }
  const auto hint = did_you_mean(name, names);
  return fmt::format("unknown metric '{}'{}", name,
                     hint.empty() ? "; `earshot report --list` lists them" : hint);
}

std::string unknown_view(std::string_view name) {
  const auto hint = did_you_mean(name, view_names());
  return fmt::format("unknown view '{}'{}", name,
                     hint.empty() ? "; `earshot report --help` names them" : hint);
}

std::vector<const Metric*> metrics_of(const View& view) {
  std::vector<const Metric*> found;
  for (const auto number : view.metrics)
    if (const auto* metric = find_metric(number)) found.push_back(metric);
  return found;
}

}  // namespace

Result<Selection> select(const ReportRequest& request) {
  Selection selection;
  for (const auto& name : request.views) {
    const auto found = find_views(name);
    if (found.empty()) return Error{Error::Kind::usage, unknown_view(name)};
    for (const auto* view : found)
      if (std::ranges::find(selection.views, view) == selection.views.end())
        selection.views.push_back(view);
  }
  std::set<const Metric*> shown;
  for (const auto& name : request.metrics) {
    const auto* metric = find_metric(name);
    if (metric == nullptr) return Error{Error::Kind::usage, unknown_metric(name)};
    if (shown.insert(metric).second) selection.others.push_back(metric);
  }
  const bool only_metrics = !request.metrics.empty();
  if (only_metrics) selection.views.clear();
  const bool everything = request.views.empty() && !only_metrics;
  if (everything)
    for (const auto& view : views())
      if (view.stage) selection.views.push_back(&view);
  for (const auto* view : selection.views)
    for (const auto* metric : metrics_of(*view)) shown.insert(metric);
  for (const auto& metric : metrics()) {
    if (everything && !shown.contains(&metric)) selection.others.push_back(&metric);
    if (everything || shown.contains(&metric)) selection.metrics.push_back(&metric);
  }
  return selection;
}

Result<Done> check_metric_names(const Project& project) {
  for (const auto& [name, value] : project.thresholds)
    if (find_metric(name) == nullptr)
      return Error{Error::Kind::config, "[thresholds]: " + unknown_metric(name)};
  for (const auto& objective : project.objectives)
    if (!objective.metric.empty() && find_metric(objective.metric) == nullptr)
      return Error{Error::Kind::config, fmt::format("objective '{}': {}", objective.name,
                                                    unknown_metric(objective.metric))};
  return Done{};
}

Result<Done> check_request(const ReportRequest& request) {
  const auto selection = select(request);
  if (!selection) return selection.error();
  return Done{};
}

}  // namespace earshot
