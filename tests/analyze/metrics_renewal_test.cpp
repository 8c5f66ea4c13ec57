#include <doctest/doctest.h>

#include "analyze/topic_spikes.hpp"
#include "tests/analyze/counted.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr double hour = 3600;
constexpr EntityIndex brand = 0, delivery = 2, price = 3;

std::string why_not(const Counted& counted, std::string_view name) {
  return counted(name).figure.not_measurable;
}

/// Complaints about the brand on one topic, a minute apart.
void complain(std::vector<Said>& posts, EntityIndex topic, Instant at, int count) {
  for (int i = 0; i < count; ++i)
    posts.push_back({.id = "c" + std::to_string(posts.size()),
                     .at = at + std::chrono::minutes{i},
                     .author = "a" + std::to_string(posts.size()),
                     .about = {{brand}, {topic}},
                     .intents = {Intent::complaint}});
}

void post_on(std::vector<Said>& posts, EntityIndex topic, Instant at) {
  posts.push_back({.id = "o" + std::to_string(posts.size()),
                   .at = at,
                   .author = "greenbasket",
                   .about = {{topic}},
                   .owner = brand});
}

Counted counted_of(const std::vector<Said>& posts, Window window) {
  Counted counted;
  counted.store = make_labelled_store(posts, entities_of(counted.project));
  counted.now = tally(*counted.store, counted.project, window, later);
  const Window before{window.begin - (window.end - window.begin), window.begin};
  counted.before = tally(*counted.store, counted.project, before, later);
  return counted;
}

/// A store since 1 July; in the window two spikes of complaints: delivery on Wednesday the 5th from
/// 10:00 (6, and 5 in the next hour), price on Monday the 10th at 10:00 (5). The brand posts on
/// delivery 14 h before and 5 h after the first, and on price never.
std::vector<Said> two_spikes() {
  std::vector<Said> posts{{.id = "first", .at = august(-30), .author = "zoe"}};
  complain(posts, delivery, august(5, 10), 6);
  complain(posts, delivery, august(5, 11), 5);
  complain(posts, price, august(10, 10), 5);
  post_on(posts, delivery, august(4, 20));
  post_on(posts, delivery, august(5, 15));
  return posts;
}

}  // namespace

TEST_CASE("metrics: spike hours in a row are one spike of the topic") {
  const auto counted = counted_of(two_spikes(), this_fortnight());
  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const Accounts accounts;
  const auto spikes =
      topic_spikes({counted.now, nullptr, counted.project, *calendar, accounts, counted.files},
                   Heard::complaints);
  REQUIRE(spikes.size() == 2);
  CHECK(spikes[0].topic == delivery);
  CHECK(spikes[0].begin == august(5, 10));
  CHECK(spikes[1].topic == price);
  CHECK(spikes[1].begin == august(10, 10));
}

TEST_CASE("metrics: insight to action waits for the spikes that had none") {
  // Delivery after 5 h; price is silent to the end of the window, 6 d 14 h. S(5 h) = 1/2.
  const auto value = counted_of(two_spikes(), this_fortnight())("insight_to_action");
  CHECK(value.figure.value == 5 * hour);
  CHECK(value.figure.n_used == 2);
  CHECK(value.parts[0].beyond == 158 * hour);
  CHECK(value.parts[1].value == 1);
  CHECK(row(value, "delivery").value == 5 * hour);
  CHECK(row(value, "price").beyond == 158 * hour);
}

TEST_CASE("metrics: forewarning is an own item in the 24 hours before the complaints") {
  auto counted = counted_of(two_spikes(), this_fortnight());
  const auto value = counted("forewarning");
  CHECK(value.figure.ratio == Ratio{1, 2});
  CHECK(row(value, "delivery").ratio == Ratio{1, 1});
  CHECK(row(value, "price").ratio == Ratio{0, 1});

  // 25 h before is too early, and what comes after is no warning.
  auto posts = two_spikes();
  posts[posts.size() - 2].at = august(4, 9);
  CHECK(counted_of(posts, this_fortnight())("forewarning").figure.ratio == Ratio{0, 2});
}

TEST_CASE("metrics: a spike on the first day of the window is not judged by forewarning") {
  auto posts = two_spikes();
  post_on(posts, price, august(12));
  const Window week{august(10), august(17)};
  CHECK(why_not(counted_of(posts, week), "forewarning") ==
        "the day before is outside the window: begin it a day earlier");
  CHECK(counted_of(posts, week)("insight_to_action").figure.value == 38 * hour);
}

TEST_CASE("metrics: without spikes, topics, history or own posts there is no lag to tell") {
  auto counted = counted_of(two_spikes(), this_fortnight());
  counted.now.own.clear();
  for (const auto* name : {"insight_to_action", "forewarning"})
    CHECK(why_not(counted, name) == why_no_own_posts(counted.project));
  counted.now.history.quarters.clear();
  CHECK(why_not(counted, "insight_to_action") == "no topic had a spike in the window");
  CHECK(why_not(counted, "forewarning") == "no topic had a spike of complaints in the window");
  counted.now.history.begin = august(1);
  CHECK(why_not(counted, "forewarning") ==
        "the store begins on 1 Aug 2026: what is usual for an hour is known after four weeks");
  counted.project.topics.clear();
  counted.now = tally(*counted.store, counted.project, this_fortnight(), later);
  CHECK(why_not(counted, "forewarning") == "no topic is declared: add [[topic]] to the config");
}

