#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "analyze/declared.hpp"
#include "analyze/topic_spikes.hpp"

namespace earshot {

namespace {

constexpr std::chrono::hours ahead{24};

/// Whether the day before is inside the window, where own items are listed.
bool is_judged(const TopicSpike& spike, const Tallies& tallies) {
  return spike.begin - ahead >= tallies.request.window().begin;
}

/// The own items on the topic of the day before it.
std::vector<PostKey> warnings_of(const TopicSpike& spike, const Tallies& tallies) {
  std::vector<PostKey> keys;
  for (const auto& item : own_since(tallies, spike.begin - ahead)) {
    if (item.key.posted_at >= spike.begin) break;
    if (is_own_on(item, spike.topic)) keys.push_back(item.key);
  }
  return keys;
}

Figure warned_figure(std::string name, const std::vector<TopicSpike>& spikes,
                     const Tallies& tallies, auto&& wanted) {
  std::uint64_t eligible = 0;
  std::uint64_t judged = 0;
  std::uint64_t warned = 0;
  for (const auto& spike : spikes) {
    if (!wanted(spike)) continue;
    ++eligible;
    if (!is_judged(spike, tallies)) continue;
    ++judged;
    if (!warnings_of(spike, tallies).empty()) ++warned;
  }
  auto figure = share_figure(std::move(name), Unit::percent, warned, judged, eligible);
  if (judged == 0)
    figure.not_measurable = "the day before is outside the window: begin it a day earlier";
  return figure;
}

MetricValue measure_forewarning(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto spikes = topic_spikes(input, Heard::complaints);
  const auto own_items = std::ranges::count(tallies.own, brand_index, &OwnItem::owner);
  auto why = why_not_of_part(input);
  if (!why.empty()) return {.figure = not_measurable({}, Unit::percent, std::move(why))};
  if (spikes.empty())
    why = why_no_spikes(input, "spike of complaints");
  else if (own_items == 0)
    why = why_no_own_posts(input.project);
  if (!why.empty())
    return {.figure = not_measurable({}, Unit::percent, std::move(why), spikes.size())};
  MetricValue value{.figure = warned_figure({}, spikes, tallies, [](const auto&) { return true; })};
  for (const auto topic : entities_of_kind(tallies.request, EntityKind::topic)) {
    const auto on_topic = [topic](const TopicSpike& spike) { return spike.topic == topic; };
    if (std::ranges::any_of(spikes, on_topic))
      value.breakdown.push_back({"topic", warned_figure(tallies.request.entities[topic].name,
                                                        spikes, tallies, on_topic)});
  }
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Of {} bursts of complaints, you had posted on the topic the day before {}.",
                     value.figure.ratio->denominator, value.figure.ratio->numerator);
}

std::vector<PostKey> warnings(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& spike : topic_spikes(input, Heard::complaints))
    std::ranges::copy(warnings_of(spike, input.tallies), std::back_inserter(keys));
  return keys;
}

}  // namespace

/// Spikes of complaints on a topic with an own post or answer on that topic in the 24 hours before
/// / all such spikes; hours in a row are one spike, and those of the window's first day are not
/// judged. n is spikes. No value without spikes, or where no own item is seen.
MetricDefinition forewarning() {
  return {.formula =
              "complaint spikes of a topic with an own item on it in the 24 h before / "
              "complaint spikes of topics",
          .source = "Altimeter, stage Presence: information ahead of trouble (2013)",
          .misleading_when = "spikes are few: look at them",
          .measure = measure_forewarning,
          .reads = {Table::activity, Table::quarters},
          .sentence = say,
          .evidence = {.posts = warnings}};
}

}  // namespace earshot
