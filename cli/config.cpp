#include "cli/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/query.hpp"
#include "analyze/report.hpp"
#include "cli/duration.hpp"
#include "cli/mapping_file.hpp"
#include "cli/toml_reader.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

std::string beside(const std::string& config, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{config}.parent_path();
  return (folder / path).lexically_normal().string();
}

std::string without_at(std::string name) {
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

/// A query that can't be read is found here, with its line, and not when the first post comes.
void check_query(const TableReader& reader, const std::string& query) {
  const auto compiled = QuerySet::compile({&query, 1});
  if (!compiled) reader.complain("query", fmt::format("'query': {}", compiled.error().message));
}

void read_project(const TableReader& file, Project& project, Complaints& complaints) {
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
          *table, "a handle", {"name", "network", "role", "department"}, complaints};
      reader.require("name", handle.name);
      reader.read("network", handle.network);
      reader.read("role", handle.role);
      reader.read("department", handle.department);
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
  check_query(reader, party.query);
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
    check_query(reader, topic.query);
    reader.read("department", topic.department);
    if (!names.insert(topic.name).second)
      reader.complain("name", fmt::format("there are two topics named '{}'", topic.name));
  }
  for (const auto* table : file.tables_at("channel")) {
    const TableReader reader{*table, "[[channel]]", {"name"}, complaints};
    reader.require("name", project.channels.emplace_back());
  }
}

/// "09:00" as minutes since midnight, up to 24:00; -1 for anything else.
int parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t i) {
    return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
  };
  if (text.size() != 5 || text[2] != ':') return -1;
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  const int minutes = hour * 60 + minute;
  return hour <= 24 && minute < 60 && minutes <= 24 * 60 ? minutes : -1;
}

void read_business_hours(const toml::table& table, InboxRules& inbox, Complaints& complaints) {
  static constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};
  const TableReader reader{
      table, "business_hours", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, complaints};
  BusinessHours hours;
  for (std::size_t i = 0; i < days.size(); ++i) {
    hours.days[i] = {0, 0};
    if (!reader.has(days[i])) continue;
    std::string text;
    reader.read(days[i], text);
    const auto dash = std::min(text.find('-'), text.size());
    const int from = parse_clock(std::string_view{text}.substr(0, dash));
    const int to = dash == text.size() ? -1 : parse_clock(std::string_view{text}.substr(dash + 1));
    if (from < 0 || to <= from)
      reader.complain(days[i],
                      fmt::format("'{}' is not a span of hours like \"09:00-17:00\"", text));
    hours.days[i] = {from, to};
  }
  inbox.business_hours = hours;
}

void read_inbox(const TableReader& file, InboxRules& inbox, Complaints& complaints) {
  const auto* table = file.table_at("inbox");
  if (table == nullptr) return;
  const TableReader reader{
      *table, "[inbox]", {"horizon", "sla", "urgent", "business_hours"}, complaints};
  reader.read("horizon", inbox.horizon);
  if (inbox.horizon < seconds{900}) reader.complain("horizon", "'horizon' must be at least 15m");
  reader.read("urgent", inbox.urgent);
  std::vector<std::string> sla;
  reader.read("sla", sla);
  if (reader.has("sla") && sla.size() != inbox.sla.size())
    reader.complain("sla", "'sla' needs three durations, for priority 1, 2 and 3");
  for (std::size_t i = 0; i < std::min(sla.size(), inbox.sla.size()); ++i) {
    if (const auto duration = parse_duration(sla[i]))
      inbox.sla[i] = *duration;
    else
      reader.complain("sla", fmt::format("'{}' is not a duration like 30m, 4h or 7d", sla[i]));
  }
  if (const auto* hours = reader.table_at("business_hours"))
    read_business_hours(*hours, inbox, complaints);
}

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
    check_query(reader, objective.query);
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

const SourceType* read_source_type(const toml::table& table, SourceConfig& source,
                                   Complaints& complaints) {
  const auto* node = table.get("type");
  if (node == nullptr) return complaints.add(table, "[[source]] needs a 'type'"), nullptr;
  source.type = node->value_exact<std::string>().value_or("");
  const auto* type = find_source_type(source.type);
  if (type != nullptr) return type;
  std::vector<std::string_view> names;
  for (const auto& each : source_types()) names.push_back(each.name);
  const auto hint = did_you_mean(source.type, names);
  complaints.add(*node,
                 fmt::format("unknown source '{}'{}", source.type,
                             hint.empty() ? "; `earshot sources --types` lists them" : hint));
  return nullptr;
}

void read_archive(const TableReader& reader, const std::string& config, SourceConfig& source) {
  reader.require("path", source.path);
  if (source.path != "-") source.path = beside(config, source.path);
  source.mapping = default_mapping();
  std::string path;
  reader.read("mapping", path);
  if (path.empty()) return;
  auto file = load_mapping(beside(config, path));
  if (!file) return reader.complain("mapping", file.error().message);
  if (!file->format.empty() && file->format != source.type)
    return reader.complain("mapping", fmt::format("'{}' is a mapping for {}, but the source is {}",
                                                  path, file->format, source.type));
  source.mapping = std::move(file->mapping);
}

