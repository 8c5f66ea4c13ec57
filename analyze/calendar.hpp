#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/project.hpp"
#include "store/base/result.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// Days, weeks and opening hours of one time zone, right across daylight saving. Immutable; safe to
/// share between threads.
class Calendar {
 public:
  struct Zone;

  /// `timezone` is a name of the tz database ("Australia/Brisbane"), `week_start` an ISO weekday (1
  /// is Monday). Error `config`: "unknown time zone 'Australia/Brisban', did you mean '...'?".
  static Result<Calendar> create(const std::string& timezone, int week_start);

  Calendar(Calendar&&) noexcept;
  Calendar& operator=(Calendar&&) noexcept;
  ~Calendar();

  /// The window's begin, each local midnight inside it, its end: rising, without repeats. Where a
  /// day has no midnight, its first instant stands for it.
  std::vector<Instant> day_edges(Window window) const;

  /// The same with the midnights on which a week begins.
  std::vector<Instant> week_edges(Window window) const;

  /// The spans in which the business is open on the days that touch the window: rising, in UTC,
  /// not cut at the window's edges. A clock time that daylight saving skips means the instant of
  /// the change; one that comes twice means its first occurrence.
  std::vector<Window> opening_spans(Window window, const BusinessHours& hours) const;

  /// "1 Aug 2026" and "1 Aug 2026 09:30", local.
  std::string format_day(Instant at) const;
  std::string format_minute(Instant at) const;

  /// "2026-08-01", the local day.
  std::string iso_day(Instant at) const;

  /// True if a local day begins at this instant.
  bool is_midnight(Instant at) const;

  /// The window of the same length right before. Windows of whole local days shift by days, so that
  /// they stay whole across daylight saving.
  Window window_before(Window window) const;

  /// The instant at which the local day "2026-08-01" begins; nothing for another spelling, and for
  /// a day that the zone never had.
  std::optional<Instant> day_begin(std::string_view iso_day) const;

  /// A local time of the week.
  struct WeekHour {
    int weekday = 0;  ///< Days since the week began by `week_start`, 0 to 6.
    int hour = 0;     ///< 0 to 23.
    friend auto operator<=>(const WeekHour&, const WeekHour&) = default;
  };
  WeekHour week_hour(Instant at) const;

  /// The instant at which the local hour began.
  Instant hour_begin(Instant at) const;

  /// "Mon" for the day so many days after the week began.
  std::string_view weekday_name(int weekday) const;

  const std::string& timezone() const;

 private:
  explicit Calendar(std::unique_ptr<Zone> zone);
  std::vector<Instant> midnights(Window window, bool weeks_only) const;

  std::unique_ptr<Zone> zone_;
};

/// The window widened to quarter-hours of UTC, on which all tallies are cut.
Window widen_to_quarter_hours(Window window);

/// Business seconds between two instants: only those in which the business is open count.
class OpenTime {
 public:
  /// Good for instants in `window`.
  OpenTime(const Calendar& calendar, const BusinessHours& hours, Window window);

  /// Open seconds in [from, to); 0 if `to` is not after `from`.
  std::int64_t between(Instant from, Instant to) const;

 private:
  std::int64_t until(Instant at) const;

  std::vector<Window> spans_;
  std::vector<std::int64_t> before_;  // open seconds before each span
};

}  // namespace earshot
