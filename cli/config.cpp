#include "cli/config.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/query.hpp"
#include "cli/config_parts.hpp"

namespace earshot {

namespace {

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

std::string beside(const std::string& config, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{config}.parent_path();
  return (folder / path).lexically_normal().string();
}

void check_query(const TableReader& reader, std::string_view key, const std::string& query) {
  const auto compiled = QuerySet::compile({&query, 1});
  if (!compiled) reader.complain(key, fmt::format("'{}': {}", key, compiled.error().message));
}

void check_day(const TableReader& reader, std::string_view key, const std::string& day,
               const std::string& timezone) {
  const auto calendar = Calendar::create(timezone, 1);
  if (calendar && !calendar->day_begin(day))
    reader.complain(key, fmt::format("'{}' is not a day like 2026-08-01", day));
}

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
  const TableReader file{
      *table,
      "",
      {"project", "store", "model", "brand", "competitor", "topic", "channel", "inbox", "policy",
       "objective", "pilot", "thresholds", "checklist", "fetch", "source", "files"},
      complaints};
  read_project(file, config.project, complaints);
  read_paths(file, config, complaints);
  read_inbox(file, config.project.inbox, complaints);
  read_goals(file, config.project, complaints);
  read_governance(file, config.project, complaints);
  read_fetch(file, config, complaints);
  read_sources(file, config, complaints);
  read_files(file, config, complaints);
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
