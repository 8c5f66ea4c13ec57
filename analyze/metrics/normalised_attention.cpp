#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_attention(const MetricInput& input) {
  const auto unfiltered = [&](Scope scope) {
    return count_items(input.tallies,
                       [scope](const CubeRow& row) { return row.scope == scope && !row.filtered; });
  };
  const auto all = count_items(input.tallies, {Scope::Kind::everything});
  const auto collected = unfiltered({Scope::Kind::everything});
  if (collected == 0)
    return {.figure = not_measurable({}, Unit::per_1000,
                                     "every source collects only what matches a query, so there is "
                                     "nothing to compare with: add a source without a filter",
                                     all)};
  return {.figure = share_figure({}, Unit::per_1000, unfiltered(brand_scope), collected, all)};
}

Weight weigh(const FactView& fact, const Project&) {
  const bool used = !fact.fact.filtered;
  return {1, used, used && fact.in(brand_scope)};
}

}  // namespace

/// Items about the brand among all items of the same sources, over sources that are not themselves
/// filtered by a query. No value if there is no such source.
MetricDefinition normalised_attention() {
  return {.formula = "1000 x count(B) / count(all items), over sources not filtered by a query",
          .source = "Media Cloud",
          .misleading_when = "one chatty source was added or removed",
          .measure = measure_attention,
          .reads = {Table::cube},
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
