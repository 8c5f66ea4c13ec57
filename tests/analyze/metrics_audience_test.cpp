// The metrics about who talks, where, and what the own posts are made of.
#include <doctest/doctest.h>

#include "tests/analyze/counted.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

using enum Sentiment;
using enum Stance;

constexpr double day = 86'400;
constexpr EntityIndex brand = 0, rival = 1, delivery = 2;

/// Posts of one's own in place of the green basket's.
Counted count(const std::vector<Said>& posts, const Project& project = green_basket()) {
  Counted counted;
  counted.project = project;
  counted.store = make_labelled_store(posts, entities_of(project));
  counted.now = tally(*counted.store, project, this_fortnight(), later);
  counted.before = tally(*counted.store, project, fortnight_before(), later);
  return counted;
}

Said say(std::string id, Instant at, std::string author, std::vector<About> about,
         std::vector<Intent> intents = {}) {
  return {.id = std::move(id),
          .at = at,
          .author = std::move(author),
          .about = std::move(about),
          .intents = std::move(intents)};
}

Said reply(std::string id, Instant at, std::string author, std::string parent) {
  return {.id = std::move(id), .at = at, .author = std::move(author), .parent = std::move(parent)};
}

Said own(std::string id, Instant at, std::vector<About> about = {}) {
  auto said = say(std::move(id), at, "greenbasket", std::move(about));
  said.owner = brand;
  return said;
}

/// Says nothing of interest right where the window before begins, so that the store reaches back.
Said oldest() {
  return say("z", august(-11), "zoe", {});
}

std::string why(const MetricValue& value) {
  return value.figure.not_measurable;
}

std::string sentence(const MetricValue& value, std::string_view name) {
  return find_metric(name)->definition.sentence(value);
}

}  // namespace

TEST_CASE("metrics: channel breadth is the number of equally busy channels") {
  // K: forum 8, blog 3, search 1 of 12. -(2/3 ln 2/3 + 1/4 ln 1/4 + 1/12 ln 1/12) = 0.8240.
  const auto value = Counted{}("channel_breadth");
  CHECK(*value.figure.value == doctest::Approx(2.2795).epsilon(0.0001));
  CHECK(value.parts[0].value == 3);
  CHECK(row(value, "blog").ratio == Ratio{3, 12});
  CHECK(value.figure.n_used == 12);
}

TEST_CASE("metrics: posts on no known channel are no channel") {
  auto nowhere = say("a", august(4), "ann", {{brand}});
  nowhere.channel = "";
  const auto forum = say("b", august(5), "bob", {{brand}});
  const auto figure = count({nowhere, forum})("channel_breadth").figure;
  CHECK(figure.value == 1);
  CHECK(figure.n_used == 1);
  CHECK(figure.n_eligible == 2);
  CHECK(why(count({nowhere})("channel_breadth")) ==
        "no source says on which channel the posts are");
  CHECK(why(count({oldest(), say("a", august(4), "ann", {})})("channel_breadth")) ==
        "no post is about the brand, a competitor or a topic in the window");
}

TEST_CASE("metrics: unique voices are people, and how much each says") {
  // K has 12 items: 2 by ann, 1 each by bob cat dan eve fay gus hal leni kim mia.
  const auto value = Counted{}("unique_voices");
  CHECK(value.figure.value == 11);
  CHECK(value.figure.n_used == 12);
  CHECK(value.parts[0].ratio == Ratio{12, 11});
  CHECK(row(value, "Green Basket").value == 9);
  CHECK(row(value, "FarmDirect").value == 2);
}

TEST_CASE("metrics: posts without an author are no voice, and none at all is a real 0") {
  const auto nobody = say("a", august(4), "", {{brand}});
  const auto value = count({nobody, say("b", august(5), "bob", {{brand}})})("unique_voices");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.n_used == 1);
  CHECK(value.figure.n_eligible == 2);
  CHECK(why(count({nobody})("unique_voices")) ==
        "these sources don't name the authors, so people can't be counted");
  CHECK(count({say("a", august(4), "ann", {})})("unique_voices").figure.value == 0);
}

