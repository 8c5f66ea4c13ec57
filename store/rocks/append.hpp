#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/post_store.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"
#include "store/versions.hpp"

namespace earshot::rocks {

/// Turns one `Append` into one RocksDB write. Known ids are looked up for the whole batch at once,
/// and a new post costs no read of its own; only edits and posts whose time changes do. Posts of
/// one batch may repeat or supersede each other.
class Appender {
 public:
  using IdHash = std::uint64_t (*)(std::string_view network, std::string_view native_id);

  Appender(const Database& database, const Ledger& ledger, IdHash id_hash)
      : database_{database}, ledger_{ledger}, id_hash_{id_hash} {}

  Result<AppendOutcome> add(const Append& batch);

  rocksdb::WriteBatch& writes() { return writes_; }
  /// The counters as they are after the write; the batch number is the caller's.
  const Ledger& ledger() const { return ledger_; }

 private:
  /// A post of this batch, as it will stand.
  struct Pending {
    PostKey key;
    Post post;
    std::uint64_t content = 0;
    std::optional<PostKey> stored_key;  // where it stands now, and
    std::string_view stored_source;     // under which source
    PostChange change;

    bool moved() const { return stored_key && *stored_key != key; }
  };
  struct IntegerHash {
    std::size_t operator()(std::uint64_t value) const { return mix_bits(value); }
  };
  struct KeyHash {
    std::size_t operator()(const PostKey& key) const {
      return mix_bits(key.id ^ static_cast<std::uint64_t>(to_unix(key.posted_at)));
    }
  };
  template <class Value>
  using ByHash = FlatCounter<std::uint64_t, Value, IntegerHash>;

  Result<Done> add_posts(std::span<const Post> posts, AppendOutcome& outcome);
  Result<Done> load_known(std::span<const std::uint64_t> hashes);
  Result<std::size_t> place_of(const Post& post, std::uint64_t& hash);
  Result<Done> write_posts();
  void write_post(const Pending& pending);
  Result<Done> write_move(const Pending& pending);
  Result<Done> add_labels(std::span<const LabelledPost> labels, AppendOutcome& outcome);
  Result<std::optional<Labels>> stored_labels(const PostKey& key);
  void count_source(std::string_view source, std::int64_t by);
  void count_generation(std::uint64_t generation, std::int64_t by);

  const Database& database_;
  Ledger ledger_;
  IdHash id_hash_;
  rocksdb::WriteBatch writes_;
  ByHash<bool> looked_up_;
  ByHash<std::size_t> places_;  // hash -> 1 + index into pending_
  std::vector<Pending> pending_;
  TextArena loaded_;  // texts of stored posts
  ByHash<bool> channels_;
  std::vector<std::pair<std::uint64_t, Instant>> index_;  // new rows of the id index
  std::string record_;
};

/// Puts the number of the batch into every family, so that a family that lost something is found
/// out at the next open.
void stamp_families(const Database& database, std::uint64_t batch, rocksdb::WriteBatch& writes);

/// Error `store_damaged` if the families are not all at that batch.
Result<Done> check_families(const Database& database, std::uint64_t batch);

}  // namespace earshot::rocks
