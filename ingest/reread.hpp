#pragma once

#include <cstddef>
#include <span>

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
  PostBatch posts;  ///< As `to_reread`. First those that were missing, then the longest due.
  Instant to{};     ///< With all of them, what is due until then is read.
};

/// A post as a source is to see it that reads it again: who said what is for the answer to tell.
Post to_reread(Post post);

/// The posts of a source that are due since `state.reread_to`, of those some `most`; and those that
/// were missing, if something asked for with them may be there: what is due, or a post that the
/// source was `seen` to have. Who is not stored any more is not missing. Error: only the store's.
Result<RereadPlan> plan_reread(const PostStore& store, const Source& source, SourceState& state,
                               Instant now, std::size_t most, bool seen);

/// Decides on posts that are `missing` though others were found. Who is so for the first time is
/// remembered and goes, hidden, to `page.posts`; for the second time, an hour or more later, to
/// `page.removed`. Error: only the store's.
Result<Done> judge_missing(const PostStore& store, Page& page, std::span<const Post> missing,
                           SourceState& state, Instant now);

/// What a page brings and does not hide, or says is deleted, is not missing.
void forget_missing(const Page& page, SourceState& state);

}  // namespace earshot
