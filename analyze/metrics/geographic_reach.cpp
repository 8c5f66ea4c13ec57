#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// A region counts from so many items on: one traveller is no region.
constexpr std::uint64_t least_items = 3;

MetricValue measure_reach(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto all = count_items(tallies, brand_scope);
  const auto regions = entities_of_kind(tallies.request, EntityKind::region);
  if (regions.empty())
    return {.figure =
                not_measurable({}, Unit::regions,
                               "no region is declared: name a table of places under [files]", all)};
  if (all == 0)
    return {.figure =
                not_measurable({}, Unit::regions, "nobody mentioned the brand in the window")};
  MetricValue value;
  std::uint64_t placed = 0;
  std::uint64_t reached = 0;
  for (const auto region : regions) {
    const auto items = count_items(tallies, {Scope::Kind::brand_and_entity, region});
    placed += items;
    if (items >= least_items) ++reached;
    value.breakdown.push_back(
        {"region", count_figure(tallies.request.entities[region].name, items)});
  }
  if (placed == 0)
    return {.figure = not_measurable({}, Unit::regions,
                                     "no post about the brand names a place that is in the table "
                                     "of places",
                                     all)};
  value.figure = {.unit = Unit::regions,
                  .value = static_cast<double>(reached),
                  .n_used = placed,
                  .n_eligible = all};
  value.parts.push_back(share_figure("posts with a known region", Unit::percent, placed, all, all));
  return value;
}

std::string say(const MetricValue& value) {
  const auto regions = static_cast<std::uint64_t>(*value.figure.value);
  return fmt::format("People in {} {} talk about you; {} of {} posts say where they were written.",
                     regions, regions == 1 ? "region" : "regions", value.figure.n_used,
                     value.figure.n_eligible);
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(brand_scope)) return {};
  const bool placed = std::ranges::any_of(fact.entities, [&](const EntityLabel& row) {
    return row.entity != no_entity &&
           fact.request.entities[row.entity].kind == EntityKind::region &&
           fact.in({Scope::Kind::brand_and_entity, row.entity});
  });
  return {1, placed, placed};
}

}  // namespace

/// Regions of the user's table of places with at least three items about the brand; n used are the
/// items whose place is in the table. No value without a table, without items about the brand, or
/// where none of them has a known region: where people are is unknown then, not nowhere.
MetricDefinition geographic_reach() {
  return {.formula =
              "count(regions with at least 3 items of B); beside it the share of B with a known "
              "region",
          .source = "ours, for a business with delivery areas",
          .misleading_when = "most posts don't say where they were written",
          .measure = measure_reach,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
