#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "analyze/waits.hpp"

namespace earshot {

namespace {

using Waits = std::vector<Observation>;

std::map<std::uint64_t, Waits> waits_by_channel(const Tallies& tallies) {
  std::map<std::uint64_t, Waits> waits;
  for (const auto& item : tallies.inbox)
    if (is_watched(item)) waits[item.channel].push_back(wait_of(item));
  for (auto& entry : waits) sort_observations(entry.second);
  return waits;
}

/// Only of what was answered: who should have answered the rest, nobody knows.
std::map<std::string, Waits> waits_by_handle(const MetricInput& input) {
  std::map<std::string, Waits> waits;
  for (const auto& item : input.tallies.inbox)
    if (is_watched(item) && item.answered_after && item.responder != 0)
      waits[input.accounts.name_of(item.responder)].push_back(wait_of(item));
  for (auto& entry : waits) sort_observations(entry.second);
  return waits;
}

/// The largest median minus the smallest, over groups with enough posts. Where a median is not
/// reached, the spread is beyond what it is at least.
template <class Groups>
Figure spread_of(std::string name, const Groups& groups, std::string too_few,
                 std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name), .unit = Unit::seconds, .n_eligible = n_eligible};
  std::size_t compared = 0;
  bool open = false;
  double highest = 0;
  std::optional<double> lowest;
  for (const auto& entry : groups) {
    const Waits& waits = entry.second;
    if (waits.size() < least_to_compare) continue;
    ++compared;
    figure.n_used += waits.size();
    const auto median = survival_quantile(waits, 0.5);
    highest = std::max(highest, median.value.value_or(median.beyond));
    if (!median.value) open = true;
    if (median.value && *median.value < lowest.value_or(Interval::open)) lowest = median.value;
  }
  if (compared < 2 || !lowest) {
    figure.n_used = 0;
    figure.not_measurable = compared < 2
                                ? std::move(too_few)
                                : "on none of the channels were half of the posts answered";
    return figure;
  }
  (open ? figure.beyond : figure.value) = std::max(0.0, highest - *lowest);
  return figure;
}

/// p90 / median of all waits.
Figure steadiness(const Tallies& tallies, std::uint64_t n_eligible) {
  Waits waits;
  for (const auto& item : tallies.inbox)
    if (is_watched(item)) waits.push_back(wait_of(item));
  sort_observations(waits);
  const std::string name = "p90 / median";
  const auto median = survival_quantile(waits, 0.5);
  if (!median.value)
    return not_measurable(name, Unit::ratio, "fewer than half of the posts were answered",
                          n_eligible);
  if (*median.value == 0)
    return not_measurable(name, Unit::ratio, "half of the answers came in the same second",
                          n_eligible);
  Figure figure{
      .name = name, .unit = Unit::ratio, .n_used = waits.size(), .n_eligible = n_eligible};
  const auto p90 = survival_quantile(waits, 0.9);
  (p90.value ? figure.value : figure.beyond) = p90.value.value_or(p90.beyond) / *median.value;
  return figure;
}

MetricValue measure_consistency(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto eligible = static_cast<std::uint64_t>(std::ranges::count_if(tallies.inbox, is_brands));
  if (eligible == 0)
    return {.figure = not_measurable({}, Unit::seconds,
                                     "no post in the window needs an answer by the brand")};
  if (std::ranges::none_of(tallies.inbox, is_watched))
    return {.figure = not_measurable(
                {}, Unit::seconds,
                "no replies are collected from these sources, so answers can't be seen", eligible)};
  const auto by_channel = waits_by_channel(tallies);
  const auto by_handle = waits_by_handle(input);
  MetricValue value{
      .figure =
          spread_of("by channel", by_channel,
                    fmt::format("fewer than two channels have {} posts whose answers can be seen",
                                least_to_compare),
                    eligible)};
  value.parts.push_back(spread_of(
      "by handle", by_handle,
      fmt::format("fewer than two handles answered {} posts", least_to_compare), eligible));
  value.parts.push_back(steadiness(tallies, eligible));
  for_each_channel(tallies, by_channel, [&](std::string name, const Waits& waits) {
    value.breakdown.push_back({"channel", wait_figure(std::move(name), waits, 0.5, waits.size())});
  });
  for (const auto& entry : by_handle)
    value.breakdown.push_back(
        {"handle", wait_figure(entry.first, entry.second, 0.5, entry.second.size())});
  return value;
}

std::string say(const MetricValue& value) {
  if (!value.figure.value)
    return fmt::format("On one channel people wait at least {} longer than on another.",
                       format_duration(*value.figure.beyond));
  return fmt::format("Between your fastest and your slowest channel lie {}.",
                     format_duration(*value.figure.value));
}

std::vector<PostKey> compared_posts(const MetricInput& input) {
  const auto by_channel = waits_by_channel(input.tallies);
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.inbox)
    if (is_watched(item) && by_channel.at(item.channel).size() >= least_to_compare)
      posts.push_back(item.key);
  return posts;
}

}  // namespace

/// The largest Kaplan-Meier median of the time to the first answer minus the smallest, over
/// channels with ten posts or more whose answers can be seen. By handle: the same over the handles
/// that answered ten posts or more, of what they answered. p90 / median: of all waits together.
/// Where a channel's median is not reached the figure says what it is beyond. It has no interval:
/// the extremes of several medians are no estimate of one thing. No value with fewer than two such
/// channels.
MetricDefinition service_consistency() {
  return {.formula =
              "max - min of the median time to the first answer over channels with ten posts or "
              "more; by handle: over what each answered; p90 / median of all",
          .source = "Cisco: consistent service",
          .misleading_when = "channels bring questions of different kinds",
          .measure = measure_consistency,
          .reads = {Table::waits, Table::accounts},
          .sentence = say,
          .evidence = {.posts = compared_posts}};
}

}  // namespace earshot
