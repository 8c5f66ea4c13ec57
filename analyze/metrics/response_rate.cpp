#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// Old enough for an answer within the horizon to have been seen, or not.
bool settled(const InboxItem& item, const Tallies& tallies) {
  return is_brands(item) && item.observed_for >= tallies.request.horizon.count();
}

std::string why_not(const Tallies& tallies, std::uint64_t eligible) {
  if (eligible > 0) return "no replies are collected from these sources, so answers can't be seen";
  if (std::ranges::any_of(tallies.inbox, is_brands))
    return fmt::format("no post that needs an answer is {} old yet",
                       format_duration(static_cast<double>(tallies.request.horizon.count())));
  return "no post in the window needs an answer by the brand";
}

MetricValue measure_response(const MetricInput& input) {
  struct Count {
    std::uint64_t eligible = 0, used = 0, answered = 0;
  };
  Count all;
  std::map<std::uint64_t, Count> by_channel;
  for (const auto& item : input.tallies.inbox) {
    if (!settled(item, input.tallies)) continue;
    for (auto* count : {&all, &by_channel[item.channel]}) {
      ++count->eligible;
      if (!item.threaded) continue;
      ++count->used;
      if (item.answered_after) ++count->answered;
    }
  }
  if (all.used == 0)
    return {.figure = not_measurable({}, Unit::percent, why_not(input.tallies, all.eligible),
                                     all.eligible)};
  MetricValue value{.figure =
                        share_figure({}, Unit::percent, all.answered, all.used, all.eligible)};
  for_each_channel(input.tallies, by_channel, [&](std::string name, const Count& count) {
    auto row =
        share_figure(std::move(name), Unit::percent, count.answered, count.used, count.eligible);
    if (count.used == 0) row.not_measurable = "no replies are collected from here";
    value.breakdown.push_back({"channel", row});
  });
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts that needed an answer from you got one.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts that needed an answer from you, {} got one.",
                     of_every_100(*figure.value));
}

Weight weigh(const InboxItem& item, const Tallies& tallies, const Project&) {
  const bool eligible = settled(item, tallies);
  const bool used = eligible && item.threaded;
  return {eligible, used, used && item.answered_after};
}

}  // namespace

/// Posts that need the brand's answer, at least as old as the horizon, and answered within it / all
/// such posts; only where replies are collected. No value where none are, or none is old enough.
MetricDefinition response_rate() {
  return {.formula =
              "count(needs an answer, as old as the horizon, first answer within it) / "
              "count(needs an answer, as old as the horizon), where replies are collected",
          .source = "Conversocial; Sprout",
          .misleading_when = "answers are given in private, or the horizon is too short",
          .measure = measure_response,
          .reads = {Table::waits},
          .sentence = say,
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
