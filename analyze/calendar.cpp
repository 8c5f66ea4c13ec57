#include "analyze/calendar.hpp"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>

#include "store/base/suggest.hpp"

namespace earshot {

namespace {

constexpr std::chrono::minutes quarter_hour{15};

/// The zone of that name, or nothing. The library throws for unknown names and unreadable files.
const date::time_zone* locate(const std::string& name) {
  try {
    const auto* zone = date::locate_zone(name);
    zone->get_info(Instant{});  // reads the zone's file, which is done at first use
    return zone;
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::string suggest_zone(const std::string& name) {
  try {
    std::vector<std::string_view> names;
    for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
    return did_you_mean(name, names);
  } catch (const std::exception& failure) {
    return std::string{": the tz database can't be read ("} + failure.what() + ")";
  }
}

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

// 1970 to 2100: between these the offsets of a zone are read once.
constexpr Instant known_from{};
constexpr Instant known_to{std::chrono::seconds{4'102'444'800}};

struct Calendar::Zone {
  const date::time_zone* zone;  // lives as long as the process
  std::string name;
  int week_start;
  std::vector<std::pair<Instant, std::chrono::seconds>> offsets;  // from an instant on; sorted

  /// Reports ask this millions of times, and the library takes some 200 ns for an answer.
  date::local_seconds local(Instant at) const {
    if (at < offsets.front().first || at >= known_to) return zone->to_local(at);
    const auto next =
        std::ranges::upper_bound(offsets, at, {}, &std::pair<Instant, std::chrono::seconds>::first);
    return date::local_seconds{(at + std::prev(next)->second).time_since_epoch()};
  }
  void read_offsets() {
    for (Instant at = known_from; at < known_to;) {
      const auto info = zone->get_info(at);
      offsets.emplace_back(at, info.offset);
      at = info.end;
    }
  }
  date::local_days day(Instant at) const { return date::floor<date::days>(local(at)); }
  Instant first_instant(date::local_seconds at) const {
    return zone->to_sys(at, date::choose::earliest);
  }
};

Result<Calendar> Calendar::create(const std::string& timezone, int week_start) {
  const auto* zone = locate(timezone);
  if (zone == nullptr) {
    const auto hint = suggest_zone(timezone);
    return Error{Error::Kind::config,
                 "unknown time zone '" + timezone + "'" +
                     (hint.empty() ? "; name one like 'Europe/Berlin' or 'UTC'" : hint)};
  }
  auto known = std::make_unique<Zone>(Zone{zone, timezone, week_start, {}});
  known->read_offsets();
  return Calendar{std::move(known)};
}

Calendar::Calendar(std::unique_ptr<Zone> zone) : zone_{std::move(zone)} {}
Calendar::Calendar(Calendar&&) noexcept = default;
Calendar& Calendar::operator=(Calendar&&) noexcept = default;
Calendar::~Calendar() = default;

const std::string& Calendar::timezone() const {
  return zone_->name;
}

std::vector<Instant> Calendar::midnights(Window window, bool weeks_only) const {
  std::vector<Instant> edges{window.begin};
  const date::weekday first{static_cast<unsigned>(zone_->week_start % 7)};
  for (auto day = zone_->day(window.begin) + date::days{1};; day += date::days{1}) {
    auto edge = zone_->first_instant(date::local_seconds{day});
    if (edge >= window.end) break;
    if (weeks_only && date::weekday{day} != first) continue;
    // Offsets of whole quarter-hours are the rule since the 1970s; local mean times before are not.
    edge = Instant{date::floor<std::chrono::seconds>(
        date::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(edge))};
    if (edge > edges.back()) edges.push_back(edge);
  }
  edges.push_back(window.end);
  return edges;
}

std::vector<Instant> Calendar::day_edges(Window window) const {
  return midnights(window, false);
}
std::vector<Instant> Calendar::week_edges(Window window) const {
  return midnights(window, true);
}

std::vector<Window> Calendar::opening_spans(Window window, const BusinessHours& hours) const {
  std::vector<Window> spans;
  const auto last = zone_->day(window.end);
  for (auto day = zone_->day(window.begin); day <= last; day += date::days{1}) {
    const auto& open = hours.days[date::weekday{day}.iso_encoding() - 1];
    const auto at = [&](int minute) {
      return zone_->first_instant(date::local_seconds{day} + std::chrono::minutes{minute});
    };
    const Window span{at(open.from), at(open.to)};
    if (open.from < open.to && span.begin < span.end) spans.push_back(span);
  }
  return spans;
}

std::string Calendar::format_day(Instant at) const {
  const date::year_month_day day{zone_->day(at)};
  return fmt::format("{} {} {}", unsigned{day.day()}, month_names[unsigned{day.month()} - 1],
                     int{day.year()});
}

std::string Calendar::format_minute(Instant at) const {
  const auto local = zone_->local(at);
  const auto minutes = date::floor<std::chrono::minutes>(local - zone_->day(at)).count();
  return fmt::format("{} {:02}:{:02}", format_day(at), minutes / 60, minutes % 60);
}

std::string Calendar::iso_day(Instant at) const {
  const date::year_month_day day{zone_->day(at)};
  return fmt::format("{:04}-{:02}-{:02}", int{day.year()}, unsigned{day.month()},
                     unsigned{day.day()});
}

bool Calendar::is_midnight(Instant at) const {
  return zone_->first_instant(date::local_seconds{zone_->day(at)}) == at;
}

Window Calendar::window_before(Window window) const {
  const auto length = window.end - window.begin;
  const Instant begin = window.begin - length;
  if (!is_midnight(window.begin) || !is_midnight(window.end)) return {begin, window.begin};
  // Whole days: the nearest midnight is at most an hour or two of daylight saving away.
  const auto edges = day_edges({begin - std::chrono::hours{12}, begin + std::chrono::hours{12}});
  const auto whole = std::ranges::find_if(edges, [&](Instant edge) { return is_midnight(edge); });
  return {whole == edges.end() ? begin : *whole, window.begin};
}

std::optional<Instant> Calendar::day_begin(std::string_view text) const {
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const date::year_month_day date{date::year{year}, date::month{static_cast<unsigned>(month)},
                                  date::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto begin = zone_->first_instant(date::local_seconds{date::local_days{date}});
  if (iso_day(begin) != text) return std::nullopt;
  return begin;
}

Calendar::WeekHour Calendar::week_hour(Instant at) const {
  const auto local = zone_->local(at);
  const auto day = date::floor<date::days>(local);
  const auto iso = static_cast<int>(date::weekday{day}.iso_encoding());
  return {(iso - zone_->week_start + 7) % 7,
          static_cast<int>(date::floor<std::chrono::hours>(local - day).count())};
}

Instant Calendar::hour_begin(Instant at) const {
  const auto local = zone_->local(at);
  return at - (local - date::floor<std::chrono::hours>(local));
}

std::string_view Calendar::weekday_name(int weekday) const {
  static constexpr std::array<std::string_view, 7> names{"Mon", "Tue", "Wed", "Thu",
                                                         "Fri", "Sat", "Sun"};
  return names[static_cast<std::size_t>((weekday + zone_->week_start - 1) % 7)];
}

Window widen_to_quarter_hours(Window window) {
  const auto into = [](Instant at) {
    const auto rest = at.time_since_epoch() % quarter_hour;
    return rest < rest.zero() ? rest + quarter_hour : rest;
  };
  const auto after = into(window.end);
  return {window.begin - into(window.begin),
          after == after.zero() ? window.end : window.end + (quarter_hour - after)};
}

OpenTime::OpenTime(const Calendar& calendar, const BusinessHours& hours, Window window)
    : spans_{calendar.opening_spans(window, hours)} {
  std::int64_t sum = 0;
  for (const auto& span : spans_) {
    before_.push_back(sum);
    sum += (span.end - span.begin).count();
  }
}

std::int64_t OpenTime::until(Instant at) const {
  const auto next = std::ranges::upper_bound(spans_, at, {}, &Window::begin);
  if (next == spans_.begin()) return 0;
  const auto& span = *std::prev(next);
  return before_[static_cast<std::size_t>(std::prev(next) - spans_.begin())] +
         (std::min(at, span.end) - span.begin).count();
}

std::int64_t OpenTime::between(Instant from, Instant to) const {
  return to <= from ? 0 : until(to) - until(from);
}

}  // namespace earshot
