#include "cli/window.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/duration.hpp"
#include "ingest/date_text.hpp"

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::hours;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// The local midnight at or before `at`.
Instant midnight_before(Instant at, const Calendar& calendar) {
  return calendar.day_begin(calendar.iso_day(at)).value_or(at);
}

}  // namespace

Result<Instant> parse_moment(std::string_view option, std::string_view text,
                             const Calendar& calendar) {
  const bool date_only = text.find_first_of("Tt ") == std::string_view::npos;
  const auto moment = date_only ? calendar.day_begin(text) : parse_rfc3339(text);
  if (moment) return *moment;
  return usage(
      fmt::format("{} '{}' is not a date like 2026-08-01 or 2026-08-01T09:30:00Z", option, text));
}

Result<Window> parse_window(const WindowWords& words, const Calendar& calendar,
                            std::optional<Instant> begin, Instant end) {
  if (words.last && words.since)
    return usage("--last and --since both say where the window begins; give one of them");
  Window window{Instant{}, end};
  if (words.until) {
    const auto until = parse_moment("--until", *words.until, calendar);
    if (!until) return until.error();
    window.end = *until;
  }
  if (words.last) {
    const auto length = parse_duration(*words.last);
    if (!length || length->count() == 0)
      return usage(fmt::format("--last '{}' is not a duration like 12h, 30d or 8w", *words.last));
    window.begin = window.end - *length;
  } else if (words.since) {
    const auto since = parse_moment("--since", *words.since, calendar);
    if (!since) return since.error();
    window.begin = *since;
  } else {
    window.begin = begin.value_or(window.end - days{30});
  }
  if (window.begin >= window.end)
    return usage(
        fmt::format("the window ends at {} and begins at {}; --until must be later than --since",
                    format_instant(window.end), format_instant(window.begin)));
  return window;
}

Window whole_days(Instant first, Instant last, const Calendar& calendar) {
  const Instant begin = midnight_before(first, calendar);
  for (const auto edge : calendar.day_edges({last + std::chrono::seconds{1}, last + hours{50}}))
    if (edge > last && calendar.is_midnight(edge)) return {begin, edge};
  return {begin, last + std::chrono::seconds{1}};
}

}  // namespace earshot
