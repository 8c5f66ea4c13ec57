#include "cli/user_files.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "analyze/places.hpp"
#include "cli/csv_table.hpp"
#include "cli/toml_reader.hpp"
#include "ingest/date_text.hpp"

namespace earshot {

namespace {

using Columns = std::span<const std::string_view>;

/// One row, read cell by cell. The first thing wrong counts.
class RowReader {
 public:
  RowReader(const CsvTable& table, Columns columns, const Calendar& calendar)
      : table_{table}, columns_{columns}, calendar_{calendar} {}

  void go_to(std::size_t row) { row_ = row; }
  const std::optional<Error>& error() const { return error_; }

  void read(std::string_view column, std::string& into) { into = cell(column); }

  void require(std::string_view column, std::string& into) {
    read(column, into);
    if (into.empty()) complain(fmt::format("'{}' is empty", column));
  }

  void read(std::string_view column, std::optional<double>& into) {
    const auto text = cell(column);
    if (text.empty()) return;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
      return complain(column, text, "is not a number like 1234.5");
    into = number;
  }

  /// Of things, that can't be fewer than none.
  void read_count(std::string_view column, std::optional<double>& into) {
    read(column, into);
    if (into && *into < 0) complain(column, cell(column), "is below 0");
  }

  void read(std::string_view column, std::optional<bool>& into) {
    const auto text = cell(column);
    if (text.empty()) return;
    const bool yes = text == "yes" || text == "true" || text == "1";
    if (!yes && text != "no" && text != "false" && text != "0")
      return complain(column, text, "is neither yes nor no");
    into = yes;
  }

  void read_day(std::string_view column, std::optional<Instant>& into) {
    const auto text = cell(column);
    if (text.empty()) return;
    into = calendar_.day_begin(text);
    if (!into) complain(column, text, "is not a day like 2026-08-01");
  }

  void require_day(std::string_view column, Instant& into) {
    std::optional<Instant> day;
    read_day(column, day);
    if (cell(column).empty()) complain(fmt::format("'{}' is empty", column));
    into = day.value_or(into);
  }

  void read_time(std::string_view column, std::optional<Instant>& into) {
    const auto text = cell(column);
    if (text.empty()) return;
    into = calendar_.day_begin(text);
    if (!into) into = parse_rfc3339(text);
    if (!into)
      complain(column, text,
               "is neither a day like 2026-08-01 nor a time like 2026-08-01T09:30:00Z");
  }

  void complain(std::string_view message) {
    if (!error_) error_ = table_.error(row_, message);
  }

 private:
  std::string_view cell(std::string_view column) const {
    const auto found = std::ranges::find(columns_, column);
    assert(found != columns_.end());
    return table_.cell(row_, static_cast<std::size_t>(found - columns_.begin()));
  }

  void complain(std::string_view column, std::string_view text, std::string_view what) {
    complain(fmt::format("'{}': '{:.60}' {}", column, text, what));
  }

  const CsvTable& table_;
  Columns columns_;
  const Calendar& calendar_;
  std::size_t row_ = 0;
  std::optional<Error> error_;
};

void read_row(RowReader& reader, ExposureRow& row) {
  reader.require_day("date", row.day);
  reader.read("channel", row.channel);
  reader.read("account", row.account);
  reader.read_count("views", row.views);
}

void read_row(RowReader& reader, TrafficRow& row) {
  reader.require_day("date", row.day);
  reader.read("source", row.source);
  reader.read_count("visits", row.visits);
  reader.read_count("conversions", row.conversions);
  reader.read("value", row.value);
}

void read_row(RowReader& reader, CaseRow& row) {
  reader.read("post_url", row.post_url);
  reader.read_time("opened", row.opened);
  reader.read_time("resolved", row.resolved);
  reader.read("satisfied", row.satisfied);
  if (row.opened && row.resolved && *row.resolved < *row.opened)
    reader.complain("'resolved' is before 'opened'");
}

void read_row(RowReader& reader, SurveyRow& row) {
  reader.require_day("date", row.day);
  reader.read("kind", row.kind);
  reader.read("score", row.score);
}

void read_row(RowReader& reader, FollowersRow& row) {
  reader.require_day("date", row.day);
  reader.read("account", row.account);
  reader.read_count("count", row.count);
}

void read_row(RowReader& reader, StaffRow& row) {
  reader.require("handle", row.handle);
  reader.read("department", row.department);
  std::optional<bool> trained;
  reader.read("trained", trained);
  row.trained = trained.value_or(false);
  reader.read_day("from", row.from);
}

void read_row(RowReader& reader, SpendRow& row) {
  reader.require_day("date", row.day);
  reader.read("item", row.item);
  reader.read("cost", row.cost);
  reader.read_count("hours", row.hours);
}

void read_row(RowReader& reader, MilestoneRow& row) {
  reader.require_day("date", row.day);
  reader.read("kind", row.kind);
  reader.read("note", row.note);
}

/// A table of [files]: its name, its columns, and where its rows go.
struct UserTable {
  std::string_view name;
  std::array<std::string_view, 5> column_names;  ///< The last ones may be empty.
  Result<Done> (*read)(const CsvTable& table, Columns columns, const Calendar& calendar,
                       UserFiles& files);

