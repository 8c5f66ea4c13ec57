#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

/// Items of the most active tenth of the authors, rounded up, among those of all. Who they are is
/// picked by what is counted, so that Wilson's interval would promise too much and there is none.
Figure share_of_top(const std::vector<std::uint64_t>& sorted, std::uint64_t n_eligible) {
  const auto top = static_cast<std::ptrdiff_t>((sorted.size() + 9) / 10);
  const auto all = std::accumulate(sorted.begin(), sorted.end(), std::uint64_t{0});
  const auto most = std::accumulate(sorted.end() - top, sorted.end(), std::uint64_t{0});
  auto figure =
      share_figure("posts of the top tenth of people", Unit::percent, most, all, n_eligible);
  figure.interval.reset();
  return figure;
}

MetricValue measure_concentration(const MetricInput& input) {
  std::vector<std::uint64_t> items;
  for (const auto& row : audience_of(input.tallies, listening_scope))
    items.insert(items.end(), row.authors, row.items);
  const auto all = count_items(input.tallies, listening_scope);
  if (items.size() < 2) {
    std::string why = "only one person wrote about what is listened to";
    if (items.empty())
      why = all == 0 ? "no post is about the brand, a competitor or a topic in the window"
                     : std::string{no_authors};
    return {.figure = not_measurable({}, Unit::share, why, items.size())};
  }
  MetricValue value{.figure = {.unit = Unit::share,
                               .value = gini_coefficient(items),
                               .n_used = items.size(),
                               .n_eligible = items.size()}};
  value.parts.push_back(share_of_top(items, all));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& top = value.parts[0];
  if (top.small_sample)
    return fmt::format("The most active tenth of the people wrote {} of {} posts.",
                       top.ratio->numerator, top.ratio->denominator);
  return fmt::format("The most active tenth of the people wrote {} of every 100 posts.",
                     of_every_100(*top.value));
}

Weight weigh(const FactView& fact, const Project&) {
  const bool voice = fact.fact.author != 0 && fact.in(listening_scope);
  return {voice, voice, voice};
}

}  // namespace

/// Gini's coefficient of items per author over the items that are listened to, 0 to 1; n are
/// people. Top tenth: items of the most active tenth of the people (rounded up) / items by known
/// authors. No value for fewer than two people.
MetricDefinition voice_concentration() {
  return {.formula =
              "Gini coefficient of items per author over K; items of the most active 10 % of "
              "authors (rounded up) / items of all known authors",
          .source = "Nielsen: participation inequality; Gini (1912)",
          .misleading_when = "there are few people; who only reads is not seen at all",
          .measure = measure_concentration,
          .reads = {Table::cube, Table::audience},
          .sentence = say,
          .evidence = {.fact = weigh, .by_author = true}};
}

}  // namespace earshot