TEST_CASE("metrics: voice concentration is Gini's coefficient over people") {
  // 11 people: ten with 1 item, ann with 2. Sum of (2i - 12) x: -10 + 20 = 10; over 11 x 12.
  // The top tenth of 11 people are 2, with 2 + 1 items.
  const auto value = Counted{}("voice_concentration");
  CHECK(*value.figure.value == doctest::Approx(10.0 / 132));
  CHECK(value.figure.n_used == 11);
  CHECK(value.parts[0].ratio == Ratio{3, 12});
  CHECK_FALSE(value.parts[0].interval);
  CHECK(sentence(value, "voice_concentration") ==
        "The most active tenth of the people wrote 25 of every 100 posts.");
}

TEST_CASE("metrics: one voice is not concentrated") {
  CHECK(why(count({say("a", august(4), "ann", {{brand}})})("voice_concentration")) ==
        "only one person wrote about what is listened to");
  CHECK(why(count({say("a", august(4), "", {{brand}})})("voice_concentration")) ==
        "these sources don't name the authors, so people can't be counted");
  CHECK(why(count({say("a", august(4), "ann", {})})("voice_concentration")) ==
        "no post is about the brand, a competitor or a topic in the window");
}

TEST_CASE("metrics: complaint share is over the brand, and over each topic with it") {
  // p2 complains: 1 of 10 about the brand, 1 of 2 on delivery (p2, p3), 0 of 1 on price (p4).
  const auto value = Counted{}("complaint_share");
  CHECK(value.figure.ratio == Ratio{1, 10});
  CHECK(row(value, "delivery").ratio == Ratio{1, 2});
  CHECK(row(value, "price").ratio == Ratio{0, 1});
  CHECK(sentence(value, "complaint_share") ==
        "Of every 100 posts about you, 10 complained, most of all about delivery.");

  const auto off_topic = count({say("a", august(4), "ann", {{brand}})})("complaint_share");
  CHECK(off_topic.figure.ratio == Ratio{0, 1});
  CHECK(row(off_topic, "price").not_measurable == "no post about the brand is on this topic");
  CHECK(sentence(off_topic, "complaint_share") == "Of every 100 posts about you, 0 complained.");
  CHECK(why(count({say("a", august(4), "ann", {})})("complaint_share")) ==
        "nobody mentioned the brand in the window");
}

TEST_CASE("metrics: the spike score is of the hour that stands out most") {
  // Tue 11 August 8:00 has 6 posts where eight weeks had none: (6 - 0) / 1. Two are on delivery.
  std::vector<Said> posts{say("old", august(11) - std::chrono::days{60}, "ann", {})};
  for (int i = 0; i < 6; ++i)
    posts.push_back(say("p" + std::to_string(i), august(11, 8, i), "ann", {{brand}}));
  posts[1].about.push_back({delivery});
  posts[2].about.push_back({delivery});
  posts.push_back(say("quiet", august(12, 8), "bob", {{brand}}));
  auto counted = count(posts);
  const auto value = counted("spike_score");
  CHECK(value.figure.value == 6);
  CHECK(value.figure.name == "11 Aug 2026 08:00");
  CHECK(value.figure.n_used == 7);
  CHECK(value.parts[0].value == 1);
  CHECK(value.parts[1].value == 6);
  CHECK(row(value, "delivery").value == 2);
  CHECK(row(value, "price").not_measurable == "nothing was said about it in the window");
  CHECK(sentence(value, "spike_score") ==
        "In 1 hour far more was said than is usual, most of all on 11 Aug 2026 08:00.");

  counted.now.request.only_topic = delivery;
  CHECK(why(counted("spike_score")) ==
        "the hours of the weeks before are remembered for all channels and topics together, not "
        "for one");
}

