#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool is_advocate(const RaisedItem& item) {
  return item.stance == Stance::advocate;
}

/// Old enough for an answer within the horizon to have been seen, or not.
bool settled(const RaisedItem& item, const Tallies& tallies) {
  return is_advocate(item) && item.observed_for >= tallies.request.horizon.count();
}

std::string why_not(const Tallies& tallies, std::uint64_t eligible) {
  if (eligible > 0) return "no replies are collected from these sources, so answers can't be seen";
  if (std::ranges::any_of(tallies.raised, is_advocate))
    return fmt::format("no recommendation is {} old yet, so each may still be answered",
                       format_duration(static_cast<double>(tallies.request.horizon.count())));
  return "nobody recommended the brand in the window";
}

MetricValue measure_thanks(const MetricInput& input) {
  std::uint64_t eligible = 0;
  std::uint64_t used = 0;
  std::uint64_t answered = 0;
  for (const auto& item : input.tallies.raised) {
    if (!settled(item, input.tallies)) continue;
    ++eligible;
    if (!item.threaded) continue;
    ++used;
    if (item.own_replied_after) ++answered;
  }
  if (used == 0)
    return {.figure =
                not_measurable({}, Unit::percent, why_not(input.tallies, eligible), eligible)};
  return {.figure = share_figure({}, Unit::percent, answered, used, eligible)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format("You replied to {} of {} posts that recommend you.", figure.ratio->numerator,
                     figure.ratio->denominator);
}

Weight weigh(const RaisedItem& item, const Tallies& tallies, const Project&) {
  const bool eligible = settled(item, tallies);
  const bool used = eligible && item.threaded;
  return {eligible, used, used && item.own_replied_after};
}

}  // namespace

/// Posts that recommend the brand, at least as old as the horizon, with a direct reply by it within
/// the horizon / such posts; only where replies are collected, and never posts of affiliates. No
/// value where nobody recommends the brand, or no such post can be judged.
MetricDefinition advocate_acknowledgement() {
  return {.formula =
              "count(advocate posts, as old as the horizon, own reply within it) / count(advocate "
              "posts, as old as the horizon), where replies are collected",
          .source = "ours: every recommendation deserves a word",
          .misleading_when = "the brand thanks by a like, which can't be seen",
          .measure = measure_thanks,
          .reads = {Table::raised},
          .sentence = say,
          .evidence = {.raised = weigh}};
}

}  // namespace earshot
