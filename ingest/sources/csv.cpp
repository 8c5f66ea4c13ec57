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

/// Why the first line is no header at all; nothing if it may be one.
std::optional<std::string_view> not_a_header(std::string_view line) {
  if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF") ||
      line.find('\0') != std::string_view::npos)
    return "not UTF-8 but UTF-16, or no text at all; convert it first: iconv -f UTF-16 -t UTF-8";
  if (!simdjson::validate_utf8(line))
    return "the first line is not UTF-8; convert the file first: iconv -f WINDOWS-1252 -t UTF-8";
  return {};
}

/// The default layout asks for nothing but what a post can't do without; a declared mapping means
/// what it says.
bool is_default_layout(const Mapping& mapping) {
  return mapping.columns == default_mapping().columns;
}

bool is_needed(PostField field) {
  return field == PostField::id || field == PostField::text || field == PostField::posted_at;
}

class CsvFormat final : public RecordFormat {
 public:
  explicit CsvFormat(const Mapping& mapping)
      : mapping_{mapping}, lenient_{is_default_layout(mapping)} {}

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    if (beginning.empty())
      return Error{Error::Kind::format,
                   path + ": empty; a CSV archive begins with a line of column names"};
    const Cut header = cut(beginning);
    const auto line = beginning.substr(0, header.size);
    if (const auto reason = not_a_header(line))
      return Error{Error::Kind::format, fmt::format("{}: {}", path, *reason)};
    std::vector<std::string_view> names;
    TextArena unquoted;
    split_csv_record(line, mapping_.delimiter, names, unquoted);
    for (auto& name : names) name = trim_spaces(name);
    column_count_ = names.size();
    columns_.clear();
    for (std::size_t i = 0; i < post_field_count; ++i) {
      const auto& wanted = mapping_.columns[i];
      if (wanted.empty()) continue;
      const auto found = std::ranges::find(names, wanted);
      if (std::ranges::count(names, wanted) > 1)
        return Error{Error::Kind::config,
                     fmt::format("{}: there are two columns '{}' (mapped to {}); rename one", path,
                                 wanted, name_of(static_cast<PostField>(i)))};
      if (found != names.end())
        columns_.push_back({i, static_cast<std::size_t>(found - names.begin())});
      else if (!lenient_ || is_needed(static_cast<PostField>(i)))
        return Error{Error::Kind::config,
                     fmt::format("{}: no column '{}' (mapped to {}); there are: {}", path, wanted,
                                 name_of(static_cast<PostField>(i)), listed(names))};
    }
    return header;
  }

  Cut cut(std::string_view text) const override {
    const auto record = find_csv_record(text, mapping_.delimiter);
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
      split_csv_record(bytes, mapping_.delimiter, fields, unquoted);
      if (auto reason = add(fields, writer)) out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  struct Column {
    std::size_t field;
    std::size_t index;
  };

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
      if (index < fields.size())
        values[field] = fields[index];
      else
        short_of_needed |= is_needed(static_cast<PostField>(field));
    }
    if (short_of_needed) return out_of_step();
    return writer.add(values);
  }

  Mapping mapping_;
  bool lenient_;
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