TEST_CASE("metrics: without weeks to compare with there is no spike score") {
  CHECK(why(Counted{}("spike_score")) ==
        "the store begins on 25 Jul 2026 08:00, and an hour is compared with the same hour of at "
        "least 4 weeks before it");
}

TEST_CASE("metrics: follower growth is from the first to the last count of each account") {
  // greenbasket 200 to 250; gbsupport was seen once.
  std::vector<Said> posts{own("o1", august(3)), own("o2", august(10)), own("o3", august(12)),
                          own("s1", august(5))};
  posts[0].followers = 200, posts[1].followers = 250, posts[3].followers = 100;
  posts[3].author = "gbsupport";
  auto counted = count(posts);
  auto value = counted("follower_growth");
  CHECK(value.figure.ratio == Ratio{50, 200});
  CHECK(value.figure.value == 0.25);
  CHECK(value.figure.n_used == 1);
  CHECK(value.figure.n_eligible == 2);
  CHECK_FALSE(value.figure.interval);
  CHECK(row(value, "greenbasket on test").ratio == Ratio{50, 200});
  CHECK(row(value, "gbsupport on test").not_measurable ==
        "its followers were not seen twice in the window");
  CHECK(sentence(value, "follower_growth") == "Your accounts went from 200 to 250 followers.");

  // The file counts where it can tell, in any order; 18 August is after the window.
  counted.files.followers = {{august(17), "shop", 260},
                             {august(3), "shop", 200},
                             {august(10), "shop", 900},
                             {august(18), "shop", 999},
                             {august(12), "shop", {}}};
  CHECK(counted("follower_growth").figure.ratio == Ratio{60, 200});
  counted.files.followers->resize(1);
  CHECK(counted("follower_growth").figure.ratio == Ratio{50, 200});
}

TEST_CASE("metrics: follower growth says what is missing") {
  std::vector<Said> posts{own("o1", august(3)), own("o2", august(4))};
  CHECK(why(count(posts)("follower_growth")) ==
        "the own posts don't say how many followers their accounts have: name a followers file "
        "under [files]");
  posts[0].followers = 0;
  CHECK(why(count(posts)("follower_growth")) ==
        "the followers of each account were seen only once: take a longer window, or name a "
        "followers file under [files]");
  posts[1].followers = 7;
  auto counted = count(posts);
  CHECK(why(counted("follower_growth")) == "there were no followers at first");
  counted.now.own.clear();
  CHECK(why(counted("follower_growth")) ==
        "no own posts in the window (are the handles under [brand] right, and are the brand's own "
        "accounts among the sources?); or name a followers file under [files]");
  counted.files.followers.emplace();
  CHECK(why(counted("follower_growth")) ==
        "neither the followers file nor the own posts tell the followers of an account twice in "
        "the window");
}

TEST_CASE("metrics: objective content are own posts that serve an objective") {
  auto project = green_basket();
  project.objectives = {{.name = "Sell boxes", .query = "box"},
                        {.name = "Hire", .query = "jobs"},
                        {.name = "Answer", .metric = "response_rate"}};
  constexpr EntityIndex sell = 4, hire = 5;
  std::vector<Said> posts{own("o1", august(3), {{sell}}), own("o2", august(4)),
                          own("o3", august(5), {{sell}, {hire}}), own("o4", august(6), {{hire}}),
                          own("r1", august(7), {{hire}})};
  posts[3].repost = true;
  posts[4].parent = "o1";
  // o1 and o3 of o1 o2 o3; the repost and the reply are no posts of one's own.
  const auto value = count(posts, project)("objective_content");
  CHECK(value.figure.ratio == Ratio{2, 3});
  CHECK(row(value, "Sell boxes").ratio == Ratio{2, 3});
  CHECK(row(value, "Hire").ratio == Ratio{1, 3});

  CHECK(why(count({oldest(), say("a", august(4), "ann", {})}, project)("objective_content")) ==
        "no own posts in the window (are the handles under [brand] right, and are the brand's own "
        "accounts among the sources?)");
  CHECK(why(Counted{}("objective_content")) ==
        "no objective says which posts serve it: add [[objective]] with a query to the config");
}

