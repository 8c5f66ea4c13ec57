#include <doctest/doctest.h>

#include <cmath>

#include "analyze/evidence.hpp"
#include "tests/analyze/counted.hpp"

using namespace earshot;
using namespace earshot::test;

// A house with two accounts that answer: greenbasket (support, orders, trained) and boss (an
// executive of the kitchen).
//
//   id   August, local  who    about (+ 0 - by sentiment)           and
//   o1   Mon  3 10:00  greenbasket
//   o2   Tue  4 10:00  boss                                         makes a promise
//   p1   Mon  3 12:00  bob    brand -, delivery, late orders        complaint
//   r1   Mon  3 14:00  greenbasket                                  answers p1, signed
//   p2   Tue  4 09:00  cat    brand 0, delivery, late orders        question
//   r2   Wed  5 09:00  boss                                         answers p2, not signed
//   p3   Thu  6 09:00  dan    brand 0, price                        question
//   r3   Fri  7 09:00  greenbasket                                  answers p3, signed
//   p4   Sat  8 09:00  eve    brand +                               suggestion
//   p5   Sun  9 09:00  fay    price -                               suggestion
//   p6   Mon 10 09:00  gus    FarmDirect +                          suggestion

namespace {

constexpr EntityIndex brand = 0, rival = 1, delivery = 2, price = 3, late_orders = 4, orders = 5,
                      sign_off = 6, no_promises = 7;

Project house() {
  auto project = green_basket();
  project.brand.handles = {
      {.name = "greenbasket", .role = "support", .department = "orders", .trained = true},
      {.name = "boss", .role = "Executive", .department = "kitchen"}};
  project.objectives = {{.name = "Fewer late orders", .query = "late"},
                        {.name = "Answer fast", .metric = "response_rate"}};
  project.policy = {
      {.name = "sign-off", .query = "yours", .on = PolicyRule::On::replies},
      {.name = "no promises", .query = "promise", .forbids = true, .on = PolicyRule::On::all}};
  return project;
}

std::vector<Said> house_posts() {
  using enum Sentiment;
  const auto say = [](std::string id, Instant at, std::string author, std::vector<About> about,
                      std::vector<Intent> intents = {}) {
    return Said{.id = std::move(id),
                .at = at,
                .author = std::move(author),
                .about = std::move(about),
                .intents = std::move(intents)};
  };
  const auto own = [&](std::string id, Instant at, std::string author, std::string parent,
                       std::vector<About> about) {
    auto said = say(std::move(id), at, std::move(author), std::move(about));
    said.parent = std::move(parent);
    said.owner = brand;
    return said;
  };
  const About late{late_orders};
  const About for_orders{orders};
  return {
      own("o1", august(3, 10), "greenbasket", "", {}),
      own("o2", august(4, 10), "boss", "", {{no_promises}}),
      own("r1", august(3, 14), "greenbasket", "p1", {{sign_off}}),
      own("r2", august(5, 9), "boss", "p2", {}),
      own("r3", august(7, 9), "greenbasket", "p3", {{sign_off}}),
      say("p1", august(3, 12), "bob",
          {{brand, negative}, {delivery, negative}, for_orders, {late_orders, negative}},
          {Intent::complaint}),
      say("p2", august(4, 9), "cat", {{brand}, {delivery}, for_orders, late}, {Intent::question}),
      say("p3", august(6, 9), "dan", {{brand}, {price}}, {Intent::question}),
      say("p4", august(8, 9), "eve", {{brand, positive}}, {Intent::suggestion}),
      say("p5", august(9, 9), "fay", {{price, negative}}, {Intent::suggestion}),
      say("p6", august(10, 9), "gus", {{rival, positive}}, {Intent::suggestion})};
}

Counted counted_house(const Project& project = house()) {
  Counted counted;
  counted.project = project;
  counted.store = make_labelled_store(house_posts(), entities_of(house()));
  counted.now = tally(*counted.store, project, this_fortnight(), later);
  counted.before = tally(*counted.store, project, fortnight_before(), later);
  return counted;
}

std::string why_not(const Counted& counted, std::string_view name) {
  return counted(name).figure.not_measurable;
}

}  // namespace

