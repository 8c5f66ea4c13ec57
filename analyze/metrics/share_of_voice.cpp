#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

struct Voice {
  EntityIndex entity;
  std::uint64_t items = 0, engaged_items = 0, engagement = 0;
};

Voice voice_of(const Tallies& tallies, EntityIndex entity) {
  Voice voice{entity};
  const Scope scope{Scope::Kind::entity, entity};
  for (const auto& row : tallies.cube) {
    if (row.scope != scope || row.intent != any_intent) continue;
    voice.items += row.items;
    voice.engaged_items += row.engaged_items;
    voice.engagement += row.engagement;
  }
  return voice;
}

/// Likes, shares and replies of the brand's items among those of all. They come in bursts and are
/// no independent trials, so Wilson's interval would promise too much and there is none.
Figure by_engagement(const std::vector<Voice>& voices, std::uint64_t mentions) {
  std::uint64_t engaged = 0;
  std::uint64_t engagement = 0;
  for (const auto& voice : voices) {
    engaged += voice.engaged_items;
    engagement += voice.engagement;
  }
  const std::string name = "by engagement";
  if (engaged == 0)
    return not_measurable(name, Unit::percent, "no source says likes, shares or replies", mentions);
  if (engagement == 0)
    return not_measurable(name, Unit::percent, "nobody liked, shared or answered any of the posts",
                          mentions);
  Figure figure = share_figure(name, Unit::percent, voices.front().engagement, engagement, 0);
  figure.n_used = engaged;
  figure.n_eligible = mentions;
  figure.interval.reset();
  return figure;
}

MetricValue measure_voice(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto competitors = entities_of_kind(tallies.request, EntityKind::competitor);
  if (competitors.empty())
    return {.figure = not_measurable({}, Unit::percent,
                                     "no competitor is declared: add [[competitor]] to the config",
                                     count_items(tallies, brand_scope))};
  std::vector<Voice> voices{voice_of(tallies, brand_index)};
  for (const auto competitor : competitors) voices.push_back(voice_of(tallies, competitor));
  std::uint64_t mentions = 0;
  for (const auto& voice : voices) mentions += voice.items;
  if (mentions == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "nobody mentioned the brand or a competitor in the window")};

  MetricValue value{.figure =
                        share_figure({}, Unit::percent, voices.front().items, mentions, mentions)};
  value.parts.push_back(by_engagement(voices, mentions));
  for (const auto& voice : voices) {
    const auto& entity = tallies.request.entities[voice.entity];
    value.breakdown.push_back(
        {name_of(entity.kind),
         share_figure(entity.name, Unit::percent, voice.items, mentions, mentions)});
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} mentions of you or a competitor were of you.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 mentions of you or a competitor, {} were of you.",
                     of_every_100(*figure.value));
}

Weight weigh(const FactView& fact, const Project&) {
  Weight weight;
  for (std::size_t i = 0; i < fact.request.entities.size(); ++i) {
    if (fact.request.entities[i].kind > EntityKind::competitor) continue;
    const auto entity = static_cast<EntityIndex>(i);
    if (fact.in({Scope::Kind::entity, entity})) ++weight.eligible;
  }
  weight.used = weight.eligible;
  weight.counted = fact.in(brand_scope) ? 1 : 0;
  return weight;
}

}  // namespace

/// Mentions of the brand / mentions of brand and competitors; one item may count for several. No
/// value without competitors or mentions.
MetricDefinition share_of_voice() {
  return {.formula =
              "count(B) / (count(B) + sum over competitors of count(C)); by engagement: the "
              "same with likes + shares + replies; an item may count for several brands",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when =
              "the panel of competitors changed (then start a new series), or a name is ambiguous",
          .measure = measure_voice,
          .reads = {Table::cube},
          .sentence = say,
          .evidence = {.fact = weigh}};
}

}  // namespace earshot
