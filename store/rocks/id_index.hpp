#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/rocks/database.hpp"
#include "store/rocks/id_filter.hpp"

namespace earshot::rocks {

/// Which ids are stored, and about when: for each post the first 37 bits of its id's hash and the
/// hour of its time. What is found is only where to look; the post itself decides.
///
/// On disk an index is a few sorted runs, each cut in pieces; runs of one level are merged when
/// there are eight. What came since the last run is kept in memory, eight bytes each, and made
/// again from the blocks and rows that `note` wrote down. In a long import a filter in memory
/// spares most of the looking.
class IdIndex {
 public:
  explicit IdIndex(Database& database) : database_{database} {}

  /// A post of that id may lie in that hour since 1970 (before it: negative). Hours are those of
  /// the years -1857 to 13,452, further ones as the last of these: no format has dates there.
  struct Hint {
    std::int64_t hour = 0;
    std::uint64_t id = 0;
    friend auto operator<=>(const Hint&, const Hint&) = default;
  };

  static Hint hint(const PostKey& post);

  /// Where posts of these ids (each once) may lie, sorted. Every stored one is among them.
  Result<std::vector<Hint>> find(std::span<const std::uint64_t> ids);

  /// Writes down, with a batch, the blocks and rows that it brings, for the next process. After a
  /// `find`.
  void note(std::uint64_t batch, std::span<const PostKey> blocks, std::span<const PostKey> rows,
            rocksdb::WriteBatch& writes);
  /// Takes up posts that are written now. `posts` is how many the store holds.
  Result<Done> add(std::span<const PostKey> posts_written, std::uint64_t posts);

  /// Brings what is in memory to disk, if it is much. For the end of a process.
  Result<Done> settle();

 private:
  struct Run {
    std::uint8_t level = 0;
    std::uint64_t number = 0;
  };
  void remember(std::vector<std::uint64_t> entries);
  void search_recent(std::span<const std::uint64_t> ids, std::vector<Hint>& hints) const;
  Result<Done> load();
  Result<Done> load_runs();
  Result<Done> load_recent();
  Result<Done> search_run(const Run& run, std::span<const std::uint64_t> ids,
                          std::vector<Hint>& hints) const;
  Result<Done> write_run();
  Result<Done> merge_full_level();
  Result<Done> merge(std::span<const Run> from, std::uint8_t level);
  Result<Done> fill_filter(std::uint64_t posts);

  Database& database_;
  bool loaded_ = false;
  std::vector<Run> runs_;                           // by level, then number
  std::vector<std::vector<std::uint64_t>> recent_;  // entries, each list sorted
  std::size_t recent_size_ = 0;
  std::vector<std::string> notes_;  // their keys
  std::uint64_t added_ = 0;         // by this process
  IdFilter filter_;
};

}  // namespace earshot::rocks
