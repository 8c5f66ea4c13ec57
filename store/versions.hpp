#pragma once

#include <cstdint>

#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

// Which of two versions of a post stands. All engines decide by these, so that no order of arrival
// ever shows.

/// Names one version of a post's content.
struct ContentVersion {
  Instant edited_at{};
  std::uint64_t content = 0;  ///< `content_hash`.
};

/// True if `incoming` replaces `stored`: the later edit, else the larger hash.
bool content_wins(const ContentVersion& incoming, const ContentVersion& stored);

/// Both observations in one: the later, or on a tie the larger of each count.
Engagement merge_engagement(const Engagement& stored, const Engagement& incoming);

/// What `merge_post` changed.
struct PostChange {
  bool content = false;  ///< Newer content: labels for the old one no longer apply.
  bool counts = false;   ///< Newer counts.
  /// Provenance, edit time, an earlier first sight of an undated post, or that it was not found.
  bool other = false;

  bool any() const { return content || counts || other; }
};

/// Brings what `incoming` says into `stored`, the same post with content hash `content`. Afterwards
/// `stored` may hold views into the texts of both.
PostChange merge_post(Post& stored, std::uint64_t& content, const Post& incoming,
                      std::uint64_t incoming_content);

/// What stays of a post that is erased: nothing that says who wrote what, or where to find it.
Post anonymous(const Post& post);

/// Stands for the author of an erased post: tells nothing of the author, and is no other post's.
std::uint64_t author_token(const PostKey& key);

/// True if `incoming` may replace `stored`, both for the present content: labels given by hand
/// stay.
bool labels_win(const Labels& incoming, const Labels& stored);

}  // namespace earshot
