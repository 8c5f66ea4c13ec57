#include "ingest/time_walk.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/api.hpp"

namespace earshot {

Count unix_seconds(std::optional<Instant> time) {
  if (!time || to_unix(*time) < 0) return {};
  return static_cast<std::uint64_t>(to_unix(*time));
}

TimeWalk TimeWalk::read(std::string_view cursor, std::string_view name) {
  TimeWalk walk;
  walk.newest = cursor_number(cursor, name);
  walk.from = cursor_number(cursor, fmt::format("{}_from", name));
  walk.page =
      std::max<std::uint64_t>(1, cursor_number(cursor, fmt::format("{}_page", name)).value_or(1));
  return walk;
}

void TimeWalk::add_to(std::string& cursor, std::string_view name) const {
  if (newest) add_to_cursor(cursor, name, std::to_string(*newest));
  if (from) add_to_cursor(cursor, fmt::format("{}_from", name), std::to_string(*from));
  if (page > 1) add_to_cursor(cursor, fmt::format("{}_page", name), std::to_string(page));
}

void TimeWalk::begin(Count since, std::chrono::seconds back) {
  if (from) return;
  page = 1;
  const auto late = static_cast<std::uint64_t>(back.count());
  from = newest ? Count{*newest - std::min(*newest, late)} : since;
}

bool TimeWalk::move_on(Count last, Count latest, bool more, std::uint64_t most_pages) {
  const bool whole = only_newest();
  if (latest && (!newest || *latest > *newest)) newest = latest;
  if (whole || !more || !last) {
    from.reset();
    page = 1;
    return false;
  }
  const bool within = *last <= *from;
  if (within && page < most_pages) {
    ++page;
    return true;
  }
  from = within ? *from + 1 : *last;
  page = 1;
  return true;
}

}  // namespace earshot
