#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_intent(const MetricInput& input) {
  const auto all = count_items(input.tallies, brand_scope);
  if (all == 0)
    return {.figure =
                not_measurable({}, Unit::percent, "nobody mentioned the brand in the window")};
  std::uint64_t buying = 0;
  for (const auto& row : input.tallies.cube)
    if (row.scope == brand_scope &&
        row.intent == static_cast<std::uint8_t>(Intent::purchase_intent))
      buying += row.items;
  return {.figure = share_figure({}, Unit::percent, buying, all, all)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("In {} of {} posts about you somebody plans to buy.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("In {} of every 100 posts about you somebody plans to buy.",
                     of_every_100(*figure.value));
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  return {1, 1, fact.fact.intents.has(Intent::purchase_intent)};
}

}  // namespace

/// Items about the brand with the intent purchase_intent / all items about the brand. No value
/// without any.
MetricDefinition purchase_intent_share() {
  return {.formula = "count(B, intent purchase_intent) / count(B)",
          .source = "Altimeter: path to purchase (2013)",
          .misleading_when = "it is taken for sales: who plans to buy may not",
          .measure = measure_intent,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
