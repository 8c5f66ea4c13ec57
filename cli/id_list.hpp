#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// True if `id` can be that of a post: "NETWORK:ID", neither of them empty.
bool is_post_id(std::string_view id);

/// The posts that are shown as `id` by `post_id`: one a colon with something on both sides, as
/// networks ("feed:town.example/rss") and native ids ("https://town.example/1") may both have some.
/// Views into `id`.
std::vector<PostId> posts_shown_as(std::string_view id);

/// Reads a list of ids, one a line; blank lines are skipped. Error `usage`, with `file` and line:
/// what is no id.
Result<std::vector<std::string>> parse_id_list(std::string_view bytes, std::string_view file);

}  // namespace earshot