TEST_CASE("metrics: the earned to owned ratio sets what others wrote against own posts") {
  // 10 about the brand; o1 o2 o3.
  const auto value = Counted{}("earned_owned_ratio");
  CHECK(value.figure.ratio == Ratio{10, 3});
  CHECK(value.figure.n_used == 13);
  CHECK(sentence(value, "earned_owned_ratio") ==
        "Others wrote 10 posts about you; you wrote 3 of your own.");
  auto counted = Counted{};
  counted.now.own.clear();
  CHECK(why(counted("earned_owned_ratio")) ==
        "no own posts in the window (are the handles under [brand] right, and are the brand's own "
        "accounts among the sources?)");
}

TEST_CASE("metrics: account sprawl names undeclared accounts that look like the brand's") {
  std::vector<Said> posts{say("a", august(4), "greenbasket_deals", {}),
                          say("b", august(5), "greenbasket_deals", {}),
                          say("c", august(6), "RealGreenBasket", {}),
                          say("d", august(7), "ann", {}), own("o", august(8))};
  for (std::size_t i = 0; i < 3; ++i) posts[i].marks = {Mark::look_alike};
  const auto value = count(posts)("account_sprawl");
  CHECK(value.figure.value == 2);
  REQUIRE(value.breakdown.size() == 2);
  CHECK(value.breakdown[0].figure.name == "greenbasket_deals on test");
  CHECK(value.breakdown[0].figure.value == 2);
  CHECK(value.breakdown[1].figure.name == "RealGreenBasket on test");
  CHECK(sentence(value, "account_sprawl") ==
        "2 accounts that you did not declare have names like yours.");
  CHECK(Counted{}("account_sprawl").figure.value == 0);
}

TEST_CASE("metrics: account sprawl can't be seen without names") {
  CHECK(why(count({say("a", august(4), "", {})})("account_sprawl")) ==
        "these sources don't name the authors, so accounts can't be seen");
  auto counted = Counted{};
  counted.project.brand.name = "G&B";
  CHECK(why(counted("account_sprawl")) ==
        "the brand's name has fewer than four letters, so too many others have it in theirs");
}

TEST_CASE("metrics: geographic reach counts regions with three posts or more") {
  auto project = green_basket();
  project.places = {{"noosa", "North"}, {"tewantin", "North"}, {"logan", "South"}};
  constexpr EntityIndex north = 5, south = 6;  // 4 is the department of delivery
  const std::vector<Said> posts{say("a", august(3), "ann", {{brand}, {north}}),
                                say("b", august(4), "bob", {{brand}, {north}}),
                                say("c", august(5), "cat", {{brand}, {north}}),
                                say("d", august(6), "dan", {{brand}, {south}}),
                                say("e", august(7), "eve", {{brand}}),
                                say("f", august(8), "fay", {{rival}, {south}})};
  // North 3, South 1, of 5 about the brand.
  const auto value = count(posts, project)("geographic_reach");
  CHECK(value.figure.value == 1);
  CHECK(value.figure.n_used == 4);
  CHECK(value.figure.n_eligible == 5);
  CHECK(value.parts[0].ratio == Ratio{4, 5});
  CHECK(row(value, "North").value == 3);
  CHECK(row(value, "South").value == 1);

  CHECK(why(count({posts[4]}, project)("geographic_reach")) ==
        "no post about the brand names a place that is in the table of places");
  CHECK(why(count({posts[5]}, project)("geographic_reach")) ==
        "nobody mentioned the brand in the window");
  CHECK(why(Counted{}("geographic_reach")) ==
        "no region is declared: name a table of places under [files]");
}

