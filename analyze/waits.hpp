#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/metric.hpp"

namespace earshot {

// How long people wait for the brand's first answer: what metrics of waiting share.

/// Channels and handles are compared with each other where so many posts stand for each.
inline constexpr std::uint64_t least_to_compare = 10;

/// Needs the brand's answer, where replies are collected: an answer would have been seen.
bool is_watched(const InboxItem& item);

/// The wait for the first answer in seconds; censored where there is none yet, or none within the
/// horizon.
Observation wait_of(const InboxItem& item);

/// What needs the brand's answer: how many posts, and of those that are watched the waits, as by
/// `sort_observations`.
struct Waits {
  std::uint64_t eligible = 0;
  std::vector<Observation> sorted;
};

/// Of all posts that need it, by `answers`, or by the inbox if the tallies have only that.
Waits brand_waits(const Tallies& tallies);

/// A quantile of waits in seconds by Kaplan and Meier, with an interval if it is the median. What
/// the curve does not reach is `beyond` the longest wait seen. `sorted` as by `sort_observations`.
Figure wait_figure(std::string name, std::span<const Observation> sorted, double p,
                   std::uint64_t n_eligible);

/// Of those posts of the inbox that `wanted` picks.
Waits waits_in_inbox(const Tallies& tallies, bool (*wanted)(const InboxItem& item));

/// Median and p90 of these waits, which are those of the posts that `wanted` picks; where business
/// hours are declared, of their open seconds too, by the inbox. `none` is the reason given where no
/// such post is.
MetricValue measure_waits(const MetricInput& input, const Waits& waits,
                          bool (*wanted)(const InboxItem& item), std::string_view none);

}  // namespace earshot
