#pragma once

#include "ingest/collect_job.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// Reads an archive to its end, from where a run that was stopped had left it, else from the start.
/// Each page is stored with the cursor behind it, while the next one is read. What came before an
/// error is stored; `job.outcome.error` has the error. An archive that was read to its end has no
/// cursor, so that it is read anew when asked for again. Error: only the store's.
Result<Done> read_archive(const CollectRun& run, CollectJob& job);

}  // namespace earshot
