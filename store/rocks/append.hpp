#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/post_store.hpp"
#include "store/rocks/block_writer.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/content_cache.hpp"
#include "store/rocks/database.hpp"
#include "store/rocks/id_index.hpp"
#include "store/rocks/source_counts.hpp"
#include "store/versions.hpp"

namespace earshot::rocks {

/// Turns one `Append` into one RocksDB write. Known ids are looked up for the whole batch at once;
/// a new post costs no read of its own. New posts that lie close together become blocks, all else
/// rows over the blocks. Posts of one batch may repeat or supersede each other.
class Appender {
 public:
  using IdHash = std::uint64_t (*)(std::string_view network, std::string_view native_id);

  Appender(const Database& database, IdIndex& index, const ContentCache& contents,
           const Ledger& ledger, IdHash id_hash)
      : database_{database},
        index_{index},
        contents_{contents},
        ledger_{ledger},
        id_hash_{id_hash},
        blocks_{database, writes_} {}

  Result<AppendOutcome> add(const Append& batch);

  rocksdb::WriteBatch& writes() { return writes_; }
  /// The counters as they are after the write.
  const Ledger& ledger() const { return ledger_; }
  const SourceCounts::Changes& by_source() const { return by_source_; }
  bool wrote_blocks() const { return !blocks_.blocks().empty() || rewrote_; }
  /// What the index is to take up after the write.
  std::span<const PostKey> indexed() const { return indexed_; }

 private:
  /// A post of this batch, as it will stand. Most are new: what only others need is kept apart.
  struct Pending {
    PostKey key;
    const Post* post = nullptr;  // of the batch as long as nothing changes in it, else of `own_`
    Post* own = nullptr;         // the same if it is of `own_`
    std::uint64_t content = 0;
    std::unique_ptr<Labels> labels = {};
    bool erased = false;
    std::unique_ptr<PostHead> anonymous = {};  // of an erased post
    PostChange change = {};
    bool relabelled = false;
    bool named = false;  // its key is the hash of its id, and of no other post's
    bool erased_now = false;
    // Where and how it stands now:
    std::optional<PostKey> stored_key = {};
    bool in_row = false, in_block = false;
    std::string_view stored_source = {};
    std::uint64_t stored_generation = 0;
    bool was_labelled = false;

    bool moved() const { return stored_key && *stored_key != key; }
    bool changed() const {
      return !stored_key || change.any() || relabelled || erased_now || moved();
    }
  };
  struct IntegerHash {
    std::size_t operator()(std::uint64_t value) const { return mix_bits(value); }
  };
  template <class Value>
  using ByHash = FlatCounter<std::uint64_t, Value, IntegerHash>;

  Result<Done> add_posts(std::span<const Post> posts, AppendOutcome& outcome);
  Result<Done> load_known(std::span<const std::uint64_t> hashes);
  Result<Done> load_hinted(std::span<const IdIndex::Hint> hints);
  Result<Done> load_from(const Segment& segment, SegmentView& view);
  void take_stored(const SegmentView& view, const SegmentView::Place& place);
  /// The post, to be changed.
  Post& own(Pending& pending);
  /// The place of the post in `pending_`, or its size if it is new.
  Result<std::size_t> place_of(const PostId& id, std::uint64_t& hash, bool keep);

  Result<Done> add_labels(std::span<const LabelledPost> labels, AppendOutcome& outcome);
  Result<Done> label_pending(std::span<const LabelledPost> labels, AppendOutcome& outcome);
  Result<Done> label_stored(std::span<const LabelledPost> labels, AppendOutcome& outcome);
  Result<Done> label_segment(const Segment& segment, std::span<const LabelledPost* const> labels,
                             AppendOutcome& outcome);
  Result<Done> erase(std::span<const PostId> ids, AppendOutcome& outcome);

  Result<Done> write_posts();
  void write_row(const Pending& pending);
  void leave_old_key(const Pending& pending);
  Result<Done> write_blocks(std::span<const PlacedPost> fresh, std::span<const PostKey> dropped,
                            std::vector<PlacedPost>& left);
  void put_row(const PostKey& key, const Row& row);
  void write_channel(std::string_view channel);
  void touch(Instant at);
  void count(const Pending& pending);
  void count_source(std::string_view source, std::int64_t by);
  void count_generation(std::uint64_t generation, std::int64_t by);

  const Database& database_;
  IdIndex& index_;
  const ContentCache& contents_;
  Ledger ledger_;
  SourceCounts::Changes by_source_;
  std::int64_t* last_source_ = nullptr;  // in `by_source_`, and under which name it was asked for
  std::string_view last_source_name_;
  IdHash id_hash_;
  rocksdb::WriteBatch writes_;
  BlockWriter blocks_;
  /// Every hash that was looked up: 1 + index into `pending_`, or 0 if no such post is known.
  ByHash<std::size_t> places_;
  std::vector<Pending> pending_;
  std::deque<Post> own_;
  TextArena loaded_;  // texts of stored posts
  ByHash<bool> channels_;
  std::string_view last_channel_;
  std::vector<PostKey> indexed_;
  std::vector<PostKey> rows_noted_;
  std::vector<Instant> touched_;  // days of UTC of which some fact changes
  bool rewrote_ = false;          // some block was written again
  std::string record_;
};

/// Brings rows into blocks where enough of them lie close together: one write a segment, each of
/// which changes where posts are and nothing that they say. `ledger` is the last that was written,
/// also after an error.
Result<Done> fold_rows(Database& database, IdIndex& index, Ledger& ledger);

}  // namespace earshot::rocks
