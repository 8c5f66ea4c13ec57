// Metrics of how the brand serves: M14, M43, M44, M46, M48, M50, M58, M59, M72, M73.
#include <doctest/doctest.h>

#include "tests/analyze/service_corpus.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr double hour = 3600;

/// Ten questions on a channel, an hour apart; the first `answered` get their answer from `handle`
/// after 1, 2, ... times `step`.
void ask_ten(std::vector<Said>& posts, const std::string& channel, const std::string& handle,
             int answered, std::chrono::hours step) {
  for (int i = 0; i < 10; ++i) {
    const auto id = channel + std::to_string(i);
    const auto at = august(3) + std::chrono::hours{i};
    posts.push_back(asks(id, at, "asker " + id, channel));
    if (i < answered) posts.push_back(replies("r" + id, at + (i + 1) * step, id, handle, channel));
  }
}

/// Replies of a handle in that many tones.
void reply_in_tones(std::vector<Said>& posts, const std::string& handle, int positive, int negative,
                    int neutral) {
  for (int i = 0; i < positive + negative + neutral; ++i) {
    const auto tone = i < positive              ? Sentiment::positive
                      : i < positive + negative ? Sentiment::negative
                                                : Sentiment::neutral;
    const auto id = handle + std::to_string(i);
    posts.push_back(with(replies(id, august(3) + std::chrono::hours{i}, "gone", handle), tone));
  }
}

}  // namespace

TEST_CASE("metrics: the backlog is what waits past its target when the window ends") {
  // p1 (priority 3, 3 August 11:00) is unanswered; p2, p3 and p12 were answered; of p4 on the blog
  // nobody knows. To 17 August 0:00 it is 13 d 13 h.
  const auto value = Counted{}("backlog");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.ratio == Ratio{1, 4});
  CHECK(value.figure.n_eligible == 5);
  CHECK(part(value, "oldest").value == (13 * 24 + 13) * hour);
  CHECK(row(value, "3 (after 2 d)").ratio == Ratio{1, 1});
  CHECK(row(value, "1 (after 4 h)").ratio == Ratio{0, 2});
}

TEST_CASE("metrics: answers that come after the window leave a backlog at its end") {
  // Asked on 3 August 8:00 with a target of 48 h, answered after 72 h.
  auto counted = counted_of({asks("q", august(3, 8), "ann"), replies("a", august(6, 8), "q")},
                            later, {august(3), august(5, 9)});
  CHECK(counted("backlog").figure.value == 1);  // 49 h old at the end
  CHECK(part(counted("backlog"), "oldest").value == 49 * hour);
  counted.now = tally(*counted.store, counted.project, {august(3), august(5, 8)}, later);
  CHECK(counted("backlog").figure.value == 0);  // 48 h: not past it
  CHECK(counted("backlog").parts.empty());
}

TEST_CASE("metrics: a backlog can't be told where replies are not collected") {
  Counted counted;
  for (auto& item : counted.now.inbox) item.threaded = false;
  CHECK(counted("backlog").figure.not_measurable ==
        "no replies are collected from these sources, so answers can't be seen");
  counted.now.inbox.clear();
  CHECK(counted("backlog").figure.value == 0);
}

TEST_CASE("metrics: responder concentration and the bus factor are by handle") {
  // anna 4, ben 3, cid 3: 4 of 10; anna and ben together 7 of 10 are the half and more.
  std::vector<Said> posts;
  reply_in_tones(posts, "anna", 0, 0, 4);
  reply_in_tones(posts, "ben", 0, 0, 3);
  reply_in_tones(posts, "cid", 0, 0, 3);
  posts.push_back(with(replies("machine", august(4), "gone", "anna"), Mark::automatic));
  const auto value = counted_of(posts)("responder_concentration");
  CHECK(value.figure.ratio == Ratio{4, 10});
  CHECK(part(value, "bus factor").value == 2);
  CHECK(row(value, "ben").ratio == Ratio{3, 10});

  const auto alone = Counted{}("responder_concentration");  // r1 r2 r3
  CHECK(alone.figure.ratio == Ratio{3, 3});
  CHECK(part(alone, "bus factor").value == 1);
}

TEST_CASE("metrics: responders without names or without replies can't be told") {
  Counted counted;
  for (auto& item : counted.now.own) item.author = 0;
  CHECK(counted("responder_concentration").figure.not_measurable ==
        "these sources don't name the authors, so who replies can't be told");
  CHECK(counted("responder_concentration").figure.n_eligible == 3);
  counted.now.own.resize(1);  // o1
  CHECK(counted("responder_concentration").figure.not_measurable ==
        "the brand replied to nobody in the window");
}

