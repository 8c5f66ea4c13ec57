#include <algorithm>
#include <map>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr Scope listening{Scope::Kind::listening};

std::vector<SeriesPoint> series_of(const Tallies& tallies) {
  const auto& edges = tallies.request.edges;
  std::vector<SeriesPoint> series;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) series.push_back({edges[i], 0});
  for (const auto& row : tallies.cube)
    if (row.scope == listening && row.intent == any_intent) *series[row.bucket].items += row.items;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Window bucket{edges[i], std::min(edges[i + 1], tallies.request.now)};
    if (edges[i] >= tallies.request.now ||
        (series[i].items == 0 && collected_nothing(tallies, bucket)))
      series[i].items.reset();
  }
  return series;
}

MetricValue measure_volume(const MetricInput& input) {
  const auto& tallies = input.tallies;
  MetricValue value{.figure = count_figure({}, count_items(tallies, listening))};
  const auto& entities = tallies.request.entities;
  const auto mentions = count_items(tallies, [&](const CubeRow& row) {
    return row.scope.kind == Scope::Kind::entity && is_listened_to(entities[row.scope.entity].kind);
  });
  value.parts.push_back(count_figure("mentions", mentions));

  std::map<std::uint64_t, std::uint64_t> by_channel;
  for (const auto& row : tallies.cube)
    if (row.scope == listening && row.intent == any_intent) by_channel[row.channel] += row.items;
  for_each_channel(tallies, by_channel, [&](std::string name, std::uint64_t items) {
    value.breakdown.push_back({"channel", count_figure(std::move(name), items)});
  });
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const auto& entity = entities[i];
    if (!is_listened_to(entity.kind)) continue;
    value.breakdown.push_back(
        {name_of(entity.kind),
         count_figure(entity.name,
                      count_items(tallies, {Scope::Kind::entity, static_cast<EntityIndex>(i)}))});
  }
  value.series = series_of(tallies);
  return value;
}

std::string say(const MetricValue& value) {
  const auto posts = value.figure.n_used;
  return std::to_string(posts) + (posts == 1 ? " post was" : " posts were") +
         " about you, a competitor or one of your topics.";
}

Weight weigh(const FactView& fact, const Project&) {
  const bool heard = fact.in(listening);
  return {heard, heard, heard};
}

}  // namespace

/// Items that match at least one query of the config, near-duplicates once a day; of nobody about
/// himself. Mentions count an item once for each entity in it.
MetricDefinition listening_volume() {
  return {.formula =
              "count(K), K the items in the scope of brand, a competitor or a topic; "
              "mentions count each entity of an item",
          .source = "HubSpot glossary; Conclave social media standards 2013 (items and mentions)",
          .misleading_when = "a query or the list of sources changed, or a source was down",
          .measure = measure_volume,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
