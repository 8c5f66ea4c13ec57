#pragma once

#include <vector>

#include <doctest/doctest.h>

#include "analyze/project.hpp"
#include "tests/support/labelled_corpus.hpp"

// Two weeks of talk about a family that delivers vegetables, small enough to count by eye.
//
//   id   August, local  who    where   about (+ 0 - by sentiment)  and
//   o1   Mon  3 10:00  brand  forum                               4 likes, 2 shares, 200 followers
//   o2   Wed  5 10:00  brand  forum                               0 likes, 1 share, 200 followers
//   o3   Wed 12 10:00  brand  blog                                counts unknown
//   o4   Thu 13 09:00  brand  forum                               a repost
//   p1   Mon  3 11:00  ann    forum   brand +                     advocate, answers o1
//   p2   Mon  3 12:00  bob    forum   brand -, delivery -         complaint, answers o1, priority 1
//   r1   Mon  3 14:00  brand  forum                               answers p2 after 2 h
//   p3   Tue  4 09:00  cat    forum   brand 0, delivery 0         question, priority 2
//   r2   Wed  5 09:00  brand  forum                               answers p3 after 24 h
//   p4   Thu  6 20:00  dan    blog    brand 0, price 0            question
//   p5   Fri  7 08:00  eve    forum   brand -                     detractor
//   p6   Sat  8 08:00  ann    forum   brand +
//   p7   Sun  9 08:00  fay    blog    FarmDirect +                10 likes
//   p8   Mon 10 08:00  gus    forum   brand 0, FarmDirect 0       2 likes, 1 share
//   p9   Tue 11 08:00  hal    forum   price 0                     question
//   p10  Wed 12 08:00  ivy    forum
//   p11  Wed 12 09:00  leni   forum   brand +                     advocate, but an affiliate
//   p12  Fri 14 08:00  joe    forum   (addresses the brand)       priority 1
//   r3   Fri 14 11:00  brand  forum                               answers p12 after 3 h
//   p13  Sat 15 08:00  kim    blog    brand +                     advocate, group 7
//   p14  Sat 15 09:00  lou    blog    brand +                     group 7: a near-duplicate of p13
//   u1   Sat 15 10:00  max    forum                               not labelled
//   f1   Sun 16 08:00  mia    search  brand 0                     from a filtered source
//
// and in the two weeks before: b1 nan brand + and delivery, b2 oli brand - and price, b3 pat
// FarmDirect 0, bo1 an own post with 2 likes and no share; all on the forum.

