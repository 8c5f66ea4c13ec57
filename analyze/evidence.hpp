#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyze/metric.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// The posts behind one metric, oldest first, and what their weights add up to: the same numbers as
/// those of its value.
struct Evidence {
  std::vector<PostKey> counted;  ///< In the number; at most `limit`.
  std::vector<PostKey> others;   ///< Eligible, and not in it; at most `limit`.
  std::uint64_t counted_total = 0;
  std::uint64_t others_total = 0;
  std::uint64_t eligible = 0;  ///< Equals `Figure::n_eligible`.
  std::uint64_t used = 0;      ///< Equals `Figure::n_used`.
  std::int64_t sum = 0;        ///< Equals the numerator, or n_used where there is none.

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// Evidence for each of `wanted`, in the same order. Metrics that count facts cost one pass over
/// those of the window. Errors: the store's.
Result<std::vector<Evidence>> collect_evidence(const PostStore& store, const MetricInput& input,
                                               std::span<const Metric* const> wanted,
                                               std::size_t limit);

}  // namespace earshot
