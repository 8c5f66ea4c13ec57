// Metrics of threads and of who helps whom: M29, M32, M36, M37, M39, M63, M65, M75, M80.
#include <doctest/doctest.h>

#include "tests/analyze/service_corpus.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

constexpr double hour = 3600;

/// Six threads: settled by thanks, "thanks in advance", settled by a mark, broken again, thanked by
/// another, and one in which only a machine replied.
std::vector<Said> service_threads() {
  return {
      asks("q1", august(3, 8), "ann"),
      replies("a1", august(3, 9), "q1"),
      with(answers("t1", august(3, 11), "ann", "a1"), Intent::thanks),
      with(asks("q2", august(4, 8), "bob"), Intent::thanks),
      replies("a2", august(4, 9), "q2"),
      asks("q3", august(5, 8), "cid"),
      replies("a3", august(5, 9), "q3"),
      with(answers("s3", august(6, 8), "cid", "a3"), Mark::solved),
      asks("q4", august(7, 8), "dan"),
      replies("a4", august(7, 9), "q4"),
      with(answers("t4", august(7, 10), "dan", "a4"), Intent::thanks),
      answers("m4", august(7, 12), "dan", "t4"),
      asks("q5", august(8, 8), "eve"),
      replies("a5", august(8, 9), "q5"),
      with(answers("t5", august(8, 10), "fay", "a5"), Intent::thanks),
      asks("q6", august(9, 8), "gus"),
      with(replies("a6", august(9, 9), "q6"), Mark::automatic),
      with(answers("t6", august(9, 10), "gus", "a6"), Intent::thanks),
  };
}

}  // namespace

TEST_CASE("metrics: dialogue depth counts how often the talk changes sides") {
  // o1 | p1 p2 | r1: 3 turns; p3 | r2 and p12 | r3: 2 each. Own replies r1 r2 r3, posts o1 o2 o3.
  const auto value = Counted{}("dialogue_depth");
  CHECK(value.figure.ratio == Ratio{7, 3});
  CHECK(part(value, "dialogue ratio").ratio == Ratio{3, 6});
  CHECK(part(value, "longest").value == 3);
}

TEST_CASE("metrics: an auto-reply is no turn and no reply") {
  // Of the six threads only q6 has no reply but a machine's. Turns: 3, 2, 3, 3, 3.
  CHECK(counted_of(service_threads())("dialogue_depth").figure.ratio == Ratio{14, 5});

  const auto machine = counted_of(
      {asks("q", august(3, 8), "ann"), with(replies("a", august(3, 9), "q"), Mark::automatic)});
  CHECK(machine("dialogue_depth").figure.not_measurable ==
        "the brand replied to nobody in the window");
}

TEST_CASE("metrics: without own posts or collected replies dialogue says what is missing") {
  Counted counted;
  counted.now.threads.clear();
  for (auto& item : counted.now.own) item.threaded = false;
  CHECK(counted("dialogue_depth").figure.not_measurable ==
        "no replies are collected from the channels of the own posts, so they can't be seen");
  counted.now.own.clear();
  counted.project.brand.handles.clear();
  CHECK(counted("dialogue_depth").figure.not_measurable ==
        "no own account is declared: add handles to [brand]");
}

TEST_CASE("metrics: a resolution is confirmed by the asker's last words after an answer") {
  // q1 and q3, of the five threads with a reply.
  const auto counted = counted_of(service_threads());
  const auto value = counted("confirmed_resolution");
  CHECK(value.figure.ratio == Ratio{2, 5});
  CHECK(part(value, "official").not_measurable == "no cases file: name one under [files]");

  // t1 came 3 h after q1, s3 24 h after q3; of two values the median is the one at index 1.
  const auto time = counted("resolution_time");
  CHECK(time.figure.value == 24 * hour);
  CHECK(time.figure.n_used == 2);
  CHECK(time.figure.n_eligible == 5);
  CHECK(part(time, "p90").value == 24 * hour);
}

TEST_CASE("metrics: where nobody confirms there is a share and no time") {
  // r1, r2, r3 answered; nobody said a word after.
  const Counted counted;
  CHECK(counted("confirmed_resolution").figure.ratio == Ratio{0, 3});
  CHECK(counted("resolution_time").figure.not_measurable ==
        "nobody whom the brand replied to said thanks, or that it is settled");
  CHECK(counted("resolution_time").figure.n_eligible == 3);
}

