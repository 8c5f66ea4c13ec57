#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/text_arena.hpp"
#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"
#include "store/rocks/columns.hpp"

namespace earshot::rocks {

/// A post on its way into a block. Posts and labels are someone else's.
struct PlacedPost {
  PostKey key;
  const Post* post = nullptr;
  const Labels* labels = nullptr;  ///< Null while the post waits for labels.
  bool named = false;              ///< Known to have the hash of its id in its key.
};

/// The two sections of posts in the order of their keys, at most `most_in_block`: what reports
/// read, and the texts.
void encode_heads(std::span<const PlacedPost> posts, std::string& out);
void encode_texts(std::span<const PlacedPost> posts, std::string& out);

/// A block of posts read back. All views live as long as it does, and until it is read again.
class PostBlock {
 public:
  PostBlock() = default;
  PostBlock(const PostBlock&) = delete;  // its views point into it
  PostBlock& operator=(const PostBlock&) = delete;

  /// False if the bytes are no such section; then the block is empty.
  bool read_heads(std::string_view bytes);
  /// After the heads.
  bool read_texts(std::string_view bytes);

  void clear() { keys_.clear(); }

  std::size_t size() const { return keys_.size(); }
  const std::vector<PostKey>& keys() const { return keys_; }

  /// The post of that row; without its text and url unless the texts were read.
  Post post(std::size_t row) const;
  bool hidden(std::size_t row) const { return missing_[row] > observed_[row]; }
  /// Its fact, not labelled.
  Fact fact(std::size_t row) const;

 private:
  bool read_keys(ColumnReader& from);
  void hash_columns();
  Count count(const std::vector<std::uint64_t>& column, std::size_t row) const;

  std::string heads_, texts_;  // decompressed
  TextArena arena_;
  std::vector<PostKey> keys_;
  Dictionary networks_, channels_, authors_, names_, langs_, places_, sources_;
  std::vector<std::string_view> ids_, parents_, roots_;
  std::vector<std::uint64_t> flags_, likes_, shares_, replies_, followers_;
  std::vector<std::int64_t> edited_, observed_, missing_;
  std::vector<std::string_view> text_, url_;
  std::vector<std::uint64_t> channel_hashes_, network_hashes_;  // by number in the dictionary
  std::vector<std::uint64_t> authors_of_rows_, parent_hashes_, root_hashes_;
};

}  // namespace earshot::rocks
