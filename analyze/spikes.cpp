#include "analyze/spikes.hpp"

#include <algorithm>
#include <cmath>

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int baseline_weeks = 8;
constexpr double mad_of_normal = 1.4826;

/// The begin of the same local hour so many weeks earlier: an hour off across daylight saving.
Instant weeks_before(Instant hour, Calendar::WeekHour wanted, int weeks, const Calendar& calendar) {
  const Instant guess = hour - days{7 * weeks};
  for (const auto shift : {hours{0}, hours{-1}, hours{1}})
    if (calendar.week_hour(guess + shift) == wanted) return calendar.hour_begin(guess + shift);
  return calendar.hour_begin(guess);
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

bool missed(const Tallies& tallies, Instant hour) {
  return std::ranges::any_of(tallies.coverage, [&](const CoverageRow& source) {
    return std::ranges::any_of(source.gaps, [&](const Window& gap) {
      return gap.begin < hour + hours{1} && hour < gap.end;
    });
  });
}

}  // namespace

std::map<Instant, std::uint64_t> hourly_counts(const MetricInput& input, Scope scope, Heard what) {
  std::map<Instant, std::uint64_t> counts;
  for (const auto& row : input.tallies.history.quarters) {  // oldest first
    if (row.scope != scope) continue;
    const auto count = what == Heard::items ? row.items : row.complaints;
    if (count == 0) continue;
    const auto hour = input.calendar.hour_begin(row.quarter);
    counts.try_emplace(counts.end(), hour, 0)->second += count;
  }
  return counts;
}

SpikeSearch find_spikes(const MetricInput& input, Scope scope, Heard what) {
  SpikeSearch search;
  const auto& history = input.tallies.history;
  if (!history.begin) return search;
  const auto by_hour = hourly_counts(input, scope, what);
  const std::vector<std::pair<Instant, std::uint64_t>> counts{by_hour.begin(), by_hour.end()};
  const auto window = input.tallies.request.window();
  for (const auto& [hour, count] : counts) {
    if (hour < window.begin || hour >= input.observed_end()) continue;
    std::vector<double> baseline;
    const auto week_hour = input.calendar.week_hour(hour);
    for (int week = 1; week <= baseline_weeks; ++week) {
      const auto before = weeks_before(hour, week_hour, week, input.calendar);
      if (before < *history.begin) break;
      const auto found =
          std::ranges::lower_bound(counts, before, {}, &std::pair<Instant, std::uint64_t>::first);
      const bool heard = found != counts.end() && found->first == before;
      baseline.push_back(heard ? static_cast<double>(found->second) : 0);
    }
    if (baseline.size() < least_baseline_weeks) continue;
    Spike spike{.hour = hour, .count = count, .usual = median_of(baseline)};
    for (auto& value : baseline) value = std::abs(value - spike.usual);
    const double mad = median_of(std::move(baseline));
    const double spread = mad == 0 ? 1 : mad_of_normal * mad;
    spike.score = (static_cast<double>(count) - spike.usual) / spread;
    if (!search.best || spike.score > search.best->score) search.best = spike;
    if (spike.score >= least_spike_score && count >= least_spike && !missed(input.tallies, hour))
      search.spikes.push_back(spike);
  }
  return search;
}

}  // namespace earshot