TEST_CASE("metrics: threads without names or without the asker can't be resolved") {
  auto posts = service_threads();
  for (auto& said : posts)
    if (said.owner == no_entity) said.author.clear();
  CHECK(counted_of(posts)("confirmed_resolution").figure.not_measurable ==
        "these sources don't name the authors, so who asked can't be told");

  const auto alone = counted_of({replies("a", august(3, 9), "gone")});
  CHECK(alone("confirmed_resolution").figure.not_measurable ==
        "nobody whom the brand replied to in the window is stored");
}

TEST_CASE("metrics: the official rate and time are of cases of posts in the window") {
  auto counted = counted_of(service_threads());
  counted.files.cases = std::vector<CaseRow>{
      {"https://forum/1", august(3), august(3, 10), {}},  // 10 h
      {"https://forum/2", august(4), august(5, 20), {}},  // 44 h
      {"https://forum/3", august(5), {}, {}},             // open
      {"https://forum/4", august(6), august(20), {}},     // resolved after the window
      {"https://forum/5", august(-9), august(3, 1), {}},  // opened before it: 12 d 1 h
      {"", august(3), august(3, 1), {}},                  // of another channel
      {"https://forum/6", {}, august(9), {}},             // opened nobody knows when
  };
  CHECK(part(counted("confirmed_resolution"), "official").ratio == Ratio{2, 4});
  const auto time = part(counted("resolution_time"), "official median");
  CHECK(time.value == 44 * hour);  // of 10 h, 44 h and 12 d 1 h
  CHECK(time.n_used == 3);
  CHECK(time.n_eligible == 4);

  counted.files.cases->clear();
  CHECK(part(counted("confirmed_resolution"), "official").not_measurable ==
        "the cases file has no case of a post that was opened in the window");
}

TEST_CASE("metrics: tone recovers by what it does with an answer beyond what it does without") {
  using enum Sentiment;
  const auto angry = [](const char* id, Instant at, const char* author) {
    return with(asks(id, at, author), negative);
  };
  // With: ann -1 to 1, bob -1 to 0: mean 1.5. Without: cid -1 to -1, dan 0 to -1: mean -0.5.
  // Eve spoke only once, and fay only before the answer.
  const auto value = counted_of({
      angry("q1", august(3, 8), "ann"),
      replies("a1", august(3, 9), "q1"),
      with(answers("m1", august(3, 10), "ann", "a1"), positive),
      angry("q2", august(4, 8), "bob"),
      replies("a2", august(4, 9), "q2"),
      with(answers("m2", august(4, 10), "bob", "a2"), neutral),
      angry("q3", august(5, 8), "cid"),
      with(answers("m3", august(5, 10), "cid", "q3"), negative),
      asks("q4", august(6, 8), "dan"),
      with(answers("m4", august(6, 10), "dan", "q4"), negative),
      angry("q5", august(7, 8), "eve"),
      replies("a5", august(7, 9), "q5"),
      angry("q6", august(8, 8), "fay"),
      with(answers("m6", august(8, 9), "fay", "q6"), positive),
      replies("a6", august(8, 10), "m6"),
  })("tone_recovery");
  CHECK(value.figure.value == 2);
  CHECK(value.figure.n_used == 4);
  CHECK(value.figure.n_eligible == 6);
  CHECK_FALSE(value.figure.interval);
  CHECK(part(value, "after an answer").value == 1.5);
  CHECK(part(value, "without one").value == -0.5);
}

TEST_CASE("metrics: tone recovery has an interval from thirty askers on either side") {
  // 30 after an answer: half 0, half +1, mean 0.5, variance 30/4/29; 30 without: all 0.
  // 0.5 -+ 1.96 sqrt(0.25862 / 30) = 0.318 to 0.682.
  std::vector<Said> posts;
  for (int i = 0; i < 60; ++i) {
    const auto n = std::to_string(i);
    const auto at = august(3) + std::chrono::hours{i};
    posts.push_back(asks("q" + n, at, "a" + n));
    const bool answered = i < 30;
    if (answered) posts.push_back(replies("r" + n, at + std::chrono::minutes{5}, "q" + n));
    posts.push_back(with(answers("m" + n, at + std::chrono::minutes{9}, "a" + n, "q" + n),
                         answered && i % 2 == 0 ? Sentiment::positive : Sentiment::neutral));
  }
  const auto figure = counted_of(posts)("tone_recovery").figure;
  CHECK(figure.value == 0.5);
  REQUIRE(figure.interval);
  CHECK(figure.interval->low == doctest::Approx(0.318).epsilon(0.001));
  CHECK(figure.interval->high == doctest::Approx(0.682).epsilon(0.001));
  CHECK(figure.interval->method == "Welch");
}

