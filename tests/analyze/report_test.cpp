#include <cstdlib>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "analyze/views.hpp"
#include "store/base/terminal_text.hpp"
#include "tests/analyze/green_basket.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

ReportRequest fortnight_request() {
  return {.window = this_fortnight(),
          .compare = true,
          .now = august(40),
          .expected_generation = corpus_generation(entities_of(green_basket())).id(),
          .version = "test"};
}

Report report_of(const Project& project, const ReportRequest& request) {
  auto report = make_report(*green_basket_store(), project, {}, request);
  REQUIRE(report);
  return std::move(*report);
}

std::string rendered(const Report& report, std::string_view format, int width = 80) {
  auto text = render_report(report, format, {.width = width});
  REQUIRE(text);
  return *text;
}

/// Compares with tests/golden/<name>, or writes it with EARSHOT_UPDATE_GOLDEN=1.
void check_golden(const std::string& name, const std::string& actual) {
  const auto path = std::string{EARSHOT_SOURCE_DIR} + "/tests/golden/" + name;
  if (std::getenv("EARSHOT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{path, std::ios::binary} << actual;
    return;
  }
  std::ifstream file{path, std::ios::binary};
  REQUIRE_MESSAGE(file, path);
  std::stringstream expected;
  expected << file.rdbuf();
  CHECK_MESSAGE(expected.str() == actual, path);
}

std::string error_of(const Project& project, const ReportRequest& request) {
  const auto report = make_report(*green_basket_store(), project, {}, request);
  REQUIRE_FALSE(report);
  return report.error().message;
}

}  // namespace

TEST_CASE("report: the whole report in text, JSON, CSV and Markdown is the golden one") {
  auto request = fortnight_request();
  request.evidence = true;
  request.evidence_limit = 3;
  const auto report = report_of(green_basket(), request);

  check_golden("green_basket/expected.txt", rendered(report, "text"));
  check_golden("green_basket/expected.json", rendered(report, "json"));
  check_golden("green_basket/expected.csv", rendered(report, "csv"));
  check_golden("green_basket/expected.md", rendered(report, "md"));
  check_golden("green_basket/expected.html", rendered(report, "html"));
}

TEST_CASE("report: few posts are shown as counts, with the posts, on a narrow terminal too") {
  auto project = green_basket();
  project.minimum_n = 30;
  auto request = fortnight_request();
  request.views = {"engagement"};
  request.explain = true;
  const auto report = report_of(project, request);

  check_golden("green_basket_few/expected.txt", rendered(report, "text", 60));
  check_golden("green_basket_few/expected.json", rendered(report, "json"));
  check_golden("green_basket_few/expected.html", rendered(report, "html"));
}

TEST_CASE("report: an empty store says for each metric what is missing") {
  auto request = fortnight_request();
  request.compare = false;
  const auto report = make_report(*make_memory_store(), green_basket(), {}, request);
  REQUIRE(report);

  check_golden("empty/expected.txt", rendered(*report, "text"));
  check_golden("empty/expected.html", rendered(*report, "html"));
}

TEST_CASE("report: the same input gives the same bytes") {
  const auto once = rendered(report_of(green_basket(), fortnight_request()), "json");
  CHECK(once == rendered(report_of(green_basket(), fortnight_request()), "json"));
}

TEST_CASE("report: unknown views and metrics are usage errors that name the nearest") {
  auto request = fortnight_request();
  request.views = {"engagment"};
  CHECK(error_of(green_basket(), request) ==
        "unknown view 'engagment', did you mean 'engagement'?");
  request = fortnight_request();
  request.metrics = {"respons_rate"};
  CHECK(error_of(green_basket(), request) ==
        "unknown metric 'respons_rate', did you mean 'response_rate'?");
  const auto format = render_report({}, "jsn", {});
  REQUIRE_FALSE(format);
  CHECK(format.error().message == "unknown format 'jsn', did you mean 'json'?");
  CHECK(format.error().kind == Error::Kind::usage);
}

TEST_CASE("report: thresholds and objectives must name metrics") {
  auto project = green_basket();
  project.thresholds["cadense"] = 2;
  CHECK(error_of(project, fortnight_request()) ==
        "[thresholds]: unknown metric 'cadense', did you mean 'cadence'?");
  project = green_basket();
  project.objectives = {{.name = "Grow", .metric = "volume"}};
  CHECK(error_of(project, fortnight_request()) ==
        "objective 'Grow': unknown metric 'volume'; `earshot report --list` lists them");
}

TEST_CASE("report: a window must have begun and must not be empty") {
  auto request = fortnight_request();
  request.window.end = request.window.begin;
  CHECK(error_of(green_basket(), request) ==
        "the window from 2026-08-02T14:00:00Z to 2026-08-02T14:00:00Z is empty");
  request = fortnight_request();
  request.now = request.window.begin;
  CHECK(error_of(green_basket(), request) ==
        "the window from 2026-08-02T14:00:00Z begins after now, 2026-08-02T14:00:00Z");
}