TEST_CASE("metrics: policy conformance is of own items that keep every rule about them") {
  // sign-off, on replies: r1 r3 of r1 r2 r3. No promises, on all: all five but o2. Both: o1 r1 r3.
  const auto value = counted_house()("policy_conformance");
  CHECK(value.figure.ratio == Ratio{3, 5});
  CHECK(row(value, "sign-off").ratio == Ratio{2, 3});
  CHECK(row(value, "no promises").ratio == Ratio{4, 5});
}

TEST_CASE("metrics: an own item that no rule is about keeps none") {
  auto project = house();
  project.policy.resize(1);
  const auto replies_only = counted_house(project)("policy_conformance").figure;
  CHECK(replies_only.ratio == Ratio{2, 3});
  CHECK(replies_only.n_eligible == 5);

  project.policy[0].on = PolicyRule::On::posts;  // neither o1 nor o2 has a sign-off
  CHECK(counted_house(project)("policy_conformance").figure.ratio == Ratio{0, 2});

  project.policy.clear();
  CHECK(why_not(counted_house(project), "policy_conformance") ==
        "no rule is declared: add one under [policy]");
}

TEST_CASE("metrics: policy conformance needs own items under a rule") {
  auto counted = counted_house();
  counted.project.policy.resize(1);
  std::erase_if(counted.now.own, [](const OwnItem& item) { return !item.root; });
  CHECK(why_not(counted, "policy_conformance") == "no own item of the window is under a rule");
  counted.now.own.clear();
  CHECK(why_not(counted, "policy_conformance") == why_no_own_posts(counted.project));
}

TEST_CASE("metrics: routing coverage, and whether the department answered itself") {
  // Need an answer: p1 p2 p3; orders answers for p1 p2. p1 was answered by orders, p2 by the
  // kitchen.
  const auto value = counted_house()("routing_coverage");
  CHECK(value.figure.ratio == Ratio{2, 3});
  CHECK(value.parts[0].ratio == Ratio{1, 2});
  CHECK(row(value, "orders").ratio == Ratio{2, 3});
}

TEST_CASE("metrics: routing coverage says what is missing") {
  auto project = house();
  for (auto& handle : project.brand.handles) handle.department.clear();
  auto counted = counted_house(project);
  CHECK(counted("routing_coverage").parts[0].not_measurable ==
        "nothing says which department an own account belongs to: add a department to the handles "
        "of [brand], or name a staff file under [files]");
  for (auto& item : counted.now.inbox) item.answered_after.reset();
  CHECK(counted("routing_coverage").parts[0].not_measurable ==
        "none of them was answered within the horizon");
  counted.now.inbox.clear();
  CHECK(why_not(counted, "routing_coverage") ==
        "no post in the window needs an answer by the brand");
  project.topics[0].department.clear();
  for (const auto* name : {"routing_coverage", "department_listening"})
    CHECK(why_not(counted_house(project), name) ==
          "no topic names its department: add one to [[topic]]");
}

TEST_CASE("metrics: trained responders, by handle and by the staff file on the day of the answer") {
  auto counted = counted_house();
  // r1 r3 by greenbasket, r2 by boss on the 5th.
  CHECK(counted("trained_responders").figure.ratio == Ratio{2, 3});
  counted.files.staff = {{.handle = "@Boss", .trained = true, .from = august(5)}};
  CHECK(counted("trained_responders").figure.ratio == Ratio{3, 3});
  counted.files.staff->front().from = august(6);
  CHECK(counted("trained_responders").figure.ratio == Ratio{2, 3});
  counted.files.staff->front().handle = "somebody";  // nothing is known of boss
  CHECK(counted("trained_responders").figure.ratio == Ratio{2, 2});
  CHECK(counted("trained_responders").figure.n_eligible == 3);
}