TEST_CASE("metrics: tone recovery needs somebody to compare with") {
  const Counted counted;  // nobody speaks twice
  CHECK(counted("tone_recovery").figure.not_measurable == "nobody spoke again after an answer");
  const auto helped = counted_of({asks("q", august(3, 8), "ann"), replies("a", august(3, 9), "q"),
                                  answers("m", august(3, 10), "ann", "a")});
  CHECK(helped("tone_recovery").figure.not_measurable ==
        "nobody spoke again without an answer, so there is nothing to compare with");
  CHECK(part(helped("tone_recovery"), "after an answer").value == 0);
  const auto idle = counted_of({asks("q", august(3, 8), "ann")});
  CHECK(idle("tone_recovery").figure.not_measurable ==
        "no thread in which somebody needed the brand's answer is stored");
}

TEST_CASE("metrics: active advocates are of the last 30 days among those of the year") {
  const auto stand = [](const char* id, Instant at, const char* author, Stance stance) {
    return with(asks(id, at, author), Sentiment::neutral, stance);
  };
  using enum Stance;
  // Up to 17 August. Active: ann (two days), bob (one local day), eve (two, but warned since).
  // Cid's was in the year before, gil's is older than that; hal only warned.
  auto counted = counted_of({
      stand("g", august(17) - std::chrono::days{400}, "gil", advocate),
      stand("c", august(17) - std::chrono::days{100}, "cid", advocate),
      stand("a1", august(10, 8), "ann", advocate),
      stand("a2", august(12, 8), "ann", advocate),
      stand("b1", august(10, 1), "bob", advocate),
      stand("b2", august(10, 23), "bob", advocate),
      stand("e1", august(8, 8), "eve", advocate),
      stand("e2", august(9, 8), "eve", advocate),
      stand("e3", august(11, 8), "eve", detractor),
      stand("h", august(11, 9), "hal", detractor),
  });
  const auto value = counted("active_advocates");
  CHECK(value.figure.ratio == Ratio{3, 4});
  CHECK(part(value, "returning advocates").value == 1);
  CHECK(part(value, "history").value == 365 * 24 * hour);

  for (auto& row : counted.now.history.stances) row.author = 0;
  CHECK(counted("active_advocates").figure.not_measurable ==
        "these sources don't name the authors, so people can't be counted");
  counted.now.history.stances.clear();
  CHECK(counted("active_advocates").figure.not_measurable ==
        "nobody recommended the brand in the last 365 days");
}

TEST_CASE("metrics: in a store of less than 30 days every advocate is active, which says nothing") {
  CHECK(Counted{}("active_advocates").figure.not_measurable ==
        "the store begins on 25 Jul 2026: it must know more than the last 30 days to tell who of "
        "the earlier advocates is still active");
}

TEST_CASE("metrics: peers support where they answer before the brand") {
  // q1 a peer after 1 h, the brand after 2; q2 the other way round; q3 nobody.
  const auto counted = counted_of({
      asks("q1", august(3, 8), "ann"),
      answers("p1", august(3, 9), "bob", "q1"),
      replies("o1", august(3, 10), "q1"),
      asks("q2", august(4, 8), "cid"),
      replies("o2", august(4, 9), "q2"),
      answers("p2", august(4, 10), "dan", "q2"),
      asks("q3", august(5, 8), "eve"),
  });
  CHECK(counted("peer_support").figure.ratio == Ratio{1, 2});
}

TEST_CASE("metrics: peer support says why there is none to see") {
  const auto reason = [](const std::vector<Said>& posts) {
    return counted_of(posts)("peer_support").figure.not_measurable;
  };
  CHECK(reason({answers("x", august(3), "ann", "")}) ==
        "nobody asked anything about the brand or a topic in the window");
  CHECK(reason({asks("q", august(3), "ann")}) ==
        "no replies are collected from the sources in which people ask, so answers can't be seen");
  CHECK(reason({asks("q", august(3), "ann"), asks("q2", august(3), "bob"),
                answers("self", august(4), "ann", "q")}) ==
        "none of the questions was answered by anyone");
}

