#include <doctest/doctest.h>

#include "analyze/spreadsheet.hpp"
#include "tests/analyze/formats_report.hpp"
#include "tests/support/zip_entries.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string rendered(const Report& report) {
  auto bytes = render_report(report, "xlsx", {});
  REQUIRE(bytes);
  return *bytes;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What a text becomes in the workbook's list of strings.
std::string stored(const std::string& text) {
  const auto bytes = write_spreadsheet({{.name = "a", .rows = {{text_cell(text)}}}}, "", {});
  REQUIRE(bytes);
  const auto strings = zip_entries(*bytes)["xl/sharedStrings.xml"];
  const auto begin = strings.find('>', strings.find("<t")) + 1;
  return strings.substr(begin, strings.find("</t>") - begin);
}

std::string sheet_names(const std::vector<std::string>& wanted) {
  std::vector<Sheet> sheets;
  for (const auto& name : wanted) sheets.push_back({.name = name});
  const auto bytes = write_spreadsheet(sheets, "", {});
  REQUIRE(bytes);
  const auto workbook = zip_entries(*bytes)["xl/workbook.xml"];
  std::string names;
  for (std::size_t at = 0; (at = workbook.find("<sheet name=\"", at)) != std::string::npos;) {
    at += 13;
    names += workbook.substr(at, workbook.find('"', at) - at) + ";";
  }
  return names;
}

}  // namespace

TEST_CASE("xlsx report: has a sheet for each part, and one for each table") {
  const auto workbook = zip_entries(rendered(formats_report()))["xl/workbook.xml"];
  for (const auto name : {"Summary", "Metrics", "Breakdown", "Series", "Objectives", "Pilots",
                          "Evidence posts", "Sources &amp; methods", "Manifest"})
    CHECK_MESSAGE(contains(workbook, "<sheet name=\"" + std::string{name} + "\""), name);
}

TEST_CASE("xlsx report: numbers are numbers, and nothing is a formula or a link") {
  const auto entries = zip_entries(rendered(formats_report()));
  const auto& metrics = entries.at("xl/worksheets/sheet2.xml");
  for (const auto digits : {"34.1", "-12.5", "1204", "11520", "604800", "-33.3"})
    CHECK_MESSAGE(contains(metrics, "<v>" + std::string{digits} + "</v>"), digits);
  for (const auto& entry : entries) {
    if (entry.first.starts_with("xl/worksheets/")) CHECK_FALSE(contains(entry.second, "<f>"));
    CHECK_FALSE(contains(entry.second, "<hyperlink"));
  }
  CHECK(contains(entries.at("xl/sharedStrings.xml"), "=HYPERLINK(\"http://evil.example\""));
}

TEST_CASE("xlsx report: volume, sentiment, share of voice and waiting have charts with gaps") {
  auto report = formats_report();
  report.metrics[1].name = "topic_trend";
  report.metrics[1].breakdown = {{.dimension = "topic", .name = "price", .value = "55.5"}};
  const auto entries = zip_entries(rendered(report));
  std::size_t charts = 0;
  std::string all;
  for (const auto& entry : entries) {
    if (!entry.first.starts_with("xl/charts/chart")) continue;
    ++charts;
    all += entry.second;
  }
  CHECK(charts == 6);  // sentiment has two: items and net
  CHECK(contains(all, "<c:scatterChart>"));
  CHECK(contains(all, "<c:lineChart>"));
  CHECK(contains(all, "Series!$B$18:$B$20"));
  CHECK_FALSE(contains(all, "dispBlanksAs val=\"zero\""));
}

TEST_CASE("xlsx report: the same report gives the same bytes, dated by the report") {
  const auto bytes = rendered(formats_report());
  CHECK(bytes == rendered(formats_report()));
  CHECK(
      contains(zip_entries(bytes)["docProps/core.xml"], ">2026-09-08T00:00:00Z</dcterms:created>"));
}

TEST_CASE("spreadsheet: what XML can't hold is visible, and no text is an escape") {
  CHECK(stored("a\x1b\xE2\x80\xAE\xEF\xBF\xBF\xFF") == "a\\x1b\\u202e\\uffff\\xff");
  CHECK(stored("_x0041_ _x41_") == "_x005F_x0041_ _x41_");
  CHECK(stored("<a>&") == "&lt;a&gt;&amp;");
}

TEST_CASE("spreadsheet: a text ends where the format ends") {
  CHECK(stored(std::string(32'766, 'a')) == std::string(32'766, 'a'));
  CHECK(stored(std::string(40'000, 'a')) == std::string(32'766, 'a') + "…");
  std::string wide;
  for (int i = 0; i < 20'000; ++i) wide += "😀";  // two units each
  CHECK(stored(wide).size() == std::size_t{16'383} * 4 + std::string_view{"…"}.size());
}

TEST_CASE("spreadsheet: names of sheets are legal, and no two are the same") {
  CHECK(sheet_names({"Topics", "topics", "a[b]:c*d?e/f\\g", "", "History", "'x'"}) ==
        "Topics;topics 2;a b  c d e f g;Sheet;History 2; x ;");
  CHECK(sheet_names({std::string(40, 'n'), std::string(40, 'n')}) ==
        std::string(27, 'n') + ";" + std::string(27, 'n') + " 2;");
}
