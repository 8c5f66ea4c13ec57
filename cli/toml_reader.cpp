#include "cli/toml_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/duration.hpp"
#include "store/base/file.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

Error config_error(std::string message) {
  return {Error::Kind::config, std::move(message)};
}

/// " in [brand]", or nothing at the top of the file.
std::string in(std::string_view place) {
  return place.empty() ? std::string{} : fmt::format(" in {}", place);
}

/// toml++ begins its sentences with a capital.
std::string lower_case_start(std::string_view sentence) {
  std::string text{sentence};
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

}  // namespace

Result<std::string> read_text_file(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return config_error(bytes.error().message);
  return bytes;
}

Result<toml::table> parse_toml(std::string_view bytes, const std::string& path) {
  try {
    return toml::parse(bytes, path);
  } catch (const toml::parse_error& error) {
    return config_error(fmt::format("{}:{}: {}", path, error.source().begin.line,
                                    lower_case_start(error.description())));
  }
}

void Complaints::add(const toml::node& where, std::string_view message) {
  add(where.source(), message);
}

void Complaints::add(const toml::source_region& where, std::string_view message) {
  if (first_) return;
  first_ = where.begin.line > 0
               ? config_error(fmt::format("{}:{}: {}", file_, where.begin.line, message))
               : config_error(fmt::format("{}: {}", file_, message));
}

TableReader::TableReader(const toml::table& table, std::string_view place,
                         std::span<const std::string_view> known, Complaints& complaints)
    : table_{table}, place_{place}, complaints_{complaints} {
  // In the order of the file, so that the first one written is the one that is named.
  const toml::key* first = nullptr;
  for (const auto& [key, node] : table)
    if (std::ranges::find(known, key.str()) == known.end() &&
        (first == nullptr || key.source().begin < first->source().begin))
      first = &key;
  if (first == nullptr) return;
  complaints_.add(first->source(), fmt::format("unknown key '{}'{}{}", first->str(), in(place_),
                                               did_you_mean(first->str(), known)));
}

const toml::node* TableReader::find(std::string_view key) const {
  return table_.get(key);
}

void TableReader::expected(const toml::node& node, std::string_view key,
                           std::string_view type) const {
  complaints_.add(node, fmt::format("'{}'{}: expected {}", key, in(place_), type));
}

void TableReader::complain(std::string_view key, std::string_view message) const {
  const auto* node = find(key);
  complaints_.add(node == nullptr ? static_cast<const toml::node&>(table_) : *node, message);
}

void TableReader::read(std::string_view key, std::string& into) const {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<std::string>())
    into = *value;
  else
    expected(*node, key, "a string");
}

void TableReader::read(std::string_view key, bool& into) const {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<bool>())
    into = *value;
  else
    expected(*node, key, "true or false");
}

void TableReader::read(std::string_view key, double& into) const {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (node->is_number())
    into = *node->value<double>();
  else
    expected(*node, key, "a number");
}

void TableReader::read(std::string_view key, std::uint64_t& into) const {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= 0)
    into = static_cast<std::uint64_t>(*value);
  else
    expected(*node, key, "a whole number from 0 up");
}

void TableReader::read(std::string_view key, std::chrono::seconds& into) const {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto text = node->value_exact<std::string>();
  if (!text) return expected(*node, key, "a duration in quotes, like \"30m\", \"4h\" or \"7d\"");
  if (const auto duration = parse_duration(*text))
    into = *duration;
  else
    complaints_.add(*node, fmt::format("'{}' is not a duration like 30m, 4h or 7d", *text));
}

void TableReader::read(std::string_view key, std::vector<std::string>& into) const {
  const auto* array = array_at(key);
  if (array == nullptr) return;
  into.clear();
  for (const auto& node : *array) {
    const auto text = node.value_exact<std::string>();
    if (!text) return expected(node, key, "a list of strings");
    into.push_back(*text);
  }
}

void TableReader::require(std::string_view key, std::string& into) const {
  read(key, into);
  if (!has(key)) return complain(key, fmt::format("{} needs a '{}'", place_, key));
  if (into.empty()) complain(key, fmt::format("'{}'{} is empty", key, in(place_)));
}

const toml::table* TableReader::table_at(std::string_view key) const {
  const auto* node = find(key);
  if (node != nullptr && !node->is_table()) expected(*node, key, "a table");
  return node == nullptr ? nullptr : node->as_table();
}

const toml::array* TableReader::array_at(std::string_view key) const {
  const auto* node = find(key);
  if (node != nullptr && !node->is_array()) expected(*node, key, "a list");
  return node == nullptr ? nullptr : node->as_array();
}

std::vector<const toml::table*> TableReader::tables_at(std::string_view key) const {
  const auto* node = find(key);
  if (node == nullptr) return {};
  std::vector<const toml::table*> tables;
  if (const auto* array = node->as_array())
    for (const auto& element : *array) tables.push_back(element.as_table());
  if (!node->is_array() || std::ranges::find(tables, nullptr) != tables.end()) {
    expected(*node, key, fmt::format("[[{}]] tables", key));
    return {};
  }
  return tables;
}

}  // namespace earshot
