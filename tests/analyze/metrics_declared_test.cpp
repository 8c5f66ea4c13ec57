#include <doctest/doctest.h>

#include "tests/analyze/counted.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string why_not(const Counted& counted, std::string_view name) {
  return counted(name).figure.not_measurable;
}

constexpr double one_day = 86'400;

}  // namespace

TEST_CASE("metrics: conversation reach is people by views, in the window only") {
  // Nine people named the brand; 300 + 600 views, and 1,000 on the day after the window.
  Counted counted;
  CHECK(why_not(counted, "conversation_reach") == "no exposure file: name one under [files]");
  counted.files.exposure = {{.day = august(3), .channel = "blog", .views = 300},
                            {.day = august(16), .channel = "Forum", .views = 600},
                            {.day = august(16), .channel = "forum"},
                            {.day = august(17), .channel = "forum", .views = 1000}};
  const auto figure = counted("conversation_reach").figure;
  CHECK(figure.ratio == Ratio{9, 900});
  CHECK(figure.n_used == 9);
  CHECK_FALSE(figure.interval);

  counted.files.exposure->resize(1);
  counted.files.exposure->front().views = 8;
  CHECK(why_not(counted, "conversation_reach") ==
        "the exposure file counts fewer views than people spoke: does it hold all accounts?");
  counted.now.audience.clear();
  CHECK(why_not(counted, "conversation_reach") ==
        "these sources don't name the authors, so people can't be counted");
  counted.now.cube.clear();
  CHECK(why_not(counted, "conversation_reach") == "nobody mentioned the brand in the window");
  counted.files.exposure->clear();
  for (const auto* name : {"conversation_reach", "audience_engagement"})
    CHECK(why_not(counted, name) == "the exposure file has no line in the window that says views");
}

TEST_CASE("metrics: audience engagement adds comments and shares as far as they are known") {
  // o1 2 shares and 2 replies, o2 1 share, o3 on the blog unknown: 5 on 900 views.
  Counted counted;
  CHECK(why_not(counted, "audience_engagement") == "no exposure file: name one under [files]");
  counted.files.exposure = {{.day = august(3), .channel = "blog", .views = 300},
                            {.day = august(16), .channel = "Forum", .views = 600}};
  const auto value = counted("audience_engagement");
  CHECK(value.figure.ratio == Ratio{5, 900});
  CHECK(value.figure.n_used == 2);
  CHECK(value.figure.n_eligible == 3);
  CHECK(row(value, "forum").ratio == Ratio{5, 600});
  CHECK(row(value, "blog").not_measurable == "shares and replies are not known here");

  counted.files.exposure->pop_back();
  CHECK(row(counted("audience_engagement"), "forum").not_measurable ==
        "the exposure file says no views of this channel");
  std::erase_if(counted.now.own, [](const OwnItem& item) { return item.threaded; });
  CHECK(why_not(counted, "audience_engagement") ==
        "no source says shares or replies of the own posts");
  counted.now.own.clear();
  CHECK(why_not(counted, "audience_engagement") == why_no_own_posts(counted.project));
}

TEST_CASE("metrics: advocacy impact is of advocates' visits alone") {
  // 3 of 60; the line without conversions is eligible and not used.
  Counted counted;
  CHECK(why_not(counted, "advocacy_impact") == "no traffic file: name one under [files]");
  counted.files.traffic = {
      {.day = august(4), .source = "Advocacy", .visits = 40, .conversions = 2, .value = 80},
      {.day = august(5), .source = "advocacy", .visits = 20, .conversions = 1, .value = 10},
      {.day = august(6), .source = "advocacy", .visits = 15},
      {.day = august(6), .source = "forum", .visits = 100, .conversions = 50, .value = 90},
      {.day = august(2), .source = "advocacy", .visits = 100, .conversions = 50}};
  const auto figure = counted("advocacy_impact").figure;
  CHECK(figure.ratio == Ratio{3, 60});
  CHECK(figure.n_eligible == 75);

  counted.files.traffic->front().conversions = 70;
  CHECK(why_not(counted, "advocacy_impact") ==
        "the traffic file counts more conversions than visits of the source \"advocacy\": count "
        "each visit that converts once");
  counted.files.traffic->clear();
  CHECK(why_not(counted, "advocacy_impact") ==
        "the traffic file has no line in the window that says visits and conversions of the "
        "source \"advocacy\"");
}

