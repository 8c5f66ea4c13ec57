#include <doctest/doctest.h>

#include "analyze/metric.hpp"
#include "tests/analyze/counted.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr double hour = 3600;

}  // namespace

TEST_CASE("metrics: names and numbers find a metric, in any case") {
  CHECK(find_metric("first_response_time") == find_metric("m27"));
  CHECK(find_metric("M27") != nullptr);
  CHECK(find_metric("M99") == nullptr);
}

TEST_CASE("metrics: listening volume counts items, and mentions apart") {
  // K: p1-p9, p11, p13, f1. Mentions: brand 10, FarmDirect 2, delivery 2, price 2.
  const auto value = Counted{}("listening_volume");
  CHECK(value.figure.value == 12);
  CHECK(value.parts[0].value == 16);
  CHECK(row(value, "blog").value == 3);  // p4, p7, p13
  CHECK(row(value, "delivery").value == 2);
  CHECK(value.figure.change->before == 3);
  CHECK(value.figure.change->difference == 9);
}

TEST_CASE("metrics: the series is blank where nothing was collected and where time has not come") {
  Counted counted;
  const auto day = [](int d) { return august(d); };
  counted.now.request.edges = {day(3), day(4), day(5), day(6)};
  counted.now.request.now = day(5);
  counted.now.cube.clear();
  counted.now.coverage = {{.source = "feed", .scheduled = true, .gaps = {{day(3), day(4)}}}};
  auto series = counted("listening_volume").series;
  REQUIRE(series.size() == 3);
  CHECK_FALSE(series[0].items);
  CHECK(series[1].items == 0);
  CHECK_FALSE(series[2].items);

  // An archive has no schedule: that it brought nothing is a 0.
  counted.now.coverage.push_back({.source = "archive"});
  series = counted("listening_volume").series;
  CHECK(series[0].items == 0);
}

TEST_CASE("metrics: normalised attention leaves out sources that are filtered by a query") {
  // 21 items, f1 filtered: 9 of 20.
  const auto figure = Counted{}("normalised_attention").figure;
  CHECK(figure.ratio == Ratio{9, 20});
  CHECK(figure.n_eligible == 21);
}

TEST_CASE("metrics: share of voice, by items and by engagement") {
  // Brand 10, FarmDirect 2. Engagement: p8 has 3 and counts for both, p7 has 10: 3 / (3 + 13).
  const auto value = Counted{}("share_of_voice");
  CHECK(value.figure.ratio == Ratio{10, 12});
  CHECK(value.parts[0].ratio == Ratio{3, 16});
  CHECK(value.parts[0].n_used == 3);
  CHECK(value.parts[0].n_eligible == 12);
  CHECK(row(value, "FarmDirect").ratio == Ratio{2, 12});
  CHECK(value.figure.change->before == doctest::Approx(2.0 / 3));
  CHECK(value.figure.change->interval->method == "Newcombe");
}

TEST_CASE("metrics: share of voice needs a competitor") {
  Counted counted;
  counted.project.competitors.clear();
  counted.now = tally(*counted.store, counted.project, this_fortnight(), later);
  CHECK(counted("share_of_voice").figure.not_measurable ==
        "no competitor is declared: add [[competitor]] to the config");
}

TEST_CASE("metrics: coverage is of scheduled sources; archives have none") {
  Counted counted;
  counted.now.coverage = {
      {.source = "archive"},
      {.source = "feed", .scheduled = true, .scheduled_hours = 100, .covered_hours = 97},
      {.source = "news", .scheduled = true, .scheduled_hours = 50, .covered_hours = 50}};
  const auto value = counted("coverage");
  CHECK(value.figure.ratio == Ratio{147, 150});
  CHECK(row(value, "archive").not_measurable == "n/a (archive)");
  CHECK(row(value, "feed").ratio == Ratio{97, 100});

  counted.now.coverage.resize(1);
  CHECK_FALSE(counted("coverage").figure.value);
}

