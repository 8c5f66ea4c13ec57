#pragma once

#include <string_view>
#include <vector>

#include "analyze/report.hpp"
#include "analyze/selection.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// Each figure of the selection once more for each slice, exact: a channel's and a topic's items
/// are counted alone (the twelve largest channels), an entity is the brand or a competitor seen as
/// if it were the brand, weeks are the local ones that touch the window, cut at its edges. One
/// table a view and one for metrics that are in none, a row a slice, a column a metric. Reads the
/// window once a slice. Errors: the store's.
Result<std::vector<ReportTable>> make_slices(const PostStore& store, const MetricInput& input,
                                             const Selection& selection, std::string_view by);

}  // namespace earshot
