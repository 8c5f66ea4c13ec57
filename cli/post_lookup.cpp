#include "cli/post_lookup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/id_list.hpp"

namespace earshot {

Result<Done> find_posts(const PostStore& store, std::span<const std::string> ids,
                        StoredBatch& out) {
  out.clear();
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  std::vector<std::uint64_t> wanted;
  for (const auto& id : ids)
    for (const auto& post : posts_shown_as(id))
      wanted.push_back(post_id_hash(post.network, post.native_id));
  std::ranges::sort(wanted);
  std::vector<PostKey> keys;
  const Window all{(**span).first, (**span).second + std::chrono::seconds{1}};
  const auto read = store.facts(all, [&](const FactBatch& batch) {
    for (const auto& fact : batch.facts)
      if (std::ranges::binary_search(wanted, fact.key.id)) keys.push_back(fact.key);
  });
  if (!read) return read;
  if (auto found = store.posts(keys, out); !found) return found;
  // A hash only says where to look.
  std::vector<std::string> sorted{ids.begin(), ids.end()};
  std::ranges::sort(sorted);
  std::erase_if(out.posts, [&](const StoredPost& stored) {
    return !std::ranges::binary_search(sorted, post_id(stored.post));
  });
  return Done{};
}

Result<Done> check_post_id(const std::string& id) {
  if (is_post_id(id)) return Done{};
  return Error{Error::Kind::usage,
               fmt::format("'{}' is not the id of a post, as in mastodon:123", id)};
}

Result<Done> find_post(const PostStore& store, const std::string& id, StoredBatch& out) {
  if (auto checked = check_post_id(id); !checked) return checked;
  if (auto found = find_posts(store, std::span{&id, 1}, out); !found) return found;
  if (out.posts.empty())
    return Error{Error::Kind::usage, fmt::format("no post '{}' is stored", id)};
  if (out.posts.size() > 1)
    return Error{Error::Kind::usage,
                 fmt::format("'{}' is the id of {} posts", id, out.posts.size())};
  return Done{};
}

}  // namespace earshot