TEST_CASE("metrics: economic value is money a visit, by source too") {
  // (80 + 90) / (40 + 100); the line without a value does not count as worth nothing.
  Counted counted;
  CHECK(why_not(counted, "economic_value") == "no traffic file: name one under [files]");
  counted.files.traffic = {{.day = august(4), .source = "advocacy", .visits = 40, .value = 80},
                           {.day = august(6), .source = "forum", .visits = 100, .value = 90},
                           {.day = august(6), .source = "blog", .visits = 20},
                           {.day = august(17), .source = "forum", .visits = 5, .value = 9000}};
  const auto value = counted("economic_value");
  CHECK(value.figure.value == doctest::Approx(170.0 / 140));
  CHECK(value.figure.n_used == 140);
  CHECK(value.figure.n_eligible == 160);
  CHECK(value.parts[0].value == 170);
  CHECK(row(value, "advocacy").value == 2);
  CHECK(row(value, "blog").not_measurable ==
        "the traffic file has no line in the window that says both visits and value");
  counted.files.traffic->clear();
  CHECK(why_not(counted, "economic_value") ==
        "the traffic file has no line in the window that says both visits and value");
}

TEST_CASE("metrics: satisfied is who answers 4 or 5") {
  // 5, 4 and 3; 9 is no score of one to five, one line has none, and one is of another kind.
  Counted counted;
  counted.files.survey = {{august(3), "satisfaction", 5},  {august(4), "Satisfaction", 4},
                          {august(5), "satisfaction", 3},  {august(6), "satisfaction", 9},
                          {august(6), "satisfaction", {}}, {august(6), "identity", 5},
                          {august(17), "satisfaction", 1}};
  const auto figure = counted("satisfaction_score").figure;
  CHECK(figure.name == "survey");
  CHECK(figure.ratio == Ratio{2, 3});
  CHECK(figure.n_eligible == 5);
}

TEST_CASE("metrics: without a survey, satisfaction is that of service cases") {
  Counted counted;
  CHECK(why_not(counted, "satisfaction_score") ==
        "no survey and no cases file: name one under [files]");
  counted.files.cases = {{.opened = august(1), .resolved = august(3), .satisfied = true},
                         {.opened = august(4), .satisfied = false},
                         {.opened = august(5)},
                         {.opened = august(3), .resolved = august(20), .satisfied = true}};
  auto value = counted("satisfaction_score");
  CHECK(value.figure.name == "service cases");
  CHECK(value.figure.ratio == Ratio{1, 2});
  CHECK(value.figure.n_eligible == 3);

  counted.files.survey = {{august(3), "satisfaction", 2}};
  value = counted("satisfaction_score");
  CHECK(value.figure.ratio == Ratio{0, 1});
  CHECK(value.parts[0].ratio == Ratio{1, 2});
  counted.files.cases->clear();
  counted.files.survey->clear();
  CHECK(why_not(counted, "satisfaction_score") ==
        "the survey file has no line in the window that says a satisfaction score from 1 to 5");
  counted.files.survey.reset();
  CHECK(why_not(counted, "satisfaction_score") ==
        "the cases file has no line in the window that says whether the customer was satisfied");
}

TEST_CASE("metrics: social service share is of the cases opened in the window") {
  Counted counted;
  CHECK(why_not(counted, "social_service_share") == "no cases file: name one under [files]");
  counted.files.cases = {{.post_url = "https://forum.example/1", .opened = august(3)},
                         {.opened = august(4)},
                         {.opened = august(5)},
                         {.post_url = "https://forum.example/2", .opened = august(2)},
                         {.post_url = "https://forum.example/3"}};
  const auto figure = counted("social_service_share").figure;
  CHECK(figure.ratio == Ratio{1, 3});
  CHECK(figure.n_eligible == 4);  // one does not say when it was opened
  counted.files.cases->clear();
  CHECK(why_not(counted, "social_service_share") ==
        "the cases file has no case that was opened in the window");
}

