#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "cli/config_parts.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

std::string without_at(std::string name) {
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

void read_business(const TableReader& file, Project& project, Complaints& complaints) {
  const auto* table = file.table_at("project");
  if (table == nullptr) return;
  const TableReader reader{
      *table, "[project]", {"name", "timezone", "week_start", "minimum_n"}, complaints};
  reader.read("name", project.name);
  reader.read("timezone", project.timezone);
  if (const auto calendar = Calendar::create(project.timezone, 1); !calendar)
    reader.complain("timezone", calendar.error().message);
  std::string day{weekdays.front()};
  reader.read("week_start", day);
  const auto found = std::ranges::find(weekdays, day);
  if (found == weekdays.end())
    reader.complain("week_start",
                    fmt::format("'{}' is not a weekday{}", day, did_you_mean(day, weekdays)));
  else
    project.week_start = static_cast<int>(found - weekdays.begin()) + 1;
  reader.read("minimum_n", project.minimum_n);
}

/// "acme", or {name = "acme", network = ..., role = ..., department = ...}.
void read_handles(const TableReader& party, std::vector<Handle>& handles, Complaints& complaints) {
  const auto* array = party.array_at("handles");
  if (array == nullptr) return;
  for (const auto& node : *array) {
    Handle handle;
    if (const auto name = node.value_exact<std::string>()) {
      handle.name = *name;
    } else if (const auto* table = node.as_table()) {
      const TableReader reader{
          *table, "a handle", {"name", "network", "role", "department", "trained"}, complaints};
      reader.require("name", handle.name);
      reader.read("network", handle.network);
      reader.read("role", handle.role);
      reader.read("department", handle.department);
      reader.read("trained", handle.trained);
    } else {
      complaints.add(
          node,
          "'handles': expected strings or tables like {name = \"acme\", network = \"mastodon\"}");
    }
    handle.name = without_at(std::move(handle.name));
    handles.push_back(std::move(handle));
  }
}

Party read_party(const toml::table& table, std::string_view place, std::string_view default_name,
                 Complaints& complaints) {
  const TableReader reader{table, place, {"name", "query", "handles", "affiliates"}, complaints};
  Party party;
  party.name = default_name;
  if (default_name.empty())
    reader.require("name", party.name);
  else
    reader.read("name", party.name);
  reader.require("query", party.query);
  check_query(reader, "query", party.query);
  read_handles(reader, party.handles, complaints);
  reader.read("affiliates", party.affiliates);
  for (auto& affiliate : party.affiliates) affiliate = without_at(std::move(affiliate));
  return party;
}

void read_parties(const TableReader& file, Project& project, Complaints& complaints) {
  if (const auto* brand = file.table_at("brand"))
    project.brand = read_party(*brand, "[brand]", project.name, complaints);
  else
    complaints.add(toml::source_region{},
                   "there is no [brand]; add one with a query for the posts about it");
  std::set<std::string> names{project.brand.name};
  for (const auto* table : file.tables_at("competitor")) {
    project.competitors.push_back(read_party(*table, "[[competitor]]", "", complaints));
    if (!names.insert(project.competitors.back().name).second)
      complaints.add(*table, fmt::format("there are two companies named '{}'",
                                         project.competitors.back().name));
  }
}

void read_topics(const TableReader& file, Project& project, Complaints& complaints) {
  std::set<std::string> names;
  for (const auto* table : file.tables_at("topic")) {
    const TableReader reader{*table, "[[topic]]", {"name", "query", "department"}, complaints};
    Topic& topic = project.topics.emplace_back();
    reader.require("name", topic.name);
    reader.require("query", topic.query);
    check_query(reader, "query", topic.query);
    reader.read("department", topic.department);
    if (!names.insert(topic.name).second)
      reader.complain("name", fmt::format("there are two topics named '{}'", topic.name));
  }
  for (const auto* table : file.tables_at("channel")) {
    const TableReader reader{*table, "[[channel]]", {"name"}, complaints};
    reader.require("name", project.channels.emplace_back());
  }
}

}  // namespace

void read_project(const TableReader& file, Project& project, Complaints& complaints) {
  read_business(file, project, complaints);
  read_parties(file, project, complaints);
  read_topics(file, project, complaints);
}

}  // namespace earshot
