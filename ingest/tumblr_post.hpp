#pragma once

#include <optional>
#include <string>

#include "ingest/json.hpp"
#include "store/base/time.hpp"
#include "store/post.hpp"

namespace earshot {

/// What posts of Tumblr have in common, and how they are read. A reblog without a word or tag
/// is a repost of the words of its trail; one with them is an answer to the post that it reblogs.
/// Tags are words too: they are the last line, "#late #green basket". Notes (likes, reblogs and
/// replies in one number) count as likes.
///
/// Source: https://github.com/tumblr/docs, api.md and npf-spec.md
struct TumblrVenue {
  std::string network;
  std::string channel;  ///< Empty: the name of the blog.
  std::string source;
  bool filtered = false;

  /// Adds a post. A reason if it can't be read.
  std::optional<std::string> add(JsonValue post, Instant now, PostBatch& batch) const;
};

/// When a post was made; nothing if it does not say.
std::optional<Instant> tumblr_time(JsonValue post);

}  // namespace earshot
