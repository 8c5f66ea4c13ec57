#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analyze/metric.hpp"

namespace earshot {

/// What is counted by the hour.
enum class Heard { items, complaints };

/// Counts by local hour, named by the instant at which it begins; hours without posts are left out.
/// From eight weeks before the window to its end.
std::map<Instant, std::uint64_t> hourly_counts(const MetricInput& input, Scope scope, Heard what);

/// An hour of the window in which far more was heard than is usual for it.
struct Spike {
  Instant hour;  ///< Its begin.
  std::uint64_t count = 0;
  double usual = 0;  ///< The median of that hour of the week in the weeks before.
  double score = 0;  ///< Robust z.
};

/// At least so many posts make a spike, ...
inline constexpr std::uint64_t least_spike = 5;
/// ... with at least this score, ...
inline constexpr double least_spike_score = 4;
/// ... against at least so many of the eight weeks in which the store listened already.
inline constexpr std::size_t least_baseline_weeks = 4;

/// (v - median) / (1.4826 MAD) of each hour of the window that has posts, against the same local
/// weekday and hour of the eight weeks before it; where more than half of those are equal the MAD
/// is 0 and one post stands for the spread. `best` is the highest score whether it is a spike or
/// not; nothing where no hour has a baseline of four weeks. Spikes are in order of time; hours that
/// a scheduled source missed are none.
///
/// Source: Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993), the modified z-score.
struct SpikeSearch {
  std::optional<Spike> best;
  std::vector<Spike> spikes;
};
SpikeSearch find_spikes(const MetricInput& input, Scope scope, Heard what = Heard::items);

}  // namespace earshot
