#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyze/calendar.hpp"
#include "store/base/result.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// The window that a person asked for, as typed.
struct WindowWords {
  /// A date of the project's time zone, or an instant of RFC 3339.
  std::optional<std::string> since;
  std::optional<std::string> until;  ///< The same; the window ends before it.
  std::optional<std::string> last;   ///< "30d": counted back from the end.

  bool empty() const { return !since && !until && !last; }
};

/// Reads "2026-08-01" (the first instant of that day in the calendar's zone) or
/// "2026-08-01T09:30:00+10:00". Error `usage`, which calls the text `option`.
Result<Instant> parse_moment(std::string_view option, std::string_view text,
                             const Calendar& calendar);

/// Puts the words together. Where no end is given it is `end`; where no beginning is, it is
/// `begin`, or 30 days before the end without one. Errors (`usage`): a date that is none, --last
/// beside --since, a window that ends before it begins.
Result<Window> parse_window(const WindowWords& words, const Calendar& calendar,
                            std::optional<Instant> begin, Instant end);

/// The whole local days that hold both instants and all between them.
Window whole_days(Instant first, Instant last, const Calendar& calendar);

}  // namespace earshot
