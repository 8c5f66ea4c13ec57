#include "ingest/health.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace earshot;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant noon = from_unix(1'800'000'000);
const Error time_out{Error::Kind::network, "http://h/: no complete answer within 30 s"};

SourceState healthy(seconds interval = hours{1}) {
  SourceState state{.name = "news", .type = "feed", .interval = interval};
  return after_success(state, {}, noon - hours{2});
}

}  // namespace

TEST_CASE(
    "health: after a good poll the next is an interval or the server's wish away, from 5 min to 24 "
    "h") {
  struct Row {
    seconds interval;
    std::optional<seconds> wait;
    seconds next;
  };
  const Row rows[] = {
      {hours{1}, {}, hours{1}},       {hours{1}, minutes{10}, hours{1}},
      {hours{1}, hours{3}, hours{3}}, {hours{1}, hours{24 * 30}, hours{24}},
      {seconds{10}, {}, minutes{5}},  {seconds{10}, seconds{0}, minutes{5}},
      {hours{24 * 7}, {}, hours{24}}, {hours{1}, seconds{-5}, hours{1}},
  };

  for (const Row& row : rows) {
    const auto state = after_success({.name = "news", .interval = row.interval}, row.wait, noon);

    CHECK(state.next_try == noon + row.next);
    CHECK(state.first_poll == noon);
    CHECK(state.last_ok == noon);
  }
}

TEST_CASE("health: a good poll ends a row of failures, and the first poll is remembered") {
  auto state = after_failure(healthy(), time_out, {}, noon - hours{1});

  state = after_success(state, {}, noon);

  CHECK(state.failures == 0);
  CHECK(state.failing_since == Instant{});
  CHECK(state.last_error.empty());
  CHECK(state.first_poll == noon - hours{2});
}

TEST_CASE("health: an archive has no schedule, whatever becomes of it") {
  const SourceState archive{.name = "export", .type = "csv"};

  CHECK(after_success(archive, {}, noon).next_try == Instant{});
  CHECK(after_failure(archive, time_out, {}, noon).next_try == Instant{});
}

TEST_CASE("health: failures back off twofold each, up to 24 h, and never end the polling") {
  auto state = healthy();
  Instant now = noon;
  seconds least = hours{1};

  for (std::uint32_t n = 1; n <= 40; ++n) {
    state = after_failure(state, time_out, {}, now);

    const seconds delay = state.next_try - now;
    const seconds full = std::min<seconds>(hours{1} * (1LL << std::min(n, 20U)), hours{24});
    CHECK(delay <= full);
    CHECK(delay >= full * 3 / 4);
    CHECK(delay >= least);
    CHECK(state.failures == n);
    CHECK(state.failing_since == noon);
    CHECK_FALSE(state.gone);
    CHECK(is_due(state, state.next_try));
    now = state.next_try;
  }
}

TEST_CASE("health: the jitter is the same in every run and differs between sources") {
  std::set<seconds> delays;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    CHECK(backoff(name, 2, hours{1}) == backoff(name, 2, hours{1}));
    delays.insert(backoff(name, 2, hours{1}));
  }

  CHECK(delays.size() == 6);
  CHECK(backoff("a", 1, hours{24}) == hours{24});
}

TEST_CASE("health: Retry-After wins over the backoff, within the interval and 7 days") {
  const auto next = [](std::optional<seconds> wait) {
    const auto state = after_failure(healthy(), refusal(429, wait), wait, noon);
    return state.next_try - noon;
  };

  CHECK(next(seconds{3601}) == seconds{3601});
  CHECK(next(seconds{0}) == hours{1});
  CHECK(next(hours{48}) == hours{48});
  CHECK(next(hours{24 * 365}) == hours{24 * 7});
}

TEST_CASE("health: a refusal says the status and the time asked for") {
  CHECK(refusal(404, {}).message == "HTTP 404");
  CHECK(refusal(429, seconds{3600}).message == "HTTP 429, asked to wait 3600 s");
  CHECK(refusal(403, {}, "no entry").message == "HTTP 403: no entry");
  CHECK(gone(410).message == "HTTP 410: gone for good, not polled again");
  CHECK(gone(404).message == "HTTP 404 for 30 days: gone for good, not polled again");
  CHECK(refusal(404, {}).kind == Error::Kind::network);
}

TEST_CASE("health: what is gone is not due, until an answer heals it") {
  const auto ended = after_gone(healthy(), gone(410), noon);

  CHECK(ended.gone);
  CHECK_FALSE(is_due(ended, noon + hours{24 * 365}));
  CHECK(is_due(after_success(ended, {}, noon), noon + hours{1}));
}

