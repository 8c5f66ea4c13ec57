#pragma once

#include <rocksdb/iterator.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/facts.hpp"
#include "store/post_store.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"
#include "store/rocks/label_block.hpp"
#include "store/rocks/post_block.hpp"

namespace earshot::rocks {

inline std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// The part of the store between the key of a block and that of the next one, as it is stored: the
/// block's sections, and the rows that stand over it. Before the first block and behind the last
/// one there are rows only.
struct Segment {
  std::optional<PostKey> block;
  std::string heads, texts, labels;
  std::vector<std::pair<PostKey, std::string>> rows;
  std::string end;  ///< The first key behind it; empty at the end of the store.
};

/// Walks over segments in the order of keys; all it sees is of one moment.
class SegmentReader {
 public:
  enum class Parts : std::uint8_t { heads, labels, all };

  SegmentReader(const Database& database, Parts parts);

  /// To the segment that holds the key (16 bytes), or to the first one behind it.
  void seek(std::string_view key);
  /// The last key of a block or row before this one; empty if there is none.
  std::string key_before(std::string_view key);

  /// The segment that holds the key, or would; an empty one behind all.
  Result<Done> find(std::string_view key, Segment& segment);

  /// False at the end. Errors: the database's.
  Result<bool> next(Segment& segment);

 private:
  void take_rows(Segment& segment, std::string_view until, std::size_t most);
  std::string_view value_of(rocksdb::Iterator& family, std::string_view key);

  const Database& database_;
  Parts parts_;
  rocksdb::Status status_;
  std::unique_ptr<rocksdb::Iterator> heads_, rows_, texts_, labels_;
};

/// A segment made readable. Views live as long as it and the segment do.
class SegmentView {
 public:
  /// Errors: `store_damaged`.
  Result<Done> read(const Database& database, const Segment& segment, SegmentReader::Parts parts);

  /// Where a post is: in a row, or in the block.
  struct Place {
    PostKey key;
    std::uint32_t index = 0;  ///< Into the rows, or into the block.
    bool in_row = false;
  };
  /// All that stand, in the order of keys; erased ones too.
  const std::vector<Place>& places() const { return places_; }

  bool erased(const Place& place) const {
    return place.in_row && rows_[place.index].kind == Row::Kind::erased;
  }
  bool hidden(const Place& place) const {
    return place.in_row ? rows_[place.index].head.hidden() : posts_.hidden(place.index);
  }
  bool erased_row(std::size_t index) const { return rows_[index].kind == Row::Kind::erased; }
  const Row& row(std::size_t index) const { return rows_[index]; }
  void replace_row(std::size_t index, Row row) { rows_[index] = std::move(row); }
  std::size_t block_size() const { return posts_.size(); }
  bool labelled(const Place& place) const;
  std::uint64_t generation(const Place& place) const;
  /// True if the block holds something at that key, whatever stands over it.
  bool in_block(const PostKey& key) const;

  Post post(const Place& place) const;
  std::optional<Labels> labels(const Place& place, std::uint64_t content) const;
  /// Adds the fact to the batch, unless the post is hidden, or erased and without labels.
  void add_fact(const Place& place, FactBatch& batch) const;

 private:
  PostBlock posts_;
  LabelBlock labels_;
  std::vector<Row> rows_;
  std::vector<Place> places_;
};

}  // namespace earshot::rocks
