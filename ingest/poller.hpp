#pragma once

#include <span>

#include "ingest/collect_job.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// Polls all these sources: `connections` hosts at a time, each host one request at a time. The
/// calling thread stores what comes in the order in which it comes: posts, cursor, validators,
/// health and one poll in one write. A host that answers 429, or 503 with a time to wait, is not
/// asked again by the other jobs; they are put off with it. Error: only the store's.
Result<Done> poll_sources(const CollectRun& run, std::span<CollectJob* const> jobs);

}  // namespace earshot
