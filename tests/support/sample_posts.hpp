#pragma once

#include <string_view>

#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

/// A plain post for tests: on network "net", channel "town", two hours after 2026-01-01 for "2".
inline Post sample_post(std::string_view id, std::string_view author, std::string_view text,
                        std::int64_t hour = 0) {
  Post post;
  post.network = "net";
  post.native_id = id;
  post.channel = "town";
  post.author_id = author;
  post.author_name = author;
  post.text = text;
  post.source = "test";
  post.posted_at = from_unix(1'767'225'600 + hour * 3600);
  return post;
}

/// Labels of generation `generation` for that very post, all else as default.
inline Labels sample_labels(const Post& post, std::uint64_t generation) {
  return {.content = content_hash(post), .generation = generation};
}

}  // namespace earshot