namespace earshot::test {

/// Midnight of a day of August 2026 in Brisbane (UTC+10, no daylight saving); day 0 is 31 July.
inline Instant august(int day, int hour = 0, int minute = 0) {
  using namespace std::chrono;
  return sys_days{year{2026} / 8 / 1} + days{day - 1} + hours{hour - 10} + minutes{minute};
}

inline Window this_fortnight() {
  return {august(3), august(17)};
}
inline Window fortnight_before() {
  return {august(-11), august(3)};
}

/// Entities: 0 brand, 1 FarmDirect, 2 delivery, 3 price.
inline Project green_basket() {
  Project project;
  project.name = "Green Basket";
  project.timezone = "Australia/Brisbane";
  project.brand = {.name = "Green Basket", .query = "basket", .handles = {{.name = "greenbasket"}}};
  project.competitors = {{.name = "FarmDirect", .query = "farmdirect"}};
  project.topics = {{"delivery", "deliver*", "orders"}, {"price", "price", ""}};
  project.channels = {"Forum", "blog", "facebook"};
  BusinessHours hours;
  for (std::size_t day = 0; day < 7; ++day)
    hours.days[day] = day < 5 ? BusinessHours::Span{9 * 60, 17 * 60} : BusinessHours::Span{0, 0};
  project.inbox.business_hours = hours;
  project.minimum_n = 1;
  return project;
}

inline std::vector<Said> green_basket_posts() {
  using enum Sentiment;
  constexpr EntityIndex brand = 0, rival = 1, delivery = 2, price = 3;
  const auto own = [](std::string id, Instant at, std::string channel, std::string parent = {}) {
    return Said{.id = std::move(id),
                .at = at,
                .author = "greenbasket",
                .channel = std::move(channel),
                .parent = std::move(parent),
                .owner = 0};
  };
  std::vector<Said> posts{
      own("o1", august(3, 10), "forum"),         own("o2", august(5, 10), "forum"),
      own("o3", august(12, 10), "blog"),         own("o4", august(13, 9), "forum"),
      own("r1", august(3, 14), "forum", "p2"),   own("r2", august(5, 9), "forum", "p3"),
      own("r3", august(14, 11), "forum", "p12"), own("bo1", august(-3, 10), "forum")};
  posts[0].likes = 4, posts[0].shares = 2, posts[0].followers = 200;
  posts[1].likes = 0, posts[1].shares = 1, posts[1].followers = 200;
  posts[3].repost = true;
  posts[7].likes = 2, posts[7].shares = 0;

  const auto say = [&](std::string id, Instant at, std::string author, std::string channel,
                       std::vector<About> about, std::vector<Intent> intents = {}) -> Said& {
    posts.push_back({.id = std::move(id),
                     .at = at,
                     .author = std::move(author),
                     .channel = std::move(channel),
                     .about = std::move(about),
                     .intents = std::move(intents)});
    return posts.back();
  };
  say("p1", august(3, 11), "ann", "forum", {{brand, positive, Stance::advocate}}).parent = "o1";
  auto& p2 = say("p2", august(3, 12), "bob", "forum", {{brand, negative}, {delivery, negative}},
                 {Intent::complaint});
  p2.parent = "o1", p2.priority = 1;
  say("p3", august(4, 9), "cat", "forum", {{brand}, {delivery}}, {Intent::question}).priority = 2;
  say("p4", august(6, 20), "dan", "blog", {{brand}, {price}}, {Intent::question});
  say("p5", august(7, 8), "eve", "forum", {{brand, negative, Stance::detractor}});
  say("p6", august(8, 8), "ann", "forum", {{brand, positive}});
  say("p7", august(9, 8), "fay", "blog", {{rival, positive}}).likes = 10;
  auto& p8 = say("p8", august(10, 8), "gus", "forum", {{brand}, {rival}});
  p8.likes = 2, p8.shares = 1;
  say("p9", august(11, 8), "hal", "forum", {{price}}, {Intent::question});
  say("p10", august(12, 8), "ivy", "forum", {});
  say("p11", august(12, 9), "leni", "forum", {{brand, positive, Stance::advocate}}).affiliate =
      true;
  About addressed{.entity = brand, .matched = false, .addressed = true};
  say("p12", august(14, 8), "joe", "forum", {addressed}).priority = 1;
  say("p13", august(15, 8), "kim", "blog", {{brand, positive, Stance::advocate}}).group = 7;
  say("p14", august(15, 9), "lou", "blog", {{brand, positive}}).group = 7;
  say("u1", august(15, 10), "max", "forum", {}).labelled = false;
  say("f1", august(16, 8), "mia", "search", {{brand}}).filtered = true;

  say("b1", august(-6, 8), "nan", "forum", {{brand, positive}, {delivery, positive}});
  say("b2", august(-5, 8), "oli", "forum", {{brand, negative}, {price, negative}});
  say("b3", august(-4, 8), "pat", "forum", {{rival}});
  return posts;
}

/// The posts come from an archive; beside it there is a feed that is polled once a day, missed on
/// the 8th and failing on the 9th.
inline std::unique_ptr<PostStore> green_basket_store() {
  auto store = make_labelled_store(green_basket_posts(), entities_of(green_basket()));
  const std::vector<SourceState> sources{{.name = "by-hand", .type = "csv"},
                                         {.name = "local-news",
                                          .type = "feed",
                                          .interval = std::chrono::hours{24},
                                          .first_poll = august(1)}};
  std::vector<Poll> polls;
  for (int day = 1; day <= 16; ++day)
    if (day != 8) polls.push_back({.source = "local-news", .at = august(day), .ok = day != 9});
  REQUIRE(store->append({.sources = sources, .polls = polls}));
  return store;
}

}  // namespace earshot::test
