#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_ratio(const MetricInput& input) {
  const auto earned = count_items(input.tallies, brand_scope);
  const auto owned =
      static_cast<std::uint64_t>(std::ranges::count_if(input.tallies.own, is_own_post));
  if (owned == 0)
    return {.figure = not_measurable({}, Unit::ratio, why_no_own_posts(input.project), earned)};
  MetricValue value{.figure = mean_figure({}, Unit::ratio, earned, owned, owned)};
  value.figure.n_used = value.figure.n_eligible = earned + owned;
  value.parts = {count_figure("earned", earned), count_figure("owned", owned)};
  return value;
}

std::string say(const MetricValue& value) {
  const auto earned = value.parts[0].n_used;
  const auto owned = value.parts[1].n_used;
  return fmt::format("Others wrote {} {} about you; you wrote {} of your own.", earned,
                     earned == 1 ? "post" : "posts", owned);
}

Weight weigh(const FactView& fact, const Project&) {
  const bool earned = fact.in(brand_scope);
  const auto& post = fact.fact;
  const bool owned = post.owner == brand_index && post.parent == 0 && !post.repost;
  return {earned || owned, earned || owned, earned};
}

}  // namespace

/// Items about the brand by others / own root posts, reposts left out; n are both together. No
/// value without own posts.
MetricDefinition earned_owned_ratio() {
  return {.formula =
              "count(B) / count(O), B the items about the brand by others, O the own root "
              "posts",
          .source = "definition of earned media",
          .misleading_when = "replies to own posts that name the brand are taken for earned",
          .measure = measure_ratio,
          .reads = {Table::cube, Table::own_posts},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
