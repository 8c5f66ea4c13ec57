#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyze/calendar.hpp"
#include "analyze/project.hpp"

namespace earshot {

/// When answers are due by the targets of the inbox: the clock runs in business hours where the
/// project has some, else always. Immutable; safe to share between threads.
class Deadlines {
 public:
  /// Good for posts of `window`. Keeps the opening hours of the year that follows it.
  Deadlines(const Calendar& calendar, const InboxRules& rules, Window window);

  /// The instant by which a post of this priority (1 to 3) is to be answered. Nothing where the
  /// business is not open for that long within a year.
  std::optional<Instant> due(Instant posted_at, std::uint8_t priority) const;

 private:
  InboxRules rules_;
  std::vector<Window> spans_;  // open, rising
};

}  // namespace earshot
