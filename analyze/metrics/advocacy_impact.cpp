#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

bool is_advocacy(const TrafficRow& row) {
  return same_name(row.source, "advocacy");
}

MetricValue measure_impact(const MetricInput& input) {
  const auto why_not = [](std::string why, std::uint64_t visits = 0) {
    return MetricValue{.figure = not_measurable({}, Unit::percent, std::move(why), visits)};
  };
  if (auto why = why_not_of_part(input); !why.empty()) return why_not(std::move(why));
  if (!input.files.traffic) return why_not(no_file("traffic"));
  const auto sum_of = [&](auto amount) {
    return whole(sum_observed(input, *input.files.traffic, amount).sum);
  };
  const auto eligible =
      sum_of([](const TrafficRow& row) { return is_advocacy(row) ? row.visits : std::nullopt; });
  const auto visits = sum_of([](const TrafficRow& row) {
    return is_advocacy(row) && row.conversions ? row.visits : std::nullopt;
  });
  const auto conversions = sum_of([](const TrafficRow& row) {
    return is_advocacy(row) && row.visits ? row.conversions : std::nullopt;
  });
  if (visits == 0)
    return why_not(no_line("traffic", "visits and conversions of the source \"advocacy\""),
                   eligible);
  if (conversions > visits)
    return why_not(
        "the traffic file counts more conversions than visits of the source "
        "\"advocacy\": count each visit that converts once",
        eligible);
  return {.figure = share_figure({}, Unit::percent, conversions, visits, eligible)};
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (figure.small_sample)
    return fmt::format("{} of {} visits by advocates' links led to a sale or sign-up.",
                       figure.ratio->numerator, figure.ratio->denominator);
  return fmt::format("Of every 100 visits by advocates' links, {} led to a sale or sign-up.",
                     of_every_100(*figure.value));
}

}  // namespace

/// Conversions / visits of the traffic file's source "advocacy" in the window; n is visits, of
/// lines that say both. No value without the file or such visits.
MetricDefinition advocacy_impact() {
  return {.formula = "conversions / visits of the source \"advocacy\" in the traffic file",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when =
              "visits are attributed to advocates by a rule that is too generous, or "
              "too strict",
          .measure = measure_impact,
          .sentence = say,
          .needs_labels = false};
}

}  // namespace earshot
