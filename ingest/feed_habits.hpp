#pragma once

#include <optional>

#include "ingest/feed_document.hpp"

namespace earshot {

/// What large publishers write into their entries that is nobody's words, put right; nothing where
/// an entry may stand as it is. They are known by their ids and addresses:
///
///   YouTube's channels     "yt:video:ID" is the video ID
///   WordPress's comments   the title ("Comment on ... by ...") is made up; they answer the post
///                          whose id stands before "#comment-"
///   Google News            the paper is the author; its name at the title's end goes, and the
///                          description, which is this headline again and those of others
///   Apple's reviews        ids are numbers, and no addresses below the page's own
///   Reddit                 ids are full names (t3_, t1_); "submitted by" and the titles of comments
///                          go; a comment's thread is that of its address
std::optional<FeedEntry> without_habits(const FeedEntry& entry);

}  // namespace earshot