TEST_CASE("metrics: topic trend shares out the mentions of topics, against the window before") {
  // With the brand: delivery p2 p3, price p4. Before: one each, so delivery rose by 16.7 points.
  const auto value = Counted{}("topic_trend");
  CHECK(value.figure.name == "delivery");
  CHECK(value.figure.ratio == Ratio{2, 3});
  CHECK(row(value, "price").ratio == Ratio{1, 3});
  CHECK(row(value, "delivery").change->difference == doctest::Approx(1.0 / 6));
  CHECK(row(value, "price").change->difference == doctest::Approx(-1.0 / 6));
}

TEST_CASE("metrics: sentiment ratio is three counts") {
  // Positive p1 p6 p11 p13, neutral p3 p4 p8 f1, negative p2 p5.
  const auto value = Counted{}("sentiment_ratio");
  CHECK(value.figure.words == "4 : 4 : 2");
  CHECK(value.figure.value == 2);
  CHECK(value.parts[2].ratio == Ratio{2, 10});
}

TEST_CASE("metrics: net sentiment of all and of those that take a side have names of their own") {
  const auto value = Counted{}("net_sentiment");
  CHECK(value.figure.name == "all");
  CHECK(value.figure.ratio == Ratio{2, 10});
  CHECK(value.parts[0].name == "polar");
  CHECK(value.parts[0].ratio == Ratio{2, 6});
  CHECK(value.parts[0].n_eligible == 10);
}

TEST_CASE("metrics: posts in languages that the model does not know are in no share of sentiment") {
  Counted counted;
  auto posts = green_basket_posts();
  std::size_t changed = 0;
  for (auto& post : posts)
    for (auto& about : post.about)
      if (post.id == "p2" && about.entity == brand_index)
        about.sentiment = Sentiment::unsupported, ++changed;
  REQUIRE(changed == 1);
  counted.store = make_labelled_store(posts, entities_of(counted.project));
  counted.now = tally(*counted.store, counted.project, this_fortnight(), counted.at);

  const auto net = counted("net_sentiment");
  CHECK(net.figure.ratio == Ratio{3, 9});
  CHECK(net.figure.n_used == 9);
  CHECK(net.figure.n_eligible == 10);
  const auto ratio = counted("sentiment_ratio");
  CHECK(ratio.figure.words == "4 : 4 : 1");
  CHECK(ratio.parts[0].ratio == Ratio{4, 9});
  CHECK(ratio.parts[0].n_eligible == 10);
}

TEST_CASE("metrics: where no post is in a language that the model knows, that is said") {
  Counted counted;
  auto posts = green_basket_posts();
  for (auto& post : posts)
    for (auto& about : post.about) about.sentiment = Sentiment::unsupported;
  counted.store = make_labelled_store(posts, entities_of(counted.project));
  counted.now = tally(*counted.store, counted.project, this_fortnight(), counted.at);

  for (const auto* name : {"net_sentiment", "sentiment_ratio"}) {
    const auto figure = counted(name).figure;
    CHECK_FALSE(figure.value);
    CHECK(figure.not_measurable == "no such post is in a language that the sentiment model knows");
    CHECK(figure.n_eligible == 10);
  }
}

TEST_CASE("metrics: question share is over brand or topics, each item once") {
  // The 10 about the brand and p9; questions p3 p4 p9.
  CHECK(Counted{}("question_share").figure.ratio == Ratio{3, 11});
}

TEST_CASE("metrics: unanswered demand judges only questions whose answers could be seen") {
  // p3 was answered, p9 not, and the blog of p4 has no replies.
  const auto value = Counted{}("unanswered_demand");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.n_used == 2);
  CHECK(value.figure.n_eligible == 3);
  CHECK(row(value, "delivery").value == 0);
  CHECK(row(value, "price").value == 1);
}