TEST_CASE("metrics: advocate engagement is the share of the advocate who gets most") {
  const auto praise = [](std::string id, int at, std::string author) {
    return say(std::move(id), august(at), std::move(author), {{brand, positive, advocate}});
  };
  std::vector<Said> posts{praise("a1", 3, "ann"), praise("a2", 4, "ann"),
                          praise("k", 5, "kim"),  praise("l", 6, "leni"),
                          praise("m", 7, "lou"),  say("n", august(8), "nan", {{brand, positive}})};
  posts[0].likes = 6, posts[1].shares = 2, posts[2].replies = 4, posts[3].likes = 100;
  posts[3].affiliate = true;
  posts[5].likes = 50;
  // ann 6 + 2, kim 4; lou's is unknown, leni is an affiliate. exp(-(2/3 ln 2/3 + 1/3 ln 1/3)).
  const auto value = count(posts)("advocate_engagement");
  CHECK(value.figure.ratio == Ratio{8, 12});
  CHECK(value.figure.n_used == 3);
  CHECK(value.figure.n_eligible == 4);
  CHECK_FALSE(value.figure.interval);
  CHECK(*value.parts[0].value == doctest::Approx(1.8899).epsilon(0.0001));
  CHECK(row(value, "no. 2").ratio == Ratio{4, 12});
  CHECK(value.breakdown.size() == 2);

  posts.resize(2);
  posts[0].likes = 0, posts[1].shares = 0;
  CHECK(why(count(posts)("advocate_engagement")) ==
        "nobody liked, shared or answered the posts that recommend the brand");
  CHECK(why(count({praise("k", 5, "")})("advocate_engagement")) ==
        "these sources don't name the authors, so people can't be counted");
  CHECK(why(count({say("n", august(8), "nan", {{brand}})})("advocate_engagement")) ==
        "nobody recommended the brand in the window");
  CHECK(why(Counted{}("advocate_engagement")) ==
        "no source says the likes, shares or replies of the posts that recommend the brand");
}

namespace {

/// Before: ann and cat recommended the brand, bob named it, dan spoke of a topic. Now ann
/// recommends it again, cat and dan name it, and eve for the first time; a competitor does so too.
std::vector<Said> two_fortnights() {
  std::vector<Said> posts{oldest(),
                          say("b1", august(-5), "ann", {{brand, positive, advocate}}),
                          say("b2", august(-4), "bob", {{brand}}),
                          say("b3", august(-3), "cat", {{brand, positive, advocate}}),
                          say("b4", august(-2), "dan", {{delivery}}),
                          say("n1", august(4), "ann", {{brand, positive, advocate}}),
                          say("n2", august(5), "cat", {{brand}}),
                          say("n3", august(6), "dan", {{brand}}),
                          say("n4", august(7), "eve", {{brand}}),
                          say("n5", august(8), "farmdirect", {{brand}})};
  posts.back().owner = rival;
  return posts;
}

}  // namespace

TEST_CASE("metrics: returning voices are people of the window before who speak again") {
  // ann and cat of ann, bob, cat; ann of ann and cat who recommended.
  const auto value = count(two_fortnights())("returning_voices");
  CHECK(value.figure.ratio == Ratio{2, 3});
  CHECK(value.parts[0].ratio == Ratio{1, 2});
}

TEST_CASE("metrics: returning voices need the window before") {
  CHECK(why(Counted{}("returning_voices")) ==
        "the store begins on 25 Jul 2026 08:00, so the window before is not all in it");
  CHECK(why(count({oldest(), say("a", august(4), "ann", {{brand}})})("returning_voices")) ==
        "nobody whose name is known mentioned the brand in the window before");
  auto counted = count(two_fortnights());
  counted.now.history.stances.clear();
  CHECK(counted("returning_voices").parts[0].not_measurable ==
        "nobody recommended the brand in the window before");
  counted.now.request.previous = {};
  CHECK(why(counted("returning_voices")) == "nothing is known of the window before");
  counted.now.request.only_channel = 1;
  CHECK(why(counted("returning_voices")) ==
        "the window before is remembered for all channels and topics together, not for one");
}