TEST_CASE("metrics: service is as consistent as the medians of its channels") {
  // forum 1 ... 10 h, median 6; blog 2, 4 ... 20 h, median 12. Each has a handle of its own.
  // Of all twenty the value at index 10 is 8 h, that at index 18 is 18 h.
  std::vector<Said> posts;
  ask_ten(posts, "forum", "anna", 10, std::chrono::hours{1});
  ask_ten(posts, "blog", "ben", 10, std::chrono::hours{2});
  const auto value = counted_of(posts)("service_consistency");
  CHECK(value.figure.value == 6 * hour);
  CHECK(value.figure.n_used == 20);
  CHECK(part(value, "by handle").value == 6 * hour);
  CHECK(part(value, "p90 / median").value == 18.0 / 8);
  CHECK(row(value, "blog").value == 12 * hour);
  CHECK(row(value, "ben").value == 12 * hour);
}

TEST_CASE("metrics: a channel whose median is not reached makes the spread larger than seen") {
  // The blog answers 3 of 10: its median is beyond 7 d, and the forum's is 6 h.
  std::vector<Said> posts;
  ask_ten(posts, "forum", "anna", 10, std::chrono::hours{1});
  ask_ten(posts, "blog", "ben", 3, std::chrono::hours{2});
  const auto value = counted_of(posts)("service_consistency");
  CHECK_FALSE(value.figure.value);
  CHECK(value.figure.beyond == (7 * 24 - 6) * hour);
  CHECK(part(value, "by handle").not_measurable == "fewer than two handles answered 10 posts");
}

TEST_CASE("metrics: small channels are not compared") {
  const Counted counted;
  CHECK(counted("service_consistency").figure.not_measurable ==
        "fewer than two channels have 10 posts whose answers can be seen");
  // Waits 2 h, 3 h, 24 h and p1 beyond 7 d: the median is 3 h, p90 beyond 168 h.
  CHECK(part(counted("service_consistency"), "p90 / median").beyond == 56);
  CHECK(counted("channel_parity").figure.not_measurable ==
        "fewer than two channels have 10 posts that need an answer, are 7 d old and whose answers "
        "can be seen");
  CHECK(counted("tone_spread").figure.not_measurable ==
        "fewer than two handles wrote 10 replies in the window");
}

TEST_CASE("metrics: consistency without anything to answer, or answers to see, has no value") {
  Counted counted;
  for (auto& item : counted.now.inbox) item.threaded = false;
  CHECK(counted("service_consistency").figure.not_measurable ==
        "no replies are collected from these sources, so answers can't be seen");
  counted.now.inbox.clear();
  CHECK(counted("service_consistency").figure.not_measurable ==
        "no post in the window needs an answer by the brand");
}

TEST_CASE("metrics: no channel of which half was answered gives no spread") {
  std::vector<Said> posts;
  ask_ten(posts, "forum", "anna", 3, std::chrono::hours{1});
  ask_ten(posts, "blog", "ben", 3, std::chrono::hours{2});
  const auto value = counted_of(posts)("service_consistency");
  CHECK(value.figure.not_measurable == "on none of the channels were half of the posts answered");
  CHECK(part(value, "p90 / median").not_measurable == "fewer than half of the posts were answered");
}

TEST_CASE("metrics: tone spread is between the net tones of handles with ten replies") {
  // anna (6 - 1) / 10, ben (1 - 3) / 10; cid has one reply only.
  std::vector<Said> posts;
  reply_in_tones(posts, "anna", 6, 1, 3);
  reply_in_tones(posts, "ben", 1, 3, 6);
  reply_in_tones(posts, "cid", 0, 1, 0);
  const auto value = counted_of(posts)("tone_spread");
  CHECK(value.figure.value == doctest::Approx(0.7));
  CHECK(value.figure.n_used == 20);
  CHECK(value.figure.n_eligible == 21);
  CHECK(row(value, "cid").ratio == Ratio{-1, 1});
}

TEST_CASE("metrics: escalation time is of the urgent posts") {
  // p2 2 h, p12 3 h: of two values the median is the one at index 1.
  Counted counted;
  const auto value = counted("escalation_time");
  CHECK(value.figure.value == 3 * hour);
  CHECK(value.figure.n_eligible == 2);
  CHECK(part(value, "p90").value == 3 * hour);
  CHECK(part(value, "median, business hours").value == 2 * hour);

  for (auto& item : counted.now.inbox) item.priority = 2;
  CHECK(counted("escalation_time").figure.not_measurable ==
        "no post of priority 1 in the window needs an answer by the brand");
}

TEST_CASE("metrics: channel parity is the worst response rate against the best") {
  // forum 8 of 10, blog 5 of 10.
  std::vector<Said> posts;
  ask_ten(posts, "forum", "anna", 8, std::chrono::hours{1});
  ask_ten(posts, "blog", "ben", 5, std::chrono::hours{1});
  auto counted = counted_of(posts);
  const auto value = counted("channel_parity");
  CHECK(value.figure.value == doctest::Approx(0.625));
  CHECK(value.figure.n_used == 20);
  CHECK(row(value, "blog").ratio == Ratio{5, 10});

  for (auto& item : counted.now.inbox) item.answered_after.reset();
  CHECK(counted("channel_parity").figure.not_measurable ==
        "nobody got an answer on any of the channels");
}