TEST_CASE("report: a threshold of the project decides what is met, and the first unmet is next") {
  auto project = green_basket();
  auto request = fortnight_request();
  request.views = {"engagement"};
  // 75 % answered, 3 h, 1 reply a post, +33 points: only the first is below our defaults.
  auto view = report_of(project, request).views[0];
  CHECK_FALSE(view.evidenced);
  CHECK(view.verdict == "not evidenced: 4 of 5 measurable criteria are met");
  CHECK(view.next_step == "Response rate is 75.0 %; the criterion is at least 80.0 %");

  project.thresholds["response_rate"] = 0.7;
  view = report_of(project, request).views[0];
  CHECK(view.evidenced);
  CHECK(view.next_step.empty());
}

TEST_CASE("report: two measurable criteria are not enough for evidence") {
  auto project = green_basket();
  project.competitors.clear();  // no share of voice, and without sources no coverage
  project.thresholds["listening_volume"] = 1;
  const auto store = make_labelled_store(green_basket_posts(), entities_of(green_basket()));
  auto request = fortnight_request();
  request.views = {"planning"};
  const auto report = make_report(*store, project, {}, request);
  REQUIRE(report);

  const auto& view = report->views[0];
  CHECK_FALSE(view.evidenced);
  CHECK(view.verdict == "not evidenced: 2 of 5 criteria can be measured, and 3 are needed");
  CHECK(view.next_step.empty());
}

TEST_CASE("report: a median beyond what was seen fails its target and has no value") {
  auto project = green_basket();
  auto request = fortnight_request();
  request.metrics = {"M27"};
  const auto report = report_of(project, request);
  REQUIRE(report.metrics.size() == 1);
  const auto& p90 = report.metrics[0].parts[0];
  CHECK(p90.value.empty());
  CHECK(p90.more_than == "604800");
  CHECK(p90.shown == "over 7 d");
}

TEST_CASE("report: labels of another model or config are pointed out") {
  auto request = fortnight_request();
  request.expected_generation = 1;
  const auto report = report_of(green_basket(), request);
  CHECK(report.labelled_otherwise == 22);
  CHECK(report.notes[1] ==
        "22 posts have labels of another model or config: run earshot analyze --all");
}

TEST_CASE("report: beyond 92 days the series goes by weeks") {
  auto request = fortnight_request();
  request.compare = false;
  request.metrics = {"listening_volume"};
  request.window = {august(-100), august(17)};
  const auto report = report_of(green_basket(), request);
  CHECK(report.metrics[0].series_unit == "week");
  // From Wednesday 22 April; Mondays 27 April to 10 August are 16.
  CHECK(report.metrics[0].series.size() == 17);
  CHECK(report.metrics[0].series[1].day == "2026-04-27");
}

TEST_CASE(
    "report: every view lists metrics of the library, and every metric has its number there") {
  for (const auto& view : views())
    for (const auto number : view.metrics) CHECK(find_metric(number) != nullptr);
  CHECK(metrics().size() == 81);
  for (std::size_t i = 0; i < metrics().size(); ++i)
    CHECK(metrics()[i].number == fmt::format("M{:02}", i + 1));
  for (const auto& criterion : criteria()) {
    const auto* metric = find_metric(criterion.metric);
    REQUIRE(metric != nullptr);
    const auto& listed = find_views(name_of(criterion.stage)).front()->metrics;
    CHECK(std::ranges::find(listed, metric->number) != listed.end());
  }
}

TEST_CASE("report: names from outside cannot drive the terminal, and stay true in JSON") {
  auto project = green_basket();
  auto posts = green_basket_posts();
  for (auto& said : posts)
    if (said.channel == "forum") said.channel = "fo\x1b[31mrum\xE2\x80\xAE\xFF";
  const auto store = make_labelled_store(posts, entities_of(project));
  const auto report = make_report(*store, project, {}, fortnight_request());
  REQUIRE(report);

  const auto text = rendered(*report, "text");
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("fo\\x1b[31mrum\\u202e\\xff") != std::string::npos);
  const auto json = rendered(*report, "json");
  CHECK(json.find("\"fo\\u001b[31mrum\xE2\x80\xAE\xEF\xBF\xBD\"") != std::string::npos);
}

TEST_CASE("report: colour is the only source of escape sequences") {
  const auto report = report_of(green_basket(), fortnight_request());
  const auto plain = render_report(report, "text", {.width = 80, .colour = false});
  const auto coloured = render_report(report, "text", {.width = 80, .colour = true});
  CHECK(plain->find('\x1b') == std::string::npos);
  CHECK(coloured->find("\x1b[1mGreen Basket\x1b[0m") == 0);
}

TEST_CASE("report: lines of text keep to the width of the terminal") {
  auto request = fortnight_request();
  request.evidence = request.explain = true;
  const auto report = report_of(green_basket(), request);
  for (const int width : {60, 80, 100, 200}) {
    std::istringstream lines{rendered(report, "text", width)};
    for (std::string line; std::getline(lines, line);)
      CHECK_MESSAGE(display_width(line) <= static_cast<std::size_t>(width), line);
  }
}