TEST_CASE("metrics: advocates are remembered for a year") {
  auto counted = count(two_fortnights());
  counted.now.request.previous.begin = counted.now.request.window().end - std::chrono::days{366};
  counted.now.history.begin = counted.now.request.previous.begin;
  CHECK(counted("returning_voices").parts[0].not_measurable ==
        "who recommended is remembered for 365 days, and the two windows are longer");
}

TEST_CASE("metrics: new voices were never heard before, about whatever") {
  // eve of ann, cat, dan, eve; the competitor's handle is nobody. zoe spoke 14 days before.
  const auto value = count(two_fortnights())("new_voices");
  CHECK(value.figure.ratio == Ratio{1, 4});
  CHECK(value.parts[0].value == 14 * day);
  CHECK(sentence(value, "new_voices") ==
        "Of every 100 people who spoke of you, 25 had not been heard in the 14 d before.");
}

TEST_CASE("metrics: new voices need people and a past") {
  CHECK(why(count({say("a", august(4), "ann", {{brand}})})("new_voices")) ==
        "the store has nothing from before the window, so nobody can have been seen before");
  CHECK(why(count({say("a", august(4), "", {{brand}})})("new_voices")) ==
        "these sources don't name the authors, so people can't be counted");
  CHECK(why(count({say("a", august(4), "ann", {})})("new_voices")) ==
        "nobody mentioned the brand in the window");
}

TEST_CASE("metrics: purchase intent is a share of the posts about the brand") {
  const std::vector<Said> posts{
      say("a", august(3), "ann", {{brand}}, {Intent::purchase_intent, Intent::question}),
      say("b", august(4), "bob", {{brand}}), say("c", august(5), "cat", {{brand}}),
      say("d", august(6), "dan", {{rival}}, {Intent::purchase_intent})};
  const auto value = count(posts)("purchase_intent_share");
  CHECK(value.figure.ratio == Ratio{1, 3});
  CHECK(why(count({posts[3]})("purchase_intent_share")) ==
        "nobody mentioned the brand in the window");
}

TEST_CASE("metrics: reciprocity is over pairs of people, not over replies") {
  std::vector<Said> posts{say("q", august(3), "ann", {}),
                          reply("r1", august(4), "bob", "q"),
                          reply("r2", august(4, 1), "bob", "q"),
                          reply("r3", august(5), "ann", "r1"),
                          reply("r4", august(6), "cat", "q"),
                          reply("self", august(7), "ann", "q"),
                          reply("lost", august(8), "dan", "not stored"),
                          reply("machine", august(9), "greenbasket", "r4")};
  posts.back().owner = brand_index;
  posts.back().marks = {Mark::automatic};
  // ann and bob answer each other, cat only answers ann. r1 to r4 of these and dan's.
  const auto value = count(posts)("reciprocity");
  CHECK(value.figure.ratio == Ratio{1, 2});
  CHECK(value.parts[0].ratio == Ratio{4, 5});

  CHECK(why(count({posts[0], posts[6]})("reciprocity")) ==
        "of no reply in the window it is known both who wrote it and to whom");
  CHECK(why(count({posts[0], posts[5]})("reciprocity")) ==
        "nobody replied to anybody in the window, as far as replies are collected");
}

TEST_CASE("metrics: who complains of automated replies is no machine") {
  std::vector<Said> posts{say("q", august(3), "ann", {}), reply("r1", august(4), "bob", "q"),
                          reply("r2", august(5), "ann", "r1")};
  posts.back().marks = {Mark::automatic};  // "now I have to wait for an automated reply"
  CHECK(count(posts)("reciprocity").figure.ratio == Ratio{1, 1});
}

