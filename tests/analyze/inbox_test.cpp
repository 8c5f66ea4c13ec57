#include "analyze/inbox.hpp"

#include <doctest/doctest.h>

#include "analyze/deadlines.hpp"
#include "tests/analyze/green_basket.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

Inbox inbox_of(const std::vector<Said>& posts, const InboxRequest& request,
               const Project& project = green_basket()) {
  const auto store = make_labelled_store(posts, entities_of(project));
  auto inbox = make_inbox(*store, project, request);
  REQUIRE(inbox);
  return std::move(*inbox);
}

std::string ids(const std::vector<InboxPost>& posts) {
  std::string all;
  for (const auto& post : posts) all += post.id.substr(5) + ' ';  // without "test:"
  return all;
}
std::string ids(const InboxList<InboxEntry>& list) {
  std::vector<InboxPost> posts;
  for (const auto& entry : list.entries) posts.push_back(entry.post);
  return ids(posts);
}

/// A post that asks the brand something in the forum.
Said question(std::string id, Instant at, std::uint8_t priority = 3) {
  return {.id = std::move(id),
          .at = at,
          .author = "ann",
          .about = {{.entity = brand_index}},
          .intents = {Intent::question},
          .priority = priority};
}

Deadlines deadlines(const std::string& zone, Window window, bool business_hours = true) {
  const auto calendar = Calendar::create(zone, 1);
  REQUIRE(calendar);
  auto rules = green_basket().inbox;
  if (!business_hours) rules.business_hours.reset();
  return {*calendar, rules, window};
}

}  // namespace

TEST_CASE("inbox: who to answer, whom to thank and what is asked, as counted by eye") {
  const auto inbox = inbox_of(green_basket_posts(), {.window = this_fortnight()});

  CHECK(ids(inbox.to_answer) == "p4 ");  // p2, p3 and p12 are answered, p1 is to be thanked
  CHECK(inbox.to_answer.total == 1);
  CHECK(inbox.overdue == 1);
  CHECK(ids(inbox.to_thank.entries) == "p13 p1 ");  // p11 is an affiliate, p14 repeats p13
  CHECK(inbox.leads.total == 0);
  REQUIRE(inbox.topics.size() == 2);
  CHECK(inbox.topics[0].name == "delivery");
  CHECK(ids(inbox.topics[0].posts.entries) == "p3 p2 ");
  CHECK(inbox.topics[0].questions == 1);
  CHECK(inbox.topics[0].complaints == 1);
  CHECK(inbox.topics[1].name == "price");
  CHECK(ids(inbox.topics[1].posts.entries) == "p9 p4 ");
  CHECK(inbox.topics[1].questions == 2);
  CHECK(inbox.topics[1].complaints == 0);
  CHECK(inbox.unlabelled == 1);  // u1
  CHECK(inbox.listed.size() == 6);
}

