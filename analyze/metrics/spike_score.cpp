#include "analyze/spikes.hpp"

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

std::string why_not(const MetricInput& input, std::uint64_t items) {
  if (items == 0) return "nothing was said about it in the window";
  return fmt::format(
      "the store begins on {}, and an hour is compared with the same hour of at least {} weeks "
      "before it",
      input.calendar.format_minute(*input.tallies.history.begin), least_baseline_weeks);
}

Figure best_figure(const MetricInput& input, const SpikeSearch& search, std::string name,
                   std::uint64_t items) {
  if (!search.best)
    return not_measurable(std::move(name), Unit::score, why_not(input, items), items);
  return {.name = std::move(name),
          .unit = Unit::score,
          .value = search.best->score,
          .n_used = items,
          .n_eligible = items};
}

MetricValue measure_spikes(const MetricInput& input) {
  const auto& request = input.tallies.request;
  const auto items = count_items(input.tallies, listening_scope);
  if (request.only_channel || request.only_topic)
    return {.figure = not_measurable(
                {}, Unit::score,
                "the hours of the weeks before are remembered for all channels and topics "
                "together, not for one",
                items)};
  const auto search = find_spikes(input, listening_scope);
  MetricValue value{.figure = best_figure(input, search, {}, items)};
  if (!search.best) return value;
  value.figure.name = input.calendar.format_minute(search.best->hour);
  value.parts = {count_figure("spikes", search.spikes.size()),
                 count_figure("posts in that hour", search.best->count)};
  for (const auto topic : entities_of_kind(request, EntityKind::topic)) {
    const Scope scope{Scope::Kind::entity, topic};
    value.breakdown.push_back(
        {"topic", best_figure(input, find_spikes(input, scope), request.entities[topic].name,
                              count_items(input.tallies, scope))});
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto spikes = value.parts[0].n_used;
  if (spikes == 0) return "In no hour was far more said than is usual for it.";
  return fmt::format("In {} {} far more was said than is usual, most of all on {}.", spikes,
                     spikes == 1 ? "hour" : "hours", value.figure.name);
}

}  // namespace

/// The highest score of an hour of the window: how far its items are above the median of the same
/// weekday and hour in the eight weeks before, in robust standard deviations. Its name is the hour.
/// Spikes: hours with a score of 4 or more, five items or more, and no source missed. n are items.
/// Tallies don't know which posts are in an hour, so that there is no evidence. No value where no
/// hour with items has a baseline of four weeks.
MetricDefinition spike_score() {
  return {.formula =
              "max over hours of (v - median) / (1.4826 MAD), against the same weekday and hour "
              "of the 8 weeks before; a spike: 4 or more, with at least 5 items and full coverage",
          .source = "Iglewicz & Hoaglin (1993); Huginn; Meltwater",
          .misleading_when = "posts were syndicated, a campaign ran, or a source is new",
          .measure = measure_spikes,
          .reads = {Table::cube, Table::quarters},
          .sentence = say,
          .census = true};
}

}  // namespace earshot
