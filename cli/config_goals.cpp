#include <fmt/format.h>

#include "analyze/report.hpp"
#include "cli/config_parts.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

void check_metric(std::string_view name, const toml::node& where, Complaints& complaints) {
  std::vector<std::string_view> names;
  for (const auto& metric : list_metrics()) {
    if (metric.name == name || metric.number == name) return;
    names.push_back(metric.name);
  }
  const auto hint = did_you_mean(name, names);
  complaints.add(where, fmt::format("unknown metric '{}'{}", name,
                                    hint.empty() ? "; `earshot report --list` lists them" : hint));
}

void read_objectives(const TableReader& file, Project& project, Complaints& complaints) {
  for (const auto* table : file.tables_at("objective")) {
    const TableReader reader{
        *table, "[[objective]]", {"name", "metric", "query", "target", "by"}, complaints};
    Objective& objective = project.objectives.emplace_back();
    reader.require("name", objective.name);
    reader.read("metric", objective.metric);
    reader.read("query", objective.query);
    check_query(reader, "query", objective.query);
    if (reader.has("metric") == reader.has("query"))
      reader.complain("name",
                      "[[objective]] needs either a 'metric' or a 'query' that measures it");
    if (reader.has("metric")) check_metric(objective.metric, *table->get("metric"), complaints);
    if (reader.has("target")) reader.read("target", objective.target.emplace());
    reader.read("by", objective.by);
  }
}

void read_thresholds(const TableReader& file, Project& project, Complaints& complaints) {
  const auto* table = file.table_at("thresholds");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    check_metric(key.str(), node, complaints);
    if (!node.is_number())
      complaints.add(node, fmt::format("'{}' in [thresholds]: expected a number", key.str()));
    project.thresholds[std::string{key.str()}] = node.value<double>().value_or(0);
  }
}

}  // namespace

void read_goals(const TableReader& file, Project& project, Complaints& complaints) {
  read_objectives(file, project, complaints);
  read_thresholds(file, project, complaints);
}

}  // namespace earshot
