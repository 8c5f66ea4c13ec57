#include "ingest/feed_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t longest = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 8 && std::ranges::all_of(text, is_digit);
}
int number_of(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

struct Name {
  std::string_view spelled;
  int month;
};

/// Months by their first letters: English of three or more, Greek, Hungarian. 0: none.
int month_of(std::string_view word) {
  static constexpr std::array names{
      Name{"jan", 1},     Name{"feb", 2},     Name{"mar", 3},     Name{"apr", 4},
      Name{"may", 5},     Name{"jun", 6},     Name{"jul", 7},     Name{"aug", 8},
      Name{"sep", 9},     Name{"oct", 10},    Name{"nov", 11},    Name{"dec", 12},
      Name{"Ιαν", 1},     Name{"Φεβ", 2},     Name{"Μάώ", 3},     Name{"Μαώ", 3},
      Name{"Μαρ", 3},     Name{"Μάρ", 3},     Name{"Απρ", 4},     Name{"Μάι", 5},
      Name{"Μαϊ", 5},     Name{"Μαι", 5},     Name{"Ιούν", 6},    Name{"Ιον", 6},
      Name{"Ιούλ", 7},    Name{"Ιολ", 7},     Name{"Αύγ", 8},     Name{"Αυγ", 8},
      Name{"Σεπ", 9},     Name{"Οκτ", 10},    Name{"Νοέ", 11},    Name{"Νοε", 11},
      Name{"Δεκ", 12},    Name{"január", 1},  Name{"február", 2}, Name{"március", 3},
      Name{"április", 4}, Name{"május", 5},   Name{"június", 6},  Name{"július", 7},
      Name{"augusz", 8},  Name{"szeptem", 9}, Name{"októb", 10}};
  const auto lowered = lower_case(word);
  for (const auto& name : names)
    if (std::string_view{lowered}.starts_with(name.spelled)) return name.month;
  return 0;
}

std::optional<Instant> instant_of(int year, int month, int day, std::string_view time,
                                  std::string_view zone) {
  return parse_rfc3339(
      fmt::format("{:04}-{:02}-{:02}T{}{}", year, month, day, time.empty() ? "00:00" : time, zone));
}

// --- ISO 8601 ---

/// The digits of a time as `hh:mm:ss`, with the fraction and zone behind it; empty if it is none.
std::string iso_time(std::string_view text) {
  const auto zone_at = std::min(text.find_first_of("Zz+- ", 1), text.size());
  auto clock = text.substr(0, zone_at);
  clock = clock.substr(0, clock.find_first_of(".,"));
  std::string digits;
  for (const char c : clock) {
    if (c != ':' && !is_digit(c)) return {};
    if (c == ':' && digits.size() == 1) digits.insert(0, "0");
    if (c != ':') digits += c;
  }
  if (digits.size() == 2) digits += "00";
  if (digits.size() == 4) digits += "00";
  if (digits.size() != 6) return {};
  std::string zone{text.substr(zone_at)};
  if (zone.size() > 2 && zone[zone.size() - 2] == ':') zone += '0';  // +00:0
  return digits.substr(0, 2) + ":" + digits.substr(2, 2) + ":" + digits.substr(4) + zone;
}

int full_year(std::string_view digits) {
  return number_of(digits) + (digits.size() == 2 ? 2000 : 0);
}

/// The day of a year as a date.
std::optional<Instant> ordinal(std::string_view year, std::string_view day, std::string_view time) {
  const auto first = instant_of(full_year(year), 1, 1, time, "");
  const int number = number_of(day);
  if (!first || number < 1 || number > 366) return {};
  return *first + std::chrono::days{number - 1};
}

std::optional<Instant> parse_iso(std::string_view text) {
  const auto mark = text.find_first_of("Tt ");
  const auto date = text.substr(0, mark);
  std::string time;
  if (mark != npos) {
    time = iso_time(trim(text.substr(mark + 1)));
    if (time.empty()) return {};
  }
  if (is_number(date)) {
    if (date.size() < 4) return {};
    const auto year =
        date.substr(0, date.size() == 8 || date.size() == 7 || date.size() == 4 ? 4 : 2);
    const auto rest = date.substr(year.size());
    if (rest.size() == 3) return ordinal(year, rest, time);
    if (rest.size() != 4 && !rest.empty()) return {};
    return instant_of(full_year(year), rest.empty() ? 1 : number_of(rest.substr(0, 2)),
                      rest.empty() ? 1 : number_of(rest.substr(2)), time, "");
  }
  if (date.starts_with('-') && (date.size() == 5 || date.size() == 6) &&
      is_number(date.substr(1, 2)))
    return instant_of(full_year(date.substr(1, 2)), number_of(date.substr(date.size() - 2)), 1,
                      time, "");
  const auto first = date.find('-');
  const auto second = date.find('-', first + 1);
  const auto year = date.substr(0, first);
  if (first == npos || !is_number(year) || (year.size() != 4 && year.size() != 2)) return {};
  const auto middle = date.substr(first + 1, second == npos ? npos : second - first - 1);
  const auto last = second == npos ? "1" : date.substr(second + 1);
  const int month = is_number(middle) ? number_of(middle) : month_of(middle);
  if (middle.size() == 3 && is_number(middle) && second == npos) return ordinal(year, middle, time);
  if (month == 0 || !is_number(last)) return {};
  return instant_of(full_year(year), month, number_of(last), time, "");
}

// --- words ---

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto begin = std::min(text.find_first_not_of(" \t\r\n,"), text.size());
    const auto end = std::min(text.find_first_of(" \t\r\n,", begin), text.size());
    auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    if (word.starts_with('(')) break;  // a remark
    // 06-Sep-2021
    const auto dash = word.find('-');
    if (dash != npos && dash <= 2 && is_number(word.substr(0, dash)) &&
        month_of(word.substr(dash + 1)) != 0) {
      words.push_back(word.substr(0, dash));
      word.remove_prefix(dash + 1);
      const auto next = std::min(word.find('-'), word.size());
      words.push_back(word.substr(0, next));
      word.remove_prefix(std::min(next + 1, word.size()));
    }
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// A zone as `parse_rfc822` reads it; a name that nobody knows is UTC.
std::string zone_of(std::string_view word) {
  using Pair = std::array<std::string_view, 2>;
  static constexpr std::array<Pair, 5> common{
      {{"at", "AST"}, {"et", "EST"}, {"ct", "CST"}, {"mt", "MST"}, {"pt", "PST"}}};
  auto name = lower_case(word);
  if (name.starts_with("etc/")) name.erase(0, 4);
  if (word.find_first_of("+-") != npos || name.empty()) return name;
  const auto found =
      std::ranges::find(common, std::string_view{name}, [](const Pair& p) { return p[0]; });
  if (found != common.end()) return std::string{(*found)[1]};
  return parse_rfc822("1 Jan 2000 00:00 " + name) ? name : "GMT";
}

/// `09:30:00` and what stands behind it: a zone, pm, nothing.
std::optional<Instant> at_time(std::string_view date, std::span<const std::string_view> rest) {
  if (rest.empty()) return parse_rfc822(date);
  std::string time{rest[0]};
  rest = rest.subspan(1);
  std::chrono::hours shift{0};
  if (!rest.empty() && (lower_case(rest[0]) == "pm" || lower_case(rest[0]) == "am")) {
    const int hour = number_of(time.substr(0, time.find(':')));
    if (lower_case(rest[0]) == "pm" && hour < 12) shift = std::chrono::hours{12};
    if (lower_case(rest[0]) == "am" && hour == 12) shift = -std::chrono::hours{12};
    rest = rest.subspan(1);
  }
  if (is_number(time)) return {};
  const auto at =
      parse_rfc822(fmt::format("{} {} {}", date, time, rest.empty() ? "" : zone_of(rest[0])));
  return at ? std::optional{*at + shift} : at;
}

/// "6th" is the sixth.
std::string_view day_of(std::string_view word) {
  if (word.size() > 2 && word.size() <= 4 && is_digit(word[0]))
    for (const auto* end : {"st", "nd", "rd", "th"})
      if (word.ends_with(end)) word.remove_suffix(2);
  return word.size() <= 2 && is_number(word) ? word : std::string_view{};
}

std::optional<Instant> parse_words(std::string_view text) {
  const auto kept = words_of(text);
  std::span<const std::string_view> words = kept;
  // A day of the week, in whatever language.
  if (words.size() > 1 && !is_digit(words[0].front()) && month_of(words[0]) == 0)
    words = words.subspan(1);
  if (words.empty()) return {};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (words[0].size() >= 8 && std::ranges::count(words[0], '/') == 2 && words[0][4] == '/') {
    const auto month = number_of(words[0].substr(5, words[0].rfind('/') - 5));
    if (month < 1 || month > 12) return {};
    return at_time(fmt::format("{} {} {}", words[0].substr(words[0].rfind('/') + 1),
                               months[static_cast<std::size_t>(month - 1)], words[0].substr(0, 4)),
                   words.subspan(1));
  }
  if (words.size() < 3) return {};
  const bool swapped = month_of(words[0]) != 0;
  const auto day = day_of(words[swapped ? 1 : 0]);
  const int month = month_of(words[swapped ? 0 : 1]);
  if (day.empty() || month == 0) return {};
  words = words.subspan(2);
  std::string_view year = words[0];
  std::vector<std::string_view> rest{words.begin() + 1, words.end()};
  if (words[0].find(':') != npos) {  // asctime: the year comes last, a zone may come before it
    if (words.size() < 2) return {};
    const auto found = std::ranges::find_if(
        words.subspan(1), [](auto word) { return word.size() == 4 && is_number(word); });
    if (found == words.end()) return {};
    year = *found;
    rest.assign(words.begin(), words.end());
    std::erase(rest, year);
  }
  if (!is_number(year) || year.size() == 1 || year.size() > 4) return {};
  return at_time(fmt::format("{} {} {}", day, months[static_cast<std::size_t>(month - 1)], year),
                 rest);
}

/// "2004년 05월 28일 01:31:15" and "2004-05-25 오후 11:23:17", both of Seoul.
std::optional<Instant> parse_korean(std::string_view text) {
  if (text.find("년") == npos && text.find("오후") == npos && text.find("오전") == npos) return {};
  std::vector<std::string_view> numbers;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.find_first_of("0123456789", at);
    if (begin == npos) break;
    at = std::min(text.find_first_not_of("0123456789", begin), text.size());
    numbers.push_back(text.substr(begin, at - begin));
  }
  if (numbers.size() != 6 || !std::ranges::all_of(numbers, is_number)) return {};
  const int hour = number_of(numbers[3]);
  const bool afternoon = text.find("오후") != npos && hour < 12;
  return instant_of(number_of(numbers[0]), number_of(numbers[1]), number_of(numbers[2]),
                    fmt::format("{:02}:{:02}:{:02}", hour + (afternoon ? 12 : 0),
                                number_of(numbers[4]), number_of(numbers[5])),
                    "+09:00");
}

}  // namespace

std::optional<Instant> parse_feed_date(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > longest) return {};
  if (const auto at = parse_rfc3339(text)) return at;
  if (const auto at = parse_rfc822(text)) return at;
  if (const auto at = parse_iso(text)) return at;
  if (const auto at = parse_words(text)) return at;
  return parse_korean(text);
}

}  // namespace earshot
