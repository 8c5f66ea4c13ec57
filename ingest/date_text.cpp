#include "ingest/date_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
struct Parts {
  int year = 1970;
  unsigned month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int offset = 0;    // seconds east of Greenwich
  char half = '\0';  // 'a' or 'p', where the hour is one of twelve
};

std::optional<Instant> instant_of(const Parts& parts) {
  const std::chrono::year_month_day date{
      std::chrono::year{parts.year}, std::chrono::month{parts.month}, std::chrono::day{parts.day}};
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return {};
  const auto seconds = parts.hour * 3600 + parts.minute * 60 + parts.second - parts.offset;
  return Instant{std::chrono::sys_days{date}} + std::chrono::seconds{seconds};
}

/// Takes pieces off the front of a text. A piece that is not there leaves it as it was.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_{text.data()}, end_{text.data() + text.size()} {}

  bool at_end() const { return at_ == end_; }
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  bool skip(char c) { return peek() == c && at_ != end_ && (++at_, true); }
  bool skip_spaces() {
    const char* const from = at_;
    while (at_ != end_ && is_space(*at_)) ++at_;
    return at_ != from;
  }

  /// A number of `least` to `most` digits; tells how many there were.
  template <class Int>
  int number(int least, int most, Int& value) {
    const char* p = at_;
    Int n = 0;
    while (p != end_ && is_digit(*p) && p - at_ < most)
      n = static_cast<Int>(n * 10 + static_cast<Int>(*p++ - '0'));
    const auto digits = static_cast<int>(p - at_);
    if (digits < least) return 0;
    at_ = p;
    value = n;
    return digits;
  }

  std::string_view word() {
    const char* const from = at_;
    while (at_ != end_ && is_alpha(*at_)) ++at_;
    return {from, static_cast<std::size_t>(at_ - from)};
  }

  void skip_fraction() {
    if (end_ - at_ < 2 || (*at_ != '.' && *at_ != ',') || !is_digit(at_[1])) return;
    ++at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
  }

 private:
  const char* at_;
  const char* end_;
};

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Both "Sep" and "September" name the ninth; anything else of at least three letters that begins
/// so too.
template <std::size_t N>
unsigned index_of_name(std::string_view word, const std::array<std::string_view, N>& names) {
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < N; ++i)
    if (word.size() <= names[i].size() && same(word, names[i].substr(0, word.size())))
      return static_cast<unsigned>(i + 1);
  return 0;
}

