#pragma once

#include <chrono>
#include <string>

namespace earshot {

/// An instant in UTC, to the second.
using Instant = std::chrono::sys_seconds;

/// A half-open span of time: `begin` is in it, `end` is not.
struct Window {
  Instant begin;
  Instant end;

  bool contains(Instant at) const { return begin <= at && at < end; }
  friend bool operator==(const Window&, const Window&) = default;
};

inline Instant from_unix(std::int64_t seconds) {
  return Instant{std::chrono::seconds{seconds}};
}
inline std::int64_t to_unix(Instant at) {
  return at.time_since_epoch().count();
}

/// `2026-08-01T09:30:00Z` (RFC 3339, always UTC).
std::string format_instant(Instant at);

/// `2026-08-01`, the day in UTC.
std::string format_day(Instant at);

/// The machine's clock. Everything that needs "now" takes it as a parameter; only `cli` and tests
/// call this.
Instant clock_now();

}  // namespace earshot
