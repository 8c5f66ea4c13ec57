#pragma once

#include "analyze/metric.hpp"
#include "analyze/report.hpp"

namespace earshot {

/// What charts show of a window beside the metrics' own series: sentiment about the brand over
/// time, spikes, series breaks, when people talk, and the curve of waiting times where some metric
/// asks for the inbox.
ReportCharts make_charts(const MetricInput& input);

/// What the store must make for them in any case.
inline constexpr Tables chart_tables{Table::cube, Table::quarters};

}  // namespace earshot
