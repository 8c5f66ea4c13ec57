#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/analyze/counted.hpp"

// A business that declares all that can be declared, and corpora about it at random: what every
// metric must keep to whatever the numbers are.

namespace earshot::test {

/// Entities: 0 brand, 1 FarmDirect, 2 delivery, 3 price, 4 an objective, 5 a pilot, 6 and 7 the
/// departments of delivery and price, 8 and 9 regions, 10 and 11 rules.
inline Project everything_declared() {
  auto project = green_basket();
  project.competitors[0].handles = {{.name = "farmdirect"}};
  project.topics[1].department = "sales";
  project.brand.handles = {
      {.name = "greenbasket", .role = "support", .department = "orders", .trained = true},
      {.name = "boss", .role = "executive", .department = "sales"}};
  project.channels = {"c0", "c1", "facebook"};
  project.objectives = {{.name = "Fewer late orders", .query = "late", .target = 0.5},
                        {.name = "Answer fast", .metric = "response_rate", .target = 0.9}};
  project.pilots = {{.name = "boxes", .from = "2026-07-20", .query = "box", .limit_days = 10}};
  project.policy = {
      {.name = "sign-off", .query = "yours", .on = PolicyRule::On::replies},
      {.name = "no promises", .query = "promise", .forbids = true, .on = PolicyRule::On::all}};
  project.places = {{"brisbane", "the city"}, {"farm", "the country"}};
  return project;
}

inline UserFiles all_files() {
  UserFiles files;
  files.exposure = {{august(3), "c0", "greenbasket", 5000}, {august(9), "c1", "boss", 7000}};
  files.traffic = {
      {.day = august(4), .source = "advocacy", .visits = 40, .conversions = 7, .value = 80},
      {.day = august(5), .source = "c1", .visits = 60, .conversions = 3, .value = 9},
      {.day = august(-4), .source = "advocacy", .visits = 30, .conversions = 2}};
  files.cases = {{.post_url = "https://forum.example/1",
                  .opened = august(3),
                  .resolved = august(5),
                  .satisfied = true},
                 {.opened = august(4), .resolved = august(9), .satisfied = false},
                 {.opened = august(-4)}};
  files.survey = {{august(3), "satisfaction", 5}, {august(4), "satisfaction", 2}};
  files.followers = {{august(3), "greenbasket", 200}, {august(12), "greenbasket", 260}};
  files.staff = {{{.handle = "boss", .department = "kitchen", .trained = true, .from = august(6)}}};
  files.spend = {{.day = august(4), .item = "public answer", .cost = 1.5},
                 {.day = august(3), .item = "other channel answer", .cost = 6}};
  files.milestones = {
      {august(-5), "launch", ""}, {august(6), "fix", "delivery"}, {august(8), "shipped", "price"}};
  return files;
}

/// A pseudo-random sequence, the same for the same seed.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_{seed} {}
  std::uint64_t operator()(std::uint64_t below) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % below;
  }

 private:
  std::uint64_t state_;
};

inline std::vector<About> random_subjects(Draw& draw, EntityIndex owner) {
  const auto about = [&draw](EntityIndex entity) {
    return About{.entity = entity,
                 .sentiment = static_cast<Sentiment>(static_cast<int>(draw(4)) - 1),
                 .stance = static_cast<Stance>(static_cast<int>(draw(3)) - 1)};
  };
  std::vector<About> subjects;
  for (EntityIndex entity = 0; entity < 4; ++entity) {
    if (draw(2) == 0) continue;
    subjects.push_back(about(entity));
    subjects.back().addressed = entity < 2 && draw(3) == 0;
    subjects.back().matched = !subjects.back().addressed || draw(2) == 0;
    if (entity >= 2) subjects.push_back({.entity = static_cast<EntityIndex>(entity + 4)});
  }
  for (const auto tag : {EntityIndex{4}, EntityIndex{5}})
    if (draw(3) == 0) subjects.push_back(about(tag));
  if (draw(2) == 0) subjects.push_back({.entity = static_cast<EntityIndex>(8 + draw(2))});
  if (owner == brand_index)
    for (const auto rule : {EntityIndex{10}, EntityIndex{11}})
      if (draw(2) == 0) subjects.push_back({.entity = rule});
  return subjects;
}

