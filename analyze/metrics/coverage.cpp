#include "analyze/metric.hpp"

namespace earshot {

namespace {

MetricValue measure_coverage(const MetricInput& input) {
  MetricValue value;
  std::uint64_t scheduled = 0;
  std::uint64_t covered = 0;
  for (const auto& source : input.tallies.coverage) {
    if (!source.scheduled) {
      value.breakdown.push_back(
          {"source", not_measurable(source.source, Unit::percent, "n/a (archive)")});
      continue;
    }
    scheduled += source.scheduled_hours;
    covered += source.covered_hours;
    auto row = share_figure(source.source, Unit::percent, source.covered_hours,
                            source.scheduled_hours, source.scheduled_hours);
    if (source.scheduled_hours == 0) row.not_measurable = "not polled in the window";
    value.breakdown.push_back({"source", row});
  }
  value.figure = share_figure({}, Unit::percent, covered, scheduled, scheduled);
  if (scheduled == 0)
    value.figure.not_measurable = value.breakdown.empty()
                                      ? "no source has brought anything yet: run earshot ingest"
                                      : "no source was polled on a schedule in the window; "
                                        "archives have none, so that theirs "
                                        "is n/a";
  return value;
}

}  // namespace

/// Hours with a successful poll and without overflow / hours scheduled, over all sources that have
/// a schedule. No value if none has.
MetricDefinition coverage() {
  return {.formula =
              "hours with a successful poll and no overflow / scheduled hours, per source "
              "and in all",
          .source = "DMI-TCAT issue 150; ours",
          .misleading_when = "a feed is shorter than the time between two polls of it (overflow)",
          .measure = measure_coverage,
          .needs_labels = false,
          .census = true};
}

}  // namespace earshot
