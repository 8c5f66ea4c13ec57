#include "store/post.hpp"

#include "store/base/hash.hpp"

namespace earshot {

std::uint64_t post_id_hash(std::string_view network, std::string_view native_id) {
  const auto hash = hash_pair(network, native_id);
  return hash == 0 ? 1 : hash;
}

std::uint64_t author_hash(const Post& post) {
  const auto author = post.author_id.empty() ? post.author_name : post.author_id;
  return author.empty() ? 0 : post_id_hash(post.network, author);
}

std::uint64_t parent_of(const Post& post) {
  return post.parent_id.empty() ? 0 : post_id_hash(post.network, post.parent_id);
}

std::uint64_t root_of(const Post& post) {
  return post.root_id.empty() ? 0 : post_id_hash(post.network, post.root_id);
}

std::uint64_t content_hash(const Post& post) {
  std::uint64_t hash = post.repost ? 1 : 0;
  for (const auto part : {post.text, post.author_id, post.author_name, post.channel, post.parent_id,
                          post.root_id, post.lang, post.url, post.place})
    hash = hash_bytes(part, hash + part.size());
  const std::uint64_t time = post.dated ? static_cast<std::uint64_t>(to_unix(post.posted_at)) : 0;
  return hash_bytes({reinterpret_cast<const char*>(&time), sizeof time}, hash);
}

std::string post_id(const Post& post) {
  std::string id;
  id.reserve(post.network.size() + 1 + post.native_id.size());
  id.append(post.network).append(":").append(post.native_id);
  return id;
}

}  // namespace earshot
