#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"
#include "analyze/topic_spikes.hpp"

namespace earshot {

namespace {

/// The first own item on the spike's topic that is not older than it; null if there is none.
const OwnItem* action_after(const TopicSpike& spike, const Tallies& tallies) {
  for (const auto& item : own_since(tallies, spike.begin))
    if (is_own_on(item, spike.topic)) return &item;
  return nullptr;
}

Observation lag_of(const TopicSpike& spike, const MetricInput& input) {
  const auto* action = action_after(spike, input.tallies);
  const auto until = action == nullptr ? input.observed_end() : action->key.posted_at;
  return {static_cast<double>((until - spike.begin).count()), action != nullptr};
}

Figure lag_figure(std::string name, std::span<const Observation> sorted, double p) {
  const auto quantile = survival_quantile(sorted, p);
  Figure figure{.name = std::move(name),
                .unit = Unit::seconds,
                .value = quantile.value,
                .n_used = sorted.size(),
                .n_eligible = sorted.size()};
  if (!quantile.value) figure.beyond = quantile.beyond;
  if (p == 0.5) figure.interval = survival_median_interval(sorted);
  return figure;
}

MetricValue measure_lag(const MetricInput& input) {
  const auto& request = input.tallies.request;
  const auto spikes = topic_spikes(input, Heard::items);
  const auto own_items = std::ranges::count(input.tallies.own, brand_index, &OwnItem::owner);
  auto why = why_not_of_part(input);
  if (!why.empty()) return {.figure = not_measurable({}, Unit::seconds, std::move(why))};
  if (spikes.empty())
    why = why_no_spikes(input, "spike");
  else if (own_items == 0)
    why = why_no_own_posts(input.project);
  if (!why.empty())
    return {.figure = not_measurable({}, Unit::seconds, std::move(why), spikes.size())};
  std::vector<Observation> all;
  MetricValue value;
  for (const auto topic : entities_of_kind(request, EntityKind::topic)) {
    std::vector<Observation> lags;
    for (const auto& spike : spikes)
      if (spike.topic == topic) lags.push_back(lag_of(spike, input));
    if (lags.empty()) continue;
    all.insert(all.end(), lags.begin(), lags.end());
    sort_observations(lags);
    value.breakdown.push_back({"topic", lag_figure(request.entities[topic].name, lags, 0.5)});
  }
  sort_observations(all);
  value.figure = lag_figure("median", all, 0.5);
  value.parts = {
      lag_figure("p90", all, 0.9),
      count_figure("without a post of yours", static_cast<std::uint64_t>(std::ranges::count(
                                                  all, false, &Observation::ended)))};
  return value;
}

std::string say(const MetricValue& value) {
  if (!value.figure.value)
    return fmt::format("After most rises of talk about a topic you had not posted on it within {}.",
                       format_duration(*value.figure.beyond));
  if (value.figure.n_used == 1)
    return fmt::format("Talk about a topic rose once, and you posted on it within {}.",
                       format_duration(*value.figure.value));
  return fmt::format("When talk about a topic rises, you post on it within {} half of the time.",
                     format_duration(*value.figure.value));
}

std::vector<PostKey> actions(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& spike : topic_spikes(input, Heard::items))
    if (const auto* action = action_after(spike, input.tallies)) keys.push_back(action->key);
  return keys;
}

}  // namespace

/// Median and p90, by Kaplan and Meier, of the time from the begin of a spike on a topic to the
/// first own post or answer on that topic; spikes that had none by the end of the window count as
/// waiting until then. Spike hours in a row are one spike. n is spikes. No value without spikes, or
/// where no own item is seen.
MetricDefinition insight_to_action() {
  return {.formula =
              "Kaplan-Meier median of t(first own item on the topic) - t(spike on the "
              "topic); spikes without one are censored at the end of the window",
          .source = "ours; Kaplan & Meier (1958)",
          .misleading_when =
              "the action is taken where no post shows it, or the own post caused "
              "the spike",
          .measure = measure_lag,
          .reads = {Table::activity, Table::quarters},
          .sentence = say,
          .evidence = {.posts = actions}};
}

}  // namespace earshot
