#include "cli/mapping_file.hpp"

#include <fmt/format.h>

#include "cli/toml_reader.hpp"

namespace earshot {

namespace {

/// A text, or a list of texts of which the first goes apart.
void read_first_and_others(const TableReader& reader, std::string_view key, std::string& first,
                           std::vector<std::string>& others) {
  const auto* node = reader.table().get(key);
  if (node == nullptr || !node->is_array()) return reader.read(key, first);
  reader.read(key, others);
  if (others.empty()) return reader.complain(key, fmt::format("'{}' is an empty list", key));
  first = std::move(others.front());
  others.erase(others.begin());
}

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < post_field_count; ++i)
    names.push_back(name_of(static_cast<PostField>(i)));
  return names;
}

/// [columns]: a column, or several in the order in which they are asked, for each field of a post.
void read_columns(const TableReader& file, Mapping& mapping, Complaints& complaints) {
  const auto* table = file.table_at("columns");
  if (table == nullptr) return;
  const TableReader reader{*table, "[columns]", field_names(), complaints};
  for (std::size_t i = 0; i < post_field_count; ++i)
    read_first_and_others(reader, name_of(static_cast<PostField>(i)), mapping.columns[i],
                          mapping.other_columns[i]);
}

/// [constants]: a text for each field of a post.
void read_constants(const TableReader& file, Mapping& mapping, Complaints& complaints) {
  const auto* table = file.table_at("constants");
  if (table == nullptr) return;
  const TableReader reader{*table, "[constants]", field_names(), complaints};
  for (std::size_t i = 0; i < post_field_count; ++i)
    reader.read(name_of(static_cast<PostField>(i)), mapping.constants[i]);
}

/// A key whose value is one character.
void read_character(const TableReader& reader, std::string_view key, std::string_view example,
                    char& into) {
  if (!reader.has(key)) return;
  std::string text{into};
  reader.read(key, text);
  if (text.size() != 1)
    reader.complain(key, fmt::format("'{}' must be one character, like {}", key, example));
  else
    into = text.front();
}

}  // namespace

Result<MappingFile> load_mapping(const std::string& path) {
  const auto bytes = read_text_file(path);
  if (!bytes) return bytes.error();
  return parse_mapping(*bytes, path);
}

Result<MappingFile> parse_mapping(std::string_view bytes, const std::string& path) {
  const auto table = parse_toml(bytes, path);
  if (!table) return table.error();
  Complaints complaints{path};
  const TableReader reader{
      *table,
      "",
      {"format", "network", "date_format", "delimiter", "thousands", "list", "lenient",
       "derived_ids", "byte_characters", "known_by", "as_of", "columns", "constants"},
      complaints};

  MappingFile file;
  Mapping& mapping = file.mapping;
  reader.read("format", file.format);
  if (reader.has("format") && file.format != "csv" && file.format != "jsonl" &&
      file.format != "json")
    reader.complain("format",
                    fmt::format("'format' must be csv, jsonl or json, not '{}'", file.format));
  reader.read("network", mapping.network);
  read_first_and_others(reader, "date_format", mapping.date_format, mapping.other_date_formats);
  read_character(reader, "delimiter", R"("," or "\t")", mapping.delimiter);
  read_character(reader, "thousands", R"("," or ".")", mapping.thousands);
  reader.read("list", mapping.list);
  reader.read("lenient", mapping.lenient);
  reader.read("derived_ids", mapping.derived_ids);
  reader.read("byte_characters", mapping.byte_characters);
  reader.read("known_by", file.known_by);
  reader.read("as_of", mapping.as_of);
  read_columns(reader, mapping, complaints);
  read_constants(reader, mapping, complaints);
  if (complaints.first()) return *complaints.first();
  if (const auto checked = check_mapping(file.mapping); !checked)
    return Error{Error::Kind::config, fmt::format("{}: {}", path, checked.error().message)};
  return file;
}

}  // namespace earshot
