#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

std::string why_not(const MetricInput& input) {
  if (count_items(input.tallies, brand_scope) == 0)
    return "nobody mentioned the brand in the window";
  return std::string{no_authors};
}

MetricValue measure_new(const MetricInput& input) {
  const auto& history = input.tallies.history;
  const auto begin = input.tallies.request.window().begin;
  std::uint64_t people = 0;
  std::uint64_t newcomers = 0;
  for (const auto& row : input.tallies.authors) {
    if (row.scope != brand_scope) continue;
    const auto* voice = find_voice(history, row.author);
    if (voice == nullptr) continue;  // a competitor's handle
    ++people;
    if (!voice->heard_before) ++newcomers;
  }
  if (people == 0) return {.figure = not_measurable({}, Unit::percent, why_not(input))};
  if (!history.begin || *history.begin >= begin)
    return {.figure = not_measurable({}, Unit::percent,
                                     "the store has nothing from before the window, so nobody can "
                                     "have been seen before",
                                     people)};
  MetricValue value{.figure = share_figure({}, Unit::percent, newcomers, people, people)};
  value.parts.push_back({.name = "history before the window",
                         .unit = Unit::days,
                         .value = static_cast<double>((begin - *history.begin).count()),
                         .n_used = people,
                         .n_eligible = people});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  const auto known = format_duration(*value.parts[0].value);
  if (figure.small_sample)
    return fmt::format("{} of {} people who spoke of you had not been heard in the {} before.",
                       figure.ratio->numerator, figure.ratio->denominator, known);
  return fmt::format(
      "Of every 100 people who spoke of you, {} had not been heard in the {} before.",
      of_every_100(*figure.value), known);
}

}  // namespace

/// People with an item about the brand of whom the store has no post from before the window / all
/// people with one; handles left out. The length of the history stands beside it. Its rows are
/// people and their past, so that there are no posts as evidence. No value without people, or if
/// the store has nothing from before the window.
MetricDefinition new_voices() {
  return {.formula = "count(auth(B) never seen before the window) / count(auth(B))",
          .source = "CHAOSS: new contributors",
          .misleading_when = "the history is short: then everybody seems to be new",
          .measure = measure_new,
          .reads = {Table::cube, Table::authors, Table::voices},
          .sentence = say};
}

}  // namespace earshot
