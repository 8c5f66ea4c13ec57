#include <doctest/doctest.h>

#include "analyze/calendar.hpp"

using namespace earshot;

namespace {

Instant utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  using namespace std::chrono;
  return sys_days{std::chrono::year{year} / month / day} + hours{hour} + minutes{minute};
}

Calendar calendar(const std::string& zone, int week_start = 1) {
  auto created = Calendar::create(zone, week_start);
  REQUIRE(created);
  return std::move(*created);
}

BusinessHours nine_to_five() {
  BusinessHours hours;
  for (std::size_t day = 0; day < 5; ++day) hours.days[day] = {9 * 60, 17 * 60};
  hours.days[5] = hours.days[6] = {0, 0};
  return hours;
}

}  // namespace

TEST_CASE("calendar: an unknown zone is a config error that names the nearest") {
  const auto created = Calendar::create("Australia/Brisban", 1);
  REQUIRE_FALSE(created);
  CHECK(created.error().kind == Error::Kind::config);
  CHECK(created.error().message ==
        "unknown time zone 'Australia/Brisban', did you mean 'Australia/Brisbane'?");
  CHECK_FALSE(Calendar::create("", 1));
  CHECK_FALSE(Calendar::create("../../etc/passwd", 1));
}

TEST_CASE("calendar: days are cut at local midnight, and a window may begin inside one") {
  // Brisbane is UTC+10 all year: midnight is 14:00 UTC of the day before.
  const auto edges = calendar("Australia/Brisbane").day_edges({utc(2026, 8, 1), utc(2026, 8, 3)});
  CHECK(edges ==
        std::vector{utc(2026, 8, 1), utc(2026, 8, 1, 14), utc(2026, 8, 2, 14), utc(2026, 8, 3)});
}

TEST_CASE("calendar: a day of daylight saving has 23 or 25 hours") {
  // New York 2026: clocks go forward on 8 March, back on 1 November.
  const auto zone = calendar("America/New_York");
  CHECK(zone.day_edges({utc(2026, 3, 8, 5), utc(2026, 3, 10, 4)}) ==
        std::vector{utc(2026, 3, 8, 5), utc(2026, 3, 9, 4), utc(2026, 3, 10, 4)});
  CHECK(zone.day_edges({utc(2026, 11, 1, 4), utc(2026, 11, 3, 5)}) ==
        std::vector{utc(2026, 11, 1, 4), utc(2026, 11, 2, 5), utc(2026, 11, 3, 5)});
}

TEST_CASE("calendar: a day that has no midnight begins with the change") {
  // Beirut 2026: at midnight of 29 March clocks jump to 01:00, which is 22:00 UTC of the 28th.
  const auto edges =
      calendar("Asia/Beirut").day_edges({utc(2026, 3, 27, 22), utc(2026, 3, 29, 21)});
  CHECK(edges == std::vector{utc(2026, 3, 27, 22), utc(2026, 3, 28, 22), utc(2026, 3, 29, 21)});
}

TEST_CASE("calendar: edges lie on quarter-hours, in zones of half and quarter-hours too") {
  for (const auto* name : {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
                           "Pacific/Chatham", "America/St_Johns", "Africa/Monrovia"}) {
    const auto zone = calendar(name);
    for (const auto edge : zone.day_edges({utc(1969, 12, 1), utc(1972, 3, 1)}))
      CHECK_MESSAGE(to_unix(edge) % 900 == 0, name);
    for (const auto edge : zone.day_edges({utc(2026, 1, 1), utc(2027, 1, 1)}))
      CHECK_MESSAGE(to_unix(edge) % 900 == 0, name);
  }
}

TEST_CASE("calendar: weeks begin on the day that the project names") {
  // 3 August 2026 is a Monday.
  const Window window{utc(2026, 8, 1), utc(2026, 8, 12)};
  CHECK(calendar("UTC", 1).week_edges(window) ==
        std::vector{utc(2026, 8, 1), utc(2026, 8, 3), utc(2026, 8, 10), utc(2026, 8, 12)});
  CHECK(calendar("UTC", 7).week_edges(window) ==
        std::vector{utc(2026, 8, 1), utc(2026, 8, 2), utc(2026, 8, 9), utc(2026, 8, 12)});
}

TEST_CASE("calendar: only open seconds are business seconds") {
  const auto zone = calendar("UTC");
  const OpenTime open{zone, nine_to_five(), {utc(2026, 8, 1), utc(2026, 8, 20)}};

  // Friday 16:00 to Monday 10:00: one hour on each.
  CHECK(open.between(utc(2026, 8, 7, 16), utc(2026, 8, 10, 10)) == 2 * 3600);
  CHECK(open.between(utc(2026, 8, 8), utc(2026, 8, 9)) == 0);
  CHECK(open.between(utc(2026, 8, 5, 9, 30), utc(2026, 8, 5, 9, 45)) == 900);
  CHECK(open.between(utc(2026, 8, 5, 10), utc(2026, 8, 5, 9)) == 0);
}

TEST_CASE("calendar: business hours follow the clock on the wall across daylight saving") {
  const auto zone = calendar("America/New_York");
  auto hours = nine_to_five();
  hours.days[6] = {1 * 60, 4 * 60};  // Sundays from 1 to 4
  const OpenTime open{zone, hours, {utc(2026, 3, 1), utc(2026, 11, 10)}};

  // 9 to 5 is 14 to 22 UTC before the change and 13 to 21 after it.
  CHECK(open.between(utc(2026, 3, 6, 13), utc(2026, 3, 6, 14)) == 0);
  CHECK(open.between(utc(2026, 3, 9, 13), utc(2026, 3, 9, 14)) == 3600);
  // Of the Sunday's three hours one is skipped in spring and comes twice in autumn.
  CHECK(open.between(utc(2026, 3, 8), utc(2026, 3, 9)) == 2 * 3600);
  CHECK(open.between(utc(2026, 11, 1), utc(2026, 11, 2)) == 4 * 3600);
}

TEST_CASE("calendar: a window is widened to quarter-hours, before the epoch too") {
  CHECK(widen_to_quarter_hours({from_unix(901), from_unix(1799)}) ==
        Window{from_unix(900), from_unix(1800)});
  CHECK(widen_to_quarter_hours({from_unix(-1), from_unix(900)}) ==
        Window{from_unix(-900), from_unix(900)});
}

TEST_CASE("calendar: instants are shown on the local clock") {
  const auto zone = calendar("Asia/Kolkata");
  CHECK(zone.format_minute(utc(2026, 8, 1, 20)) == "2 Aug 2026 01:30");
  CHECK(zone.iso_day(utc(2026, 8, 1, 20)) == "2026-08-02");
  CHECK(zone.is_midnight(utc(2026, 8, 1, 18, 30)));
  CHECK_FALSE(zone.is_midnight(utc(2026, 8, 1)));
}