  Columns columns() const {
    const auto end = std::ranges::find(column_names, std::string_view{});
    return {column_names.begin(), end};
  }
};

/// All rows of a table into the member of `UserFiles` for it.
template <auto member>
Result<Done> read_rows(const CsvTable& table, Columns columns, const Calendar& calendar,
                       UserFiles& files) {
  auto& rows = (files.*member).emplace();
  RowReader reader{table, columns, calendar};
  for (std::size_t i = 0; i < table.size() && !reader.error(); ++i) {
    reader.go_to(i);
    read_row(reader, rows.emplace_back());
  }
  if (reader.error()) return *reader.error();
  return Done{};
}

constexpr std::array<UserTable, 8> tables{{
    {"exposure", {"date", "channel", "account", "views"}, read_rows<&UserFiles::exposure>},
    {"traffic",
     {"date", "source", "visits", "conversions", "value"},
     read_rows<&UserFiles::traffic>},
    {"cases", {"post_url", "opened", "resolved", "satisfied"}, read_rows<&UserFiles::cases>},
    {"survey", {"date", "kind", "score"}, read_rows<&UserFiles::survey>},
    {"followers", {"date", "account", "count"}, read_rows<&UserFiles::followers>},
    {"staff", {"handle", "department", "trained", "from"}, read_rows<&UserFiles::staff>},
    {"spend", {"date", "item", "cost", "hours"}, read_rows<&UserFiles::spend>},
    {"milestones", {"date", "kind", "note"}, read_rows<&UserFiles::milestones>},
}};

}  // namespace

Result<Done> parse_user_file(std::string_view name, std::string_view bytes, const std::string& path,
                             const Calendar& calendar, UserFiles& files) {
  const auto found = std::ranges::find(tables, name, &UserTable::name);
  assert(found != tables.end());
  const auto table = CsvTable::parse(bytes, path, found->columns());
  if (!table) return table.error();
  return found->read(*table, found->columns(), calendar, files);
}

Result<UserFiles> load_user_files(const UserFilePaths& paths, const Calendar& calendar) {
  UserFiles files;
  for (const auto& [name, path] : paths) {
    const auto bytes = read_text_file(path);
    if (!bytes) return bytes.error();
    const auto read = parse_user_file(name, *bytes, path, calendar, files);
    if (!read) return read.error();
  }
  return files;
}

Result<std::vector<PlaceRule>> load_places(const std::string& path) {
  const auto bytes = read_text_file(path);
  if (!bytes) return bytes.error();
  return parse_places(*bytes, path);
}

Result<std::vector<PlaceRule>> parse_places(std::string_view bytes, const std::string& path) {
  static constexpr std::string_view columns[] = {"pattern", "region"};
  const auto table = CsvTable::parse(bytes, path, columns);
  if (!table) return table.error();
  std::vector<PlaceRule> places;
  for (std::size_t i = 0; i < table->size(); ++i) {
    const PlaceRule rule{std::string{table->cell(i, 0)}, std::string{table->cell(i, 1)}};
    if (rule.pattern.empty()) return table->error(i, "'pattern' is empty");
    if (rule.region.empty()) return table->error(i, "'region' is empty");
    if (const auto checked = PlaceTable::check(rule.pattern); !checked)
      return table->error(i, fmt::format("'{}': {}", rule.pattern, checked.error().message));
    places.push_back(rule);
  }
  return places;
}

}  // namespace earshot
