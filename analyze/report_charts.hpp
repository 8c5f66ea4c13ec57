#pragma once

#include "analyze/metric.hpp"
#include "analyze/report.hpp"

namespace earshot {

/// What charts show of a window beside the metrics' own series: sentiment about the brand over
/// time, spikes, series breaks, the curve of waiting times, and when people talk.
ReportCharts make_charts(const MetricInput& input);

/// What the store must make for them.
inline constexpr Tables chart_tables{Table::cube, Table::inbox, Table::quarters};

}  // namespace earshot