TEST_CASE("metrics: trained responders are not measurable where nothing tells") {
  auto project = house();
  project.brand.handles[0].trained = false;
  auto counted = counted_house(project);
  CHECK(why_not(counted, "trained_responders") ==
        "nothing says who is trained: name a staff file under [files], or add trained = true to "
        "handles");
  counted.files.staff.emplace();
  CHECK(why_not(counted, "trained_responders") ==
        "the staff file has no line for the accounts that answer");
  counted.now.own.clear();
  CHECK(why_not(counted, "trained_responders") == "no answers by the brand in the window");
}

TEST_CASE("metrics: department participation counts departments, those of the staff file too") {
  // orders o1 r1 r3, kitchen o2 r2.
  auto counted = counted_house();
  auto value = counted("department_participation");
  CHECK(value.figure.ratio == Ratio{2, 2});
  CHECK(row(value, "orders").value == 3);
  CHECK(row(value, "kitchen").value == 2);
  CHECK_FALSE(value.figure.small_sample);

  counted.files.staff = {{.handle = "anna", .department = "Shop"},
                         {.handle = "boss", .department = "Orders"}};
  value = counted("department_participation");
  CHECK(value.figure.ratio == Ratio{1, 3});  // boss belongs to orders now
  CHECK(row(value, "orders").value == 5);
}

TEST_CASE("metrics: department spread is an effective number") {
  // orders two of three answers, kitchen one: exp(2/3 ln 3/2 + 1/3 ln 3) = 3 / 2^(2/3).
  const auto value = counted_house()("department_spread");
  CHECK(value.figure.value == doctest::Approx(3 / std::pow(2, 2.0 / 3)));
  CHECK(value.parts[0].value == doctest::Approx(3 / std::pow(2, 2.0 / 3) / 2));
  CHECK(row(value, "kitchen").ratio == Ratio{1, 3});
}

TEST_CASE("metrics: departments must be declared, and have accounts that are seen") {
  auto project = house();
  for (auto& handle : project.brand.handles) handle.department.clear();
  auto counted = counted_house(project);
  for (const auto* name : {"department_participation", "department_spread"})
    CHECK(why_not(counted, name) ==
          "nothing says which department an own account belongs to: add a department to the "
          "handles of [brand], or name a staff file under [files]");
  counted.now.own.clear();
  CHECK(why_not(counted, "department_participation") == why_no_own_posts(project));
  CHECK(why_not(counted, "department_spread") == "no answers by the brand in the window");
  project.topics[0].department.clear();
  for (const auto* name : {"department_participation", "department_spread"})
    CHECK(why_not(counted_house(project), name) ==
          "no department is declared: add a department to topics and handles");
}

TEST_CASE("metrics: department listening says how much is nobody's") {
  // About the brand p1 p2 p3 p4; orders p1 p2.
  auto counted = counted_house();
  const auto value = counted("department_listening");
  CHECK(value.figure.ratio == Ratio{2, 4});
  CHECK(value.parts[0].ratio == Ratio{2, 4});
  CHECK(row(value, "orders").ratio == Ratio{2, 4});
  counted.now.cube.clear();
  CHECK(why_not(counted, "department_listening") == "nobody mentioned the brand in the window");
}

TEST_CASE("metrics: objective signal counts and weighs what touches an objective") {
  // p1 (negative) and p2 (neutral); the other objective has a metric in place of a query.
  auto counted = counted_house();
  auto value = counted("objective_signal");
  CHECK(value.figure.value == 2);
  REQUIRE(value.breakdown.size() == 2);
  CHECK(value.breakdown[0].figure.value == 2);
  CHECK(value.breakdown[1].figure.ratio == Ratio{-1, 2});
  CHECK(value.breakdown[0].figure.change->before == 0);

  counted.now.cube.clear();
  value = counted("objective_signal");
  CHECK(value.figure.value == 0);
  CHECK(value.breakdown[1].figure.not_measurable ==
        "no post about the brand touches it in the window");
}

TEST_CASE("metrics: objective signal needs an objective with a query") {
  auto project = house();
  project.objectives[0].query.clear();
  CHECK(why_not(counted_house(project), "objective_signal") ==
        "no objective has a query: add one to [[objective]]");
}