inline Said random_post(Draw& draw, std::size_t number, std::size_t count, Instant at) {
  Said said{.id = "x" + std::to_string(number),
            .at = at,
            .author = draw(10) == 0 ? "" : "a" + std::to_string(draw(20)),
            .channel = draw(15) == 0 ? "" : "c" + std::to_string(draw(3))};
  if (draw(4) == 0) {
    said.author = draw(3) == 0 ? "boss" : "greenbasket";
    said.owner = brand_index;
  } else if (draw(10) == 0) {
    said.author = "farmdirect";
    said.owner = 1;
  }
  if (draw(3) != 0 && said.channel != "c0") said.parent = "x" + std::to_string(draw(count));
  said.about = random_subjects(draw, said.owner);
  for (std::size_t intent = 0; intent < intent_count; ++intent)
    if (draw(4) == 0) said.intents.push_back(static_cast<Intent>(intent));
  if (draw(2) == 0) said.likes = draw(20);
  if (draw(2) == 0) said.shares = draw(20);
  if (draw(2) == 0) said.followers = draw(500);
  said.priority = static_cast<std::uint8_t>(1 + draw(3));
  if (draw(6) == 0) said.group = 1 + draw(5);
  said.filtered = draw(5) == 0;
  said.repost = draw(8) == 0;
  said.affiliate = draw(8) == 0 || said.owner != no_entity;
  said.only_thanks = draw(8) == 0;
  said.labelled = draw(10) != 0;
  if (draw(3) == 0) said.question = 1 + draw(4);
  if (draw(4) == 0) said.links = {1 + draw(6)};
  for (std::size_t mark = 0; mark < mark_count; ++mark)
    if (draw(6) == 0) said.marks.push_back(static_cast<Mark>(mark));
  return said;
}

/// Somebody asks, the brand answers five times of six, and who asked says thanks in some mood.
inline void add_talk(Draw& draw, int number, std::vector<Said>& posts) {
  const auto name = "talk" + std::to_string(number);
  const auto asked = august(4, 8, number);
  const auto say = [&](std::string id, int after, std::string author, std::string parent) {
    posts.push_back(
        {.id = name + id,
         .at = asked + std::chrono::minutes{after},
         .author = std::move(author),
         .channel = number % 2 == 0 ? "c3" : "c4",
         .parent = std::move(parent),
         .about = {{.entity = brand_index,
                    .sentiment = static_cast<Sentiment>(static_cast<int>(draw(4)) - 1)}},
         .intents = {Intent::question}});
  };
  say("asks", 0, name, "");
  if (draw(6) != 0) {
    say("answers", 1 + static_cast<int>(draw(600)), draw(2) == 0 ? "boss" : "greenbasket",
        name + "asks");
    posts.back().owner = brand_index;
    posts.back().about = {{.entity = 10}};
  }
  say("again", 700, name, name + "asks");
  posts.back().only_thanks = true;
}

/// `count` posts over the fortnight, half as many over the one before and as many over the eight
/// weeks before that; an hour in which many complain about delivery, of which the brand speaks
/// before and after; and short talks, most of them with an answer by the brand.
inline std::vector<Said> random_posts(std::uint64_t seed, std::size_t count) {
  Draw draw{seed};
  const auto within = [&draw](Window span) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span.end - span.begin);
    return span.begin + std::chrono::minutes{draw(static_cast<std::uint64_t>(minutes.count()))};
  };
  std::vector<Said> posts;
  const auto add = [&](Window span, std::size_t more) {
    for (const auto end = posts.size() + more; posts.size() < end;)
      posts.push_back(random_post(draw, posts.size(), 5 * count / 2, within(span)));
  };
  add(this_fortnight(), count);
  add(fortnight_before(), count / 2);
  add({august(3) - std::chrono::days{70}, august(-11)}, count);
  const auto burst = [&](std::string id, Instant at, std::string author, EntityIndex owner) {
    posts.push_back({.id = std::move(id),
                     .at = at,
                     .author = std::move(author),
                     .channel = "c1",
                     .about = {{2}, {6}},
                     .intents = {Intent::complaint},
                     .owner = owner});
  };
  for (int i = 0; i < 30; ++i)
    burst("burst" + std::to_string(i), august(10, 12, i), "b" + std::to_string(i), no_entity);
  burst("warning", august(10, 8), "greenbasket", brand_index);
  burst("answer", august(11, 8), "boss", brand_index);
  for (int i = 0; i < 48; ++i) add_talk(draw, i, posts);
  return posts;
}

/// The store of a corpus, with a feed beside it that is polled once a day, but on one day of
/// August.
inline std::unique_ptr<PostStore> store_of(const std::vector<Said>& posts,
                                           std::optional<int> missed = {}) {
  auto store = make_labelled_store(posts, entities_of(everything_declared()));
  std::vector<Poll> polls;
  for (int day = -12; day <= 16; ++day)
    if (day != missed) polls.push_back({.source = "local-news", .at = august(day), .ok = true});
  REQUIRE(store->append({.sources = {{{.name = "by-hand", .type = "csv"},
                                      {.name = "local-news",
                                       .type = "feed",
                                       .interval = std::chrono::hours{24},
                                       .first_poll = august(-12)}}},
                         .polls = polls}));
  return store;
}

}  // namespace earshot::test
