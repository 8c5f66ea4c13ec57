#include <set>

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
  std::set<std::string> names;
  for (const auto* table : file.tables_at("objective")) {
    const TableReader reader{*table,
                             "[[objective]]",
                             {"name", "metric", "query", "target", "at_most", "by"},
                             complaints};
    Objective& objective = project.objectives.emplace_back();
    reader.require("name", objective.name);
    if (!names.insert(objective.name).second)
      reader.complain("name", fmt::format("there are two objectives named '{}'", objective.name));
    reader.read("metric", objective.metric);
    reader.read("query", objective.query);
    check_query(reader, "query", objective.query);
    if (reader.has("metric") == reader.has("query"))
      reader.complain("name",
                      "[[objective]] needs either a 'metric' or a 'query' that measures it");
    if (reader.has("metric")) check_metric(objective.metric, *table->get("metric"), complaints);
    if (reader.has("target")) reader.read("target", objective.target.emplace());
    if (reader.has("at_most")) reader.read("at_most", objective.at_most.emplace());
    reader.read("by", objective.by);
  }
}

void read_pilots(const TableReader& file, Project& project, Complaints& complaints) {
  std::set<std::string> names;
  for (const auto* table : file.tables_at("pilot")) {
    const TableReader reader{*table,
                             "[[pilot]]",
                             {"name", "from", "to", "query", "metric", "limit", "decision"},
                             complaints};
    Pilot& pilot = project.pilots.emplace_back();
    reader.require("name", pilot.name);
    if (!names.insert(pilot.name).second)
      reader.complain("name", fmt::format("there are two pilots named '{}'", pilot.name));
    reader.require("from", pilot.from);
    check_day(reader, "from", pilot.from, project.timezone);
    reader.read("to", pilot.to);
    if (reader.has("to")) check_day(reader, "to", pilot.to, project.timezone);
    if (!pilot.to.empty() && pilot.to <= pilot.from)
      reader.complain("to", "'to' must be later than 'from': it is the first day after the pilot");
    reader.read("query", pilot.query);
    check_query(reader, "query", pilot.query);
    reader.read("metric", pilot.metric);
    if (reader.has("metric")) check_metric(pilot.metric, *table->get("metric"), complaints);
    std::chrono::seconds limit = std::chrono::days{pilot.limit_days};
    reader.read("limit", limit);
    pilot.limit_days = static_cast<int>(limit / std::chrono::days{1});
    if (limit < std::chrono::days{1} || limit % std::chrono::days{1} != std::chrono::seconds{0})
      reader.complain("limit", "'limit' must be whole days, like \"90d\"");
    reader.read("decision", pilot.decision);
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
  read_pilots(file, project, complaints);
  read_thresholds(file, project, complaints);
}

}  // namespace earshot
