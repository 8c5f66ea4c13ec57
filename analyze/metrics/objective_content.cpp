#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool serves(const OwnItem& item, EntityIndex objective) {
  return std::ranges::find(item.entities, objective) != item.entities.end();
}

bool serves_any(const OwnItem& item, const Tallies& tallies) {
  return std::ranges::any_of(item.entities, [&](EntityIndex entity) {
    return tallies.request.entities[entity].kind == EntityKind::objective;
  });
}

MetricValue measure_content(const MetricInput& input) {
  const auto& tallies = input.tallies;
  std::uint64_t posts = 0;
  std::uint64_t serving = 0;
  for (const auto& item : tallies.own) {
    if (!is_own_post(item)) continue;
    ++posts;
    if (serves_any(item, tallies)) ++serving;
  }
  const auto objectives = entities_of_kind(tallies.request, EntityKind::objective);
  if (objectives.empty())
    return {.figure = not_measurable(
                {}, Unit::percent,
                "no objective says which posts serve it: add [[objective]] with a query to the "
                "config",
                posts)};
  if (posts == 0)
    return {.figure = not_measurable({}, Unit::percent, why_no_own_posts(input.project))};
  MetricValue value{.figure = share_figure({}, Unit::percent, serving, posts, posts)};
  for (const auto objective : objectives) {
    const auto of_it = std::ranges::count_if(tallies.own, [&](const OwnItem& item) {
      return is_own_post(item) && serves(item, objective);
    });
    value.breakdown.push_back(
        {"objective", share_figure(tallies.request.entities[objective].name, Unit::percent,
                                   static_cast<std::uint64_t>(of_it), posts, posts)});
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts of your own serve one of your objectives.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts of your own, {} serve one of your objectives.",
                     of_every_100(*figure.value));
}

Weight weigh(const OwnItem& item, const Tallies& tallies, const Project&) {
  const bool own = is_own_post(item);
  return {own, own, own && serves_any(item, tallies)};
}

}  // namespace

/// Own root posts that match the query of at least one objective / own root posts, reposts left
/// out. By objective a post counts in each that it serves. No value if no objective has a query, or
/// without own posts.
MetricDefinition objective_content() {
  return {.formula = "count(O that match an objective's query) / count(O), O the own root posts",
          .source = "Altimeter, stage Presence (2013)",
          .misleading_when = "the queries of the objectives are loose",
          .measure = measure_content,
          .reads = {Table::own_posts},
          .sentence = say,
          .evidence = {.own = weigh}};
}

}  // namespace earshot
