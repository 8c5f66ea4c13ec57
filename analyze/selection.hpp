#pragma once

#include <vector>

#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "analyze/views.hpp"

namespace earshot {

/// What is shown: views, and metrics that are in none of them.
struct Selection {
  std::vector<const View*> views;
  std::vector<const Metric*> others;
  std::vector<const Metric*> metrics;  // all of them, in the order of metrics.def
};

/// What a request asks for; without views and metrics all stages and all metrics. The name of a
/// model ("cisco") stands for all of its views. Error `usage` for an unknown name, with a
/// did-you-mean.
Result<Selection> select(const ReportRequest& request);

/// Error `config` where thresholds or objectives of the project name no metric.
Result<Done> check_metric_names(const Project& project);

}  // namespace earshot
