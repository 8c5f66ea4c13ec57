#include "analyze/svg_layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace earshot;

namespace {

std::vector<std::string> days_from(int first_day, std::size_t count) {
  std::vector<std::string> days;
  for (std::size_t i = 0; i < count; ++i) {
    const auto day = first_day + static_cast<int>(i);
    days.push_back("2026-08-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
  }
  return days;
}

}  // namespace

TEST_CASE("svg layout: lengths have no needless decimals") {
  CHECK(svg_length(12) == "12");
  CHECK(svg_length(7.256) == "7.26");
  CHECK(svg_length(-0.001) == "0");
  CHECK(svg_share(0.375) == "37.5%");
  CHECK(number_in("-12.5") == -12.5);
  CHECK(number_in("") == 0);
}

TEST_CASE("svg layout: ticks are round, few, and reach the highest value") {
  CHECK(round_ticks(0) == std::vector<double>{0, 1});
  CHECK(round_ticks(3) == std::vector<double>{0, 1, 2, 3});
  CHECK(round_ticks(23) == std::vector<double>{0, 5, 10, 15, 20, 25});
  CHECK(round_ticks(360) == std::vector<double>{0, 100, 200, 300, 400});
  for (double most = 1; most < 3e6; most = most * 1.7 + 1) {
    const auto ticks = round_ticks(most);
    CAPTURE(most);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 6);
    CHECK(ticks.back() >= most);
    CHECK(ticks[1] == static_cast<double>(static_cast<long>(ticks[1])));
  }
}

TEST_CASE("svg layout: counts on an axis lose nothing") {
  CHECK(tick_count(0) == "0");
  CHECK(tick_count(1500) == "1,500");
  CHECK(tick_count(20'000) == "20 k");
  CHECK(tick_count(12'500) == "12.5 k");
  CHECK(tick_count(2'500'000) == "2.5 M");
}

TEST_CASE("svg layout: days are named for people, and what is no day stays") {
  CHECK(short_day("2026-08-01") == "1 Aug");
  CHECK(long_day("2026-12-31") == "31 Dec 2026");
  CHECK(short_day("2026-13-01") == "2026-13-01");
  CHECK(long_day("<b>") == "<b>");
}

TEST_CASE("svg layout: at most seven days get a label, half of them on a narrow page") {
  for (const std::size_t count : {1u, 7u, 8u, 31u}) {
    const auto ticks = day_ticks(days_from(1, count));
    CAPTURE(count);
    CHECK(ticks.size() <= 7);
    CHECK(ticks[0].index == 0);
    CHECK(ticks[0].with_year);
    CHECK(std::ranges::count(ticks, true, &DayTick::wide_only) ==
          static_cast<std::ptrdiff_t>(ticks.size() / 2));
  }
  CHECK(day_ticks({}).empty());
  CHECK(day_ticks(std::vector<std::string>(100'000, "2026-08-01")).size() <= 7);
}

TEST_CASE("svg layout: every label has its year where the days span two") {
  const auto ticks = day_ticks({"2025-12-31", "2026-01-01"});
  CHECK(ticks[0].with_year);
  CHECK(ticks[1].with_year);
}

TEST_CASE("svg layout: labels wrap at spaces, long words anywhere, and end in dots") {
  CHECK(wrap_label("delivery", 200, 3) == std::vector<std::string>{"delivery"});
  CHECK(wrap_label("the upper valley", 80, 3) == std::vector<std::string>{"the upper", "valley"});
  CHECK(wrap_label("", 80, 3) == std::vector<std::string>{""});
  for (const std::string& text :
       {std::string(500, 'W'), std::string("a b c d e f g h i j k l m n o p q r s t u v w x y z"),
        std::string("x \xE2\x80\xAE\x1b ") + std::string(100, 'i')}) {
    const auto lines = wrap_label(text, 90, 3);
    CHECK(lines.size() == 3);
    CHECK(lines.back().ends_with("…"));
    for (const auto& line : lines) CHECK(text_width(line) <= 90);
  }
  CHECK(wrap_label("a\x1b", 90, 1) == std::vector<std::string>{"a\\x1b"});
}

TEST_CASE("svg layout: the axis of waiting begins at 0 and its labels keep apart") {
  for (const double longest : {3600.0, 86'400.0, 604'800.0, 31e6}) {
    const auto ticks = wait_ticks(longest);
    CAPTURE(longest);
    REQUIRE(ticks.size() >= 2);
    CHECK(ticks[0].label == "0");
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      CHECK(ticks[i].share - ticks[i - 1].share >= 0.1);
      CHECK(ticks[i].share <= 1);
    }
  }
  CHECK(wait_share(0, 7200) == 0);
  CHECK(wait_share(7200, 7200) == 1);
}
