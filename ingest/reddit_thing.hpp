#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json.hpp"
#include "store/base/time.hpp"
#include "store/post.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What posts of Reddit have in common, and how its submissions and comments become posts, whether
/// they come from its API or from a line of a dump. Ids are Reddit's full names: "t3_" and "t1_"
/// before the id, so that a comment finds the post that it answers.
///
/// Source: https://github.com/reddit-archive/reddit/wiki/JSON, and the schemas of Arctic Shift.
struct RedditVenue {
  std::string network;
  std::string channel;  ///< Empty: the subreddit's name.
  std::string source;
  bool filtered = false;
  bool escaped = false;  ///< Texts have `&amp;`, `&lt;` and `&gt;`, as all had without raw_json.

  /// Adds the post that a submission or comment is. What was deleted, by its author or by
  /// moderators, is put down as `removed`; what waits for moderators is neither. A score below
  /// zero, or one that is hidden yet, is unknown; so is who wrote what an account that is gone left
  /// behind. Quoted lines are left out. A crosspost under the same title is a repost. `observed_at`
  /// is when the counts were taken. A reason if the thing can't be read.
  std::optional<std::string> add(JsonValue thing, Instant observed_at, PostBatch& batch,
                                 std::vector<PostId>& removed) const;
};

/// "t3_abc" or "t1_abc" of a submission or comment, told apart by its members where it does not
/// say; empty if it is neither.
std::string reddit_name(JsonValue thing);

/// Seconds since 1970, which Reddit writes as 1456821458, 1456821458.0 or "1456821458".
std::optional<Instant> reddit_time(JsonValue value);

/// When the counts of a thing in a dump were taken: on the second visit, 36 hours after the first,
/// if there was one. The epoch if it does not say.
Instant reddit_seen_at(JsonValue thing);

}  // namespace earshot
