#include "cli/csv_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/csv.hpp"
#include "store/base/suggest.hpp"
#include "store/base/text_arena.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto character = decode_utf8(text);
    if (character.code == Utf8Character::invalid) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

}  // namespace

Error CsvTable::error_at(std::size_t line, std::string_view message) const {
  return {Error::Kind::config, fmt::format("{}:{}: {}", path_, line, message)};
}

Error CsvTable::error(std::size_t row, std::string_view message) const {
  return error_at(lines_[row], message);
}

std::optional<Error> CsvTable::read_header(const std::vector<std::string_view>& header,
                                           std::size_t line,
                                           std::span<const std::string_view> columns) {
  for (const auto field : header) {
    const auto name = trimmed(field);
    const auto found = std::ranges::find(columns, name);
    if (found == columns.end()) {
      const auto hint = did_you_mean(name, columns);
      return error_at(line, fmt::format("unknown column '{:.60}'{}", name,
                                        hint.empty() ? fmt::format("; the columns are: {}",
                                                                   fmt::join(columns, ", "))
                                                     : hint));
    }
    const auto column = static_cast<std::size_t>(found - columns.begin());
    if (std::ranges::count(order_, column) > 0)
      return error_at(line, fmt::format("there are two columns '{}'", name));
    order_.push_back(column);
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (std::ranges::count(order_, i) == 0)
      return error_at(line, fmt::format("there is no column '{}'; the columns are: {}", columns[i],
                                        fmt::join(columns, ", ")));
  return std::nullopt;
}

std::optional<Error> CsvTable::read_row(const std::vector<std::string_view>& fields,
                                        std::size_t line) {
  if (fields.size() != width_)
    return error_at(line, fmt::format("a row of {} cells, where the first line names {} columns",
                                      fields.size(), width_));
  const auto begin = cells_.size();
  cells_.resize(begin + width_);
  for (std::size_t i = 0; i < width_; ++i) cells_[begin + order_[i]] = trimmed(fields[i]);
  lines_.push_back(line);
  return std::nullopt;
}

Result<CsvTable> CsvTable::parse(std::string_view bytes, const std::string& path,
                                 std::span<const std::string_view> columns) {
  CsvTable table{path, columns.size()};
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  TextArena unquoted;
  std::vector<std::string_view> fields;
  bool has_header = false;
  for (std::size_t line = 1; !bytes.empty();) {
    const auto record = find_csv_record(bytes, ',');
    const auto text = bytes.substr(0, record.size);
    bytes.remove_prefix(record.next);
    const auto begins = line;
    line += record.lines;
    if (record.open_quote)
      return table.error_at(begins, "a quote opens in this row and is never closed");
    if (!is_utf8(text))
      return table.error_at(begins,
                            "not UTF-8; convert the file first: iconv -f WINDOWS-1252 -t UTF-8");
    if (trimmed(text).empty()) continue;
    split_csv_record(text, ',', fields, unquoted);
    const auto wrong =
        has_header ? table.read_row(fields, begins) : table.read_header(fields, begins, columns);
    if (wrong) return *wrong;
    has_header = true;
  }
  if (!has_header)
    return table.error_at(
        1, fmt::format("empty; the first line names the columns: {}", fmt::join(columns, ", ")));
  return table;
}

}  // namespace earshot
