#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool is_lead(const RaisedItem& item) {
  return item.intents.has(Intent::purchase_intent);
}

bool is_open(const RaisedItem& item) {
  return is_lead(item) && item.threaded && !item.own_replied_after;
}

/// The open ones among the leads that `wanted` picks and whose answers can be seen.
Figure count_open(std::string name, const Tallies& tallies, auto&& wanted) {
  Figure figure{.name = std::move(name), .value = 0};
  for (const auto& item : tallies.raised) {
    if (!is_lead(item) || !wanted(item)) continue;
    ++figure.n_eligible;
    if (!item.threaded) continue;
    ++figure.n_used;
    if (is_open(item)) *figure.value += 1;
  }
  figure.ratio =
      Ratio{static_cast<std::int64_t>(*figure.value), static_cast<std::int64_t>(figure.n_used)};
  return figure;
}

MetricValue measure_leads(const MetricInput& input) {
  const auto& tallies = input.tallies;
  MetricValue value{.figure = count_open({}, tallies, [](const auto&) { return true; })};
  if (value.figure.n_eligible > 0 && value.figure.n_used == 0)
    return {.figure = not_measurable(
                {}, Unit::items,
                "no replies are collected from the sources in which people say what they plan to "
                "buy, so answers can't be seen",
                value.figure.n_eligible)};
  value.parts.push_back(share_figure("of all who plan to buy", Unit::percent,
                                     static_cast<std::uint64_t>(value.figure.ratio->numerator),
                                     value.figure.n_used, value.figure.n_eligible));
  if (value.figure.n_used == 0)
    value.parts.back().not_measurable = "nobody said that they plan to buy";
  const auto& entities = tallies.request.entities;
  value.breakdown.push_back(
      {name_of(EntityKind::brand), count_open(entities[brand_index].name, tallies,
                                              [](const RaisedItem& item) { return item.brand; })});
  for (const auto topic : entities_of_kind(tallies.request, EntityKind::topic))
    value.breakdown.push_back(
        {"topic", count_open(entities[topic].name, tallies, [topic](const RaisedItem& item) {
           return std::ranges::find(item.topics, topic) != item.topics.end();
         })});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& ratio = *value.figure.ratio;
  if (ratio.denominator == 0) return "Nobody said that they plan to buy.";
  return fmt::format("{} of {} posts by people who plan to buy have no reply from you yet.",
                     ratio.numerator, ratio.denominator);
}

Weight weigh(const RaisedItem& item, const Tallies&, const Project&) {
  return {is_lead(item), is_lead(item) && item.threaded, is_open(item)};
}

}  // namespace

/// Posts by others about the brand or a topic whose author plans to buy, without a direct reply by
/// the brand within the horizon so far; young posts are open too, for a lead does not wait. Only
/// where replies are collected; no value if there are leads but none where answers can be seen.
/// Without any lead the number is a real 0.
MetricDefinition open_leads() {
  return {.formula =
              "count(posts with purchase_intent about brand or topics, without an own reply within "
              "the horizon so far), where replies are collected",
          .source = "Cisco: sales leads",
          .misleading_when = "intent is no demand, or the answer was given in private",
          .measure = measure_leads,
          .reads = {Table::raised},
          .sentence = say,
          .evidence = {.raised = weigh}};
}

}  // namespace earshot
