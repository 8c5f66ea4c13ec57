#include <fmt/format.h>

#include "analyze/audience.hpp"
#include "analyze/declared.hpp"

namespace earshot {

namespace {

MetricValue measure_reach(const MetricInput& input) {
  const auto people = count_authors(input.tallies, brand_scope);
  const auto why_not = [&](std::string why) {
    return MetricValue{.figure = not_measurable({}, Unit::percent, std::move(why), people)};
  };
  if (auto why = why_not_of_part(input); !why.empty()) return why_not(std::move(why));
  if (!input.files.exposure) return why_not(no_file("exposure"));
  const auto views =
      sum_observed(input, *input.files.exposure, [](const ExposureRow& row) { return row.views; });
  if (whole(views.sum) == 0) return why_not(no_line("exposure", "views"));
  if (people == 0)
    return why_not(count_items(input.tallies, brand_scope) == 0
                       ? "nobody mentioned the brand in the window"
                       : "these sources don't name the authors, so people can't be counted");
  if (people > whole(views.sum))
    return why_not(
        "the exposure file counts fewer views than people spoke: does it hold all accounts?");
  MetricValue value{.figure = share_figure({}, Unit::percent, people, whole(views.sum), people)};
  value.figure.n_used = people;
  value.figure.interval.reset();
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("{} people spoke about you, on {} views of your posts.",
                     value.figure.ratio->numerator, value.figure.ratio->denominator);
}

Weight weigh(const FactView& fact, const Project&) {
  const bool counts = fact.fact.author != 0 && fact.in(brand_scope);
  return {counts, counts, counts};
}

}  // namespace

/// Distinct known authors of items about the brand / views in the window by the exposure file. A
/// view is no trial of a person, who may look often or not at all, so Wilson's interval would
/// promise too much and there is none; n is people. No value without the file, views or people.
MetricDefinition conversation_reach() {
  return {.formula = "distinct authors of items about the brand / views, by the exposure file",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010); Conclave",
          .misleading_when = "views are guessed, bought, or of some of the accounts only",
          .measure = measure_reach,
          .reads = {Table::cube, Table::audience},
          .sentence = say,
          .evidence = {.fact = weigh, .by_author = true}};
}

}  // namespace earshot