TEST_CASE("metrics: questions that may still be answered are not unanswered") {
  Counted counted;
  counted.now = tally(*counted.store, counted.project, this_fortnight(), august(5));
  // On 5 August only p3 has been asked, one day ago.
  CHECK(counted("unanswered_demand").figure.not_measurable ==
        "no question is 7 d old yet, so each may still be answered");
}

TEST_CASE("metrics: cadence leaves out reposts and sees the longest silence") {
  // o1 o2 o3 in two weeks; from o2 to o3 it is a week.
  const auto value = Counted{}("cadence");
  CHECK(value.figure.value == 1.5);
  CHECK(value.figure.n_eligible == 4);
  CHECK(value.parts[0].value == 7 * 24 * hour);
}

TEST_CASE("metrics: no own posts are a real 0 only where the brand's accounts are heard") {
  Counted counted;
  counted.now.own.clear();
  CHECK(counted("cadence").figure.value == 0);  // bo1 of the window before shows it
  CHECK(counted("cadence").parts[0].value == 14 * 24 * hour);

  counted.before.own.clear();
  CHECK(counted("cadence").figure.not_measurable ==
        "no own posts in the window (are the handles under [brand] right, and are the brand's own "
        "accounts among the sources?)");
  counted.project.brand.handles.clear();
  CHECK(counted("cadence").figure.not_measurable ==
        "no own account is declared: add handles to [brand]");
}

TEST_CASE("metrics: channel activation compares names without case") {
  // "Forum" and "blog" have own posts, facebook has none.
  const auto value = Counted{}("channel_activation");
  CHECK(value.figure.ratio == Ratio{2, 3});
  CHECK(row(value, "Forum").value == 2);
  CHECK(row(value, "facebook").value == 0);
}

TEST_CASE(
    "metrics: amplification, applause and conversation use only posts whose counts are known") {
  Counted counted;
  // o1 2 shares, o2 1 share, o3 unknown; 3 shares on 400 followers.
  const auto shares = counted("amplification");
  CHECK(shares.figure.ratio == Ratio{3, 2});
  CHECK(shares.figure.n_eligible == 3);
  CHECK(shares.parts[0].value == 7.5);
  CHECK(row(shares, "blog").not_measurable == "no source says how often the own posts were shared");
  // o1 4 likes, o2 none.
  CHECK(counted("applause").figure.ratio == Ratio{4, 2});
  // p1 and p2 answer o1; o3 is on the blog, which has no replies.
  CHECK(counted("conversation_rate").figure.ratio == Ratio{2, 2});
  CHECK(counted("conversation_rate").figure.n_eligible == 3);
}

TEST_CASE("metrics: response rate is over what needs an answer, where answers can be seen") {
  // p1 (answers o1), p2, p3, p12 (addressed), p4 (on the blog); p1 got no answer.
  const auto value = Counted{}("response_rate");
  CHECK(value.figure.ratio == Ratio{3, 4});
  CHECK(value.figure.n_eligible == 5);
  CHECK_FALSE(row(value, "blog").value);
}

TEST_CASE("metrics: response rate without collected replies is not measurable") {
  Counted counted;
  for (auto& item : counted.now.inbox) item.threaded = false;
  for (auto& row : counted.now.answers) row.threaded = false;
  for (const auto* name : {"response_rate", "first_response_time", "sla_attainment"})
    CHECK(counted(name).figure.not_measurable ==
          "no replies are collected from these sources, so answers can't be seen");
}

TEST_CASE("metrics: response rate waits for the horizon") {
  Counted counted;
  counted.now = tally(*counted.store, counted.project, this_fortnight(), august(5));
  CHECK(counted("response_rate").figure.not_measurable ==
        "no post that needs an answer is 7 d old yet");
}

