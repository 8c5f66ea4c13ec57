#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/post.hpp"

namespace earshot {

/// Seconds since 1970; nothing for no time, or one before 1970.
Count unix_seconds(std::optional<Instant> time);

/// How far a source is in a list that can be asked for from a time on, oldest first. Each step asks
/// from the last time that the one before brought, so that what changes meanwhile moves behind the
/// walk and not out of it; pages are counted only within one second. Times are seconds since 1970.
///
/// Without a place to begin (a first poll without `since`) the list is asked for newest first, one
/// page of it.
struct TimeWalk {
  /// What most services know later than they say, and what a walk goes back for.
  static constexpr std::chrono::seconds overlap{120};

  Count newest;            ///< All up to this time is read.
  Count from;              ///< On a walk: where the next step begins,
  std::uint64_t page = 1;  ///< and the page from there, from 1.

  /// The lines of a cursor that begin with `name`.
  static TimeWalk read(std::string_view cursor, std::string_view name);
  void add_to(std::string& cursor, std::string_view name) const;

  /// Begins a walk, if none is under way: `back` before where the last one ended, or at `since`.
  void begin(Count since, std::chrono::seconds back = overlap);

  /// True if the list is to be asked for newest first.
  bool only_newest() const { return !from; }

  /// Moves on behind a page whose last time is `last` and latest `latest`. True if the walk goes
  /// on, that is if there is `more` of it. After `most_pages` of one second the rest of that second
  /// is given up.
  bool move_on(Count last, Count latest, bool more, std::uint64_t most_pages);
};

}  // namespace earshot