TEST_CASE("metrics: executive voice is the share of the role in all that the brand says") {
  // o2 r2 of o1 o2 r1 r2 r3.
  auto project = house();
  CHECK(counted_house(project)("executive_voice").figure.ratio == Ratio{2, 5});
  auto silent = counted_house(project);
  silent.now.own.clear();
  CHECK(why_not(silent, "executive_voice") == why_no_own_posts(project));
  project.brand.handles[1].role.clear();
  CHECK(why_not(counted_house(project), "executive_voice") ==
        "no handle is an executive's: add role = \"executive\" to theirs");
}

TEST_CASE("metrics: idea impact leaves out ideas for a competitor, and counts what was shipped") {
  // p4 +, p5 -; p6 is about FarmDirect alone.
  auto counted = counted_house();
  CHECK(counted("idea_impact").figure.ratio == Ratio{1, 2});
  CHECK(counted("idea_impact").parts[0].not_measurable ==
        "no milestones file: name one under [files]");
  counted.files.milestones = {{august(5), "Shipped", "price"},
                              {august(6), "fix", "price"},
                              {august(17), "shipped", "price"}};  // the day after the window
  CHECK(counted("idea_impact").parts[0].value == 1);
  counted.now.cube.clear();
  CHECK(why_not(counted, "idea_impact") ==
        "nobody suggested anything about the brand or a topic in the window");
}

TEST_CASE("metrics: objective measurability names what nothing measures") {
  auto project = house();
  project.objectives.push_back({.name = "Be loved", .metric = "M38"});
  project.objectives.push_back({.name = "Grow"});
  project.objectives.push_back({.name = "Measure", .metric = "objective_measurability"});
  project.objectives.push_back({.name = "Fly", .metric = "wings"});
  auto counted = counted_house(project);
  const auto value = counted("objective_measurability");
  CHECK(value.figure.ratio == Ratio{2, 6});
  CHECK(row(value, "Fewer late orders").words == "by its query");
  CHECK(row(value, "Answer fast").words == "by response_rate");
  CHECK(row(value, "Answer fast").n_used == 3);
  CHECK(row(value, "Be loved").not_measurable ==
        "no survey and no cases file: name one under [files]");
  CHECK(row(value, "Grow").not_measurable == "nothing measures it: give it a metric or a query");
  CHECK(row(value, "Measure").not_measurable == "it is measured by this figure itself");
  CHECK(row(value, "Fly").not_measurable == "there is no metric 'wings'");

  counted.now.cube.clear();
  CHECK(row(counted("objective_measurability"), "Fewer late orders").not_measurable ==
        "no post of the window matches its query");
  counted.project.objectives.clear();
  CHECK(why_not(counted, "objective_measurability") ==
        "no objective is declared: add [[objective]] to the config");
}

TEST_CASE("metrics: what governs the accounts is counted by evidence too") {
  auto counted = counted_house();
  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const auto accounts =
      Accounts::resolve(*counted.store, counted.now.accounts, counted.project, counted.files);
  REQUIRE(accounts);
  const MetricInput input{counted.now, &counted.before, counted.project,
                          *calendar,   *accounts,       counted.files};
  for (const auto* name :
       {"policy_conformance", "routing_coverage", "department_listening", "objective_signal",
        "idea_impact", "trained_responders", "executive_voice", "department_spread"}) {
    CAPTURE(std::string{name});
    const auto* metric = find_metric(name);
    const auto figure = counted(name).figure;
    const auto evidence = collect_evidence(*counted.store, input, {&metric, 1}, 100);
    REQUIRE(evidence);
    const auto& one = evidence->front();
    CHECK(one.sum ==
          (figure.ratio ? figure.ratio->numerator : static_cast<std::int64_t>(figure.n_used)));
    if (metric->definition.evidence.posts != nullptr) continue;
    CHECK(one.used == figure.n_used);
    CHECK(one.eligible == figure.n_eligible);
  }
}
