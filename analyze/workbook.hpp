#pragma once

#include <vector>

#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// The planning workbook, page by page: topics, questions that nobody answered, where and when
/// people talk, what competitors do, and the hours a day that each channel would take. What to know
/// before a channel is opened. Errors: the store's.
Result<std::vector<ReportTable>> make_workbook(const PostStore& store, const MetricInput& input);

/// What the store must make for it.
Tables workbook_tables(const Project& project);

}  // namespace earshot
