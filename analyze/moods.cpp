#include "analyze/moods.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

namespace {

/// Whether all labels of the window are of that generation.
bool is_made_by(const Tallies& tallies, std::uint64_t generation) {
  return std::ranges::all_of(tallies.labels.generations,
                             [&](const auto& row) { return row.first == generation; });
}

Figure corrected_figure(Figure figure, const Estimate& estimate) {
  figure.value = estimate.value;
  figure.interval = estimate.interval;
  figure.ratio.reset();
  return figure;
}

}  // namespace

void Moods::add(Sentiment sentiment, std::uint64_t items) {
  if (sentiment == Sentiment::unsupported)
    unsupported += items;
  else
    judged[place_of(sentiment)] += items;
}

Moods count_moods(const Tallies& tallies, Scope scope) {
  Moods counts;
  for (const auto& row : tallies.cube)
    if (row.scope == scope && row.intent == any_intent) counts.add(row.sentiment, row.items);
  return counts;
}

std::optional<CorrectedShares> correct_moods(const MetricInput& input, const Moods& counts) {
  if (input.correction == nullptr || sum_of(counts.judged) < input.project.minimum_n) return {};
  const auto generation = input.correction->audit().frame.generation;
  if (!is_made_by(input.tallies, generation)) return {};
  if (input.other != nullptr && !is_made_by(*input.other, generation)) return {};
  return input.correction->correct(counts.judged);
}

Figure mood_figure(std::string name, Sentiment sentiment, const Moods& counts,
                   const std::optional<CorrectedShares>& corrected) {
  const auto place = place_of(sentiment);
  auto figure = share_figure(std::move(name), Unit::percent, counts.judged[place],
                             sum_of(counts.judged), counts.all());
  return corrected ? corrected_figure(std::move(figure), corrected->share[place]) : figure;
}

Figure net_mood_figure(std::string name, const Moods& counts,
                       const std::optional<CorrectedShares>& corrected) {
  const auto& judged = counts.judged;
  auto figure = net_figure(std::move(name), judged[2], judged[0], sum_of(judged), counts.all());
  return corrected ? corrected_figure(std::move(figure), corrected->net) : figure;
}

Figure polar_mood_figure(std::string name, const Moods& counts,
                         const std::optional<CorrectedShares>& corrected) {
  const auto& judged = counts.judged;
  const auto sides = judged[0] + judged[2];
  auto figure = net_figure(std::move(name), judged[2], judged[0], sides, counts.all());
  if (sides == 0) figure.not_measurable = "no post about the brand takes a side";
  if (!corrected || !corrected->polar || sides == 0) return figure;
  return corrected_figure(std::move(figure), *corrected->polar);
}

}  // namespace earshot
