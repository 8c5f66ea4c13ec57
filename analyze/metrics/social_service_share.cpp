#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

MetricValue measure_share(const MetricInput& input) {
  if (auto why = why_not_of_part(input); !why.empty())
    return {.figure = not_measurable({}, Unit::percent, std::move(why))};
  if (!input.files.cases) return {.figure = not_measurable({}, Unit::percent, no_file("cases"))};
  std::uint64_t undated = 0;
  std::uint64_t cases = 0;
  std::uint64_t social = 0;
  for (const auto& row : *input.files.cases) {
    if (!row.opened) {
      ++undated;
      continue;
    }
    if (!is_observed(input, *row.opened)) continue;
    ++cases;
    if (!row.post_url.empty()) ++social;
  }
  if (cases == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "the cases file has no case that was opened in the window",
                                     undated)};
  return {.figure = share_figure({}, Unit::percent, social, cases, cases + undated)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} service cases began with a public post.", figure.ratio->numerator,
                       figure.ratio->denominator);
  return fmt::format("Of every 100 service cases, {} began with a public post.",
                     of_every_100(*figure.value));
}

}  // namespace

/// Cases with the address of a post / all cases, of those opened in the window. Cases that don't
/// say when they were opened are eligible and not used. No value without the file or such cases.
MetricDefinition social_service_share() {
  return {.formula = "cases with a post / all cases, opened in the window, by the cases file",
          .source = "ours, for Altimeter's stage Converged",
          .misleading_when =
              "people changed channels, or cases of other channels are not all in "
              "the file",
          .measure = measure_share,
          .sentence = say,
          .needs_labels = false};
}

}  // namespace earshot
