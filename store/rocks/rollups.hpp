#pragma once

#include <rocksdb/write_batch.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/post_store.hpp"
#include "store/rocks/database.hpp"
#include "store/rollup.hpp"

namespace earshot::rocks {

/// A rollup as it is stored. The begin of its window is its key.
void encode_rollup(const Rollup& rollup, std::string& out);

/// Nothing if the bytes are none.
std::optional<Rollup> decode_rollup(Instant begin, std::string_view bytes);

/// The rollups of a store. Those of a day are there only while they are right: what changes a post
/// of the day takes them away in the same write.
class StoredRollups final : public KeptRollups {
 public:
  explicit StoredRollups(const Database& database) : database_{database} {}

  Result<std::vector<Entry>> list(Window window) const override;
  Result<Rollup> read(const Entry& entry) const override;

 private:
  const Database& database_;
};

/// Takes away the rollups of the days of UTC that begin then, as part of a write.
void drop_rollups(const Database& database, std::span<const Instant> days,
                  rocksdb::WriteBatch& writes);

/// Makes those that are missing; see `PostStore::roll_up`.
Result<Done> keep_rollups(Database& database, const PostStore& store,
                          std::span<const Entity> entities, std::span<const Instant> cuts);

}  // namespace earshot::rocks
