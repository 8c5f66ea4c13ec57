#include "ingest/csv.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "ingest/archive.hpp"

namespace earshot {

namespace {

std::string_view trim_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The names of a header for a message: as many as a person reads.
std::string listed(std::span<const std::string_view> names) {
  constexpr std::size_t longest_list = 400;
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (text.size() + names[i].size() > longest_list)
      return fmt::format("{}... ({} in all)", text, names.size());
    if (i > 0) text += ", ";
    text += names[i];
  }
  return text;
}

/// Why these bytes are no line of a CSV file at all; nothing if they may be one.
std::optional<std::string_view> not_text(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) return "no text, or text in an unknown encoding";
  if (!simdjson::validate_utf8(line))
    return "the first line is not UTF-8; convert the file first: iconv -f WINDOWS-1252 -t UTF-8";
  return {};
}

/// The default layout asks for nothing but what a post can't do without; a declared mapping means
/// what it says.
bool is_default_layout(const Mapping& mapping) {
  return mapping.columns == default_mapping().columns;
}

/// The line of column names. Exports may have lines about themselves above it.
struct Header {
  RecordFormat::Cut cut;
  char delimiter = ',';
  TextArena unquoted;
  std::vector<std::string_view> names;

  /// The record at the front of a text as a header, made with that delimiter.
  static Header of(std::string_view text, char delimiter) {
    const auto record = find_csv_record(text, delimiter);
    Header header;
    header.cut = {.size = record.size,
                  .next = record.next,
                  .lines = record.lines,
                  .complete = record.complete};
    header.delimiter = delimiter;
    split_csv_record(text.substr(0, record.size), delimiter, header.names, header.unquoted);
    for (auto& name : header.names) name = trim_spaces(name);
    return header;
  }

  bool has(std::string_view name) const { return std::ranges::find(names, name) != names.end(); }
};

