#include "analyze/svg_layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

/// Bytes of the character that begins here.
std::size_t character_size(std::string_view text, std::size_t at) {
  std::size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80)
    ++size;
  return size;
}

double character_width(std::string_view character) {
  if (character.size() > 1)
    return std::max(1.0, static_cast<double>(display_width(character))) * 8.5;
  const char c = character[0];
  if (std::string_view{" !'(),./:;I[]fijlrt|"}.find(c) != std::string_view::npos) return 5.5;
  if (std::string_view{"%@MWm"}.find(c) != std::string_view::npos) return 13;
  if ((c >= 'A' && c <= 'Z') || c == 'w' || c == '&' || c == '_') return 10.5;
  return 8.3;
}

struct Day {
  int year = 0;
  std::size_t month = 0;
  int day = 0;
};

bool parse_day(std::string_view text, Day& out) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t size, auto& value) {
    const auto* end = text.data() + at + size;
    return std::from_chars(text.data() + at, end, value).ptr == end;
  };
  return number(0, 4, out.year) && number(5, 2, out.month) && number(8, 2, out.day) &&
         out.month >= 1 && out.month <= 12;
}

}  // namespace

std::string svg_length(double length) {
  auto digits = fmt::format("{:.2f}", length);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

std::string svg_share(double share) {
  return svg_length(share * 100) + "%";
}

double number_in(std::string_view digits) {
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::vector<double> round_ticks(double most) {
  most = std::max(most, 1.0);
  double step = std::pow(10, std::floor(std::log10(most)));
  for (const double part : {0.2, 0.25, 0.5, 1.0, 2.0}) {
    const double smaller = step * part;
    if (smaller < 1 || (part == 0.25 && smaller != std::floor(smaller))) continue;
    if (most / smaller > 5) continue;
    step = smaller;
    break;
  }
  std::vector<double> ticks{0};
  while (ticks.back() < most) ticks.push_back(ticks.back() + step);
  return ticks;
}

std::string tick_count(double count) {
  const auto whole = static_cast<std::uint64_t>(count);
  if (whole >= 1'000'000 && whole % 100'000 == 0)
    return svg_length(static_cast<double>(whole) / 1e6) + " M";
  if (whole >= 10'000 && whole % 100 == 0)
    return svg_length(static_cast<double>(whole) / 1e3) + " k";
  return group_digits(whole);
}

std::string short_day(std::string_view iso_day) {
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Day day;
  if (!parse_day(iso_day, day)) return std::string{iso_day};
  return fmt::format("{} {}", day.day, months[day.month - 1]);
}

std::string long_day(std::string_view iso_day) {
  Day day;
  if (!parse_day(iso_day, day)) return std::string{iso_day};
  return fmt::format("{} {}", short_day(iso_day), day.year);
}

std::vector<DayTick> day_ticks(const std::vector<std::string>& days) {
  static constexpr std::array<std::size_t, 11> steps{1, 2, 4, 7, 14, 28, 56, 112, 224, 448, 896};
  std::size_t step = steps.back();
  for (const auto candidate : steps)
    if (days.size() <= candidate * 7) {
      step = candidate;
      break;
    }
  while (days.size() > step * 7) step *= 2;
  const bool several_years = !days.empty() && days.front().substr(0, 4) != days.back().substr(0, 4);
  std::vector<DayTick> ticks;
  for (std::size_t i = 0; i < days.size(); i += step)
    ticks.push_back(
        {.index = i, .with_year = several_years || i == 0, .wide_only = (i / step) % 2 == 1});
  return ticks;
}

double text_width(std::string_view text) {
  double width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = character_size(text, at);
    width += character_width(text.substr(at, size));
    at += size;
  }
  return width;
}

std::vector<std::string> wrap_label(std::string_view label, double width, std::size_t most_lines) {
  const auto text = printable(label);
  constexpr double ellipsis = 10;
  std::vector<std::string> lines;
  std::string line;
  double used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = std::string_view{text}.substr(at, character_size(text, at));
    const bool last = lines.size() + 1 == most_lines;
    const double wide = character_width(character);
    if (used + wide > width - (last ? ellipsis : 0)) {
      if (last) {
        lines.push_back(line + "…");
        return lines;
      }
      const auto space = line.rfind(' ');
      const bool breaks = space != std::string::npos && space > 0 && character != " ";
      std::string rest = breaks ? line.substr(space + 1) : std::string{};
      lines.push_back(breaks ? line.substr(0, space) : line);
      line = std::move(rest);
      used = text_width(line);
      if (character == " ") {
        at += 1;
        continue;
      }
      if (used + wide > width) continue;  // the rest alone is too long
    }
    line += character;
    used += wide;
    at += character.size();
  }
  lines.push_back(line);
  return lines;
}

double wait_share(double seconds, double longest) {
  constexpr double first_hour = 3600;  // about where the axis turns from even to logarithmic
  return std::log1p(seconds / first_hour) / std::log1p(std::max(longest, first_hour) / first_hour);
}

std::vector<WaitTick> wait_ticks(double longest) {
  static constexpr std::array<std::pair<int, std::string_view>, 11> times{{{0, "0"},
                                                                           {900, "15 min"},
                                                                           {3600, "1 h"},
                                                                           {3 * 3600, "3 h"},
                                                                           {6 * 3600, "6 h"},
                                                                           {12 * 3600, "12 h"},
                                                                           {86'400, "1 d"},
                                                                           {2 * 86'400, "2 d"},
                                                                           {4 * 86'400, "4 d"},
                                                                           {7 * 86'400, "7 d"},
                                                                           {28 * 86'400, "28 d"}}};
  constexpr double room = 0.1;
  std::vector<WaitTick> ticks;
  double narrow = -1;
  for (const auto& [seconds, label] : times) {
    const double share = wait_share(seconds, longest);
    if (share > 1 || (!ticks.empty() && share - ticks.back().share < room)) continue;
    const bool wide_only = share - narrow < 2 * room;
    if (!wide_only) narrow = share;
    ticks.push_back({share, std::string{label}, wide_only});
  }
  return ticks;
}

}  // namespace earshot
