#pragma once

#include <string>
#include <string_view>

#include "store/post.hpp"
#include "store/rocks/bytes.hpp"

namespace earshot::rocks {

// Post keys are 16 bytes: seconds since the epoch with the sign bit flipped, then the id hash, both
// big-endian.

inline constexpr std::size_t post_key_size = 16;
inline constexpr std::uint64_t sign_bit = 1ULL << 63;

inline std::uint64_t sortable(Instant at) {
  return static_cast<std::uint64_t>(to_unix(at)) ^ sign_bit;
}
inline Instant instant_of(std::uint64_t sortable) {
  return from_unix(static_cast<std::int64_t>(sortable ^ sign_bit));
}

inline std::string hash_key(std::uint64_t hash) {
  std::string key;
  append_big_endian(key, hash);
  return key;
}

inline std::string encode_key(const PostKey& post) {
  std::string key;
  key.reserve(post_key_size);
  append_big_endian(key, sortable(post.posted_at));
  append_big_endian(key, post.id);
  return key;
}

/// The least key of a post at that instant.
inline std::string first_key(Instant at) {
  return encode_key({at, 0});
}

/// In `waiting`, where the key of a block stands for posts in it: for one row.
inline std::string row_mark(std::string_view key) {
  return std::string{key}.append(1, 'r');
}

inline PostKey decode_key(std::string_view key) {
  return {instant_of(big_endian(key)), big_endian(key.substr(8))};
}

/// In `meta`, beside the format and the ledger, which sort around it.
inline constexpr std::string_view host_prefix = "host ";
inline std::string host_key(std::string_view host) {
  return std::string{host_prefix}.append(host);
}

/// In `meta`, behind the ledger: how many posts a source has brought.
inline constexpr std::string_view posts_prefix = "posts ";
inline std::string posts_key(std::string_view source) {
  return std::string{posts_prefix}.append(source);
}

/// Polls sort by source, then time.
inline std::string poll_key(std::string_view source, Instant at) {
  std::string key{source};
  key.push_back('\0');
  append_big_endian(key, sortable(at));
  return key;
}

}  // namespace earshot::rocks
