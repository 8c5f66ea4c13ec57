#pragma once

#include <string>
#include <vector>

#include "ingest/collect_job.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// Writes what polls bring. A page with posts is one durable write, together with its source's
/// state and poll. What has no posts (a 304, a failure, a remark) waits a moment, so that dozens of
/// sources share one.
class PollWriter {
 public:
  explicit PollWriter(const CollectRun& run) : run_{run} {}

  /// Writes a page now; with its poll, if it was the last of the job.
  Result<AppendOutcome> page(CollectJob& job, const Page& page, bool last);

  /// Writes a job's state soon, as it is then.
  Result<Done> state(CollectJob& job);

  /// The same, and the job's poll.
  Result<Done> poll(CollectJob& job, bool ok, bool overflow);

  /// Writes soon that a host is not to be asked before; nothing to remember, for the epoch.
  void host(HostState state) { hosts_.push_back(std::move(state)); }

  /// Writes all that waits.
  Result<Done> flush();

 private:
  Poll poll_of(const CollectJob& job, bool ok) const;

  const CollectRun& run_;
  std::vector<CollectJob*> states_;
  std::vector<Poll> polls_;
  std::vector<HostState> hosts_;
};

}  // namespace earshot