TEST_CASE("metrics: service cost takes the newest price, and leaves out automatic answers") {
  // r1 r2 r3 at 1.50 (2.00 until the 3rd; 9.00 only after the window), by telephone 6.00.
  Counted counted;
  CHECK(why_not(counted, "service_cost") == "no spend file: name one under [files]");
  counted.files.spend = {{.day = august(4), .item = "Public answer", .cost = 1.5},
                         {.day = august(-30), .item = "public answer", .cost = 2},
                         {.day = august(17), .item = "public answer", .cost = 9}};
  CHECK(counted("service_cost").figure.value == 4.5);
  CHECK(counted("service_cost").parts[0].not_measurable ==
        "the spend file does not say what an \"other channel answer\" costs: add a line with that "
        "item and the cost of one");
  counted.files.spend->push_back({.day = august(3), .item = "other channel answer", .cost = 6});
  auto value = counted("service_cost");
  CHECK(value.parts[0].value == 18);
  CHECK(value.parts[1].value == 13.5);

  for (auto& item : counted.now.own)
    item.repost = item.repost || item.key.id == post_id_hash("test", "r1");
  value = counted("service_cost");
  CHECK(value.figure.value == 3);  // who shares another's answer gives none
  CHECK(value.figure.n_eligible == 2);

  for (auto& item : counted.now.own) item.marks.add(Mark::automatic);
  CHECK(why_not(counted, "service_cost") == "no answers by the brand in the window");
  counted.files.spend->clear();
  CHECK(why_not(counted, "service_cost") ==
        "the spend file does not say what a \"public answer\" costs: add a line with that item "
        "and the cost of one");
}

TEST_CASE("metrics: pilot age is that of the oldest pilot which waits for a decision") {
  Counted counted;
  CHECK(why_not(counted, "pilot_age") == "no pilot is declared: add [[pilot]] to the config");
  counted.project.pilots = {{.name = "boxes", .from = "2026-08-07", .limit_days = 10},
                            {.name = "night shift", .from = "2026-05-01", .limit_days = 90},
                            {.name = "forum", .from = "2026-01-01", .to = "2026-03-01"},
                            {.name = "blog", .from = "2026-01-01", .decision = "go on"},
                            {.name = "video", .from = "2026-09-01"}};
  // To midnight of the 17th: boxes 10 days, night shift 31 + 30 + 31 + 16 = 108 days.
  const auto value = counted("pilot_age");
  CHECK(value.figure.name == "night shift");
  CHECK(value.figure.value == 108 * one_day);
  CHECK(value.figure.n_used == 2);
  CHECK(value.figure.n_eligible == 5);
  CHECK(value.parts[0].value == 1);
  CHECK(row(value, "boxes").value == 10 * one_day);
  CHECK(row(value, "forum").words == "ended on 2026-03-01, no decision declared");
  CHECK(row(value, "blog").words == "decided: go on");
  CHECK(row(value, "video").words == "begins on 2026-09-01");
  CHECK(find_metric("pilot_age")->definition.sentence(value) ==
        "The pilot \"night shift\" has run for 108 days without a decision; 1 of 2 open pilots is "
        "past the limit.");

  counted.project.pilots.resize(1);
  counted.project.pilots[0].decision = "no";
  CHECK(counted("pilot_age").figure.value == 0);
  CHECK(counted("pilot_age").figure.words == "no pilot is open");
}

TEST_CASE("metrics: a pilot's age counts whole days across daylight saving") {
  Counted counted;
  counted.project.timezone = "Australia/Sydney";  // the clocks go forward on 4 October 2026
  counted.project.pilots = {{.name = "boxes", .from = "2026-10-01"}};
  using namespace std::chrono;
  // 9 October 01:00 in Sydney, UTC+11.
  counted.now.request.now = sys_days{year{2026} / 10 / 8} + hours{14};
  counted.now.request.edges.back() = sys_days{year{2026} / 11 / 1};
  CHECK(counted("pilot_age").figure.value == 8 * one_day);
}

TEST_CASE("metrics: what is known of all posts only is not told of one channel or topic") {
  Counted counted;
  counted.files.exposure = {{.day = august(3), .views = 300}};
  counted.files.traffic = {{.day = august(3), .source = "advocacy", .visits = 9, .value = 9}};
  counted.files.survey = {{august(3), "satisfaction", 5}};
  counted.files.cases = {{.opened = august(3)}};
  counted.files.milestones = {{august(3), "fix", "delivery"}};
  counted.now.request.only_topic = 2;
  for (const auto* name : {"conversation_reach", "audience_engagement", "advocacy_impact",
                           "economic_value", "satisfaction_score", "social_service_share",
                           "insight_to_action", "forewarning", "recurrence_after_fix"}) {
    CAPTURE(std::string{name});
    CHECK(why_not(counted, name) ==
          "known of all posts together only, not of one channel or topic");
  }
}