TEST_CASE("inbox: an entry says when it is due, why it is there and what it says") {
  const auto inbox = inbox_of(green_basket_posts(), {.window = this_fortnight()});
  REQUIRE(inbox.to_answer.entries.size() == 1);
  const auto& entry = inbox.to_answer.entries.front();

  CHECK(entry.post.id == "test:p4");
  CHECK(entry.post.author == "dan");
  CHECK(entry.post.channel == "blog");
  CHECK(entry.post.at_shown == "6 Aug 2026 20:00");
  CHECK(entry.post.age == 10 * 86'400 + 4 * 3600);
  CHECK(entry.post.replies_collected == false);
  CHECK(entry.priority == 3);
  CHECK(entry.due_shown == "14 Aug 2026 17:00");  // 48 open hours: six days of 9 to 17 from Fri 7
  CHECK(entry.overdue == true);
  CHECK(entry.why == std::vector<std::string_view>{"asks"});
  CHECK(entry.suggestion.advice == Advice::in_public);
}

TEST_CASE("inbox: its numbers stand as they stood at the end of each window") {
  const auto inbox = inbox_of(green_basket_posts(), {.window = this_fortnight()});

  CHECK(inbox.counts.about_brand == 10);  // p1 to p6, p8, p11, p13, f1
  CHECK(inbox.counts.asked == 5);         // p1 to p4, p12
  CHECK(inbox.counts.answered == 3);      // p2, p3, p12
  CHECK(inbox.counts_before.about_brand == 2);
  CHECK(inbox.counts_before.asked == 0);

  const auto at_ten = inbox_of(green_basket_posts(), {.window = {august(3), august(4, 10)}});
  CHECK(at_ten.counts.asked == 3);     // p1, p2, p3
  CHECK(at_ten.counts.answered == 1);  // r2 comes on the 5th
}

TEST_CASE("inbox: by priority, then the overdue, then by age; or the overdue before all") {
  const auto now = august(14, 12);
  const std::vector<Said> posts{
      question("fresh1", august(14, 11), 1), question("late1", august(13, 9), 1),
      question("fresh2", august(14, 9), 2),  question("old3", august(10, 10), 3),
      question("late3", august(3, 9), 3),    question("later3", august(4, 9), 3)};

  CHECK(ids(inbox_of(posts, {.window = {august(1), now}}).to_answer) ==
        "late1 fresh1 fresh2 late3 later3 old3 ");
  CHECK(ids(inbox_of(posts, {.window = {august(1), now}, .overdue_first = true}).to_answer) ==
        "late1 late3 later3 fresh1 fresh2 old3 ");
}

TEST_CASE("inbox: a limit cuts the lists, not the totals") {
  const std::vector<Said> posts{question("a", august(3, 9)), question("b", august(3, 10)),
                                question("c", august(3, 11))};
  const InboxRequest request{.window = {august(3), august(4)}, .limit = 2};
  const auto inbox = inbox_of(posts, request);

  CHECK(ids(inbox.to_answer) == "a b ");
  CHECK(inbox.to_answer.total == 3);
  CHECK(inbox.listed.size() == 3);
  const InboxRequest all{.window = {august(3), august(4)}, .limit = 0};
  CHECK(ids(inbox_of(posts, all).to_answer) == "a b c ");
}

TEST_CASE("inbox: an answer counts however late it came") {
  std::vector<Said> posts{question("p", august(1, 9))};
  posts.push_back({.id = "r",
                   .at = august(20, 9),  // nineteen days later
                   .author = "greenbasket",
                   .parent = "p",
                   .owner = brand_index});

  CHECK(inbox_of(posts, {.window = {august(1), august(20)}}).to_answer.total == 1);
  CHECK(inbox_of(posts, {.window = {august(1), august(21)}}).to_answer.total == 0);
}

TEST_CASE("inbox: only posts of the window, to the second") {
  const std::vector<Said> posts{
      question("before", august(3, 9) - std::chrono::seconds{1}), question("first", august(3, 9)),
      question("last", august(4, 9) - std::chrono::seconds{1}), question("after", august(4, 9))};
  const auto inbox = inbox_of(posts, {.window = {august(3, 9), august(4, 9)}});

  CHECK(ids(inbox.to_answer) == "first last ");
  CHECK(inbox.counts.about_brand == 2);
  CHECK(inbox.counts_before.about_brand == 1);
}

TEST_CASE("inbox: a post stands in one list: to answer, to thank, leads") {
  auto asks = question("asks", august(3, 9));
  asks.about[0].stance = Stance::advocate;
  asks.intents.push_back(Intent::purchase_intent);
  auto praises = question("praises", august(3, 10));
  praises.about[0].stance = Stance::advocate;
  praises.intents = {Intent::purchase_intent};
  auto buys = question("buys", august(3, 11));
  buys.about = {{.entity = 3}};
  buys.intents = {Intent::purchase_intent};
  const auto inbox = inbox_of({asks, praises, buys}, {.window = {august(3), august(4)}});

  CHECK(ids(inbox.to_answer) == "asks ");
  CHECK(inbox.to_answer.entries.front().why ==
        std::vector<std::string_view>{"asks", "plans to buy"});
  CHECK(ids(inbox.to_thank.entries) == "praises ");
  CHECK(ids(inbox.leads.entries) == "buys ");
}

TEST_CASE("inbox: praise and plans of competitors are no advocacy and no lead") {
  auto praise = question("praise", august(3, 9));
  praise.owner = 1;
  praise.intents = {Intent::purchase_intent};
  praise.about[0].stance = Stance::advocate;
  CHECK(inbox_of({praise}, {.window = {august(3), august(4)}}).empty());
}

TEST_CASE("inbox: why says whether it answers a post of yours or mentions you") {
  auto mentions = question("mentions", august(3, 10));
  mentions.about = {{.entity = brand_index, .matched = false, .addressed = true}};
  mentions.intents = {};
  auto answers = question("answers", august(3, 11));
  answers.parent = "o";
  auto older = question("older", august(3, 12));
  older.parent = "x", older.about = {}, older.intents = {};
  const Said own{.id = "o", .at = august(3, 9), .author = "greenbasket", .owner = brand_index};
  const Said before{.id = "x", .at = august(2, 9), .author = "greenbasket", .owner = brand_index};
  const auto inbox =
      inbox_of({before, own, mentions, answers, older}, {.window = {august(3), august(4)}});

  using Why = std::vector<std::string_view>;
  REQUIRE(ids(inbox.to_answer) == "mentions answers older ");
  CHECK(inbox.to_answer.entries[0].why == Why{"mentions you"});
  CHECK(inbox.to_answer.entries[1].why == Why{"answers your post", "asks"});
  CHECK(inbox.to_answer.entries[2].why == Why{"answers your post"});
}

TEST_CASE("inbox: known posts are left out, and counted while they wait") {
  const std::vector<Said> posts{question("a", august(3, 9)), question("b", august(3, 10))};
  const auto all = inbox_of(posts, {.window = {august(3), august(14)}});
  REQUIRE(all.listed.size() == 2);
  const auto rest =
      inbox_of(posts, {.window = {august(3), august(14)}, .known = {all.listed.front()}});

  CHECK(ids(rest.to_answer) == "b ");
  CHECK(rest.still_waiting == 1);
  CHECK(rest.still_overdue == 1);
  CHECK(inbox_of(posts, {.window = {august(3), august(14)}, .known = all.listed}).empty());
}

TEST_CASE("inbox: who was answered and goes on in anger, asking nothing, is left alone") {
  const auto angry = [](std::string id, int hour) {
    auto post = question(std::move(id), august(3, hour));
    post.about = {{.entity = brand_index, .sentiment = Sentiment::negative, .addressed = true}};
    post.intents = {};
    return post;
  };
  auto asks = angry("asks", 14);
  asks.intents = {Intent::complaint};
  auto calm = angry("calm", 15);
  calm.author = "bob";
  const Said reply{.id = "r",
                   .at = august(3, 10, 30),
                   .author = "greenbasket",
                   .parent = "first",
                   .owner = brand_index};
  const auto inbox =
      inbox_of({angry("first", 10), reply, angry("second", 11), angry("third", 12), asks, calm},
               {.window = {august(3), august(4)}});

  REQUIRE(ids(inbox.to_answer) == "second third asks calm ");
  CHECK(inbox.to_answer.entries[0].suggestion.advice == Advice::in_public);
  CHECK(inbox.to_answer.entries[1].suggestion.advice == Advice::leave);
  CHECK(inbox.to_answer.entries[1].suggestion.reason ==
        "its author was answered before, and this repeats the anger without asking anything");
  CHECK(inbox.to_answer.entries[2].suggestion.advice == Advice::in_public);
  CHECK(inbox.to_answer.entries[3].suggestion.advice == Advice::in_public);
}

TEST_CASE("inbox: an empty store has an empty inbox") {
  const auto inbox = make_inbox(*make_memory_store(), green_basket(), {.window = this_fortnight()});
  REQUIRE(inbox);
  CHECK(inbox->empty());
  CHECK(inbox->counts.about_brand == 0);
}

TEST_CASE("inbox: a query for private answers that can't be read is an error of the config") {
  auto project = green_basket();
  project.inbox.in_private = "(refund";
  const auto inbox = make_inbox(*make_memory_store(), project, {.window = this_fortnight()});
  REQUIRE_FALSE(inbox);
  CHECK(inbox.error().kind == Error::Kind::config);
  CHECK(inbox.error().message == "'private': column 1: missing ')'");
}

TEST_CASE("deadlines: the clock of an answer stands still while the business is closed") {
  const auto due = deadlines("Australia/Brisbane", {august(1), august(20)});

  CHECK(due.due(august(7, 16), 1) == august(10, 12));   // Fri 16:00: 1 h, then Mon 9 to 12
  CHECK(due.due(august(8, 12), 1) == august(10, 13));   // on Saturday: Mon 9 to 13
  CHECK(due.due(august(10, 9), 1) == august(10, 13));   // at the opening
  CHECK(due.due(august(10, 13), 1) == august(10, 17));  // due at the close itself
  CHECK(due.due(august(10, 13, 1), 1) == august(11, 9, 1));
  CHECK(due.due(august(7, 16), 2) == august(12, 16));  // 24 h are three days of eight
}

TEST_CASE("deadlines: without business hours the clock always runs") {
  const auto due = deadlines("Australia/Brisbane", {august(1), august(20)}, false);
  CHECK(due.due(august(7, 16), 1) == august(7, 20));
  CHECK(due.due(august(7, 16), 3) == august(9, 16));
}

TEST_CASE("deadlines: business hours follow the zone across daylight saving") {
  using namespace std::chrono;
  const Instant friday = sys_days{2026y / 10 / 23} + hours{14};  // 16:00 in Berlin, UTC+2
  const auto due = deadlines("Europe/Berlin", {friday, friday + days{1}});
  // Monday 26 October is in winter time: 12:00 there is 11:00 UTC.
  CHECK(due.due(friday, 1) == sys_days{2026y / 10 / 26} + hours{11});
}

TEST_CASE("deadlines: a business that never opens has none") {
  const auto calendar = Calendar::create("UTC", 1);
  REQUIRE(calendar);
  InboxRules rules;
  rules.business_hours = BusinessHours{};
  rules.business_hours->days.fill({0, 0});
  CHECK(Deadlines{*calendar, rules, this_fortnight()}.due(august(3), 1) == std::nullopt);
}
