#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::optional<std::uint64_t> likes_of(const OwnItem& item) {
  if (item.likes < 0) return {};
  return static_cast<std::uint64_t>(item.likes);
}

MetricValue measure_applause(const MetricInput& input) {
  return mean_over_own_posts(input, Unit::likes_per_post,
                             "no source says how often the own posts were liked", likes_of);
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  const bool own = is_own_post(item);
  const bool known = own && likes_of(item).has_value();
  return {own, known, known ? item.likes : 0};
}

}  // namespace

/// Sum of likes / own root posts whose likes are known. No value without such posts.
MetricDefinition applause() {
  return {.formula = "sum of likes / own posts with likes known",
          .source = "Kaushik (2011)",
          .misleading_when = "likes are bought, or counted when the posts were still young",
          .measure = measure_applause,
          .reads = {Table::own_posts},
          .evidence = {.own = weigh}};
}

}  // namespace earshot
