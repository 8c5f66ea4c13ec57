#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/analyze/formats_report.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

using Table = std::vector<std::vector<std::string>>;

/// RFC 4180, as strictly as the renderer writes it.
Table parsed(const std::string& text) {
  Table table{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto& field = table.back().back();
    if (text[i] == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (quoted) {
      field += text[i];
    } else if (text[i] == ',') {
      table.back().emplace_back();
    } else if (text[i] == '\r') {
      REQUIRE(text[++i] == '\n');
      table.push_back({""});
    } else {
      field += text[i];
    }
  }
  REQUIRE(table.back() == std::vector<std::string>{""});  // the last line ends, too
  table.pop_back();
  return table;
}

Table rendered(const Report& report, bool raw = false) {
  auto text = render_report(report, "csv", {.raw_csv = raw});
  REQUIRE(text);
  return parsed(*text);
}

/// The fields of a column in the lines of one kind.
std::vector<std::string> column(const Table& table, const std::string& kind,
                                const std::string& name) {
  const auto at = std::ranges::find(table[0], name) - table[0].begin();
  REQUIRE(static_cast<std::size_t>(at) < table[0].size());
  std::vector<std::string> fields;
  for (const auto& row : table)
    if (row[0] == kind) fields.push_back(row[static_cast<std::size_t>(at)]);
  return fields;
}

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("csv report: every line has every column") {
  const auto table = rendered(formats_report());
  CHECK(table.size() > 200);  // of which the heat map has 168
  for (const auto& row : table) CHECK(row.size() == table[0].size());
}

TEST_CASE("csv report: a figure is its digits, with sign and decimals as they are") {
  const auto table = rendered(formats_report());
  CHECK(column(table, "metric", "value") == Fields{"34.1", "1204", "11520", "-33.3", ""});
  CHECK(column(table, "metric", "difference") == Fields{"-12.5", "", "", "", ""});
  CHECK(column(table, "metric", "difference_low") == Fields{"-16.7", "", "", "", ""});
  CHECK(column(table, "metric", "high") == Fields{"37.1", "", "", "", ""});
  CHECK(column(table, "metric", "low") == Fields{"31.2", "", "7200", "", ""});
  CHECK(column(table, "metric", "view") ==
        Fields{"planning", "planning", "cisco_care", "", "cisco_care"});
  CHECK(column(table, "metric", "not_measurable").back() == "no exposure file");
  CHECK(column(table, "part", "more_than") == Fields{"604800"});
  CHECK(column(table, "breakdown", "shown") == Fields{"65.9 %", "3 of 8"});
  CHECK(column(table, "cell", "value") == Fields{"", "76.9", "-3.1", "", "", ""});
}

TEST_CASE("csv report: series keep their gaps") {
  const auto table = rendered(formats_report());
  CHECK(column(table, "point", "at") == Fields{"2026-08-01", "2026-08-02", "2026-08-03"});
  CHECK(column(table, "point", "value") == Fields{"5", "", "17"});
  CHECK(column(table, "mood", "value") ==
        Fields{"4", "2", "6", "-16.7", "", "", "", "", "3", "0", "0", ""});
  CHECK(column(table, "wait", "at") == Fields{"0", "3600", "86400"});
}

TEST_CASE("csv report: formulas are disarmed in columns of text, kept with raw_csv") {
  const auto guarded = rendered(formats_report());
  const auto raw = rendered(formats_report(), true);
  CHECK(column(guarded, "post", "text")[1] == "'" + std::string{formula_text});
  CHECK(column(raw, "post", "text")[1] == formula_text);
  CHECK(column(guarded, "post", "author")[0] == "'@ann");
  CHECK(column(raw, "post", "author")[0] == "@ann");
  CHECK(column(guarded, "metric", "shown")[3] == "'-33.3 points");
  CHECK(column(guarded, "metric", "value") == column(raw, "metric", "value"));
}

TEST_CASE("csv report: control characters are visible, kept with raw_csv; new lines stay") {
  auto report = formats_report();
  report.posts[0].text = "red \x1b[31m\nline \xE2\x80\xAE";
  CHECK(column(rendered(report), "post", "text")[0] == "red \\x1b[31m\nline \\u202e");
  CHECK(column(rendered(report, true), "post", "text")[0] == report.posts[0].text);
}