/// A source that is polled: an address, or a file that something else keeps up to date.
void read_polled(const TableReader& reader, const std::string& config, SourceConfig& source,
                 Complaints& complaints) {
  reader.read("url", source.url);
  reader.read("path", source.path);
  if (source.url.empty() == source.path.empty())
    reader.complain("type", "[[source]] needs a 'url', or a 'path' to a saved document");
  if (!source.path.empty()) source.path = beside(config, source.path);
  if (!source.url.empty() && !source.url.starts_with("http://") &&
      !source.url.starts_with("https://"))
    reader.complain(
        "url",
        fmt::format("'{}' is not an address that starts with https:// or http://", source.url));
  reader.read("interval", source.interval);
  if (source.interval < std::chrono::minutes{5})
    reader.complain("interval", "'interval' must be at least 5m");
  const auto* headers = reader.table_at("headers");
  if (headers == nullptr) return;
  for (const auto& [key, node] : *headers) {
    const auto value = node.value_exact<std::string>();
    if (!value) complaints.add(node, fmt::format("'{}' in headers: expected a string", key.str()));
    source.headers.emplace_back(key.str(), value.value_or(""));
  }
}

SourceConfig read_source(const toml::table& table, const std::string& config,
                         Complaints& complaints) {
  SourceConfig source;
  const auto* type = read_source_type(table, source, complaints);
  if (type == nullptr) return source;
  const TableReader reader =
      type->archive
          ? TableReader{table,
                        "[[source]]",
                        {"name", "type", "path", "mapping", "network", "channel", "filtered"},
                        complaints}
          : TableReader{table,
                        "[[source]]",
                        {"name", "type", "url", "path", "interval", "network", "channel",
                         "filtered", "headers"},
                        complaints};
  reader.require("name", source.name);
  reader.read("network", source.network);
  reader.read("channel", source.channel);
  reader.read("filtered", source.filtered);
  if (type->archive)
    read_archive(reader, config, source);
  else
    read_polled(reader, config, source, complaints);
  return source;
}

void read_sources(const TableReader& file, Config& config, Complaints& complaints) {
  std::set<std::string> names;
  for (const auto* table : file.tables_at("source")) {
    config.sources.push_back(read_source(*table, config.file, complaints));
    const auto& name = config.sources.back().name;
    if (!names.insert(name).second)
      complaints.add(*table, fmt::format("there are two sources named '{}'", name));
  }
}

void read_paths(const TableReader& file, Config& config, Complaints& complaints) {
  config.store_path = "earshot.store";
  if (const auto* table = file.table_at("store"))
    TableReader{*table, "[store]", {"path"}, complaints}.require("path", config.store_path);
  config.store_path = beside(config.file, config.store_path);
  if (const auto* table = file.table_at("model"))
    TableReader{*table, "[model]", {"sentiment"}, complaints}.read("sentiment", config.model_path);
  if (!config.model_path.empty()) config.model_path = beside(config.file, config.model_path);
}

}  // namespace

Result<Config> load_config(const std::string& path) {
  const auto bytes = read_text_file(path);
  if (!bytes) return bytes.error();
  return parse_config(*bytes, path);
}

Result<Config> parse_config(std::string_view bytes, const std::string& path) {
  const auto table = parse_toml(bytes, path);
  if (!table) return table.error();
  Config config;
  config.file = path;
  Complaints complaints{path};
  const TableReader file{*table,
                         "",
                         {"project", "store", "model", "brand", "competitor", "topic", "channel",
                          "inbox", "objective", "thresholds", "source"},
                         complaints};
  read_project(file, config.project, complaints);
  read_paths(file, config, complaints);
  read_parties(file, config.project, complaints);
  read_topics(file, config.project, complaints);
  read_inbox(file, config.project.inbox, complaints);
  read_objectives(file, config.project, complaints);
  read_thresholds(file, config.project, complaints);
  read_sources(file, config, complaints);
  if (complaints.first()) return *complaints.first();
  return config;
}

std::optional<std::string> find_config(const std::optional<std::string>& named,
                                       const Environment& environment) {
  if (named) return named;
  if (auto variable = environment("EARSHOT_CONFIG"); !variable.empty()) return variable;
  std::error_code ignored;
  if (std::filesystem::exists("earshot.toml", ignored)) return "earshot.toml";
  std::string folder = environment("XDG_CONFIG_HOME");
  if (folder.empty() && !environment("HOME").empty()) folder = environment("HOME") + "/.config";
  if (folder.empty()) return std::nullopt;
  std::string path = folder + "/earshot/earshot.toml";
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return path;
}

}  // namespace earshot