class CsvFormat final : public RecordFormat {
 public:
  explicit CsvFormat(const Mapping& mapping)
      : mapping_{mapping}, lenient_{mapping.lenient || is_default_layout(mapping)} {}

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    if (beginning.empty())
      return Error{Error::Kind::format,
                   path + ": empty; a CSV archive begins with a line of column names"};
    const Header header = find_header(beginning);
    if (const auto reason = not_text(beginning.substr(0, header.cut.next)))
      return Error{Error::Kind::format, fmt::format("{}: {}", path, *reason)};
    delimiter_ = header.delimiter;
    column_count_ = header.names.size();
    columns_.clear();
    for (std::size_t i = 0; i < post_field_count; ++i)
      if (auto mapped = map_field(static_cast<PostField>(i), header, path); !mapped)
        return mapped.error();
    return header.cut;
  }

  Cut cut(std::string_view text) const override {
    const auto record = find_csv_record(text, delimiter_);
    return {.size = record.size,
            .next = record.next,
            .lines = record.lines,
            .complete = record.complete,
            .unclosed = record.open_quote ? "a quote that is never closed" : nullptr};
  }

  void read(std::string_view text, std::span<const Record> records, PostWriter& writer,
            ReadRecords& out) const override {
    if (records.empty()) return;
    const auto& last = records.back();
    const bool all_valid = simdjson::validate_utf8(
        text.substr(records.front().begin, last.begin + last.size - records.front().begin));
    std::vector<std::string_view> fields;
    TextArena unquoted;
    for (const auto& record : records) {
      const auto bytes = text.substr(record.begin, record.size);
      if (!all_valid && !simdjson::validate_utf8(bytes)) {
        out.refuse(record.line, "not UTF-8");
        continue;
      }
      unquoted.clear();
      split_csv_record(bytes, delimiter_, fields, unquoted);
      if (auto reason = add(fields, writer)) out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  struct Column {
    std::size_t field;
    std::size_t index;
  };

  /// The first of the lines at the top that names what a post needs, with the delimiter by which it
  /// does; else the first line.
  Header find_header(std::string_view beginning) const {
    constexpr int lines_looked_at = 50;
    beginning = beginning.substr(0, 1U << 20U);
    const std::string_view delimiters = mapping_.delimiter == '\0'
                                            ? std::string_view{",;\t|"}
                                            : std::string_view{&mapping_.delimiter, 1};
    Header first = Header::of(beginning, delimiters.front());
    std::size_t begin = 0;
    for (int line = 0; line < lines_looked_at && begin < beginning.size(); ++line) {
      for (const char delimiter : delimiters) {
        Header header = Header::of(beginning.substr(begin), delimiter);
        if (line == 0 && header.names.size() > first.names.size())
          first = Header::of(beginning, delimiter);
        if (!names_what_is_needed(header)) continue;
        header.cut.next += begin;
        header.cut.lines += static_cast<std::size_t>(line);
        return header;
      }
      const auto line_end = beginning.find('\n', begin);
      begin = line_end == std::string_view::npos ? beginning.size() : line_end + 1;
    }
    return first;
  }

  bool names_what_is_needed(const Header& header) const {
    for (std::size_t i = 0; i < post_field_count; ++i) {
      if (!is_needed(static_cast<PostField>(i), mapping_)) continue;
      if (!header.has(mapping_.columns[i]) &&
          std::ranges::none_of(mapping_.other_columns[i],
                               [&](const auto& other) { return header.has(other); }))
        return false;
    }
    return true;
  }

  /// Notes which columns of the header fill a field, in the order in which they are asked.
  Result<Done> map_field(PostField field, const Header& header, const std::string& path) {
    const auto i = static_cast<std::size_t>(field);
    const auto& wanted = mapping_.columns[i];
    if (wanted.empty()) return Done{};
    const auto before = columns_.size();
    if (auto added = add_column(field, wanted, header, path); !added) return added;
    for (const auto& other : mapping_.other_columns[i])
      if (auto added = add_column(field, other, header, path); !added) return added;
    if (columns_.size() > before || (lenient_ && !is_needed(field, mapping_))) return Done{};
    return Error{Error::Kind::config,
                 fmt::format("{}: no column '{}' (mapped to {}); there are: {}", path, wanted,
                             name_of(field), listed(header.names))};
  }

  Result<Done> add_column(PostField field, std::string_view name, const Header& header,
                          const std::string& path) {
    const auto found = std::ranges::find(header.names, name);
    if (found == header.names.end()) return Done{};
    if (std::ranges::count(header.names, name) > 1)
      return Error{Error::Kind::config,
                   fmt::format("{}: there are two columns '{}' (mapped to {}); rename one", path,
                               name, name_of(field))};
    columns_.push_back(
        {static_cast<std::size_t>(field), static_cast<std::size_t>(found - header.names.begin())});
    return Done{};
  }

  /// Fields that are missing at the end are empty, and empty ones that are too many are nothing;
  /// all else is out of step.
  std::optional<std::string> add(std::span<const std::string_view> fields,
                                 PostWriter& writer) const {
    const auto out_of_step = [&] {
      return fmt::format("{} fields where the header has {}", fields.size(), column_count_);
    };
    for (std::size_t i = column_count_; i < fields.size(); ++i)
      if (!fields[i].empty()) return out_of_step();
    FieldValues values{};
    bool short_of_needed = false;
    for (const auto [field, index] : columns_) {
      const bool asked = !values[field].empty();
      if (asked && !says_nothing(static_cast<PostField>(field), values[field])) continue;
      if (index < fields.size())
        values[field] = asked && trim_spaces(fields[index]).empty() ? values[field] : fields[index];
      else
        short_of_needed |= is_needed(static_cast<PostField>(field), mapping_);
    }
    if (short_of_needed) return out_of_step();
    return writer.add(values);
  }

  Mapping mapping_;
  bool lenient_;
  char delimiter_ = ',';
  std::size_t column_count_ = 0;
  std::vector<Column> columns_;
};

Result<std::unique_ptr<Source>> make_csv(const SourceConfig& config) {
  return make_archive(config, std::make_unique<CsvFormat>(config.mapping));
}

}  // namespace

SourceDetails describe_csv() {
  return {.mapped = true, .make = make_csv};
}

}  // namespace earshot
