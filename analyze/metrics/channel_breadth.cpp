#include <map>
#include <vector>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

MetricValue measure_breadth(const MetricInput& input) {
  std::map<std::uint64_t, std::uint64_t> by_channel;
  std::uint64_t all = 0;
  std::uint64_t placed = 0;
  for (const auto& row : input.tallies.cube) {
    if (row.scope != listening_scope || row.intent != any_intent) continue;
    all += row.items;
    if (!is_known_channel(row.channel)) continue;
    placed += row.items;
    by_channel[row.channel] += row.items;
  }
  if (placed == 0)
    return {.figure = not_measurable(
                {}, Unit::channels,
                all == 0 ? "no post is about the brand, a competitor or a topic in the window"
                         : "no source says on which channel the posts are",
                all)};
  std::vector<std::uint64_t> counts;
  for (const auto& entry : by_channel) counts.push_back(entry.second);
  MetricValue value{.figure = {.unit = Unit::channels,
                               .value = effective_number(counts),
                               .n_used = placed,
                               .n_eligible = all}};
  value.parts.push_back(count_figure("channels in use", counts.size()));
  for_each_channel(input.tallies, by_channel, [&](std::string name, std::uint64_t items) {
    value.breakdown.push_back(
        {"channel", share_figure(std::move(name), Unit::percent, items, placed, all)});
  });
  return value;
}

std::string say(const MetricValue& value) {
  const auto channels = value.parts[0].n_used;
  if (channels == 1) return "All that is said about what you listen to is said on one channel.";
  return fmt::format(
      "People talk on {} channels; by how busy each is, that is like {:.1f} equally busy ones.",
      channels, *value.figure.value);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(listening_scope)) return {};
  const bool placed = is_known_channel(fact.fact.channel);
  return {1, placed, placed};
}

}  // namespace

/// The effective number of channels: as many equally busy ones would be as mixed as the channels of
/// the items that are listened to. Over items whose channel the source names; no value without any.
MetricDefinition channel_breadth() {
  return {.formula =
              "exp(-sum over channels of p ln p), p the channel's share of K; K the items about "
              "brand, competitors or topics",
          .source = "Hill, Diversity and evenness (1973)",
          .misleading_when = "mirrors of a channel are counted as channels of their own",
          .measure = measure_breadth,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
