#pragma once

#include <string>
#include <vector>

#include "analyze/report.hpp"

namespace earshot {

/// The at most five sentences most worth reading of those that the metrics have, in the order of
/// what an owner can act on: who waits, what goes unanswered, who speaks up, how much is said.
std::vector<std::string> choose_highlights(const std::vector<ReportMetric>& metrics);

}  // namespace earshot