unsigned month_named(std::string_view word) {
  static constexpr std::array<std::string_view, 12> names{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  return index_of_name(word, names);
}

bool is_weekday(std::string_view word) {
  static constexpr std::array<std::string_view, 7> names{
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return index_of_name(word, names) != 0;
}

/// Offsets of zone names in minutes; a single letter is UTC, as RFC 2822 asks because RFC 822 had
/// the signs wrong.
std::optional<int> zone_named(std::string_view word) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  static constexpr std::array zones{
      Zone{"gmt", 0},     Zone{"utc", 0},    Zone{"ut", 0},     Zone{"est", -300},
      Zone{"edt", -240},  Zone{"cst", -360}, Zone{"cdt", -300}, Zone{"mst", -420},
      Zone{"mdt", -360},  Zone{"pst", -480}, Zone{"pdt", -420}, Zone{"akst", -540},
      Zone{"akdt", -480}, Zone{"hst", -600}, Zone{"ast", -240}, Zone{"adt", -180},
      Zone{"nst", -210},  Zone{"ndt", -150}, Zone{"wet", 0},    Zone{"west", 60},
      Zone{"bst", 60},    Zone{"cet", 60},   Zone{"met", 60},   Zone{"cest", 120},
      Zone{"mest", 120},  Zone{"eet", 120},  Zone{"eest", 180}, Zone{"sast", 120},
      Zone{"msk", 180},   Zone{"ist", 330},  Zone{"sgt", 480},  Zone{"hkt", 480},
      Zone{"awst", 480},  Zone{"jst", 540},  Zone{"kst", 540},  Zone{"acst", 570},
      Zone{"acdt", 630},  Zone{"aest", 600}, Zone{"aedt", 660}, Zone{"nzst", 720},
      Zone{"nzdt", 780}};
  if (word.size() == 1) return 0;
  for (const auto& zone : zones)
    if (same(word, zone.name)) return zone.minutes;
  return {};
}

/// `Z`, a name, `+hh:mm`, `+hhmm`, `+hh`, or a name before an offset (`GMT+0100`).
bool read_zone(Scanner& in, int& offset) {
  if (is_alpha(in.peek())) {
    const auto minutes = zone_named(in.word());
    if (!minutes) return false;
    offset = *minutes * 60;
  }
  const char sign = in.peek();
  if (sign != '+' && sign != '-') return true;
  in.skip(sign);
  int hours = 0, minutes = 0;
  if (in.number(2, 2, hours) == 0) return false;
  const bool colon = in.skip(':');
  if (in.number(2, 2, minutes) == 0 && colon) return false;
  if (hours > 23 || minutes > 59) return false;
  offset = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

/// The layout that nearly every archive has, `2026-08-01T09:30:00Z`, without a branch a character.
std::optional<Instant> parse_fixed_rfc3339(std::string_view text) {
  const char* const t = text.data();
  unsigned wrong = 0;
  const auto digit = [&](int i) {
    const auto value = static_cast<unsigned>(static_cast<unsigned char>(t[i])) - '0';
    wrong |= value > 9 ? 1U : 0U;
    return value;
  };
  const auto two = [&](int i) { return digit(i) * 10 + digit(i + 1); };
  Parts parts;
  parts.year = static_cast<int>(two(0) * 100 + two(2));
  parts.month = two(5);
  parts.day = two(8);
  parts.hour = static_cast<int>(two(11));
  parts.minute = static_cast<int>(two(14));
  parts.second = static_cast<int>(two(17));
  if (wrong != 0 || t[4] != '-' || t[7] != '-' || t[13] != ':' || t[16] != ':') return {};
  return instant_of(parts);
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`.
bool read_time(Scanner& in, Parts& parts) {
  if (in.number(1, 2, parts.hour) == 0 || !in.skip(':') || in.number(2, 2, parts.minute) == 0)
    return false;
  if (!in.skip(':')) return true;
  if (in.number(2, 2, parts.second) == 0) return false;
  in.skip_fraction();
  return true;
}

bool read_short_year(Scanner& in, Parts& parts) {
  if (in.number(2, 2, parts.year) == 0) return false;
  parts.year += parts.year < 50 ? 2000 : 1900;
  return true;
}

/// AM or PM, also as `a.m.`
bool read_half(Scanner& in, Parts& parts) {
  parts.half = lower(in.peek());
  if (parts.half != 'a' && parts.half != 'p') return false;
  in.skip(in.peek());
  in.skip('.');
  if (!in.skip('M') && !in.skip('m')) return false;
  in.skip('.');
  return true;
}

/// What one letter of a pattern stands for.
bool read_part(Scanner& in, char letter, Parts& parts) {
  switch (letter) {
    case 'Y':
      return in.number(4, 4, parts.year) != 0;
    case 'y':
      return read_short_year(in, parts);
    case 'm':
      return in.number(1, 2, parts.month) != 0;
    case 'd':
      return in.number(1, 2, parts.day) != 0;
    case 'H':
    case 'I':
      return in.number(1, 2, parts.hour) != 0;
    case 'M':
      return in.number(1, 2, parts.minute) != 0;
    case 'S':
      return in.number(1, 2, parts.second) != 0;
    case 'p':
      return read_half(in, parts);
    case 'z':
      return !in.at_end() && read_zone(in, parts.offset);
    case 'a':
      return is_weekday(in.word());
    default:
      return (parts.month = month_named(in.word())) != 0;
  }
}

/// 12 AM is midnight and 12 PM noon. False if there is no such hour.
bool to_full_day(Parts& parts) {
  if (parts.half == '\0') return true;
  if (parts.hour < 1 || parts.hour > 12) return false;
  parts.hour = parts.hour % 12 + (parts.half == 'p' ? 12 : 0);
  return true;
}

std::optional<Instant> parse_unix(std::string_view text, std::int64_t units_a_second) {
  text = trim(text);
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return {};
  Scanner tail{text.substr(static_cast<std::size_t>(rest - text.data()))};
  tail.skip_fraction();
  const std::int64_t seconds = value / units_a_second - (value % units_a_second < 0 ? 1 : 0);
  // Years 0000 to 9999: beyond them it is another unit or another number.
  if (!tail.at_end() || seconds < -62167219200 || seconds > 253402300799) return {};
  return from_unix(seconds);
}

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  if (text.size() == 20 && text[10] == 'T' && text[19] == 'Z') return parse_fixed_rfc3339(text);
  Scanner in{trim(text)};
  Parts parts;
  if (in.number(4, 4, parts.year) == 0 || !in.skip('-') || in.number(2, 2, parts.month) == 0 ||
      !in.skip('-') || in.number(2, 2, parts.day) == 0)
    return {};
  if (in.at_end()) return instant_of(parts);
  if (!in.skip('T') && !in.skip('t') && !in.skip_spaces()) return {};
  if (!read_time(in, parts)) return {};
  in.skip_spaces();
  if (!read_zone(in, parts.offset) || !in.at_end()) return {};
  return instant_of(parts);
}

std::optional<Instant> parse_rfc822(std::string_view text) {
  Scanner in{trim(text)};
  Parts parts;
  if (is_alpha(in.peek())) {
    if (!is_weekday(in.word())) return {};
    in.skip('.');
    in.skip(',');
    in.skip_spaces();
  }
  if (in.number(1, 2, parts.day) == 0) return {};
  if (!in.skip_spaces() && !in.skip('-')) return {};
  parts.month = month_named(in.word());
  if (parts.month == 0) return {};
  if (!in.skip_spaces() && !in.skip('-')) return {};
  const int digits = in.number(2, 4, parts.year);
  if (digits == 0) return {};
  if (digits == 2) parts.year += parts.year < 50 ? 2000 : 1900;
  if (digits == 3) parts.year += 1900;
  in.skip_spaces();
  if (in.at_end()) return instant_of(parts);
  if (!read_time(in, parts)) return {};
  in.skip_spaces();
  if (!read_zone(in, parts.offset) || !in.at_end()) return {};
  return instant_of(parts);
}

std::optional<DateFormat> DateFormat::compile(std::string_view format) {
  if (format == "rfc3339") return DateFormat{Kind::rfc3339};
  if (format == "rfc822") return DateFormat{Kind::rfc822};
  if (format == "unix") return DateFormat{Kind::unix_seconds};
  if (format == "unix_ms") return DateFormat{Kind::unix_milliseconds};
  return compile_pattern(format);
}

std::optional<DateFormat> DateFormat::compile_pattern(std::string_view pattern) {
  DateFormat format{Kind::pattern};
  bool year = false, month = false, day = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      format.steps_.push_back({true, pattern[i]});
      continue;
    }
    if (++i == pattern.size() ||
        std::string_view{"YymdHIMSpzab%"}.find(pattern[i]) == std::string_view::npos)
      return {};
    format.steps_.push_back({pattern[i] == '%', pattern[i]});
    year |= pattern[i] == 'Y' || pattern[i] == 'y';
    month |= pattern[i] == 'm' || pattern[i] == 'b';
    day |= pattern[i] == 'd';
  }
  if (!year || !month || !day) return {};
  return format;
}

std::optional<Instant> DateFormat::parse_pattern(std::string_view text) const {
  Scanner in{trim(text)};
  Parts parts;
  for (const auto& step : steps_) {
    const bool read = !step.literal        ? read_part(in, step.letter, parts)
                      : step.letter == ' ' ? in.skip_spaces()
                                           : in.skip(step.letter);
    if (!read) return {};
    const bool may_have_fraction =
        !step.literal && step.letter == 'S' &&
        (&step == &steps_.back() || (&step)[1].letter == ' ' || !(&step)[1].literal);
    if (may_have_fraction) in.skip_fraction();
  }
  if (!in.at_end() || !to_full_day(parts)) return {};
  return instant_of(parts);
}

std::optional<Instant> DateFormat::parse(std::string_view text) const {
  switch (kind_) {
    case Kind::rfc3339:
      return parse_rfc3339(text);
    case Kind::rfc822:
      return parse_rfc822(text);
    case Kind::unix_seconds:
      return parse_unix(text, 1);
    case Kind::unix_milliseconds:
      return parse_unix(text, 1000);
    case Kind::pattern:
      break;
  }
  return parse_pattern(text);
}

}  // namespace earshot
