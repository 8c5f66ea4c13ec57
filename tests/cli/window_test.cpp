#include "cli/window.hpp"

#include <doctest/doctest.h>

#include "cli/duration.hpp"

using namespace earshot;
using std::chrono::days;
using std::chrono::hours;

namespace {

const Calendar& brisbane() {
  static const auto calendar = Calendar::create("Australia/Brisbane", 1);
  return *calendar;
}

const Calendar& berlin() {
  static const auto calendar = Calendar::create("Europe/Berlin", 1);
  return *calendar;
}

const Instant now = from_unix(1'785'900'000);  // 2026-08-05T03:20:00Z

std::string show(const Result<Window>& window) {
  return window ? format_instant(window->begin) + " " + format_instant(window->end)
                : window.error().message;
}

}  // namespace

TEST_CASE("window: a date is the first instant of the day where the project is") {
  CHECK(show(parse_window({"2026-08-01", "2026-09-01", {}}, brisbane(), {}, now)) ==
        "2026-07-31T14:00:00Z 2026-08-31T14:00:00Z");
  CHECK(show(parse_window({"2026-03-29", "2026-03-30", {}}, berlin(), {}, now)) ==
        "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
}

TEST_CASE("window: an instant is taken at its word") {
  CHECK(show(parse_window({"2026-08-01T09:30:00+10:00", {}, {}}, brisbane(), {}, now)) ==
        "2026-07-31T23:30:00Z 2026-08-05T03:20:00Z");
}

TEST_CASE("window: without a beginning it is 30 days long, or begins where it is told") {
  CHECK(show(parse_window({}, brisbane(), {}, now)) == "2026-07-06T03:20:00Z 2026-08-05T03:20:00Z");
  CHECK(show(parse_window({{}, {}, "12h"}, brisbane(), {}, now)) ==
        "2026-08-04T15:20:00Z 2026-08-05T03:20:00Z");
  CHECK(show(parse_window({{}, "2026-08-01", {}}, brisbane(), Instant{}, now)) ==
        "1970-01-01T00:00:00Z 2026-07-31T14:00:00Z");
}

TEST_CASE("window: what is no date, no length or no window is a usage error") {
  CHECK(show(parse_window({"2026-02-30", {}, {}}, brisbane(), {}, now)) ==
        "--since '2026-02-30' is not a date like 2026-08-01 or 2026-08-01T09:30:00Z");
  CHECK(show(parse_window({{}, "tomorrow", {}}, brisbane(), {}, now)) ==
        "--until 'tomorrow' is not a date like 2026-08-01 or 2026-08-01T09:30:00Z");
  CHECK(show(parse_window({{}, {}, "a while"}, brisbane(), {}, now)) ==
        "--last 'a while' is not a duration like 12h, 30d or 8w");
  CHECK(show(parse_window({"2026-08-01", {}, "3d"}, brisbane(), {}, now)) ==
        "--last and --since both say where the window begins; give one of them");
  CHECK(
      show(parse_window({"2026-08-02", "2026-08-01", {}}, brisbane(), {}, now)) ==
      "the window ends at 2026-07-31T14:00:00Z and begins at 2026-08-01T14:00:00Z; --until must be "
      "later than --since");
}

TEST_CASE("window: whole days hold the first and the last instant") {
  const auto window = whole_days(from_unix(1'785'900'000), from_unix(1'785'900'001), brisbane());
  CHECK(show(Result<Window>{window}) == "2026-08-04T14:00:00Z 2026-08-05T14:00:00Z");
}

TEST_CASE("window: the one before has the same length, in days where it is made of days") {
  const auto week = *parse_window({"2026-03-30", "2026-04-06", {}}, berlin(), {}, now);
  CHECK(show(Result<Window>{berlin().window_before(week)}) ==
        "2026-03-22T23:00:00Z 2026-03-29T22:00:00Z");

  const Window odd{now - hours{5}, now};
  CHECK(berlin().window_before(odd) == Window{now - hours{10}, now - hours{5}});
}

TEST_CASE("duration: a number and a unit, nothing else") {
  CHECK(parse_duration("90s") == std::chrono::seconds{90});
  CHECK(parse_duration("30m") == std::chrono::minutes{30});
  CHECK(parse_duration("7d") == days{7});
  CHECK(parse_duration("2w") == days{14});
  for (const auto* text : {"", "7", "d", "-1h", "1.5h", "4 h", "4hours", "9999999999999999999d"})
    CHECK_FALSE(parse_duration(text));
}
