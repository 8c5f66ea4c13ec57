#include <cmath>
#include <map>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

using Counts = std::map<std::uint64_t, std::uint64_t>;  // items by channel

std::uint64_t sum_of(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& entry : counts) sum += entry.second;
  return sum;
}

Counts counts_now(const Tallies& tallies) {
  Counts counts;
  for (const auto& row : tallies.cube)
    if (row.scope == listening_scope && row.intent == any_intent && is_known_channel(row.channel))
      counts[row.channel] += row.items;
  return counts;
}

Counts counts_before(const Tallies& tallies) {
  Counts counts;
  for (const auto& [channel, items] : tallies.history.channels_before)
    if (is_known_channel(channel)) counts[channel] += items;
  return counts;
}

/// A channel's share now minus that before, in points.
Figure shift_figure(std::string name, std::uint64_t now, std::uint64_t n_now, std::uint64_t before,
                    std::uint64_t n_before) {
  const auto share = share_figure({}, Unit::percent, now, n_now, n_now);
  const auto old = share_figure({}, Unit::percent, before, n_before, n_before);
  return {
      .name = std::move(name),
      .unit = Unit::points,
      .value = *share.value - *old.value,
      .n_used = n_now,
      .n_eligible = n_now,
      .interval = difference_interval(*share.value, *share.interval, *old.value, *old.interval)};
}

MetricValue measure_shift(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto all = count_items(tallies, listening_scope);
  if (auto why = why_no_window_before(input))
    return {.figure = not_measurable({}, Unit::share, std::move(*why), all)};
  const auto now = counts_now(tallies);
  auto before = counts_before(tallies);
  const auto n_now = sum_of(now);
  const auto n_before = sum_of(before);
  if (n_now == 0 || n_before == 0)
    return {.figure = not_measurable(
                {}, Unit::share,
                fmt::format("nothing on a known channel was about what is listened to in the "
                            "window{}",
                            n_now == 0 ? "" : " before"),
                all)};
  double moved = 0;
  MetricValue value;
  Counts both = now;
  for (const auto& entry : before) both.try_emplace(entry.first, 0);
  for (const auto& [channel, items] : both)
    moved += std::abs(static_cast<double>(items) / static_cast<double>(n_now) -
                      static_cast<double>(before[channel]) / static_cast<double>(n_before));
  value.figure = {.unit = Unit::share, .value = moved / 2, .n_used = n_now, .n_eligible = all};
  for (const auto& row : tallies.channels) {  // sorted by name
    if (!now.contains(row.channel)) continue;
    value.breakdown.push_back({"channel", shift_figure(channel_name(row), now.at(row.channel),
                                                       n_now, before[row.channel], n_before)});
    before.erase(row.channel);
  }
  if (const auto silent = sum_of(before); silent > 0)
    value.breakdown.push_back(
        {"channel", shift_figure("(channels that fell silent)", 0, n_now, silent, n_before)});
  return value;
}

std::string say(const MetricValue& value) {
  const auto moved = of_every_100(*value.figure.value);
  return fmt::format("Of every 100 posts, {} are on another channel than in the time before.",
                     moved == "0" ? "none" : moved);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(listening_scope)) return {};
  const bool placed = is_known_channel(fact.fact.channel);
  return {1, placed, placed};
}

}  // namespace

/// Total variation between the shares of the channels in this window and in the one before, over
/// the items that are listened to and whose channel is known: 0 if nothing moved, 1 if all did. By
/// channel: the change of its share. Channels without any post now stand together, for their names
/// are not at hand. n are the items of this window. No value where the store does not reach back
/// over the window before, or either has no such items.
MetricDefinition channel_mix_shift() {
  return {
      .formula = "0.5 x sum over channels of |share of K in the window - share of K before|",
      .source = "total variation distance",
      .misleading_when = "a source was down or added, or n is low (chance alone moves a few posts)",
      .measure = measure_shift,
      .reads = {Table::cube, Table::channels_before},
      .sentence = say,
      .evidence = {.fact = weigh}};
}

}  // namespace earshot
