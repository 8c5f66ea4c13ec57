#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool names_brand(const InboxItem& item) {
  return std::ranges::find(item.entities, brand_index) != item.entities.end();
}

MetricValue measure_actionable(const MetricInput& input) {
  const auto all = count_items(input.tallies, brand_scope);
  if (all == 0)
    return {.figure =
                not_measurable({}, Unit::percent, "nobody mentioned the brand in the window")};
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  for (const auto& item : input.tallies.inbox)
    if (is_brands(item)) ++(names_brand(item) ? inside : outside);
  MetricValue value{.figure = share_figure({}, Unit::percent, inside, all, all)};
  value.parts.push_back(count_figure("also, not naming the brand", outside));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts about you need an answer.", figure.ratio->numerator,
                       figure.ratio->denominator);
  return fmt::format("Of every 100 posts about you, {} need an answer.",
                     of_every_100(*figure.value));
}

/// Those that need an answer and name the brand.
std::vector<PostKey> posts_of(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.inbox)
    if (is_brands(item) && names_brand(item)) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Items about the brand that need an answer by it / all items about the brand. What needs one
/// without matching the brand's query (a bare reply to an own post, an @-mention) is no part of the
/// denominator: it is counted beside it. No value without items about the brand.
MetricDefinition actionable_share() {
  return {.formula = "count(needs an answer, and in B) / count(B)",
          .source = "Cisco: triage",
          .misleading_when = "intents are recognised wrongly",
          .measure = measure_actionable,
          .reads = {Table::cube, Table::waits},
          .sentence = say,
          .evidence = {.posts = posts_of}};
}

}  // namespace earshot
