#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

MetricValue measure_advocacy(const MetricInput& input) {
  std::uint64_t advocates = 0;
  std::uint64_t detractors = 0;
  std::uint64_t with_stance = 0;
  std::uint64_t authors = 0;
  for (const auto& row : audience_of(input.tallies, brand_scope)) {
    authors += row.authors;
    if (row.recommends) advocates += row.authors;
    if (row.warns) detractors += row.authors;
    if (row.recommends || row.warns) with_stance += row.authors;
  }
  if (authors == 0)
    return {.figure = not_measurable(
                {}, Unit::points,
                count_items(input.tallies, brand_scope) == 0
                    ? "nobody mentioned the brand in the window"
                    : "these sources don't name the authors, so people can't be counted")};
  if (with_stance == 0)
    return {.figure = not_measurable({}, Unit::points,
                                     "nobody recommended the brand or warned of it in the window",
                                     authors)};
  // Who did both is in neither: one up and one down.
  const auto both = advocates + detractors - with_stance;
  MetricValue value{.figure =
                        net_figure({}, advocates - both, detractors - both, with_stance, authors)};
  value.parts = {count_figure("recommend", advocates), count_figure("warn", detractors)};
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("{} of {} people recommended you, {} warned others.", value.parts[0].n_used,
                     value.figure.n_eligible, value.parts[1].n_used);
}

Weight weigh(const FactView& fact, const Project&) {
  if (fact.fact.author == 0 || !fact.in(brand_scope)) return {};
  const auto stance = fact.about(brand_index)->stance;
  const bool counts =
      stance == Stance::detractor || (stance == Stance::advocate && !fact.fact.affiliate);
  return {1, counts, counts ? static_cast<std::int64_t>(stance) : 0};
}

}  // namespace

/// (authors who recommend the brand - authors who warn of it) / authors who do either, -100 to 100;
/// distinct authors of items about the brand, affiliates never advocates. Not a Net Promoter Score,
/// for nobody was asked. No value if nobody takes a stand.
MetricDefinition net_advocacy() {
  return {.formula =
              "(distinct authors with an advocate item - distinct authors with a detractor "
              "item) / distinct authors with either, over B; affiliates left out",
          .source = "ours, after Conclave's definition of advocacy; by author",
          .misleading_when = "it is taken for a survey, or few people take a stand",
          .measure = measure_advocacy,
          .reads = {Table::cube, Table::audience},
          .sentence = say,
          .evidence = {.fact = weigh, .by_author = true}};
}

}  // namespace earshot
