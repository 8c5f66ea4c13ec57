#include <array>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/config_parts.hpp"
#include "cli/ready_mappings.hpp"
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
  auto file = find_mapping(beside(config, path), path);
  if (!file) return reader.complain("mapping", file.error().message);
  if (!file->format.empty() && file->format != source.type)
    return reader.complain("mapping", fmt::format("'{}' is a mapping for {}, but the source is {}",
                                                  path, file->format, source.type));
  source.mapping = std::move(file->mapping);
}

/// Where a type is asked if the config does not say it.
std::string_view default_url(const SourceDetails& details, const SourceConfig& source) {
  for (const auto& option : details.options)
    if (!option.url.empty() && source.options.contains(option.name)) return option.url;
  return details.url;
}

void read_address(const TableReader& reader, const SourceDetails& details,
                  const std::string& config, SourceConfig& source) {
  reader.read("url", source.url);
  if (details.reads_saved) reader.read("path", source.path);
  if (source.url.empty() && source.path.empty()) source.url = default_url(details, source);
  if (source.url.empty() == source.path.empty())
    reader.complain("type", details.reads_saved
                                ? "[[source]] needs a 'url', or a 'path' to a saved document"
                                : "[[source]] needs a 'url'");
  if (!source.path.empty()) source.path = beside(config, source.path);
  if (!source.url.empty() && !source.url.starts_with("http://") &&
      !source.url.starts_with("https://"))
    reader.complain(
        "url",
        fmt::format("'{}' is not an address that starts with https:// or http://", source.url));
}

/// A source that is polled: an address, or a file that something else keeps up to date.
void read_polled(const TableReader& reader, const SourceDetails& details, const std::string& config,
                 SourceConfig& source, Complaints& complaints) {
  read_address(reader, details, config, source);
  reader.read("interval", source.interval);
  if (source.interval < std::chrono::minutes{5})
    reader.complain("interval", "'interval' must be at least 5m");
  reader.read("proxy", source.proxy);
  check_proxy(reader, source.proxy);
  const auto* headers = reader.table_at("headers");
  if (headers == nullptr) return;
  for (const auto& [key, node] : *headers) {
    const auto value = node.value_exact<std::string>();
    if (!value) complaints.add(node, fmt::format("'{}' in headers: expected a string", key.str()));
    source.headers.emplace_back(key.str(), value.value_or(""));
  }
}

void read_options(const TableReader& reader, std::span<const SourceOption> options,
                  SourceConfig& source) {
  for (const auto& option : options) {
    std::string text;
    if (option.needed) {
      reader.require(option.name, text);
    } else if (!option.value.empty()) {
      reader.read(option.name, text);
    } else if (reader.has(option.name)) {
      bool on = false;
      reader.read(option.name, on);
      text = on ? "true" : "";
    }
    if (!text.empty()) source.options.emplace(option.name, std::move(text));
  }
}

struct TokenKey {
  std::string_view name;
  TokenPlace::Kind kind;
};
constexpr std::array<TokenKey, 3> token_keys{{{"token_env", TokenPlace::Kind::environment},
                                              {"token_file", TokenPlace::Kind::file},
                                              {"token_cmd", TokenPlace::Kind::command}}};

void read_token_place(const TableReader& reader, TokenUse use, const std::string& config,
                      SourceConfig& source) {
  for (const auto& [name, kind] : token_keys) {
    if (!reader.has(name)) continue;
    if (source.token.kind != TokenPlace::Kind::none)
      return reader.complain(name, "a source has one token: keep only one of the 'token_' keys");
    source.token.kind = kind;
    reader.require(name, source.token.where);
    if (kind == TokenPlace::Kind::file) source.token.where = beside(config, source.token.where);
  }
  if (use == TokenUse::needed && source.token.kind == TokenPlace::Kind::none)
    reader.complain("type", fmt::format("{} needs a token; name where it is kept with token_env, "
                                        "token_file or token_cmd",
                                        source.type));
}

/// The keys that a `[[source]]` of this type can have.
std::vector<std::string_view> known_keys(const SourceType& type) {
  std::vector<std::string_view> keys{"name", "type"};
  if (type.archive || type.details.reads_saved) keys.push_back("path");
  if (type.details.mapped) keys.push_back("mapping");
  if (!type.archive) keys.insert(keys.end(), {"url", "interval", "headers", "proxy"});
  keys.insert(keys.end(), {"network", "channel", "filtered"});
  for (const auto& option : type.details.options) keys.push_back(option.name);
  if (type.details.token != TokenUse::none)
    for (const auto& key : token_keys) keys.push_back(key.name);
  return keys;
}

SourceConfig read_source(const toml::table& table, const std::string& config,
                         Complaints& complaints) {
  SourceConfig source;
  const auto* type = read_source_type(table, source, complaints);
  if (type == nullptr) return source;
  const auto known = known_keys(*type);
  const TableReader reader{table, "[[source]]", known, complaints};
  reader.require("name", source.name);
  reader.read("network", source.network);
  reader.read("channel", source.channel);
  reader.read("filtered", source.filtered);
  read_options(reader, type->details.options, source);
  if (type->archive)
    read_archive(reader, config, source);
  else
    read_polled(reader, type->details, config, source, complaints);
  read_token_place(reader, type->details.token, config, source);
  if (type->details.options.empty() || complaints.first()) return source;
  // What the options mean together only the type itself knows.
  if (const auto made = type->make(source); !made) reader.complain("type", made.error().message);
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
