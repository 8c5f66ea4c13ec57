#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/waits.hpp"

namespace earshot {

namespace {

/// As response_rate counts: old enough for an answer within the horizon to have been seen, or not.
bool is_settled(const InboxItem& item, const Tallies& tallies) {
  return is_watched(item) && item.observed_for >= tallies.request.horizon.count();
}

struct Count {
  std::uint64_t settled = 0, answered = 0;

  double rate() const { return static_cast<double>(answered) / static_cast<double>(settled); }
};

std::map<std::uint64_t, Count> rates_by_channel(const Tallies& tallies) {
  std::map<std::uint64_t, Count> channels;
  for (const auto& item : tallies.inbox) {
    if (!is_settled(item, tallies)) continue;
    auto& count = channels[item.channel];
    ++count.settled;
    if (item.answered_after) ++count.answered;
  }
  return channels;
}

MetricValue measure_parity(const MetricInput& input) {
  const auto channels = rates_by_channel(input.tallies);
  MetricValue value{.figure = {.unit = Unit::share}};
  std::size_t compared = 0;
  double lowest = 1;
  double highest = 0;
  for (const auto& entry : channels) {
    const auto& count = entry.second;
    value.figure.n_eligible += count.settled;
    if (count.settled < least_to_compare) continue;
    ++compared;
    value.figure.n_used += count.settled;
    lowest = std::min(lowest, count.rate());
    highest = std::max(highest, count.rate());
  }
  for_each_channel(input.tallies, channels, [&](std::string name, const Count& count) {
    value.breakdown.push_back(
        {"channel", share_figure(std::move(name), Unit::percent, count.answered, count.settled,
                                 count.settled)});
  });
  if (compared < 2) {
    value.figure.n_used = 0;
    value.figure.not_measurable = fmt::format(
        "fewer than two channels have {} posts that need an answer, are {} old and whose answers "
        "can be seen",
        least_to_compare,
        format_duration(static_cast<double>(input.tallies.request.horizon.count())));
  } else if (highest == 0) {
    value.figure.n_used = 0;
    value.figure.not_measurable = "nobody got an answer on any of the channels";
  } else {
    value.figure.value = lowest / highest;
  }
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format(
      "For every 100 answers on the channel you serve best, as many posts on the one "
      "you serve least get {}.",
      of_every_100(*value.figure.value));
}

std::vector<PostKey> compared_posts(const MetricInput& input) {
  const auto channels = rates_by_channel(input.tallies);
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.inbox)
    if (is_settled(item, input.tallies) && channels.at(item.channel).settled >= least_to_compare)
      posts.push_back(item.key);
  return posts;
}

}  // namespace

/// The smallest response rate (as `response_rate` counts it) of a channel / the largest, over
/// channels with ten settled posts or more: 1 where all are served alike. No value with fewer than
/// two such channels, or where nobody got an answer anywhere.
MetricDefinition channel_parity() {
  return {.formula =
              "min / max of the response rate over channels with ten posts or more that need an "
              "answer and are as old as the horizon",
          .source = "ours, for Altimeter's stage Converged",
          .misleading_when = "a channel is small (ten posts are few)",
          .measure = measure_parity,
          .reads = {Table::waits},
          .sentence = say,
          .evidence = {.posts = compared_posts}};
}

}  // namespace earshot