TEST_CASE("metrics: newcomers are welcome if somebody answers within two days") {
  // First posts on the forum: ann bob cat eve gus hal ivy leni joe; bob, cat and joe were answered.
  // Elsewhere (dan, fay, kim, mia) replies are not collected.
  Counted counted;
  counted.now.history.begin = august(-11);
  const auto value = counted("newcomer_welcome");
  CHECK(value.figure.ratio == Ratio{3, 9});
  CHECK(value.figure.n_eligible == 13);
  CHECK(part(value, "history before").value == 14 * 24 * hour);

  for (auto& item : counted.now.newcomers)
    if (item.replied_after) *item.replied_after = 48 * 3600 + 1;
  CHECK(counted("newcomer_welcome").figure.ratio == Ratio{0, 9});
  for (auto& item : counted.now.newcomers) item.threaded = false;
  CHECK(counted("newcomer_welcome").figure.not_measurable ==
        "no replies are collected from these sources, so answers can't be seen");
  for (auto& item : counted.now.newcomers) item.observed_for = 3600;
  CHECK(counted("newcomer_welcome").figure.not_measurable == "no first post is 2 d old yet");
  counted.now.newcomers.clear();
  CHECK(counted("newcomer_welcome").figure.not_measurable ==
        "nobody spoke for the first time in the window");
}

TEST_CASE("metrics: who is new can't be told where the store begins in the window before") {
  CHECK(Counted{}("newcomer_welcome").figure.not_measurable ==
        "the store begins on 25 Jul 2026, so the window before is not all in it and people look "
        "new who are not");
}

TEST_CASE("metrics: advocates are acknowledged by a reply that is no machine's") {
  const auto praise = [](const char* id, Instant at, const char* author) {
    return with(answers(id, at, author, ""), Sentiment::positive, Stance::advocate);
  };
  auto counted = counted_of({
      praise("a", august(3, 8), "ann"),
      replies("ra", august(3, 9), "a"),
      praise("b", august(4, 8), "bob"),
      praise("c", august(5, 8), "cid"),
      with(replies("rc", august(5, 9), "c"), Mark::automatic),
  });
  CHECK(counted("advocate_acknowledgement").figure.ratio == Ratio{1, 3});

  // Of the corpus p1 got no reply, and of kim's p13 on the blog nobody knows.
  CHECK(Counted{}("advocate_acknowledgement").figure.ratio == Ratio{0, 1});
  CHECK(Counted{}("advocate_acknowledgement").figure.n_eligible == 2);

  for (auto& item : counted.now.raised) item.threaded = false;
  CHECK(counted("advocate_acknowledgement").figure.not_measurable ==
        "no replies are collected from these sources, so answers can't be seen");
  for (auto& item : counted.now.raised) item.observed_for = 3600;
  CHECK(counted("advocate_acknowledgement").figure.not_measurable ==
        "no recommendation is 7 d old yet, so each may still be answered");
  counted.now.raised.clear();
  CHECK(counted("advocate_acknowledgement").figure.not_measurable ==
        "nobody recommended the brand in the window");
}

TEST_CASE("metrics: a lead is open until the brand replies, whoever else does") {
  const auto lead = [](const char* id, Instant at, std::string channel = "forum") {
    Said said{.id = id, .at = at, .author = id, .channel = std::move(channel)};
    said.about = {{brand_index}, {2}};  // and delivery
    said.intents = {Intent::purchase_intent};
    return said;
  };
  auto counted = counted_of({
      lead("l1", august(3, 8)),
      replies("r1", august(3, 9), "l1"),
      lead("l2", august(4, 8)),
      answers("p2", august(4, 9), "ann", "l2"),
      lead("l3", august(5, 8), "blog"),
  });
  const auto value = counted("open_leads");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.ratio == Ratio{1, 2});
  CHECK(value.figure.n_eligible == 3);
  CHECK(row(value, "delivery").value == 1);
  CHECK(row(value, "price").value == 0);

  for (auto& item : counted.now.raised) item.threaded = false;
  CHECK(counted("open_leads").figure.not_measurable ==
        "no replies are collected from the sources in which people say what they plan to buy, so "
        "answers can't be seen");
  CHECK(Counted{}("open_leads").figure.value == 0);  // nobody plans to buy
}