TEST_CASE("metrics: first response time counts who waits as waiting") {
  // 2 h, 3 h, 24 h, and p1 still waiting after 7 d. S: .75, .5, .25. All three steps are within
  // Brookmeyer and Crowley's bounds (1.15, 0 and 1.15 standard errors), so there is no upper end.
  const auto value = Counted{}("first_response_time");
  CHECK(value.figure.value == 3 * hour);
  CHECK(value.figure.interval->low == 2 * hour);
  CHECK(value.figure.interval->high == Interval::open);
  CHECK(value.figure.n_used == 4);
  CHECK(value.figure.n_eligible == 5);
  CHECK_FALSE(value.parts[0].value);
  CHECK(value.parts[0].beyond == 7 * 24 * hour);
}

TEST_CASE("metrics: business hours count only while the shop is open") {
  // p2 Mon 12:00-14:00 2 h; p3 Tue 9:00-Wed 9:00 8 h; p12 Fri 8:00-11:00 2 h; p1 waits 40 h.
  const auto value = Counted{}("first_response_time");
  CHECK(value.parts[1].name == "median, business hours");
  CHECK(value.parts[1].value == 2 * hour);
  CHECK(value.parts[2].beyond == 40 * hour);
}

TEST_CASE("metrics: SLA attainment holds each post to the target of its priority") {
  // Targets 4, 24, 48 h. p2 2 h and p12 3 h (priority 1), p3 24 h (priority 2) kept; p1 missed.
  const auto value = Counted{}("sla_attainment");
  CHECK(value.figure.ratio == Ratio{3, 4});
  CHECK(value.figure.n_eligible == 5);
  CHECK(row(value, "1 (within 4 h)").ratio == Ratio{2, 2});
  CHECK(row(value, "2 (within 1 d)").ratio == Ratio{1, 1});
  CHECK(row(value, "3 (within 2 d)").ratio == Ratio{0, 1});
}

TEST_CASE("metrics: an answered post that is younger than its target is not judged yet") {
  Counted counted;
  // At 4 August 10:00 p1 is 23 h old (target 48 h), p2 22 h (4 h, kept), p3 1 h (24 h).
  counted.now = tally(*counted.store, counted.project, this_fortnight(), august(4, 10));
  CHECK(counted("sla_attainment").figure.ratio == Ratio{1, 1});
}

TEST_CASE("metrics: net advocacy counts people, and no affiliates") {
  // Recommend: ann, kim. Warns: eve. leni is an affiliate. Nine people named the brand.
  const auto value = Counted{}("net_advocacy");
  CHECK(value.figure.ratio == Ratio{1, 3});
  CHECK(value.figure.n_eligible == 9);
}

TEST_CASE("metrics: who recommends and warns is one up and one down") {
  Counted counted;
  for (auto& row : counted.now.audience)
    if (row.scope == brand_scope && row.recommends) row.warns = true;
  CHECK(counted("net_advocacy").figure.ratio == Ratio{-1, 3});
}

TEST_CASE("metrics: where no post is labelled every metric but coverage says what to do") {
  Counted counted;
  counted.now = Tallies{.request = counted.now.request};
  counted.now.labels.unlabelled = 5;
  for (const auto& metric : metrics()) {
    if (!metric.definition.needs_labels) continue;
    const auto value = counted(metric.name);
    CHECK(value.figure.not_measurable ==
          "no post of the window is labelled yet: run earshot analyze first");
    CHECK_FALSE(value.figure.change);
  }
  counted.now.labels.unlabelled = 0;
  CHECK(counted("listening_volume").figure.not_measurable == "no posts in the window");
}

TEST_CASE("metrics: too few posts are marked, and their shares are not compared") {
  Counted counted;
  counted.project.minimum_n = 30;
  const auto voice = counted("share_of_voice").figure;
  CHECK(voice.small_sample);
  CHECK_FALSE(voice.change);
  CHECK_FALSE(counted("listening_volume").figure.small_sample);
  CHECK_FALSE(counted("channel_activation").figure.small_sample);
}
