#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/source.hpp"
#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

// A post gathers likes and answers after it was read, and may be edited or deleted. Sources that
// can be asked for posts by their ids are asked again 1 hour, 6 hours, 1 day and 7 days after a
// post was made. Nothing is kept for each post: `SourceState::reread_to` says how far in time that
// is done.

/// What is due to be read again.
struct RereadPlan {
  std::vector<std::string>
      ids;       ///< Native ids. First those that were missing, then the longest due.
  Instant to{};  ///< With all of them, what is due until then is read.
};

/// The posts of a source that are due since `state.reread_to`, of those some `most`; and those that
/// were missing, if something asked for with them may be there: what is due, or a post that the
/// source was `seen` to have. Error: only the store's.
Result<RereadPlan> plan_reread(const PostStore& store, const SourceState& state, Instant now,
                               std::size_t most, bool seen);

/// Decides on `page.missing`. Who is missing for the second time, an hour or more after the first,
/// goes to `page.removed`; the others are remembered. As long as none of the posts asked for was
/// `found`, that says more of the service than of them, and counts for nothing.
void judge_missing(Page& page, SourceState& state, bool found, Instant now);

/// What a page brings, or says is deleted, is not missing.
void forget_missing(const Page& page, SourceState& state);

}  // namespace earshot