namespace {

/// Only ann writes on a topic in both windows: of her four posts now three are on it, one of them
/// with a link, and the fourth explains something.
std::vector<Said> practice() {
  std::vector<Said> posts{oldest(),
                          say("b1", august(-5), "ann", {{delivery}}),
                          say("b2", august(-4), "bob", {{delivery}}),
                          say("n1", august(4), "ann", {{delivery}}),
                          say("n2", august(5), "ann", {{delivery}}),
                          say("n3", august(6), "ann", {{delivery}}),
                          say("n4", august(7), "ann", {}),
                          say("n5", august(8), "bob", {}),
                          say("n6", august(9), "cat", {{delivery}})};
  posts[3].links = {11};
  posts[6].marks = {Mark::how_to};
  posts[8].links = {11};
  return posts;
}

}  // namespace

TEST_CASE("metrics: resource sharing and domain focus are of the members alone") {
  const auto counted = count(practice());
  const auto sharing = counted("resource_sharing");
  CHECK(sharing.figure.ratio == Ratio{2, 4});
  CHECK(sharing.parts[0].value == 1);
  CHECK(counted("domain_focus").figure.ratio == Ratio{3, 4});
}

TEST_CASE("metrics: without members their metrics say why") {
  auto project = green_basket();
  project.topics.clear();
  const auto no_topics = count({say("a", august(4), "ann", {})}, project);
  auto posts = practice();
  posts.erase(posts.begin() + 1);
  const auto no_members = count(posts);
  const auto no_names = count({oldest(), say("a", august(4), "", {{delivery}})});
  for (const auto* name : {"resource_sharing", "domain_focus"}) {
    CHECK(why(Counted{}(name)) ==
          "the store begins on 25 Jul 2026 08:00, so the window before is not all in it");
    CHECK(why(no_members(name)) ==
          "nobody wrote about the topics both in this window and in the one before");
    CHECK(why(no_names(name)) ==
          "these sources don't name the authors, so people can't be counted");
    CHECK(why(no_topics(name)) == "no topic is declared: add [[topic]] to the config");
  }
}

TEST_CASE("metrics: resource reuse is people a link") {
  std::vector<Said> posts{say("a", august(3), "ann", {}), say("b", august(4), "bob", {}),
                          say("c", august(5), "ann", {}), say("d", august(6), "cat", {}),
                          say("e", august(7), "", {})};
  posts[0].links = {11}, posts[1].links = {11, 12}, posts[2].links = {11};
  posts[4].links = {13};
  // 11 by ann and bob, 12 by bob, 13 by nobody known.
  const auto value = count(posts)("resource_reuse");
  CHECK(value.figure.ratio == Ratio{3, 2});
  CHECK(value.figure.n_eligible == 3);
  CHECK(value.parts[0].ratio == Ratio{1, 2});

  CHECK(why(count({posts[4]})("resource_reuse")) ==
        "these sources don't name who shared the links, so people can't be counted");
  CHECK(why(count({posts[3]})("resource_reuse")) == "nobody shared a link in the window");
}

TEST_CASE("metrics: a question is repeated once an earlier one like it has its answer") {
  const auto ask = [](std::string id, Instant at, std::uint64_t question) {
    auto said = say(std::move(id), at, "ann", {{delivery}}, {Intent::question});
    said.question = question;
    return said;
  };
  const std::vector<Said> posts{
      ask("q1", august(3), 5), ask("q2", august(3, 12), 5), reply("r", august(4), "bob", "q1"),
      ask("q3", august(5), 5), ask("q4", august(6), 6),     ask("q5", august(7), 6),
      ask("q6", august(8), 0)};
  // q3 repeats q1; q2 came before its answer, q4 was never answered, q6 has too few words.
  const auto value = count(posts)("repeat_questions");
  CHECK(value.figure.ratio == Ratio{1, 5});
  CHECK(value.figure.n_eligible == 6);

  CHECK(why(count({posts[2], posts[6]})("repeat_questions")) ==
        "the questions have too few words to tell which are the same");
  CHECK(why(count({posts[0]})("repeat_questions")) ==
        "no replies are collected from the sources in which people ask, so answers can't be seen");
  CHECK(why(count({posts[2]})("repeat_questions")) ==
        "nobody asked anything about the brand or a topic in the window");
}

