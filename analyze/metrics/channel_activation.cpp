#include <map>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// ASCII letters without case; other letters must be written alike.
std::string lowered(std::string_view name) {
  std::string lower{name};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

MetricValue measure_activation(const MetricInput& input) {
  const auto& declared = input.project.channels;
  if (declared.empty())
    return {.figure = not_measurable({}, Unit::percent,
                                     "no own channel is declared: add [[channel]] to the config")};
  if (input.project.brand.handles.empty())
    return {.figure = not_measurable({}, Unit::percent, why_no_own_posts(input.project))};
  std::map<std::uint64_t, std::uint64_t> by_channel;
  for (const auto& item : input.tallies.own)
    if (is_own_post(item)) ++by_channel[item.channel];
  MetricValue value;
  std::uint64_t active = 0;
  for (const auto& channel : declared) {
    std::uint64_t posts = 0;
    for_each_channel(input.tallies, by_channel, [&](const std::string& name, std::uint64_t own) {
      if (lowered(name) == lowered(channel)) posts += own;
    });
    if (posts > 0) ++active;
    value.breakdown.push_back({"channel", count_figure(channel, posts)});
  }
  value.figure = share_figure({}, Unit::percent, active, declared.size(), declared.size());
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("You posted on {} of your {} declared channels.",
                     value.figure.ratio->numerator, value.figure.ratio->denominator);
}

}  // namespace

/// Declared channels with at least one own root post / declared channels; names are compared
/// without case. It counts channels and not posts, so that it has no posts as evidence. No value if
/// no channel or no handle is declared.
MetricDefinition channel_activation() {
  return {.formula = "declared channels with at least one own root post / declared channels",
          .source = "Altimeter, stage Presence (2013)",
          .misleading_when = "a channel is dormant by choice, or not among the sources",
          .measure = measure_activation,
          .reads = {Table::own_posts},
          .sentence = say,
          .census = true};
}

}  // namespace earshot
