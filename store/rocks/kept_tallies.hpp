#pragma once

#include <rocksdb/options.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/write_batch.h>

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "store/post_store.hpp"
#include "store/rocks/database.hpp"
#include "store/rollup.hpp"

namespace earshot::rocks {

/// What a store has ready for reports. It is there only while it is right: what changes a post
/// takes away the rollups of its day, and the dialogues of the days that may see it, in the same
/// write. This sees it as it was when this was made.
class StoredTallies final : public KeptTallies {
 public:
  explicit StoredTallies(const Database& database);

  Result<std::vector<Entry>> rollups(Window window) const override;
  Result<Rollup> read_rollup(const Entry& entry) const override;
  Result<std::vector<Entry>> dialogues(Window window, std::chrono::seconds horizon) const override;
  Result<Dialogue> read_dialogue(const Entry& entry, Tables tables, bool early) const override;
  Result<std::vector<Entry>> authors(Window window) const override;
  Result<AuthorShares> read_authors(const Entry& entry, std::size_t part) const override;
  Result<std::vector<Entry>> audiences(Window window) const override;
  Result<std::vector<AudienceRow>> read_audience(const Entry& entry) const override;

  /// The horizon of the dialogues that are stored; nothing if there are none.
  Result<std::optional<std::chrono::seconds>> stored_horizon() const;

 private:
  const Database& database_;
  rocksdb::ManagedSnapshot moment_;
  rocksdb::ReadOptions reading_;
};

/// Takes away what is ready of these days of UTC, sorted, as part of a write.
void drop_tallies(const Database& database, std::span<const Instant> days,
                  rocksdb::WriteBatch& writes);

/// Makes ready what is missing; see `PostStore::roll_up`.
Result<Done> keep_tallies(Database& database, const PostStore& store, const RollupPlan& plan);

}  // namespace earshot::rocks