TEST_CASE("metrics: continuity is over whole local weeks") {
  // Both weeks have a reply; from r2 (5 August 9:00) to r3 (14 August 11:00) it is 9 d 2 h.
  Counted counted;
  const auto value = counted("continuity");
  CHECK(value.figure.ratio == Ratio{2, 2});
  CHECK(part(value, "longest silence").value == (9 * 24 + 2) * hour);

  // In weeks from Wednesday on only 5 to 12 August is whole, and r2 is in it.
  counted.project.week_start = 3;
  CHECK(counted("continuity").figure.ratio == Ratio{1, 1});

  counted.now = tally(*counted.store, counted.project, {august(3), august(5)}, later);
  CHECK(counted("continuity").figure.not_measurable ==
        "no whole week lies in the window (weeks begin on Wed)");
}

TEST_CASE("metrics: weeks of silence are a real 0 only where a reply would have been seen") {
  Counted counted;
  counted.before.own.clear();
  std::erase_if(counted.now.own, [](const OwnItem& item) { return !item.root; });
  CHECK(counted("continuity").figure.ratio == Ratio{0, 2});
  CHECK(part(counted("continuity"), "longest silence").value == 14 * 24 * hour);
  for (auto& item : counted.now.own) item.threaded = false;
  CHECK(counted("continuity").figure.not_measurable ==
        "no replies are collected from the channels of the own posts, so they can't be seen");
}

TEST_CASE("metrics: workload is the ninth day of ten, in hours of handling") {
  // p1 p2 on 3 August, p3 on the 4th, p4 (blog) on the 6th, p12 on the 14th: of 14 days ten have
  // none, three one, one two. Index floor(12.6) is a day with one: 5 minutes.
  Counted counted;
  auto value = counted("workload_need");
  CHECK(value.figure.value == doctest::Approx(5.0 / 60));
  CHECK(value.figure.n_used == 14);
  CHECK(part(value, "on average").value == doctest::Approx(5 * 5.0 / 60 / 14));
  CHECK(row(value, "forum").value == doctest::Approx(5.0 / 60));
  CHECK(row(value, "blog").value == 0);

  // A day on which nothing was collected is none without work.
  counted.now.coverage = {{.source = "feed", .scheduled = true, .gaps = {{august(8), august(10)}}}};
  value = counted("workload_need");
  CHECK(value.figure.n_used == 12);
  CHECK(value.figure.n_eligible == 14);
  counted.now.coverage[0].gaps = {{august(3), august(17)}};
  CHECK(counted("workload_need").figure.not_measurable ==
        "nothing was collected on any of the days");
}

TEST_CASE("metrics: workload leaves out days that are not over") {
  Counted counted;
  counted.now = tally(*counted.store, counted.project, this_fortnight(), august(5, 12));
  CHECK(counted("workload_need").figure.n_used == 2);
  counted.now = tally(*counted.store, counted.project, this_fortnight(), august(3, 12));
  CHECK(counted("workload_need").figure.not_measurable == "no whole day lies in the window");
}

TEST_CASE("metrics: hours fit where the brand replied in that hour of two weeks") {
  // Replies on two Mondays between 10 and 11, and once on a Tuesday between 9 and 10.
  const std::vector<Said> posts{
      asks("q1", august(3, 10, 0), "ann"),  replies("a1", august(3, 10, 15), "q1"),
      asks("q2", august(4, 9, 10), "bob"),  replies("a2", august(4, 9, 50), "q2"),
      asks("q3", august(10, 10, 5), "cid"), replies("a3", august(10, 10, 40), "q3"),
      asks("q4", august(12, 3), "dan")};
  auto counted = counted_of(posts);
  CHECK(counted("hours_fit").figure.ratio == Ratio{2, 4});  // q1, q3
  CHECK(part(counted("hours_fit"), "usual hours of the week").value == 1);

  // In one week once is usual: q1 and q2.
  counted.now = tally(*counted.store, counted.project, {august(3), august(10)}, later);
  CHECK(counted("hours_fit").figure.ratio == Ratio{2, 2});
}

TEST_CASE("metrics: hours fit needs questions, replies, and hours that come again") {
  Counted counted;  // r1, r2, r3 are at three different hours of the week
  CHECK(counted("hours_fit").figure.not_measurable ==
        "the brand replied in no hour of the week in two different weeks, so no hour is usual yet");
  std::erase_if(counted.now.own, [](const OwnItem& item) { return !item.root; });
  CHECK(counted("hours_fit").figure.not_measurable == "the brand replied to nobody in the window");
  counted.now.inbox.clear();
  CHECK(counted("hours_fit").figure.not_measurable ==
        "no post in the window needs an answer by the brand");
}
