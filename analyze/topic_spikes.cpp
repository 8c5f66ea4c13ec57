#include "analyze/topic_spikes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyze/declared.hpp"

namespace earshot {

using std::chrono::days;
using std::chrono::hours;

std::vector<TopicSpike> topic_spikes(const MetricInput& input, Heard what) {
  std::vector<TopicSpike> found;
  for (const auto topic : entities_of_kind(input.tallies.request, EntityKind::topic)) {
    Instant last{};
    for (const auto& spike : find_spikes(input, {Scope::Kind::entity, topic}, what).spikes) {
      if (spike.hour != last + hours{1}) found.push_back({topic, spike.hour});
      last = spike.hour;
    }
  }
  return found;
}

std::string why_no_spikes(const MetricInput& input, std::string_view thing) {
  const auto& tallies = input.tallies;
  if (entities_of_kind(tallies.request, EntityKind::topic).empty())
    return "no topic is declared: add [[topic]] to the config";
  const auto baseline = days{7 * static_cast<int>(least_baseline_weeks)};
  if (const auto begin = tallies.history.begin; begin && *begin + baseline > input.observed_end())
    return fmt::format(
        "the store begins on {}: what is usual for an hour is known after four weeks",
        input.calendar.format_day(*begin));
  return fmt::format("no topic had a {} in the window", thing);
}

std::span<const OwnItem> own_since(const Tallies& tallies, Instant begin) {
  const auto posted_at = [](const OwnItem& item) { return item.key.posted_at; };
  return {std::ranges::lower_bound(tallies.own, begin, {}, posted_at), tallies.own.end()};
}

bool is_own_on(const OwnItem& item, EntityIndex topic) {
  return is_own(item) && std::ranges::binary_search(item.entities, topic);
}

}  // namespace earshot
