#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/metric.hpp"
#include "store/answer_tally.hpp"

namespace earshot {

namespace {

bool is_brands_row(const AnswerRow& row) {
  return row.owner == brand_index;
}

/// Of each post of a row: settled ones are old enough for an answer within the horizon to have been
/// seen, or not.
Weight weigh(const AnswerRow& row) {
  const bool eligible = is_brands_row(row) && row.settled;
  const bool used = eligible && row.threaded;
  return {eligible, used, used && row.answered};
}

std::string why_not(const Tallies& tallies, std::uint64_t eligible) {
  if (eligible > 0) return "no replies are collected from these sources, so answers can't be seen";
  if (std::ranges::any_of(tallies.answers, is_brands_row))
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
  for (const auto& row : input.tallies.answers) {
    const auto weight = weigh(row);
    if (weight.eligible == 0) continue;
    for (auto* count : {&all, &by_channel[row.channel]}) {
      count->eligible += row.items * weight.eligible;
      count->used += row.items * weight.used;
      count->answered += row.items * static_cast<std::uint64_t>(weight.counted);
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

Weight weigh_post(const InboxItem& item, const Tallies& tallies, const Project&) {
  return weigh(answer_of(item, tallies.request.horizon));
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
          .reads = {Table::answers},
          .sentence = say,
          .evidence = {.inbox = weigh_post}};
}

}  // namespace earshot
