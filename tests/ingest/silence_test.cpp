#include "ingest/silence.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace earshot;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const Instant noon = from_unix(1'800'000'000);

Poll poll(hours after, std::uint64_t posts, bool ok = true) {
  return {.source = "news", .at = noon + after, .ok = ok, .posts = posts};
}

}  // namespace

TEST_CASE("silence: the usual gap is the one that 19 of 20 don't exceed, from 5 gaps on") {
  std::vector<Poll> polls;
  for (int i = 0; i < 5; ++i) polls.push_back(poll(hours{i}, 1));
  CHECK_FALSE(usual_gap(polls));
  polls.push_back(poll(hours{5}, 3));
  CHECK(usual_gap(polls) == hours{1});
  polls.push_back(poll(hours{9}, 0));
  polls.push_back(poll(hours{12}, 1, false));
  polls.push_back(poll(hours{15}, 1));  // of six gaps the sixth is the 95th percentile
  CHECK(usual_gap(polls) == hours{10});
  for (int i = 1; i <= 20; ++i) polls.push_back(poll(hours{15 + 2 * i}, 1));
  CHECK(usual_gap(polls) == hours{2});  // of 26 gaps the 25th
}

TEST_CASE("silence: after three times the usual gap and two intervals, as good polls saw it") {
  std::vector<Poll> polls;
  for (int i = 0; i < 8; ++i) polls.push_back(poll(hours{4 * i}, 1));
  const auto silent = [&](hours after, seconds interval, bool ok = true) {
    auto more = polls;
    more.push_back(poll(hours{28} + after, 0, ok));
    return silence_of(interval, more);
  };

  CHECK_FALSE(silent(hours{12}, hours{1}));
  const auto silence = silent(hours{13}, hours{1});
  REQUIRE(silence);
  CHECK(silence->since == noon + hours{28});
  CHECK(silence->usual == hours{4});
  CHECK_FALSE(silent(hours{48}, hours{24}));
  CHECK(silent(hours{49}, hours{24}));
  CHECK_FALSE(silent(hours{49}, hours{1}, false));  // that is a failure, not silence
  CHECK_FALSE(silence_of(hours{1}, polls));
  CHECK_FALSE(silence_of(hours{1}, {}));
}
