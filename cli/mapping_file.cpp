#include "cli/mapping_file.hpp"

#include <fmt/format.h>

#include "cli/toml_reader.hpp"

namespace earshot {

namespace {

/// [columns] or [constants]: a text for each field of a post.
void read_fields(const TableReader& file, std::string_view key,
                 std::array<std::string, post_field_count>& into, Complaints& complaints) {
  using enum PostField;
  const auto* table = file.table_at(key);
  if (table == nullptr) return;
  const TableReader reader{
      *table,
      fmt::format("[{}]", key),
      {name_of(id), name_of(channel), name_of(author_id), name_of(author), name_of(followers),
       name_of(text), name_of(title), name_of(posted_at), name_of(edited_at), name_of(parent),
       name_of(root), name_of(likes), name_of(shares), name_of(replies), name_of(url),
       name_of(lang), name_of(place)},
      complaints};
  for (std::size_t i = 0; i < post_field_count; ++i)
    reader.read(name_of(static_cast<PostField>(i)), into[i]);
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
      {"format", "network", "date_format", "delimiter", "as_of", "columns", "constants"},
      complaints};

  MappingFile file;
  reader.read("format", file.format);
  if (reader.has("format") && file.format != "csv" && file.format != "jsonl")
    reader.complain("format", fmt::format("'format' must be csv or jsonl, not '{}'", file.format));
  reader.read("network", file.mapping.network);
  reader.read("date_format", file.mapping.date_format);
  reader.read("as_of", file.mapping.as_of);
  std::string delimiter{file.mapping.delimiter};
  reader.read("delimiter", delimiter);
  if (delimiter.size() != 1)
    reader.complain("delimiter", "'delimiter' must be one character, like \",\" or \"\\t\"");
  else
    file.mapping.delimiter = delimiter.front();
  read_fields(reader, "columns", file.mapping.columns, complaints);
  read_fields(reader, "constants", file.mapping.constants, complaints);
  if (complaints.first()) return *complaints.first();
  if (const auto checked = check_mapping(file.mapping); !checked)
    return Error{Error::Kind::config, fmt::format("{}: {}", path, checked.error().message)};
  return file;
}

}  // namespace earshot
