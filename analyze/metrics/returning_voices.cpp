#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyze/audience.hpp"

namespace earshot {

namespace {

std::set<std::uint64_t> brand_voices(const Tallies& tallies) {
  std::set<std::uint64_t> voices;
  for (const auto& row : tallies.authors)
    if (row.scope == brand_scope) voices.insert(row.author);
  return voices;
}

/// Of who recommended the brand in the window before: who did so again.
Figure returning_advocates(const Tallies& tallies) {
  const std::string name = "of those who recommended";
  const auto window = tallies.request.window();
  const auto previous = tallies.request.previous;
  if (previous.begin < window.end - stance_memory)
    return not_measurable(name, Unit::percent,
                          "who recommended is remembered for 365 days, and the two windows are "
                          "longer");
  std::set<std::uint64_t> before;
  std::set<std::uint64_t> now;
  for (const auto& row : tallies.history.stances) {
    if (row.stance != Stance::advocate) continue;
    if (find_voice(tallies.history, row.author) == nullptr) continue;
    if (previous.contains(row.key.posted_at)) before.insert(row.author);
    if (window.contains(row.key.posted_at)) now.insert(row.author);
  }
  if (before.empty())
    return not_measurable(name, Unit::percent, "nobody recommended the brand in the window before");
  const auto again =
      std::ranges::count_if(before, [&](std::uint64_t author) { return now.contains(author); });
  return share_figure(name, Unit::percent, static_cast<std::uint64_t>(again), before.size(),
                      before.size());
}

MetricValue measure_returning(const MetricInput& input) {
  if (auto why = why_no_window_before(input))
    return {.figure = not_measurable({}, Unit::percent, std::move(*why))};
  const auto& tallies = input.tallies;
  const auto now = brand_voices(tallies);
  std::uint64_t before = 0;
  std::uint64_t again = 0;
  for (const auto& voice : tallies.history.voices) {
    if (voice.brand_before == 0) continue;
    ++before;
    if (now.contains(voice.author)) ++again;
  }
  if (before == 0)
    return {.figure = not_measurable(
                {}, Unit::percent,
                tallies.history.voices.empty()
                    ? std::string{no_authors}
                    : "nobody whose name is known mentioned the brand in the window before")};
  MetricValue value{.figure = share_figure({}, Unit::percent, again, before, before)};
  value.parts.push_back(returning_advocates(tallies));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} people who spoke of you in the time before did so again.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 people who spoke of you in the time before, {} did so again.",
                     of_every_100(*figure.value));
}

}  // namespace

/// People with a post about the brand in the window before and an item about it in this one / all
/// people with one in the window before; handles left out. Beside it the same of recommendations.
/// Its rows are people of the window before, so that there are no posts as evidence. No value where
/// the store does not reach back over that window, or nobody is known from it.
MetricDefinition returning_voices() {
  return {.formula =
              "count(auth(B) in the window and in the one before) / count(auth(B) in the "
              "window before)",
          .source = "CHAOSS: inactive and returning contributors",
          .misleading_when = "the window is shorter than people's usual time between two posts",
          .measure = measure_returning,
          .reads = {Table::authors, Table::voices, Table::stances},
          .sentence = say};
}

}  // namespace earshot
