#include "tests/support/sample_report.hpp"

#include <fmt/format.h>

namespace earshot::test {

namespace {

constexpr std::uint64_t days = 42;

/// The i-th day from 1 July 2026 on.
std::string day(std::uint64_t i) {
  return i < 31 ? fmt::format("2026-07-{:02}", i + 1) : fmt::format("2026-08-{:02}", i - 30);
}

bool is_gap(std::uint64_t i) {
  return (i >= 12 && i < 15) || i == 30;
}

ReportFigure share(std::string dimension, std::string name, std::string value, std::string low,
                   std::string high) {
  return {.dimension = std::move(dimension),
          .name = std::move(name),
          .unit = "percent",
          .value = value,
          .shown = value + " %",
          .n_used = 120,
          .n_eligible = 150,
          .interval = ReportInterval{low, high, low + " to " + high, "Wilson"}};
}

ReportMetric listening_volume() {
  ReportMetric metric{.name = "listening_volume",
                      .number = "M01",
                      .title = "Listening volume",
                      .level = "output",
                      .summary = "posts about the brand, a competitor or a topic"};
  metric.figure = {
      .unit = "items", .value = "4711", .shown = "4,711", .n_used = 4711, .n_eligible = 4711};
  metric.figure.change = ReportChange{.before = "4000",
                                      .before_shown = "4,000",
                                      .difference = "711",
                                      .shown = "+711",
                                      .unit = "items"};
  for (std::uint64_t i = 0; i < days; ++i)
    metric.series.push_back(
        {day(i),
         is_gap(i) ? std::nullopt : std::optional{40 + (i * 37) % 90 + (i == 20 ? 300 : 0)}});
  metric.series_unit = "day";
  metric.sentence = "4,711 posts were about you, a competitor or one of your topics.";
  metric.formula = "items that match at least one entity";
  metric.source = "Conclave social media standards";
  metric.misleading_when = "a query changed in the window";
  metric.coverage = "92.9 %";
  metric.evidence = ReportEvidence{.counted = {"feed:1", "feed:2", "feed:3"},
                                   .others = {"feed:9"},
                                   .counted_total = 4711,
                                   .others_total = 1};
  return metric;
}

ReportMetric shares_of_voice() {
  ReportMetric metric{.name = "share_of_voice",
                      .number = "M03",
                      .title = "Share of voice",
                      .level = "output",
                      .summary = "mentions of the brand among those of brand and competitors"};
  metric.figure = share("", "", "61.4", "52.1", "69.9");
  metric.breakdown = {
      share("brand", "Fernhill Bakery", "61.4", "52.1", "69.9"),
      share("competitor", "The Very Long Named Sourdough Company of the Upper Valley", "27.1",
            "19.8", "35.9"),
      share("competitor", "Crumb", "11.5", "6.9", "18.6")};
  return metric;
}

ReportMetric topics() {
  ReportMetric metric{.name = "topic_trend",
                      .number = "M08",
                      .title = "Topic trend",
                      .level = "output",
                      .summary = "what the posts about the brand talk about, and what changed"};
  metric.figure = share("", "opening hours", "48.0", "40.1", "56.0");
  metric.breakdown = {share("topic", "opening hours", "48.0", "40.1", "56.0"),
                      share("topic", "Sauerteigbrotgeschmacksrichtungen", "40.0", "32.5", "48.0"),
                      share("topic", "<b>prices</b> & \"offers\"", "0.0", "0.0", "2.5")};
  ReportFigure few{.dimension = "topic", .name = "parking", .unit = "percent"};
  few.shown = "3 of 7";
  few.n_used = few.n_eligible = 7;
  few.small_sample = true;
  metric.breakdown.push_back(few);
  return metric;
}

ReportMetric first_response_time() {
  ReportMetric metric{.name = "first_response_time",
                      .number = "M27",
                      .title = "First response time",
                      .level = "activity",
                      .summary = "how long people wait for the first answer"};
  metric.figure = {.name = "median",
                   .unit = "seconds",
                   .value = "9000",
                   .shown = "2 h 30 min",
                   .n_used = 80,
                   .n_eligible = 80,
                   .interval = ReportInterval{"7200", "", "2 h or more", "order statistics"}};
  ReportFigure late{.name = "p90", .unit = "seconds"};
  late.more_than = "604800";
  late.shown = "over 7 d";
  late.n_used = late.n_eligible = 80;
  metric.parts.push_back(late);
  return metric;
}

ReportMetric coverage() {
  ReportMetric metric{.name = "coverage",
                      .number = "M04",
                      .title = "Coverage",
                      .level = "activity",
                      .summary = "hours in which the sources were really listened to"};
  metric.figure.unit = "percent";
  metric.figure.shown = "not measurable";
  metric.figure.not_measurable = "no source was polled on a schedule in the window";
  return metric;
}

ReportCharts charts() {
  ReportCharts charts;
  for (std::uint64_t i = 0; i < days; i += 7) {
    ReportMood mood{.day = day(i)};
    if (i != 14) {
      mood.positive = 30 + i;
      mood.neutral = 40;
      mood.negative = 20;
      if (i != 35) mood.net = fmt::format("{}.5", static_cast<int>(i) - 12);
      if (i != 35)
        mood.interval =
            ReportInterval{fmt::format("{}.0", static_cast<int>(i) - 30),
                           fmt::format("{}.0", static_cast<int>(i) + 8), "about it", "Wilson"};
    }
    charts.moods.push_back(mood);
  }
  charts.spikes = {
      {"2026-07-21T04:00:00Z", day(20), "21 Jul 2026, 14:00", "all", "9.3", 120, "11"},
      {"2026-07-21T05:00:00Z", day(20), "21 Jul 2026, 15:00", "opening hours", "8.1", 90, "9.5"}};
  charts.breaks = {{"2026-07-09T00:00:00Z", day(8), "source 'local-news' begins"},
                   {"2026-07-10T00:00:00Z", day(9), "labels of another model or config"},
                   {"2026-08-08T00:00:00Z", day(38), "query of 'Crumb' changed"}};
  const std::pair<std::int64_t, const char*> steps[] = {
      {0, "98.8"},     {420, "91.2"},   {1800, "80.0"},   {5400, "63.8"},  {9000, "49.4"},
      {20000, "35.0"}, {86400, "21.3"}, {259200, "15.0"}, {604800, "12.5"}};
  for (const auto& step : steps) charts.waits.push_back({step.first, step.second});
  charts.waits_n = 80;
  ReportHeat heat{.weekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
  for (std::uint64_t weekday = 0; weekday < 7; ++weekday) {
    std::vector<std::uint64_t> hours;
    for (std::uint64_t hour = 0; hour < 24; ++hour)
      hours.push_back(hour < 6 ? 0 : (hour * 13 + weekday * 29) % 40);
    heat.items.push_back(hours);
  }
  charts.heat = heat;
  return charts;
}

ReportView planning() {
  using Status = ReportCriterion::Status;
  ReportView view{.name = "planning",
                  .title = "Planning",
                  .model = "Altimeter's stages",
                  .question = "Do you listen, and what do you learn?",
                  .metrics = {"listening_volume", "share_of_voice", "topic_trend", "coverage"},
                  .needs = "pilots (milestones file)",
                  .has_criteria = true};
  view.criteria = {
      {"listening_volume", "Listening volume", Status::met, "4711", "4,711", "30", "at least 30"},
      {"share_of_voice", "Share of voice", Status::not_met, "6.1", "6.1 %", "10.0",
       "at least 10.0 %"},
      {"coverage", "Coverage", Status::not_measurable, "", "no source was polled on a schedule",
       "90.0", "at least 90.0 %"}};
  view.verdict = "not evidenced: 1 of 2 measurable criteria is met";
  view.next_step = "Share of voice is 6.1 %; the criterion is at least 10.0 %";
  return view;
}

void add_tables(Report& report) {
  report.tables = {
      {.name = "objectives",
       .title = "Objectives",
       .note = "Gap is target minus actual.",
       .columns = {{"objective", ""}, {"target", "percent"}, {"actual", "percent"}, {"post", ""}},
       .rows =
           {{{"Answer everyone", ""}, {"90.0 %", "90.0"}, {"-3.5 %", "-3.5"}, {"feed:1", ""}},
            {{"Nothing measures it", ""}, {"200.0 %", "200.0"}, {"none", ""}, {"feed:404", ""}}},
       .empty = "no objectives"},
      {.name = "pilots",
       .title = "Pilots",
       .columns = {{"pilot", ""}},
       .empty = "The milestones file names no pilot."}};
  report.posts = {{.id = "feed:1",
                   .at = "2026-07-02T01:00:00Z",
                   .at_shown = "2 Jul 2026, 11:00",
                   .author = "ann",
                   .channel = "forum",
                   .text = "Two lines:\nbread & <b>butter</b>\tat \"eight\"",
                   .url = "https://forum.example/1?a=1&b=2"},
                  {.id = "feed:2",
                   .at = "2026-07-03T01:00:00Z",
                   .at_shown = "3 Jul 2026, 11:00",
                   .author = "\xE2\x80\xAEnna",
                   .channel = "forum",
                   .text = "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D bell\x07 and \xE2\x80\xAE override",
                   .url = "javascript:alert(1)"}};
}

}  // namespace

Report sample_report() {
  Report report{.project = "Fernhill Bakery",
                .timezone = "Australia/Brisbane",
                .window_begin = "2026-06-30T14:00:00Z",
                .window_end = "2026-08-11T14:00:00Z",
                .window_shown = "1 Jul 2026 to 11 Aug 2026",
                .before_begin = "2026-05-19T14:00:00Z",
                .before_end = "2026-06-30T14:00:00Z",
                .before_shown = "20 May 2026 to 30 Jun 2026",
                .now = "2026-08-11T14:00:00Z",
                .labelled = 5120,
                .unlabelled = 3,
                .labelled_otherwise = 0,
                .collapsed = 41};
  report.notes = {"3 posts are not labelled yet and in none of the numbers: run earshot analyze"};
  report.views = {planning()};
  report.other_metrics = {"first_response_time"};
  report.metrics = {listening_volume(), shares_of_voice(), coverage(), topics(),
                    first_response_time()};
  report.highlights = {"Half of those who need an answer get it within 2 h 30 min.",
                       "Most is said on Tuesdays at 14:00."};
  report.charts = charts();
  add_tables(report);
  report.sources = {{.name = "local-news",
                     .coverage = "92.9 %",
                     .scheduled_hours = 1008,
                     .covered_hours = 936,
                     .scheduled = true,
                     .gaps = {{"2026-07-12T14:00:00Z", "2026-07-15T14:00:00Z"}}},
                    {.name = "export", .coverage = "n/a (archive)"}};
  report.channels = {{"forum", 4000, true}, {"news", 1120, false}};
  report.generations = {{.id = "00000000000000aa",
                         .posts = 5120,
                         .model = "by hand",
                         .model_hash = "00000000000000bb",
                         .config_hash = "00000000000000cc",
                         .expected = false}};
  report.version = "test";
  report.config_hash = "00000000000000cc";
  report.posts_hash = "00000000000000dd";
  report.minimum_n = 30;
  return report;
}

}  // namespace earshot::test
