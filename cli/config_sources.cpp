#include <array>
#include <set>

#include <fmt/format.h>

#include "cli/config_parts.hpp"
#include "cli/mapping_file.hpp"
#include "cli/user_files.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

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

}  // namespace

void read_sources(const TableReader& file, Config& config, Complaints& complaints) {
  std::set<std::string> names;
  for (const auto* table : file.tables_at("source")) {
    config.sources.push_back(read_source(*table, config.file, complaints));
    const auto& name = config.sources.back().name;
    if (!names.insert(name).second)
      complaints.add(*table, fmt::format("there are two sources named '{}'", name));
  }
}

void read_files(const TableReader& file, Config& config, Complaints& complaints) {
  static constexpr std::array<std::string_view, 9> names{"exposure", "traffic",    "cases",
                                                         "survey",   "followers",  "staff",
                                                         "spend",    "milestones", "places"};
  const auto* table = file.table_at("files");
  if (table == nullptr) return;
  const TableReader reader{*table, "[files]", names, complaints};
  for (const auto name : names) {
    if (!reader.has(name)) continue;
    std::string path;
    reader.require(name, path);
    config.files.emplace(name, beside(config.file, path));
  }
  const auto places = config.files.extract("places");
  if (places.empty() || complaints.first()) return;
  auto rules = load_places(places.mapped());
  if (!rules) return reader.complain("places", rules.error().message);
  config.project.places = *std::move(rules);
}

}  // namespace earshot
