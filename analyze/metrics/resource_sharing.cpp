#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

MetricValue measure_sharing(const MetricInput& input) {
  if (auto why = why_no_members(input))
    return {.figure = not_measurable({}, Unit::percent, std::move(*why))};
  const auto count = count_member_items(input.tallies);
  MetricValue value{.figure =
                        share_figure({}, Unit::percent, count.resources, count.items, count.items)};
  value.parts.push_back(count_figure("members", count.members));
  value.parts.back().unit = Unit::people;
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} posts by your regulars share a link or explain something.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 posts by your regulars, {} share a link or explain something.",
                     of_every_100(*figure.value));
}

}  // namespace

/// Items of the window by members that share a link or explain how something is done / all their
/// items. Members: authors, no handles, with posts on any topic in this window and in the one
/// before. Evidence would need what each author did before, so there is none. No value without
/// topics, members, or a history over the window before.
MetricDefinition resource_sharing() {
  return {.formula =
              "count(member items with a link or a how-to) / count(member items); members "
              "wrote on a topic in this window and in the one before",
          .source = "Wenger: practice",
          .misleading_when = "the links are spam",
          .measure = measure_sharing,
          .reads = {Table::cube, Table::authors, Table::voices},
          .sentence = say};
}

}  // namespace earshot
