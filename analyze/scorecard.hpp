#pragma once

#include <functional>

#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "analyze/views.hpp"

namespace earshot {

/// The value of a metric, and the same as it is reported; both must be known already.
struct Measured {
  const MetricValue* value = nullptr;
  const ReportMetric* shown = nullptr;
};
using FindMeasured = std::function<Measured(const Metric&)>;

/// A view with its metrics; of a stage also its criteria, judged one by one, and the verdict: a
/// stage is evidenced only when all measurable criteria are met and at least `least_measurable`
/// are measurable.
ReportView make_view(const View& view, const Project& project, const FindMeasured& find);

}  // namespace earshot
