#include "store/base/parallel.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <vector>

using namespace earshot;

TEST_CASE("parallel: a stream uses all that was made, in its order, each place once at a time") {
  constexpr int count = 500;
  std::array<std::atomic<int>, 3> places{};  // what lies there; 0: nothing
  int made = 0;
  std::vector<int> used;
  std::atomic<bool> overlap{false};
  parallel_stream(
      places.size(),
      [&](std::size_t place) {
        if (made == count) return false;
        ++made;
        if (places[place].exchange(made) != 0) overlap = true;
        return true;
      },
      [&](std::size_t place) {
        used.push_back(places[place].exchange(0));
        return true;
      });
  CHECK_FALSE(overlap);
  REQUIRE(used.size() == count);
  for (int i = 0; i < count; ++i) CHECK(used[static_cast<std::size_t>(i)] == i + 1);
}

TEST_CASE("parallel: a stream ends when a use says so, and makes no more than has room") {
  std::atomic<int> made{0};
  int uses = 0;
  parallel_stream(
      2, [&](std::size_t) { return ++made > 0; }, [&](std::size_t) { return ++uses < 5; });
  CHECK(uses == 5);
  CHECK(made >= 5);
  CHECK(made <= 7);
}

TEST_CASE("parallel: a stream without anything uses nothing") {
  bool used = false;
  parallel_stream(
      3, [](std::size_t) { return false; }, [&](std::size_t) { return used = true; });
  CHECK_FALSE(used);
}
