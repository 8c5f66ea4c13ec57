#include "ingest/time_walk.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string text_of(const TimeWalk& walk) {
  std::string cursor;
  walk.add_to(cursor, "issues");
  return cursor;
}

}  // namespace

TEST_CASE("time walk: a first one without a day is one page, newest first") {
  auto walk = TimeWalk::read("", "issues");
  walk.begin({});

  CHECK(walk.only_newest());
  CHECK_FALSE(walk.move_on(400, 900, true, 10));
  CHECK(text_of(walk) == "issues=900\n");
}

TEST_CASE("time walk: a later one begins a little before the end of the last") {
  auto walk = TimeWalk::read("issues=900\nother=5\n", "issues");
  walk.begin({});

  CHECK(walk.from == Count{780});
  CHECK(walk.move_on(950, 950, true, 10));
  CHECK(text_of(walk) == "issues=950\nissues_from=950\n");
  CHECK_FALSE(walk.move_on(990, 990, false, 10));
  CHECK(text_of(walk) == "issues=990\n");
}

TEST_CASE("time walk: a service that is slow to know is asked further back") {
  auto walk = TimeWalk::read("issues=900\n", "issues");
  walk.begin({}, std::chrono::seconds{600});
  CHECK(walk.from == Count{300});

  TimeWalk early{.newest = 100};
  early.begin({}, std::chrono::seconds{600});
  CHECK(early.from == Count{0});
}

TEST_CASE("time walk: one that was stopped goes on where it was") {
  auto walk = TimeWalk::read("issues=950\nissues_from=950\nissues_page=3\n", "issues");
  walk.begin(7);

  CHECK(walk.from == Count{950});
  CHECK(walk.page == 3);
}

TEST_CASE("time walk: pages are counted within a second, which is left after the last of them") {
  TimeWalk walk{.newest = 950, .from = 950};

  CHECK(walk.move_on(950, 950, true, 3));
  CHECK(walk.page == 2);
  CHECK(walk.move_on(950, 950, true, 3));
  CHECK(walk.page == 3);
  CHECK(walk.move_on(950, 950, true, 3));
  CHECK(walk.from == Count{951});
  CHECK(walk.page == 1);
}

TEST_CASE("time walk: nothing new leaves the place where it was") {
  auto walk = TimeWalk::read("issues=900\n", "issues");
  walk.begin({});

  CHECK_FALSE(walk.move_on({}, {}, false, 10));
  CHECK(text_of(walk) == "issues=900\n");
}

TEST_CASE("time walk: with a day the first one begins there") {
  TimeWalk walk;
  walk.begin(50);

  CHECK_FALSE(walk.only_newest());
  CHECK(walk.from == Count{50});
  CHECK(unix_seconds(from_unix(50)) == Count{50});
  CHECK(unix_seconds(from_unix(-1)) == Count{});
}
