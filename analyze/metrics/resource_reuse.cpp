#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::string why_not(const Tallies& tallies) {
  if (tallies.links.empty()) return "nobody shared a link in the window";
  return "these sources don't name who shared the links, so people can't be counted";
}

MetricValue measure_reuse(const MetricInput& input) {
  std::uint64_t people = 0;
  std::uint64_t links = 0;
  std::uint64_t reused = 0;
  for (const auto& row : input.tallies.links) {
    if (row.authors == 0) continue;
    ++links;
    people += row.authors;
    if (row.authors > 1) ++reused;
  }
  const auto all = input.tallies.links.size();
  if (links == 0)
    return {.figure = not_measurable({}, Unit::people_per_link, why_not(input.tallies), all)};
  MetricValue value{.figure = mean_figure({}, Unit::people_per_link, people, links, all)};
  value.parts.push_back(
      share_figure("links shared by two or more", Unit::percent, reused, links, all));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& reused = *value.parts[0].ratio;
  return fmt::format("{} of {} links were shared by more than one person.", reused.numerator,
                     reused.denominator);
}

}  // namespace

/// Mean number of distinct known authors of the items that share a link, over all links shared in
/// the window; links are equal in their canonical form. n are links, used those with a known
/// author. Tallies don't know which posts share a link, so that there is no evidence. No value
/// without links.
MetricDefinition resource_reuse() {
  return {.formula = "sum over links of distinct authors / count(links shared by a known author)",
          .source = "ours",
          .misleading_when = "short or varied addresses lead to the same page",
          .measure = measure_reuse,
          .reads = {Table::links},
          .sentence = say};
}

}  // namespace earshot
