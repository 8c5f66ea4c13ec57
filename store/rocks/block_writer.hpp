#pragma once

#include <rocksdb/write_batch.h>

#include <functional>
#include <span>
#include <vector>

#include "store/rocks/database.hpp"
#include "store/rocks/post_block.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

/// Fewer posts than this, close together, are rows; more are a block.
inline constexpr std::size_t least_block = 256;

/// Puts posts into blocks, as part of one write.
class BlockWriter {
 public:
  BlockWriter(const Database& database, rocksdb::WriteBatch& writes)
      : database_{database}, writes_{writes} {}

  /// Cuts posts, in the order of their keys, into blocks. No block may hold a post between them.
  void put(std::span<const PlacedPost> posts);

  /// Writes a segment again as blocks alone: with `extra` posts (in the order of keys, none of them
  /// stored there), without those for which `dropped` is true. Erased posts stay rows.
  void rewrite(const Segment& segment, const SegmentView& stored, std::span<const PlacedPost> extra,
               const std::function<bool(const PostKey&)>& dropped);

  /// The first keys of the blocks written so far.
  const std::vector<PostKey>& blocks() const { return blocks_; }
  /// The last key in them.
  const PostKey& last() const { return last_; }

 private:
  void remove(const PostKey& block);

  const Database& database_;
  rocksdb::WriteBatch& writes_;
  std::vector<PostKey> blocks_;
  PostKey last_{Instant::min(), 0};
};

}  // namespace earshot::rocks
