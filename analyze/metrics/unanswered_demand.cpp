#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool is_topic_question(const RaisedItem& item) {
  return item.intents.has(Intent::question) && !item.topics.empty();
}

/// Asked where replies are collected, and long enough ago.
bool settled(const RaisedItem& question, const Tallies& tallies) {
  return question.threaded && question.observed_for >= tallies.request.horizon.count();
}

bool unanswered(const RaisedItem& question, const Tallies& tallies) {
  return settled(question, tallies) && !question.replied_after;
}

/// The unanswered among the settled ones that `wanted` picks.
Figure count_unanswered(std::string name, const Tallies& tallies, auto&& wanted) {
  Figure figure{.name = std::move(name), .value = 0};
  for (const auto& question : tallies.raised) {
    if (!is_topic_question(question) || !wanted(question)) continue;
    ++figure.n_eligible;
    if (!settled(question, tallies)) continue;
    ++figure.n_used;
    if (!question.replied_after) *figure.value += 1;
  }
  figure.ratio =
      Ratio{static_cast<std::int64_t>(*figure.value), static_cast<std::int64_t>(figure.n_used)};
  return figure;
}

std::string why_not(const Tallies& tallies) {
  const bool threaded = std::ranges::any_of(tallies.raised, [](const RaisedItem& item) {
    return is_topic_question(item) && item.threaded;
  });
  if (!threaded)
    return "no replies are collected from the sources in which people ask, so answers can't be "
           "seen";
  return fmt::format("no question is {} old yet, so each may still be answered",
                     format_duration(static_cast<double>(tallies.request.horizon.count())));
}

MetricValue measure_demand(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto topics = entities_of_kind(tallies.request, EntityKind::topic);
  if (topics.empty())
    return {.figure = not_measurable({}, Unit::items,
                                     "no topic is declared: add [[topic]] to the config")};
  MetricValue value{.figure = count_unanswered({}, tallies, [](const auto&) { return true; })};
  if (value.figure.n_eligible > 0 && value.figure.n_used == 0)
    return {.figure = not_measurable({}, Unit::items, why_not(tallies), value.figure.n_eligible)};
  value.parts.push_back(share_figure("of those asked", Unit::percent,
                                     static_cast<std::uint64_t>(value.figure.ratio->numerator),
                                     value.figure.n_used, value.figure.n_eligible));
  if (value.figure.n_used == 0) value.parts.back().not_measurable = "nobody asked anything";
  for (const auto topic : topics)
    value.breakdown.push_back(
        {"topic", count_unanswered(tallies.request.entities[topic].name, tallies,
                                   [topic](const RaisedItem& question) {
                                     return std::ranges::find(question.topics, topic) !=
                                            question.topics.end();
                                   })});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& ratio = *value.figure.ratio;
  if (ratio.denominator == 0) return "Nobody asked anything about your topics.";
  return fmt::format("{} of {} questions about your topics got no reply from anyone.",
                     ratio.numerator, ratio.denominator);
}

Weight weigh(const RaisedItem& question, const Tallies& tallies, const Project&) {
  if (!is_topic_question(question)) return {};
  return {1, settled(question, tallies), unanswered(question, tallies)};
}

}  // namespace

/// Questions by others than the brand in the scope of a topic, at least as old as the horizon, to
/// which nobody replied within it. Only where replies are collected; no value if there are
/// questions but none can be judged. Without any question the number is a real 0.
MetricDefinition unanswered_demand() {
  return {.formula =
              "count(non-own questions in T, older than the horizon, without a reply by "
              "anyone else within it), where replies are collected",
          .source = "ComBlu and Cisco: open questions",
          .misleading_when = "replies are not collected, or are given in private",
          .measure = measure_demand,
          .reads = {Table::raised},
          .sentence = say,
          .evidence = {.raised = weigh}};
}

}  // namespace earshot
