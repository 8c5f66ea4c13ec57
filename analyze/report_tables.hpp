#pragma once

#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "store/post_store.hpp"

namespace earshot {

// Tables of a report that are no metrics.

/// "objectives": each objective with its target, what it is now, the gap, whether it is on track,
/// or that nothing measures it. Whether more or less is better: as the objective says, else as the
/// criterion of its metric, else more. On track: going on as from the window before (which takes a
/// comparison) it is reached by its date.
ReportTable objectives_table(const MetricInput& input);

/// What the store must make for the objectives.
Tables objectives_tables(const Project& project);

/// "accounts": the handles that the project declares for brand and competitors, seen in the window
/// or silent, and accounts that look like the brand's and are not declared.
ReportTable accounts_table(const MetricInput& input);

/// "pilots": each pilot's metric before it and during it with the change and its interval, and the
/// difference in differences against the competitors. Reads the windows of the pilots. Errors: the
/// store's.
///
/// Source of the second: the ratio of ratios of counts, with the interval of its logarithm
/// (Altman & Bland, "Interaction revisited", BMJ 2003).
Result<ReportTable> pilots_table(const PostStore& store, const MetricInput& input);

/// "methods": the Sources & Methods Transparency Table.
///
/// Source: Conclave, "Sources & Methods Transparency Table" (2013).
ReportTable methods_table(const MetricInput& input, const Report& report);

}  // namespace earshot
