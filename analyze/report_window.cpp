#include "analyze/report_window.hpp"

#include <fmt/format.h>

namespace earshot {

namespace {

constexpr auto longest_daily = std::chrono::days{92};

}  // namespace

Result<Window> check_window(Window window, Instant now) {
  if (window.begin >= window.end)
    return Error{Error::Kind::usage,
                 fmt::format("the window from {} to {} is empty", format_instant(window.begin),
                             format_instant(window.end))};
  if (window.begin >= now)
    return Error{Error::Kind::usage,
                 fmt::format("the window from {} begins after now, {}",
                             format_instant(window.begin), format_instant(now))};
  return widen_to_quarter_hours(window);
}

bool is_weekly(Window window) {
  return window.end - window.begin > longest_daily;
}

std::vector<Instant> bucket_edges(Window window, const Calendar& calendar) {
  return is_weekly(window) ? calendar.week_edges(window) : calendar.day_edges(window);
}

TallyRequest tally_request(std::vector<Instant> edges, const Project& project,
                           const Calendar& calendar, Instant now, Tables tables) {
  const Window window{edges.front(), edges.back()};
  return {.edges = std::move(edges),
          .now = now,
          .horizon = project.inbox.horizon,
          .entities = entities_of(project),
          .previous = widen_to_quarter_hours(calendar.window_before(window)),
          .tables = tables};
}

std::string show_window(Window window, const Calendar& calendar) {
  if (!calendar.is_midnight(window.begin) || !calendar.is_midnight(window.end))
    return calendar.format_minute(window.begin) + " to " + calendar.format_minute(window.end);
  const auto first = calendar.format_day(window.begin);
  const auto last = calendar.format_day(window.end - std::chrono::seconds{1});
  return first == last ? first : first + " to " + last;
}

}  // namespace earshot
