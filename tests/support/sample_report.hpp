#pragma once

#include "analyze/report.hpp"

namespace earshot::test {

/// A report made by hand that has a bit of everything a renderer can meet: gaps, spikes, breaks,
/// small samples, open intervals, tables, posts. Its numbers mean nothing.
Report sample_report();

}  // namespace earshot::test