TEST_CASE("health: 404 for 30 days is gone, if it was asked often enough and never answered else") {
  const auto missing = [](int polls, hours apart, int other_at, int other_status) {
    SourceState state = healthy();
    for (int i = 0; i < polls; ++i) {
      const Instant at = noon + i * apart;
      const int status = i == other_at ? other_status : 404;
      state = after_status(std::move(state), status, at);
      if (is_gone(state, status, at)) return i;
      state = after_failure(std::move(state), refusal(status, {}), {}, at);
    }
    return -1;
  };

  CHECK(missing(40, hours{24}, -1, 0) == 30);
  CHECK(missing(30, hours{24}, -1, 0) == -1);
  CHECK(missing(40, hours{24 * 40}, -1, 0) == 10);
  CHECK(missing(45, hours{24}, 10, 500) == 41);
  CHECK(missing(5, hours{24}, 2, 410) == 2);
  CHECK(after_success(after_status(healthy(), 404, noon), {}, noon).missing_since == Instant{});
}

TEST_CASE("health: what the feed itself wishes holds after every good poll, within 24 h") {
  SourceState state = healthy();
  state.wish = hours{3};
  CHECK(after_success(state, {}, noon).next_try == noon + hours{3});
  CHECK(after_success(state, hours{5}, noon).next_try == noon + hours{5});
  CHECK(after_success(state, minutes{5}, noon).next_try == noon + hours{3});
  state.wish = hours{24 * 30};
  CHECK(after_success(state, {}, noon).next_try == noon + hours{24});
}

TEST_CASE("health: in hours and on days that a feed skips it is not polled, up to 24 h") {
  const Instant midnight = from_unix(1'785'542'400);  // 2026-08-01, a Saturday
  const auto next = [&](std::uint32_t hours_skipped, unsigned days_skipped, hours at) {
    SourceState state = healthy();
    state.skip_hours = hours_skipped;
    state.skip_days = static_cast<std::uint8_t>(days_skipped);
    return after_success(state, {}, midnight + at + minutes{20}).next_try - midnight;
  };

  CHECK(next(0, 0, hours{7}) == hours{8} + minutes{20});
  CHECK(next(1U << 8, 0, hours{7}) == hours{9});
  CHECK(next(7U << 8, 0, hours{7}) == hours{11});
  CHECK(next(1U << 9, 0, hours{7}) == hours{8} + minutes{20});
  CHECK(next(1U << 0, 0, hours{23}) == hours{25});
  CHECK(next(0, 1U << 0, hours{23}) == hours{47} + minutes{20});  // Sunday: no longer than 24 h
  CHECK(next(0, 1U << 6, hours{7}) == hours{24});
  CHECK(next(0xFF'FFFF, 0, hours{7}) == hours{31} + minutes{20});
}

TEST_CASE(
    "health: a source is due from its time on, with some seconds for cron and none for "
    "Retry-After") {
  const auto good = after_success(healthy(), {}, noon);
  const auto refused = after_failure(healthy(), refusal(429, hours{2}), hours{2}, noon);

  CHECK(is_due(SourceState{.name = "new"}, noon));
  CHECK_FALSE(is_due(good, noon + minutes{59}));
  CHECK(is_due(good, noon + hours{1} - seconds{2}));
  CHECK_FALSE(is_due(refused, noon + hours{2} - seconds{1}));
  CHECK(is_due(refused, noon + hours{2}));
}

TEST_CASE("health: a clock that was wrong does not silence a source") {
  const auto future = after_success(healthy(), {}, noon + hours{24 * 3650});

  CHECK(is_due(future, noon));
}

TEST_CASE("health: once a week the whole answer is asked for") {
  auto state = healthy(hours{1});
  int full = 0;
  for (Instant now = noon; now < noon + hours{24 * 70}; now += hours{1}) {
    if (wants_full_answer(state, now)) ++full;
    state = after_success(state, {}, now);
  }

  CHECK(full == 10);
}

TEST_CASE(
    "health: a full page of unknown posts after an earlier poll may mean that some were lost") {
  CHECK(may_have_lost_posts(true, 5, {.added = 5}));
  CHECK_FALSE(may_have_lost_posts(false, 5, {.added = 5}));
  CHECK_FALSE(may_have_lost_posts(true, 4, {.added = 4}));
  CHECK_FALSE(may_have_lost_posts(true, 5, {.added = 4, .repeated = 1}));
  CHECK_FALSE(may_have_lost_posts(true, 0, {}));
}

TEST_CASE("health: a message is stored on one line, without secrets and tricks") {
  CHECK(clean_message("http://u:p@h/a: no") == "http://h/a: no");
  CHECK(clean_message("x https://a@b@h/ and ftp://c:d@e") == "x https://h/ and ftp://e");
  CHECK(clean_message("mail a@b.org about http://h/") == "mail a@b.org about http://h/");
  CHECK(clean_message("feed https://h/a?token=canary: not a feed (http://h/?key=1)") ==
        "feed https://h/a?...: not a feed (http://h/?...)");
  CHECK(clean_message("http://h/a?...: slow") == "http://h/a?...: slow");
  CHECK(clean_message("a\nb\x1b[1m\x7f") == "a?b?[1m?");
  CHECK(clean_message("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(clean_message("\xff|\xc3|\xed\xa0\x80|\xc2\x85|\xe2\x80\xae|") == "?|?|???|??|???|");
  CHECK(clean_message(std::string(299, 'a') + "bcd") == std::string(297, 'a') + "...");
}
