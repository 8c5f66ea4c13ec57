#include "analyze/deadlines.hpp"

#include <algorithm>

namespace earshot {

namespace {

constexpr std::chrono::days looked_ahead{366};

}  // namespace

Deadlines::Deadlines(const Calendar& calendar, const InboxRules& rules, Window window)
    : rules_{rules} {
  if (rules.business_hours)
    spans_ =
        calendar.opening_spans({window.begin, window.end + looked_ahead}, *rules.business_hours);
}

std::optional<Instant> Deadlines::due(Instant posted_at, std::uint8_t priority) const {
  auto left = rules_.sla[std::clamp<std::size_t>(priority, 1, 3) - 1];
  if (!rules_.business_hours) return posted_at + left;
  auto span = std::ranges::upper_bound(spans_, posted_at, {}, &Window::end);
  for (; span != spans_.end(); ++span) {
    const Instant begin = std::max(span->begin, posted_at);
    if (begin + left <= span->end) return begin + left;
    left -= span->end - begin;
  }
  return std::nullopt;
}

}  // namespace earshot
