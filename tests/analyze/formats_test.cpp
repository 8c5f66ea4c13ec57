#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/analyze/formats_report.hpp"
#include "tests/analyze/green_basket.hpp"
#include "tests/support/zip_entries.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

/// All figures of a report.
std::vector<ReportFigure> figures_of(const Report& report) {
  std::vector<ReportFigure> figures;
  for (const auto& metric : report.metrics) {
    figures.push_back(metric.figure);
    figures.insert(figures.end(), metric.parts.begin(), metric.parts.end());
    figures.insert(figures.end(), metric.breakdown.begin(), metric.breakdown.end());
  }
  return figures;
}

std::string rendered(const Report& report, std::string_view format) {
  auto text = render_report(report, format, {.width = 400});
  REQUIRE(text);
  return *text;
}

std::size_t count_in(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// All that a workbook says.
std::string workbook_text(const std::string& bytes) {
  std::string text;
  for (const auto& entry : zip_entries(bytes)) text += entry.second;
  return text;
}

/// The numbers in the cells of a workbook. They are stored in binary, so 34.1 may be
/// 34.10000000000001.
std::vector<double> numbers_of(const std::string& workbook) {
  std::vector<double> numbers;
  for (auto at = workbook.find("<v>"); at != std::string::npos; at = workbook.find("<v>", at + 1))
    numbers.push_back(std::strtod(workbook.c_str() + at + 3, nullptr));
  return numbers;
}

bool has_number(const std::vector<double>& numbers, const std::string& digits) {
  const auto point = digits.find('.');
  const auto decimals = point == std::string::npos ? 0 : digits.size() - point - 1;
  const double wanted = std::strtod(digits.c_str(), nullptr);
  return std::ranges::any_of(numbers, [&](double number) {
    return std::abs(number - wanted) < 1e-9 && fmt::format("{:.{}f}", number, decimals) == digits;
  });
}

void check_same_numbers(const Report& report) {
  const auto text = rendered(report, "text");
  const auto json = rendered(report, "json");
  const auto csv = rendered(report, "csv");
  const auto md = rendered(report, "md");
  const auto xlsx = workbook_text(rendered(report, "xlsx"));
  const auto numbers = numbers_of(xlsx);
  for (const auto& figure : figures_of(report)) {
    INFO(figure.name, " ", figure.shown);
    for (const auto* format : {&text, &json, &csv, &md, &xlsx})
      CHECK(count_in(*format, figure.shown) > 0);
    for (const auto& digits : {figure.value, figure.more_than}) {
      if (digits.empty()) continue;
      CHECK(count_in(json, ": " + digits + ",") > 0);
      CHECK(count_in(csv, "," + digits + ",") > 0);
      CHECK(has_number(numbers, digits));
    }
    if (!figure.interval) continue;
    for (const auto* format : {&text, &md}) CHECK(count_in(*format, figure.interval->shown) > 0);
    CHECK(count_in(csv, "," + figure.interval->low + "," + figure.interval->high + ",") > 0);
    CHECK(count_in(json, "\"low\": " + figure.interval->low + ",") > 0);
  }
}

}  // namespace

TEST_CASE("formats: the figures of a report are the same digits in every format") {
  auto report = formats_report();
  for (auto& metric : report.metrics)  // text leaves breakdowns of one row out
    if (metric.breakdown.size() > 1) metric.breakdown[1].dimension = "competitor";
  check_same_numbers(report);
}

TEST_CASE("formats: a figure that is a row of its own appears as often in CSV as in JSON") {
  const auto report = formats_report();
  const auto csv = rendered(report, "csv");
  CHECK(count_in(csv, "\r\nmetric,") == report.metrics.size());
  CHECK(count_in(csv, "\r\npart,") + count_in(csv, "\r\nbreakdown,") + report.metrics.size() ==
        figures_of(report).size());
}

TEST_CASE("formats: a real report has the same digits in every format, and random ones too") {
  const auto report = make_report(*green_basket_store(), green_basket(), {},
                                  {.window = this_fortnight(), .compare = true, .now = august(40)});
  REQUIRE(report);
  auto every = *report;
  for (auto& metric : every.metrics) {  // one group each, so that text shows all of them
    for (auto& row : metric.breakdown) row.dimension = "topic";
    metric.breakdown.resize(std::min<std::size_t>(metric.breakdown.size(), 8));
  }
  check_same_numbers(every);

  std::uint64_t seed = 7;
  const auto next = [&] { return seed = seed * 6364136223846793005ULL + 1442695040888963407ULL; };
  auto sample = formats_report();
  for (int round = 0; round < 50; ++round) {
    for (auto& metric : sample.metrics) {
      const auto whole = std::to_string(next() >> 44);
      const auto tenth = std::to_string((next() >> 40) % 10);
      metric.figure.value = (round % 2 == 0 ? "-" : "") + whole + "." + tenth;
      metric.figure.shown = metric.figure.value + " points";
      metric.figure.not_measurable.clear();
      metric.breakdown.clear();
    }
    check_same_numbers(sample);
  }
}
