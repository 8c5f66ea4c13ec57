#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

constexpr double lowest = 1, highest = 5;  // of a score
constexpr double satisfied_from = 4;

struct Answers {
  std::uint64_t satisfied = 0, usable = 0, all = 0;

  Figure figure(std::string name) const {
    return share_figure(std::move(name), Unit::percent, satisfied, usable, all);
  }
};

Answers surveyed(const MetricInput& input) {
  Answers answers;
  if (!input.files.survey) return answers;
  for (const auto& row : *input.files.survey) {
    if (!same_name(row.kind, "satisfaction") || !is_observed(input, row.day)) continue;
    ++answers.all;
    if (!row.score || *row.score < lowest || *row.score > highest) continue;
    ++answers.usable;
    if (*row.score >= satisfied_from) ++answers.satisfied;
  }
  return answers;
}

/// Cases that were resolved in the window; those without an end count by their begin.
Answers of_cases(const MetricInput& input) {
  Answers answers;
  if (!input.files.cases) return answers;
  for (const auto& row : *input.files.cases) {
    const auto at = row.resolved ? row.resolved : row.opened;
    if (!at || !is_observed(input, *at)) continue;
    ++answers.all;
    if (!row.satisfied) continue;
    ++answers.usable;
    if (*row.satisfied) ++answers.satisfied;
  }
  return answers;
}

MetricValue measure_satisfaction(const MetricInput& input) {
  if (auto why = why_not_of_part(input); !why.empty())
    return {.figure = not_measurable({}, Unit::percent, std::move(why))};
  const auto survey = surveyed(input);
  const auto cases = of_cases(input);
  if (survey.usable > 0) {
    MetricValue value{.figure = survey.figure("survey")};
    if (cases.usable > 0) value.parts.push_back(cases.figure("service cases"));
    return value;
  }
  if (cases.usable > 0) return {.figure = cases.figure("service cases")};
  std::string why = "no survey and no cases file: name one under [files]";
  if (input.files.survey)
    why = no_line("survey", "a satisfaction score from 1 to 5");
  else if (input.files.cases)
    why = no_line("cases", "whether the customer was satisfied");
  return {.figure = not_measurable({}, Unit::percent, std::move(why), survey.all + cases.all)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  const auto* of_whom =
      figure.name == "survey" ? "people who answered your survey" : "customers of service cases";
  if (figure.small_sample)
    return fmt::format("{} of {} {} were satisfied.", figure.ratio->numerator,
                       figure.ratio->denominator, of_whom);
  return fmt::format("Of every 100 {}, {} were satisfied.", of_whom, of_every_100(*figure.value));
}

}  // namespace

/// Answers of 4 or 5 / answers from 1 to 5, of the kind "satisfaction" in the survey file on days
/// of the window. Without any: satisfied / all cases that say so, by the day on which they were
/// resolved, else opened. No value without either; others than 1 to 5 are eligible and not used.
MetricDefinition satisfaction_score() {
  return {.formula =
              "satisfied answers (4 or 5) / answers from 1 to 5, of the kind "
              "\"satisfaction\" in the survey file; without any, satisfied / cases that "
              "say so",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when = "only the pleased or the angry answer, or the scale is not 1 to 5",
          .measure = measure_satisfaction,
          .sentence = say,
          .needs_labels = false};
}

}  // namespace earshot
