// Reports with an audit of the labels.
#include "analyze/moods.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "analyze/report.hpp"
#include "tests/analyze/green_basket.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

/// Of each class 8 in 10 get their label, and 1 in 10 each of the others: p = (q - .1) / .7.
Audit audit_of_corpus() {
  return {.frame = {.generation = corpus_generation(entities_of(green_basket())).id(),
                    .window = this_fortnight(),
                    .stream = {100, 100, 100}},
          .at = august(20),
          .rows = {{{80, 10, 10}, {10, 80, 10}, {10, 10, 80}}}};
}

Report report_with(std::vector<Audit> audits, const Project& project = green_basket()) {
  ReportRequest request{.window = this_fortnight(),
                        .compare = true,
                        .now = august(40),
                        .version = "test",
                        .audits = std::move(audits)};
  request.workbook = true;
  auto report = make_report(*green_basket_store(), project, {}, request);
  REQUIRE(report);
  return *std::move(report);
}

const ReportMetric& metric_of(const Report& report, std::string_view name) {
  const auto found = std::ranges::find(report.metrics, name, &ReportMetric::name);
  REQUIRE(found != report.metrics.end());
  return *found;
}

std::string method_of(const Report& report, std::string_view what) {
  const auto table = std::ranges::find(report.tables, "methods", &ReportTable::name);
  for (const auto& row : table->rows)
    if (row[0].shown == what) return row[1].shown;
  return "no such row";
}

std::string text_of(const Report& report) {
  const auto text = render_report(report, "json", {});
  REQUIRE(text);
  return *text;
}

}  // namespace

TEST_CASE("moods: an audit of the labels corrects net sentiment, beside what was counted") {
  // 4 positive, 4 neutral, 2 negative: (.4, .4, .2) is (.4286, .4286, .1429), net .2857, polar .5.
  const auto report = report_with({audit_of_corpus()});
  const auto& net = metric_of(report, "net_sentiment");

  CHECK(net.figure.value == "28.6");
  CHECK(net.figure.n_used == 10);
  CHECK_FALSE(net.figure.numerator);
  REQUIRE(net.figure.interval);
  CHECK(net.figure.interval->method == "adjusted count, bootstrap");
  REQUIRE(net.parts.size() == 3);
  CHECK(net.parts[0].name == "polar");
  CHECK(net.parts[0].value == "50.0");
  CHECK(net.parts[1].name == "all, as labelled");
  CHECK(net.parts[1].value == "20.0");
  CHECK(net.parts[1].interval->method == "Agresti-Min");
  CHECK(net.parts[2].name == "polar, as labelled");
  CHECK(net.parts[2].numerator == 2);
}

TEST_CASE("moods: an audit of the labels corrects the shares of sentiment") {
  const auto report = report_with({audit_of_corpus()});
  const auto& ratio = metric_of(report, "sentiment_ratio");

  CHECK(ratio.figure.shown == "42.9 : 42.9 : 14.3 %");
  CHECK(ratio.figure.value == "3.00");
  REQUIRE(ratio.parts.size() == 6);
  CHECK(ratio.parts[0].name == "positive");
  CHECK(ratio.parts[0].value == "42.9");
  CHECK(ratio.parts[2].value == "14.3");
  CHECK(ratio.parts[5].name == "negative, as labelled");
  CHECK(ratio.parts[5].value == "20.0");
  CHECK(ratio.parts[5].numerator == 2);
  CHECK(ratio.sentence ==
        "Of every 100 posts about you, about 43 were positive, 43 neutral and 14 negative, the "
        "model's errors taken out.");
}

TEST_CASE("moods: the table of methods says by which audit shares are corrected") {
  const auto report = report_with({audit_of_corpus()});
  CHECK(method_of(report, "Sentiment and stance")
            .ends_with("; shares of sentiment are corrected for its errors as an audit of 300 "
                       "posts of 20 Aug 2026 found them (adjusted count)"));
  CHECK(method_of(report, "Intervals") ==
        "95 %: Wilson for shares, the bootstrap over audit and counts for corrected ones, order "
        "statistics or Kaplan-Meier for medians");
}

TEST_CASE("moods: the chart of sentiment is corrected as the figures are") {
  auto project = green_basket();
  project.minimum_n =
      4;  // so that the chart is by week: of a single post there is little to correct
  const auto plain = report_with({}, project);
  auto audit = audit_of_corpus();
  audit.rows[1] = {5, 65, 30};  // many of what is called neutral is positive
  const auto corrected = report_with({audit}, project);
  bool differs = false;
  REQUIRE(plain.charts.moods.size() == corrected.charts.moods.size());
  for (std::size_t i = 0; i < plain.charts.moods.size(); ++i) {
    CHECK(plain.charts.moods[i].positive == corrected.charts.moods[i].positive);
    CHECK(plain.charts.moods[i].net.empty() == corrected.charts.moods[i].net.empty());
    differs |= plain.charts.moods[i].net != corrected.charts.moods[i].net;
  }
  CHECK(differs);
}

TEST_CASE("moods: an audit of other labels changes nothing") {
  auto audit = audit_of_corpus();
  ++audit.frame.generation;
  CHECK(text_of(report_with({audit})) == text_of(report_with({})));
}

TEST_CASE("moods: an audit that says too little corrects nothing, and the report says why") {
  auto audit = audit_of_corpus();
  audit.rows = {{{20, 20, 20}, {20, 20, 20}, {20, 20, 20}}};
  const auto report = report_with({audit});
  CHECK(metric_of(report, "net_sentiment").figure.value == "20.0");
  CHECK(metric_of(report, "net_sentiment").parts.size() == 1);
  CHECK(method_of(report, "Sentiment and stance")
            .ends_with("; shares are not corrected for its errors: of an audit of 180 posts of 20 "
                       "Aug 2026, the labels tell the three kinds apart too badly"));
}

TEST_CASE("moods: under the minimum n counts are shown, and nothing is corrected") {
  auto project = green_basket();
  project.minimum_n = 11;
  const auto report = report_with({audit_of_corpus()}, project);
  CHECK(metric_of(report, "net_sentiment").figure.shown == "net +2 of 10");
  CHECK(metric_of(report, "net_sentiment").parts.size() == 1);
  CHECK(metric_of(report, "sentiment_ratio").figure.shown == "4 : 4 : 2");
}
