#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/post_store.hpp"

namespace earshot {

/// The stored posts that are shown as one of `ids` (`post_id`), oldest first; ids that are not
/// stored, or whose posts are erased, are left out. Walks over the facts of the whole store, which
/// reads no text but that of the posts found. Errors are the store's.
Result<Done> find_posts(const PostStore& store, std::span<const std::string> ids, StoredBatch& out);

/// The one post that is shown as `id`: it is alone in `out` afterwards. Errors: `usage`, what is no
/// id, is not stored, or names several posts; the store's.
Result<Done> find_post(const PostStore& store, const std::string& id, StoredBatch& out);

/// What `find_post` says of a text that can't be an id, before a store is opened.
Result<Done> check_post_id(const std::string& id);

}  // namespace earshot
