#pragma once

#include <rocksdb/db.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/base/result.hpp"
#include "store/rocks/rocks_post_store.hpp"

namespace earshot::rocks {

/// The column families. store/README.md says what is in each.
enum class Family {
  meta,
  heads,
  texts,
  labels,
  rows,
  waiting,
  ids,
  unindexed,
  generations,
  channels,
  sources,
  polls,
  rollups,
  dialogues,
  authors,
  audiences
};
inline constexpr std::size_t family_count = 16;

/// The present format. Stores of others are refused.
inline constexpr std::uint32_t format_version = 9;
inline constexpr const char* format_key = "format";  ///< In `meta`.

/// Holds the right to write: an flock on `earshot.lock` in the store, which dies with the process.
class WriterLock {
 public:
  WriterLock() = default;
  WriterLock(WriterLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

  /// Error `store_locked`: "PATH: process 1234 is writing since 2026-11-22T03:00:00Z".
  static Result<WriterLock> take(const std::string& store);

 private:
  int descriptor_ = -1;
};

/// The number of the last acknowledged batch in a small file beside the database, so that a log
/// that vanished as a whole, which leaves an older but sound database, is found out.
class BatchMark {
 public:
  BatchMark() = default;
  BatchMark(BatchMark&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  BatchMark& operator=(BatchMark&& other) noexcept;
  ~BatchMark();

  static Result<BatchMark> open(const std::string& store);
  /// 0 where there is none.
  static std::uint64_t read(const std::string& store);
  void set(std::uint64_t batch) const;

 private:
  int descriptor_ = -1;
};

/// Error `store_newer` for the number of another format than ours; 0 passes for ours.
Result<Done> check_format(const std::string& path, unsigned long version);

/// Error `store_missing`: there is nothing yet.
Error no_store(const std::string& path);

/// An open RocksDB with earshot's settings (reliability.md section 1) and families.
class Database {
 public:
  Database() = default;
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;
  ~Database();

  static Result<Database> open(const std::string& path, const RocksOptions& options);

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }
  const std::string& path() const { return path_; }

  /// Writes the batch durably. Errors: `store_full` before anything is written if less than the
  /// reserve would stay free.
  Result<Done> write(rocksdb::WriteBatch& batch, std::uint64_t number);

  /// Writes durably what is derived from earlier batches, in the same order as they. Errors as of
  /// `write`.
  Result<Done> write_derived(rocksdb::WriteBatch& batch);

  /// Writes everything anew, so that nothing deleted or replaced is left in any file.
  Result<Done> compact();

  /// The last batch that was acknowledged, by the mark read at open.
  std::uint64_t marked_batch() const { return marked_batch_; }

  /// Error `store_damaged` for a record: "PATH: WHAT can't be read; ..."
  Error unreadable(std::string_view what) const;

  /// What a RocksDB status means to a user.
  Error error(const rocksdb::Status& status) const;

 private:
  Result<Done> open_families(const RocksOptions& options, bool fresh);

  std::string path_;
  std::uint64_t reserve_bytes_ = 0;
  std::uint64_t written_bytes_ = 0;
  std::uint64_t marked_batch_ = 0;
  WriterLock lock_;
  BatchMark mark_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace earshot::rocks
