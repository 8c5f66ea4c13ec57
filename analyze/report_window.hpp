#pragma once

#include <string>
#include <vector>

#include "analyze/calendar.hpp"
#include "analyze/project.hpp"
#include "store/base/result.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// The window widened to quarter-hours of UTC. Error `usage` for one that is empty or that begins
/// after `now`.
Result<Window> check_window(Window window, Instant now);

/// The edges of the buckets in which reports show a window: local days, and weeks where it is
/// longer than 92 days.
std::vector<Instant> bucket_edges(Window window, const Calendar& calendar);
bool is_weekly(Window window);

/// What a report on the window that these edges cut asks of the store.
TallyRequest tally_request(std::vector<Instant> edges, const Project& project,
                           const Calendar& calendar, Instant now, Tables tables = Tables::all());

/// "1 Aug 2026 to 31 Aug 2026": whole days by their first and last, other windows to the minute.
std::string show_window(Window window, const Calendar& calendar);

}  // namespace earshot
