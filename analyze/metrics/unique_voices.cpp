#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

struct Voices {
  std::uint64_t authors = 0;
  std::uint64_t items = 0;  ///< Of authors that are known.
};

Voices voices_of(const Tallies& tallies, Scope scope) {
  Voices voices;
  for (const auto& row : audience_of(tallies, scope)) {
    voices.authors += row.authors;
    voices.items += row.authors * row.items;
  }
  return voices;
}

/// Distinct authors in one scope, from those of its items whose author is known.
Figure people_figure(std::string name, const Voices& voices, std::uint64_t items) {
  if (voices.items == 0 && items > 0)
    return not_measurable(std::move(name), Unit::people, std::string{no_authors}, items);
  return {.name = std::move(name),
          .unit = Unit::people,
          .value = static_cast<double>(voices.authors),
          .n_used = voices.items,
          .n_eligible = items};
}

MetricValue measure_voices(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto voices = voices_of(tallies, listening_scope);
  const auto items = count_items(tallies, listening_scope);
  MetricValue value{.figure = people_figure({}, voices, items)};
  if (!value.figure.value) return value;
  value.parts.push_back(
      mean_figure("posts each", Unit::ratio, voices.items, voices.authors, voices.authors));
  if (voices.authors == 0)
    value.parts.back().not_measurable = "nobody wrote about what is listened to";
  const auto& entities = tallies.request.entities;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    if (!is_listened_to(entities[i].kind)) continue;
    const Scope scope{Scope::Kind::entity, static_cast<EntityIndex>(i)};
    value.breakdown.push_back(
        {name_of(entities[i].kind),
         people_figure(entities[i].name, voices_of(tallies, scope), count_items(tallies, scope))});
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto people = static_cast<std::uint64_t>(*value.figure.value);
  return fmt::format("{} {} about you, a competitor or one of your topics.", people,
                     people == 1 ? "person wrote" : "people wrote");
}

Weight weigh(const FactView& fact, const Project&) {
  if (!fact.in(listening_scope)) return {};
  const bool named = fact.fact.author != 0;
  return {1, named, named};
}

}  // namespace

/// Distinct authors of the items that are listened to; n are items, used those that name their
/// author. Posts each: items by known authors / authors. A real 0 without items; no value where no
/// item names its author.
MetricDefinition unique_voices() {
  return {.formula =
              "count(distinct authors of K), K the items about brand, competitors or topics; posts "
              "each: items by known authors / authors",
          .source = "Sprout: unique authors",
          .misleading_when =
              "one person has several accounts, several share one, or machines write the posts",
          .measure = measure_voices,
          .reads = {Table::cube, Table::audience},
          .sentence = say,
          .evidence = {.fact = weigh},
          .census = true};
}

}  // namespace earshot
