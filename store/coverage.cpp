#include "store/coverage.hpp"

#include <algorithm>

namespace earshot {

namespace {

using std::chrono::hours;

Instant slot_start(Instant at, std::chrono::seconds slot) {
  return Instant{at.time_since_epoch() / slot * slot};
}

bool slot_covered(std::span<const Poll> polls, Window slot) {
  const auto first = std::ranges::lower_bound(polls, slot.begin, {}, &Poll::at);
  const auto last = std::ranges::lower_bound(polls, slot.end, {}, &Poll::at);
  const std::span inside{first, last};
  return std::ranges::any_of(inside, &Poll::ok) && std::ranges::none_of(inside, &Poll::overflow);
}

CoverageRow coverage_of_one(const SourceState& source, std::span<const Poll> polls,
                            const TallyRequest& request) {
  CoverageRow row{
      .source = source.name, .scheduled = source.interval.count() > 0, .since = source.first_poll};
  if (!row.scheduled) return row;

  const auto slot =
      std::max<std::chrono::seconds>(hours{1}, std::chrono::ceil<hours>(source.interval));
  const auto window = request.window();
  const auto end = std::min(window.end, request.now);
  for (auto at = slot_start(std::max(window.begin, source.first_poll), slot); at + slot <= end;
       at += slot) {
    const auto slot_hours = static_cast<std::uint64_t>(slot / hours{1});
    row.scheduled_hours += slot_hours;
    if (slot_covered(polls, {at, at + slot})) {
      row.covered_hours += slot_hours;
    } else if (!row.gaps.empty() && row.gaps.back().end == at) {
      row.gaps.back().end = at + slot;
    } else {
      row.gaps.push_back({at, at + slot});
    }
  }
  return row;
}

}  // namespace

std::vector<CoverageRow> coverage_of(std::span<const SourceState> sources,
                                     std::span<const Poll> polls, const TallyRequest& request) {
  std::vector<CoverageRow> rows;
  for (const auto& source : sources) {
    const auto first = std::ranges::lower_bound(polls, source.name, {}, &Poll::source);
    const auto last = std::ranges::upper_bound(polls, source.name, {}, &Poll::source);
    rows.push_back(coverage_of_one(source, {first, last}, request));
  }
  return rows;
}

}  // namespace earshot
