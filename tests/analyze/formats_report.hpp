#pragma once

#include "analyze/report.hpp"

// One of everything that a report can hold, with numbers that are easy to look for: none of them
// stands for two things. Names and texts are of the kind that tries to be markup or a formula.

namespace earshot::test {

/// Texts by others that look like a formula, markup, columns and commands.
inline constexpr std::string_view formula_text = "=HYPERLINK(\"http://evil.example\",\"y\")";
inline constexpr std::string_view markup_text =
    "<script>alert(1)</script> ![x](http://evil.example/i.png) a|b @ann www.evil.example";

inline ReportFigure sample_share() {
  return {.name = "by name",
          .unit = "percent",
          .value = "34.1",
          .shown = "34.1 %",
          .numerator = 341,
          .denominator = 1000,
          .n_used = 1000,
          .n_eligible = 1003,
          .interval = ReportInterval{"31.2", "37.1", "31.2 to 37.1", "Wilson"},
          .change = ReportChange{
              .before = "46.6",
              .before_shown = "46.6 %",
              .difference = "-12.5",
              .shown = "-12.5 points",
              .unit = "points",
              .interval = ReportInterval{"-16.7", "-8.3", "-16.7 to -8.3", "Newcombe"}}};
}

inline std::vector<ReportMetric> sample_metrics() {
  ReportMetric share{.name = "share_of_voice",
                     .number = "M03",
                     .title = "Share of voice",
                     .level = "out-take",
                     .summary = "mentions of the brand among those of brand and competitors",
                     .figure = sample_share(),
                     .sentence = "Of every 100 mentions, 34 were of you.",
                     .formula = "mentions of the brand / all mentions",
                     .source = "metrics.md",
                     .misleading_when = "a competitor has a common name",
                     .coverage = "97.2 %"};
  share.breakdown = {{.dimension = "competitor",
                      .name = std::string{formula_text},
                      .unit = "percent",
                      .value = "65.9",
                      .shown = "65.9 %",
                      .n_used = 1000,
                      .n_eligible = 1000},
                     {.dimension = "channel",
                      .name = "a|b",
                      .unit = "percent",
                      .shown = "3 of 8",
                      .numerator = 3,
                      .denominator = 8,
                      .n_used = 8,
                      .n_eligible = 8,
                      .small_sample = true}};
  share.evidence = ReportEvidence{{"test:p1"}, {"test:p2"}, 341, 662};
  ReportMetric volume{
      .name = "listening_volume",
      .number = "M01",
      .title = "Listening volume",
      .level = "output",
      .summary = "posts about the brand, a competitor or a topic",
      .figure =
          {.unit = "items", .value = "1204", .shown = "1,204", .n_used = 1204, .n_eligible = 1204},
      .series = {{"2026-08-01", 5}, {"2026-08-02", std::nullopt}, {"2026-08-03", 17}},
      .series_unit = "day"};
  ReportMetric wait{.name = "first_response_time",
                    .number = "M27",
                    .title = "First response time",
                    .level = "outcome",
                    .summary = "how long people wait for the first answer",
                    .figure = {.name = "median",
                               .unit = "seconds",
                               .value = "11520",
                               .shown = "3 h 12 min",
                               .n_used = 65,
                               .n_eligible = 65,
                               .interval = ReportInterval{"7200", "", "2 h or more", "order"}},
                    .parts = {{.name = "p90",
                               .unit = "seconds",
                               .more_than = "604800",
                               .shown = "over 7 d",
                               .n_used = 65,
                               .n_eligible = 65}}};
  ReportMetric net{.name = "net_advocacy",
                   .number = "M35",
                   .title = "Net advocacy",
                   .level = "outcome",
                   .summary = "people who recommend minus people who warn",
                   .figure = {.unit = "points",
                              .value = "-33.3",
                              .shown = "-33.3 points",
                              .n_used = 3,
                              .n_eligible = 9}};
  ReportMetric reach{
      .name = "views",
      .number = "M69",
      .title = "Views",
      .level = "output",
      .summary = "how often posts were seen",
      .figure = {.unit = "items", .shown = "not measurable", .not_measurable = "no exposure file"}};
  return {std::move(share), std::move(volume), std::move(wait), std::move(net), std::move(reach)};
}

inline std::vector<ReportView> sample_views() {
  using Status = ReportCriterion::Status;
  return {{.name = "planning",
           .title = "Planning",
           .model = "Altimeter's stages",
           .question = "Do you listen, and what do you learn?",
           .metrics = {"share_of_voice", "listening_volume"},
           .needs = "how ready the firm is inside",
           .has_criteria = true,
           .criteria = {{"share_of_voice", "Share of voice", Status::met, "34.1", "34.1 %", "10.0",
                         "at least 10.0 %"},
                        {"listening_volume", "Listening volume", Status::not_met, "1204", "1,204",
                         "3000", "at least 3,000"},
                        {"views", "Views", Status::not_measurable, "", "no exposure file", "1",
                         "at least 1"}},
           .verdict = "not evidenced: 2 of 3 criteria can be measured, and 3 are needed",
           .next_step = "Listening volume is 1,204; the criterion is at least 3,000"},
          {.name = "cisco_care",
           .title = "Customer care",
           .model = "Cisco's components",
           .question = "Do you answer?",
           .metrics = {"first_response_time", "views"}}};
}

inline ReportCharts sample_charts() {
  ReportCharts charts;
  charts.moods = {{.day = "2026-08-01",
                   .positive = 4,
                   .neutral = 2,
                   .negative = 6,
                   .net = "-16.7",
                   .interval = ReportInterval{"-60.1", "31.9", "-60.1 to +31.9", "Wilson"}},
                  {.day = "2026-08-02"},
                  {.day = "2026-08-03", .positive = 3, .neutral = 0, .negative = 0}};
  charts.spikes = {{.at = "2026-08-03T01:00:00Z",
                    .day = "2026-08-03",
                    .at_shown = "3 Aug 2026 11:00",
                    .about = "delivery",
                    .score = "6.4",
                    .items = 14,
                    .usual = "1.5"}};
  charts.breaks = {{"2026-08-02T00:00:00Z", "2026-08-02", "source 'local-news' begins"}};
  charts.waits = {{0, "100.0"}, {3600, "55.5"}, {86'400, "11.1"}};
  charts.waits_n = 65;
  ReportHeat heat{.weekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                  .items = std::vector(7, std::vector<std::uint64_t>(24, 0))};
  heat.items[2][9] = 77;
  charts.heat = std::move(heat);
  return charts;
}

inline std::vector<ReportTable> sample_tables() {
  return {{.name = "objectives",
           .title = "Objectives",
           .note = "Gap is target minus actual.",
           .columns = {{"objective", ""}, {"actual", "percent"}, {"gap", "points"}},
           .rows = {{{"Answer more", ""}, {"76.9 %", "76.9"}, {"-3.1 points", "-3.1"}},
                    {{std::string{formula_text}, ""}, {"not measurable", ""}, {"", ""}}}},
          {.name = "pilots",
           .title = "Pilots",
           .columns = {{"pilot", ""}},
           .empty = "The config declares no pilots."}};
}

inline Report formats_report() {
  Report report{.project = "Green Basket",
                .timezone = "Australia/Brisbane",
                .window_begin = "2026-07-31T14:00:00Z",
                .window_end = "2026-08-03T14:00:00Z",
                .window_shown = "1 Aug 2026 to 3 Aug 2026",
                .before_begin = "2026-07-28T14:00:00Z",
                .before_end = "2026-07-31T14:00:00Z",
                .before_shown = "29 Jul 2026 to 31 Jul 2026",
                .now = "2026-09-08T14:00:00Z",
                .labelled = 1500,
                .unlabelled = 2,
                .labelled_otherwise = 7,
                .collapsed = 19,
                .notes = {"2 posts are not labelled yet"}};
  report.views = sample_views();
  report.other_metrics = {"net_advocacy"};
  report.metrics = sample_metrics();
  report.highlights = {"Of every 100 mentions, 34 were of you.", std::string{markup_text}};
  report.charts = sample_charts();
  report.tables = sample_tables();
  report.posts = {{.id = "test:p1",
                   .at = "2026-08-01T02:00:00Z",
                   .at_shown = "1 Aug 2026 12:00",
                   .author = "@ann",
                   .channel = "forum",
                   .text = std::string{markup_text},
                   .url = "https://example.org/p1"},
                  {.id = "test:p2",
                   .at = "2026-08-02T02:00:00Z",
                   .at_shown = "2 Aug 2026 12:00",
                   .channel = "forum",
                   .text = std::string{formula_text}}};
  report.sources = {{.name = "local-news",
                     .coverage = "97.2 %",
                     .scheduled_hours = 72,
                     .covered_hours = 70,
                     .scheduled = true,
                     .gaps = {{"2026-08-02T03:00:00Z", "2026-08-02T05:00:00Z"}}},
                    {.name = "by-hand", .coverage = "n/a (archive)"}};
  report.channels = {{"forum", 888, true}, {"blog", 312, false}};
  report.generations = {
      {"00000000000000aa", 1500, "sentiment 3", "00000000000000bb", "00000000000000cc", true}};
  report.version = "0.1.0";
  report.config_hash = "00000000000000cc";
  report.posts_hash = "00000000000000dd";
  report.minimum_n = 30;
  return report;
}

}  // namespace earshot::test
