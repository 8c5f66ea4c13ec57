#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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

/// A quantile of waits in seconds by Kaplan and Meier, with an interval if it is the median. What
/// the curve does not reach is `beyond` the longest wait seen. `sorted` as by `sort_observations`.
Figure wait_figure(std::string name, std::span<const Observation> sorted, double p,
                   std::uint64_t n_eligible);

/// Median and p90 of the waits of the posts that `wanted` picks from those that need the brand's
/// answer; where business hours are declared, of the open seconds of the waits too. `none` is the
/// reason given where no such post is.
MetricValue measure_waits(const MetricInput& input, bool (*wanted)(const InboxItem& item),
                          std::string_view none);

}  // namespace earshot