TEST_CASE("metrics: recurrence after a fix compares complaints a day on the topic") {
  // The store begins on 20 July, so 21 days before the fix on 10 August with 6 complaints. After
  // it, from the 11th to the 25th, 14 days with 2; the one on the day itself is left out. (2 / 14)
  // / (6 / 21) = 1/2. Wilson for 2 of 8 is .0715 to .5907: times odds and 21/14.
  std::vector<Said> posts{{.id = "first", .at = august(-11), .author = "zoe"}};
  complain(posts, delivery, august(-5, 9), 4);
  complain(posts, delivery, august(9, 9), 2);
  complain(posts, delivery, august(10, 9), 1);
  complain(posts, price, august(12, 9), 3);
  complain(posts, delivery, august(20, 9), 2);
  auto counted = counted_of(posts, {august(3), august(25)});
  CHECK(why_not(counted, "recurrence_after_fix") == "no milestones file: name one under [files]");
  counted.files.milestones = {{august(10), "Fix", "Delivery"},
                              {august(10), "launch", "delivery"},
                              {august(10), "fix", "weather"}};
  auto value = counted("recurrence_after_fix");
  CHECK(value.figure.name == "delivery, 10 Aug 2026");
  CHECK(value.figure.value == doctest::Approx(0.5));
  CHECK(value.figure.n_used == 8);
  CHECK(value.figure.interval->low == doctest::Approx(0.0715 / 0.9285 * 1.5).epsilon(0.01));
  CHECK(value.figure.interval->high == doctest::Approx(0.5907 / 0.4093 * 1.5).epsilon(0.01));
  CHECK(value.breakdown.size() == 1);

  counted.files.milestones->push_back({august(11), "fix", "price"});
  CHECK(row(counted("recurrence_after_fix"), "price, 11 Aug 2026").not_measurable ==
        "nobody complained about it in the 22 days before the fix");
  counted.files.milestones = {{august(18), "fix", "delivery"}};
  CHECK(why_not(counted, "recurrence_after_fix") ==
        "the fix is less than a week old in this window: wait, or ask for a longer one");
  counted.now.history.begin = august(12);
  CHECK(why_not(counted, "recurrence_after_fix") ==
        "the store begins on 12 Aug 2026: a week before the fix is needed");
  counted.files.milestones->clear();
  CHECK(why_not(counted, "recurrence_after_fix") ==
        "the milestones file has no fix in the window whose note is a topic");
}

TEST_CASE("metrics: after a fix that holds the ratio is 0, with an upper end") {
  std::vector<Said> posts{{.id = "first", .at = august(-11), .author = "zoe"}};
  complain(posts, delivery, august(5, 9), 10);
  auto counted = counted_of(posts, {august(3), august(25)});
  counted.files.milestones = {{august(10), "fix", "delivery"}};
  const auto figure = counted("recurrence_after_fix").figure;
  CHECK(figure.value == 0);
  CHECK(figure.interval->low == 0);
  // Wilson for 0 of 10 is 0 to .2775; times odds and 21/14.
  CHECK(figure.interval->high == doctest::Approx(0.2775 / 0.7225 * 1.5).epsilon(0.01));
}

TEST_CASE("metrics: period change counts the headline figures that changed beyond chance") {
  // Volume 12 against 3 in two weeks each: 4.5 a week more, at least 0.6. Share of voice 10 of 12
  // against 2 of 3, net sentiment 2 of 10 against 0 of 2: chance. Nothing to answer or to recommend
  // before.
  Counted counted;
  counted.now.coverage.clear();
  counted.before.coverage.clear();
  const auto value = counted("period_change");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.words == "1 of 3");
  CHECK(value.figure.n_eligible == 5);
  REQUIRE(value.parts.size() == 5);
  CHECK(value.parts[0].name == "listening volume");
  CHECK(value.parts[0].value == 4.5);
  // Poisson 12: 6.87 to 20.98; 3: 1.02 to 8.82; halved, down: sqrt(2.57^2 + 2.91^2) = 3.88.
  CHECK(value.parts[0].interval->low == doctest::Approx(0.62).epsilon(0.02));
  CHECK(value.parts[1].name == "share of voice");
  CHECK(value.parts[1].value == doctest::Approx(10.0 / 12 - 2.0 / 3));
  CHECK(value.parts[2].value == doctest::Approx(0.2));
  CHECK(value.parts[3].not_measurable ==
        "in the window before: no post in the window needs an answer by the brand");
  CHECK(find_metric("period_change")->definition.sentence(value) ==
        "Changed by more than chance since the window before: listening volume up.");

  counted.project.minimum_n = 30;
  CHECK(counted("period_change").parts[1].not_measurable ==
        "fewer than 30 posts in one of the windows");
}

TEST_CASE("metrics: period change refuses windows that can't be compared") {
  Counted counted;
  // The feed began on 1 August and missed two days of the fortnight since: 12 of 14.
  CHECK(why_not(counted, "period_change") ==
        "coverage was 86 % in this window and 100 % in the one before: too far apart");
  counted.before.coverage.clear();
  CHECK(why_not(counted, "period_change") == "sources were polled in one of the two windows only");
  counted.before.labels.generations.front().first += 1;
  CHECK(why_not(counted, "period_change") ==
        "the posts of the two windows were labelled by different models or configs: run earshot "
        "analyze --all");
  counted.before.labels.labelled = 0;
  CHECK(why_not(counted, "period_change") == "no labelled post in the window before");
  std::swap(counted.now, counted.before);
  counted.now.labels.labelled = 1;
  CHECK(why_not(counted, "period_change") == "the other window is not before this one");

  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const Accounts accounts;
  CHECK(measure(*find_metric("M70"), counted.now, nullptr,
                {counted.project, *calendar, accounts, counted.files})
            .figure.not_measurable == "nothing to compare with: add --compare previous");
}
