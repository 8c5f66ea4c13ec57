#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr double day = 86'400;

/// Whole local days from the begin of one to an instant.
double days_between(Instant begin, Instant end, const Calendar& calendar) {
  const auto spans = calendar.day_edges({begin, end}).size() - 1;
  return static_cast<double>(calendar.is_midnight(end) ? spans : spans - 1);
}

struct Standing {
  std::optional<double> age;  ///< In days, of a pilot that runs and is not decided.
  std::string words;          ///< Else what became of it.
};

Standing standing_of(const Pilot& pilot, const MetricInput& input) {
  const auto now = input.observed_end();
  if (!pilot.decision.empty()) return {{}, "decided: " + pilot.decision};
  const auto from = input.calendar.day_begin(pilot.from);
  if (!from) return {{}, "its begin is no day"};
  if (*from >= now) return {{}, "begins on " + pilot.from};
  const auto to = input.calendar.day_begin(pilot.to);
  if (to && *to <= now) return {{}, fmt::format("ended on {}, no decision declared", pilot.to)};
  return {days_between(*from, now, input.calendar), {}};
}

MetricValue measure_age(const MetricInput& input) {
  const auto& pilots = input.project.pilots;
  if (pilots.empty())
    return {.figure = not_measurable({}, Unit::days,
                                     "no pilot is declared: add [[pilot]] to the config")};
  MetricValue value{.figure = {.unit = Unit::days, .value = 0, .n_eligible = pilots.size()}};
  std::uint64_t late = 0;
  for (const auto& pilot : pilots) {
    const auto standing = standing_of(pilot, input);
    Figure row{.name = pilot.name, .unit = Unit::days, .words = standing.words, .n_eligible = 1};
    if (standing.age) {
      row.value = *standing.age * day;
      row.n_used = 1;
      ++value.figure.n_used;
      if (*standing.age > pilot.limit_days) ++late;
      if (value.figure.n_used == 1 || *row.value > *value.figure.value) {
        value.figure.name = pilot.name;
        value.figure.value = row.value;
      }
    }
    value.breakdown.push_back({"pilot", std::move(row)});
  }
  if (value.figure.n_used == 0) value.figure.words = "no pilot is open";
  value.parts.push_back(count_figure("past their limit", late));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.n_used == 0) return "No pilot waits for a decision.";
  const auto late = value.parts[0].n_used;
  return fmt::format(
      "The pilot \"{}\" has run for {:.0f} days without a decision; {} of {} open "
      "pilots {} past the limit.",
      figure.name, *figure.value / day, late, figure.n_used, late == 1 ? "is" : "are");
}

}  // namespace

/// The age of the oldest pilot that has begun and has neither ended nor been decided at the end of
/// the window: whole local days since its begin. Parts: how many open pilots are past their own
/// limit. Pilots are declared, so that there are no posts behind it. 0 if none is open; no value if
/// none is declared.
MetricDefinition pilot_age() {
  return {.formula =
              "days since the begin of the oldest pilot without an end or a decision; past "
              "their limit: open pilots older than their limit_days",
          .source = "Altimeter, stage Planning: don't be stuck in pilots (2013)",
          .misleading_when = "the config is not kept up to date",
          .measure = measure_age,
          .sentence = say,
          .needs_labels = false,
          .census = true};
}

}  // namespace earshot