TEST_CASE("metrics: the shift of the channel mix is half of all that moved") {
  const auto on = [](std::string id, int at, std::string channel) {
    auto said = say(std::move(id), august(at), "ann", {{brand}});
    said.channel = std::move(channel);
    return said;
  };
  auto posts = std::vector{oldest(),
                           on("b1", -5, "forum"),
                           on("b2", -4, "forum"),
                           on("b3", -3, "blog"),
                           on("b4", -2, "old"),
                           on("n1", 4, "forum"),
                           on("n2", 5, "forum"),
                           on("n3", 6, "blog"),
                           on("n4", 7, "search")};
  // Forum 1/2, blog 1/4; the last quarter went from "old" to "search".
  const auto value = count(posts)("channel_mix_shift");
  CHECK(value.figure.value == 0.25);
  CHECK(value.figure.n_used == 4);
  CHECK(row(value, "forum").value == 0);
  CHECK(row(value, "search").value == 0.25);
  CHECK(row(value, "(channels that fell silent)").value == -0.25);
  CHECK(sentence(value, "channel_mix_shift") ==
        "Of every 100 posts, 25 are on another channel than in the time before.");

  CHECK(why(count({posts[0], posts[5]})("channel_mix_shift")) ==
        "nothing on a known channel was about what is listened to in the window before");
  CHECK(why(count({posts[0], posts[1], say("x", august(4), "ann", {})})("channel_mix_shift")) ==
        "nothing on a known channel was about what is listened to in the window");
  CHECK(why(Counted{}("channel_mix_shift")) ==
        "the store begins on 25 Jul 2026 08:00, so the window before is not all in it");
}

TEST_CASE("metrics: actionable share keeps to posts about the brand") {
  // p1 p2 p3 p4 of the 10; p12 @-mentions the brand and does not match its query.
  const auto value = Counted{}("actionable_share");
  CHECK(value.figure.ratio == Ratio{4, 10});
  CHECK(value.parts[0].value == 1);
  CHECK(why(count({say("a", august(4), "ann", {})})("actionable_share")) ==
        "nobody mentioned the brand in the window");
}

TEST_CASE("metrics: original content is said first, in words, and is no press release") {
  std::vector<Said> posts{own("o1", august(3)), own("o2", august(4)), own("o3", august(5)),
                          own("o4", august(6)), own("o5", august(7)), own("o6", august(8)),
                          own("r1", august(9))};
  posts[0].group = posts[1].group = 9;
  posts[2].marks = {Mark::link_only};
  posts[3].marks = {Mark::press_release};
  posts[5].repost = true;
  posts[6].parent = "o1";
  // o1 and o5 of o1 to o5: o2 says o1 again.
  const auto value = count(posts)("original_content");
  CHECK(value.figure.ratio == Ratio{2, 5});
  for (const auto& part : value.parts) CHECK(part.value == 1);
  CHECK(why(count({say("a", august(4), "ann", {})})("original_content")) ==
        "no own posts in the window (are the handles under [brand] right, and are the brand's own "
        "accounts among the sources?)");
}

TEST_CASE("metrics: what the sentences of the audience say where numbers are large enough") {
  const auto counted = count(two_fortnights());
  CHECK(sentence(counted("returning_voices"), "returning_voices") ==
        "Of every 100 people who spoke of you in the time before, 67 did so again.");
  const auto green = Counted{};
  CHECK(sentence(green("unique_voices"), "unique_voices") ==
        "11 people wrote about you, a competitor or one of your topics.");
  CHECK(sentence(green("channel_breadth"), "channel_breadth") ==
        "People talk on 3 channels; by how busy each is, that is like 2.3 equally busy ones.");
  CHECK(sentence(green("actionable_share"), "actionable_share") ==
        "Of every 100 posts about you, 40 need an answer.");
}
