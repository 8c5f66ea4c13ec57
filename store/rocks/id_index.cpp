#include "store/rocks/id_index.hpp"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <utility>

#include "store/rocks/bytes.hpp"
#include "store/rocks/columns.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

namespace {

// An entry, in memory: the first bits of a hash, then the hour.
constexpr unsigned hour_bits = 27;
constexpr std::int64_t first_hour = -(1LL << 25U), last_hour = (3LL << 25U) - 1;
constexpr std::size_t piece_size = 256;           // entries
constexpr std::size_t run_size = 12U << 20U;      // entries, at which memory (96 MB) becomes a run
constexpr std::size_t least_filter = 512 * 1024;  // entries
constexpr std::size_t worth_a_run = 32 * 1024;    // the same at the end of a process
// So many new posts make a filter worth its while: to look for a thousandth of all ids costs about
// as much as to read the whole index once.
constexpr std::uint64_t shortest_import = 8 * 1024;
constexpr std::uint64_t long_import = 64 * 1024;
constexpr std::uint64_t posts_a_new_one = 1024;
constexpr std::size_t runs_of_a_level = 8;
constexpr std::uint64_t run_parts = 256;
constexpr std::uint64_t ids_of_a_part = 1ULL << 56U;
constexpr std::size_t write_bytes = 8U << 20U;  // of one write
constexpr std::size_t long_list = 8192;         // entries in memory, that are not moved any more
constexpr std::size_t ahead = 16;               // ids, of which the filter's lines are fetched

/// The hash as far as it is on disk.
constexpr std::uint64_t kept(std::uint64_t hash) {
  return hash >> hour_bits << hour_bits;
}
constexpr std::uint64_t id_of(std::uint64_t entry) {
  return entry >> hour_bits;
}
constexpr std::int64_t hour_of(std::uint64_t entry) {
  return static_cast<std::int64_t>(entry - kept(entry)) + first_hour;
}
constexpr std::uint64_t entry_of(const IdIndex::Hint& hint) {
  return kept(hint.id) | static_cast<std::uint64_t>(hint.hour - first_hour);
}

/// Level, number of the run, first id of the piece.
std::string piece_key(std::uint8_t level, std::uint64_t run, std::uint64_t first) {
  std::string key(1, static_cast<char>(level));
  append_big_endian(key, run);
  append_big_endian(key, first);
  return key;
}
constexpr std::size_t run_prefix = 9;
constexpr std::size_t piece_key_size = 17;

bool is_piece(std::string_view key, std::string_view prefix) {
  return key.size() == piece_key_size && key.starts_with(prefix);
}

/// Entries as differences of ids, and hours after the earliest of the piece.
class PieceReader {
 public:
  PieceReader() = default;
  PieceReader(std::uint64_t first, std::string_view bytes) : from_{bytes}, id_{first} {
    left_ = from_.varint();
    earliest_ = from_.varint();
  }

  bool next(std::uint64_t& entry) {
    if (left_ == 0 || !from_.ok()) return false;
    --left_;
    id_ += from_.varint();
    entry = (id_ << hour_bits) + earliest_ + from_.varint();
    return from_.ok();
  }
  bool sound() const { return from_.ok(); }

 private:
  ByteReader from_{{}};
  std::uint64_t id_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t earliest_ = 0;  // hours since the first there is
};

/// Writes the entries of a run, given in order, piece by piece, and what is much at once.
class RunWriter {
 public:
  RunWriter(Database& database, std::uint8_t level, std::uint64_t run)
      : database_{database}, level_{level}, run_{run} {}

  Result<Done> add(std::uint64_t entry) {
    if (!piece_.empty() && entry == piece_.back()) return Done{};
    // Entries of one id stay in one piece, so that it is found by the piece's first.
    if (piece_.size() >= piece_size && id_of(entry) != id_of(piece_.back())) close_piece();
    piece_.push_back(entry);
    if (writes_.GetDataSize() < write_bytes) return Done{};
    auto written = database_.write_derived(writes_);
    writes_.Clear();
    return written;
  }
  /// Writes the rest, and with it what replaces what the run was made of.
  Result<Done> finish(const std::function<void(rocksdb::WriteBatch&)>& replace) {
    close_piece();
    replace(writes_);
    return database_.write_derived(writes_);
  }

 private:
  void close_piece() {
    if (piece_.empty()) return;
    auto earliest = hour_in(piece_.front());
    for (const auto entry : piece_) earliest = std::min(earliest, hour_in(entry));
    record_.clear();
    ByteWriter to{record_};
    to.varint(piece_.size());
    to.varint(earliest);
    const auto first = id_of(piece_.front());
    auto last = first;
    for (const auto entry : piece_) {
      to.varint(id_of(entry) - last);
      to.varint(hour_in(entry) - earliest);
      last = id_of(entry);
    }
    writes_.Put(database_.family(Family::ids), piece_key(level_, run_, first), record_);
    piece_.clear();
  }
  static std::uint64_t hour_in(std::uint64_t entry) { return entry - kept(entry); }

  Database& database_;
  std::uint8_t level_;
  std::uint64_t run_;
  rocksdb::WriteBatch writes_;
  std::vector<std::uint64_t> piece_;
  std::string record_;
};

/// The entries of one run, in order.
class RunReader {
 public:
  RunReader(const Database& database, std::uint8_t level, std::uint64_t run)
      : prefix_{piece_key(level, run, 0).substr(0, run_prefix)} {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    at_.reset(database.db().NewIterator(options, database.family(Family::ids)));
    at_->Seek(prefix_);
    open();
  }

  bool next(std::uint64_t& entry) {
    while (!piece_.next(entry)) {
      if (!sound_ || !at_->Valid()) return false;
      at_->Next();
      if (!open()) return false;
    }
    return true;
  }
  bool sound() const { return sound_ && at_->status().ok(); }

 private:
  bool open() {
    sound_ = sound_ && piece_.sound();
    piece_ = {};
    if (!at_->Valid() || !is_piece(view(at_->key()), prefix_)) return false;
    piece_ = PieceReader{big_endian(view(at_->key()).substr(run_prefix)), view(at_->value())};
    return true;
  }

  std::string prefix_;
  std::unique_ptr<rocksdb::Iterator> at_;
  PieceReader piece_;
  bool sound_ = true;
};

/// Finds pieces of a run for ids that rise. Ids are hashes, so pieces are about equally wide: where
/// many are asked for, the next is near and is stepped to, which is a tenth of the work of a
/// search.
class PieceFinder {
 public:
  PieceFinder(const Database& database, std::uint8_t level, std::uint64_t run, std::size_t wanted)
      : prefix_{piece_key(level, run, 0).substr(0, run_prefix)},
        usual_gap_{all_ids / std::max<std::size_t>(wanted, 1)},
        at_{database.db().NewIterator({}, database.family(Family::ids))} {}

  /// Goes to the last piece that begins with `id` or before it. False if there is none.
  bool find(std::uint64_t id) {
    if (!steps_) return search(id);
    for (; is_at_piece() && first_at() <= id; at_->Next()) hold();
    return true;
  }
  PieceReader piece() const { return PieceReader{first_, bytes_}; }
  std::uint64_t first() const { return first_; }
  rocksdb::Status status() const { return at_->status(); }

 private:
  static constexpr std::uint64_t all_ids = 1ULL << (64 - hour_bits);
  static constexpr std::uint64_t near = 8;

  bool search(std::uint64_t id) {
    auto key = prefix_;
    append_big_endian(key, id);
    at_->SeekForPrev(key);
    if (!is_at_piece()) return false;
    hold();
    if (std::exchange(decided_, true)) return true;
    at_->Next();
    steps_ = !is_at_piece() || usual_gap_ / near < first_at() - first_;
    return true;
  }
  bool is_at_piece() const { return at_->Valid() && is_piece(view(at_->key()), prefix_); }
  std::uint64_t first_at() const { return big_endian(view(at_->key()).substr(run_prefix)); }
  void hold() {
    first_ = first_at();
    bytes_.assign(view(at_->value()));
  }

  std::string prefix_;
  std::uint64_t usual_gap_;                // between ids that are asked for
  std::unique_ptr<rocksdb::Iterator> at_;  // where it steps: at the piece behind the one it holds
  bool decided_ = false, steps_ = false;
  std::uint64_t first_ = 0;  // of the piece that it holds
  std::string bytes_;
};

/// The place of the first entry that is no less. Ids are hashes, so the place can be guessed to a
/// few steps, where a search would miss the cache at each.
std::size_t first_from(const std::vector<std::uint64_t>& entries, std::uint64_t entry) {
  const auto size = entries.size();
  std::size_t low = 0, high = size;
  auto guess = static_cast<std::size_t>((entry >> 32U) * size >> 32U);
  if (size == 0) return 0;
  for (std::size_t step = 1; entries[guess] < entry && low < high; step *= 2) {
    low = guess + 1;
    guess = std::min(low + step, high) - 1;
    if (guess < low || entries[guess] >= entry) high = guess + 1;
  }
  for (std::size_t step = 1; low < high && entries[guess] >= entry; step *= 2) {
    high = guess;
    guess = high - std::min(step, high - low);
    if (guess < high && entries[guess] < entry) low = guess + 1;
  }
  const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(low);
  const auto end = entries.begin() + static_cast<std::ptrdiff_t>(high);
  return static_cast<std::size_t>(std::lower_bound(begin, end, entry) - entries.begin());
}

}  // namespace

IdIndex::Hint IdIndex::hint(const PostKey& post) {
  const auto hour =
      std::chrono::floor<std::chrono::hours>(post.posted_at).time_since_epoch().count();
  return {std::clamp<std::int64_t>(hour, first_hour, last_hour), post.id};
}

Result<Done> IdIndex::load() {
  if (loaded_) return Done{};
  if (auto runs = load_runs(); !runs) return runs;
  if (auto recent = load_recent(); !recent) return recent;
  loaded_ = true;
  return Done{};
}

Result<Done> IdIndex::load_runs() {
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.db().NewIterator({}, database_.family(Family::ids))};
  for (at->SeekToFirst(); at->Valid();) {
    const auto key = view(at->key());
    if (key.size() != piece_key_size) return database_.unreadable("the index of ids");
    const Run run{static_cast<std::uint8_t>(key.front()), big_endian(key.substr(1))};
    runs_.push_back(run);
    at->Seek(piece_key(run.level, run.number + 1, 0));
  }
  return at->status().ok() ? Result<Done>{Done{}} : database_.error(at->status());
}

/// The posts of the blocks and rows that were written after the last run.
Result<Done> IdIndex::load_recent() {
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.db().NewIterator({}, database_.family(Family::unindexed))};
  PostBlock block;
  std::string value;
  std::vector<std::uint64_t> entries;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    notes_.push_back(at->key().ToString());
    ByteReader from{view(at->value())};
    for (auto blocks = from.varint(); blocks > 0 && from.ok(); --blocks) {
      const PostKey key{from_unix(from.fixed<std::int64_t>()), from.fixed<std::uint64_t>()};
      const auto status =
          database_.db().Get({}, database_.family(Family::heads), encode_key(key), &value);
      if (status.IsNotFound()) continue;  // those that took its place are noted too
      if (!status.ok()) return database_.error(status);
      if (value.size() < post_key_size ||
          !block.read_heads(std::string_view{value}.substr(post_key_size)))
        return database_.unreadable("a block of posts");
      for (const auto& post : block.keys()) entries.push_back(entry_of(hint(post)));
    }
    for (auto rows = from.varint(); rows > 0 && from.ok(); --rows) {
      const auto posted_at = from_unix(from.fixed<std::int64_t>());
      entries.push_back(entry_of(hint({posted_at, from.fixed<std::uint64_t>()})));
    }
    if (!from.done()) return database_.unreadable("the index of ids");
    if (entries.size() >= long_list) remember(std::exchange(entries, {}));
  }
  remember(std::move(entries));
  return at->status().ok() ? Result<Done>{Done{}} : database_.error(at->status());
}

Result<std::vector<IdIndex::Hint>> IdIndex::find(std::span<const std::uint64_t> ids) {
  if (auto loaded = load(); !loaded) return loaded.error();
  std::vector<Hint> hints;
  std::vector<std::uint64_t> wanted;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (filter_.capacity() > 0) {
      if (i + ahead < ids.size()) filter_.prefetch(kept(ids[i + ahead]));
      if (!filter_.may_hold(kept(ids[i]))) continue;
    }
    wanted.push_back(ids[i]);
  }
  std::ranges::sort(wanted);
  search_recent(wanted, hints);
  if (!wanted.empty())
    for (const auto& run : runs_)
      if (auto searched = search_run(run, wanted, hints); !searched) return searched.error();
  std::ranges::sort(hints);
  hints.erase(std::unique(hints.begin(), hints.end()), hints.end());
  return hints;
}

void IdIndex::search_recent(std::span<const std::uint64_t> ids, std::vector<Hint>& hints) const {
  for (const auto& entries : recent_)
    for (const auto id : ids)
      for (auto at = first_from(entries, kept(id));
           at < entries.size() && id_of(entries[at]) == id >> hour_bits; ++at)
        hints.push_back({hour_of(entries[at]), id});
}

void IdIndex::remember(std::vector<std::uint64_t> entries) {
  if (entries.empty()) return;
  std::ranges::sort(entries);
  recent_size_ += entries.size();
  // Thousands of small writes make a few lists, each at least twice as long as the next.
  while (!recent_.empty() && recent_.back().size() < std::min(2 * entries.size(), long_list)) {
    const auto middle = static_cast<std::ptrdiff_t>(recent_.back().size());
    auto& both = recent_.back();
    both.insert(both.end(), entries.begin(), entries.end());
    std::ranges::inplace_merge(both, both.begin() + middle);
    entries = std::move(both);
    recent_.pop_back();
  }
  recent_.push_back(std::move(entries));
}

Result<Done> IdIndex::search_run(const Run& run, std::span<const std::uint64_t> ids,
                                 std::vector<Hint>& hints) const {
  PieceFinder pieces{database_, run.level, run.number, ids.size()};
  std::vector<std::uint64_t> piece;
  std::optional<std::uint64_t> read;  // the first id of `piece`
  for (const auto id : ids) {
    const auto wanted = id >> hour_bits;
    if (!pieces.find(wanted)) continue;
    if (read != pieces.first()) {
      read = pieces.first();
      piece.clear();
      auto from = pieces.piece();
      for (std::uint64_t entry = 0; from.next(entry);) piece.push_back(entry);
      if (!from.sound()) return database_.unreadable("the index of ids");
    }
    for (auto found = std::ranges::lower_bound(piece, kept(id));
         found != piece.end() && id_of(*found) == wanted; ++found)
      hints.push_back({hour_of(*found), id});
  }
  const auto status = pieces.status();
  return status.ok() ? Result<Done>{Done{}} : database_.error(status);
}

void IdIndex::note(std::uint64_t batch, std::span<const PostKey> blocks,
                   std::span<const PostKey> rows, rocksdb::WriteBatch& writes) {
  if (blocks.empty() && rows.empty()) return;
  std::string record;
  ByteWriter to{record};
  for (const auto keys : {blocks, rows}) {
    to.varint(keys.size());
    for (const auto& key : keys) {
      to.fixed(to_unix(key.posted_at));
      to.fixed(key.id);
    }
  }
  notes_.push_back(hash_key(batch));
  writes.Put(database_.family(Family::unindexed), notes_.back(), record);
}

Result<Done> IdIndex::add(std::span<const PostKey> posts_written, std::uint64_t posts) {
  if (auto loaded = load(); !loaded) return loaded.error();
  std::vector<std::uint64_t> entries;
  entries.reserve(posts_written.size());
  for (std::size_t i = 0; i < posts_written.size(); ++i) {
    const auto& post = posts_written[i];
    entries.push_back(entry_of(hint(post)));
    if (filter_.capacity() == 0) continue;
    if (i + ahead < posts_written.size()) filter_.prefetch(kept(posts_written[i + ahead].id));
    filter_.add(kept(post.id));
  }
  remember(std::move(entries));
  added_ += posts_written.size();
  const auto enough = std::clamp(posts / posts_a_new_one, shortest_import, long_import);
  if (added_ >= enough && filter_.size() >= filter_.capacity())
    if (auto filled = fill_filter(posts); !filled) return filled;
  if (recent_size_ < run_size) return Done{};
  return write_run();
}

Result<Done> IdIndex::settle() {
  if (!loaded_ || recent_size_ < worth_a_run) return Done{};
  return write_run();
}

/// Makes the filter anew from all that is known, with room for half as much again.
Result<Done> IdIndex::fill_filter(std::uint64_t posts) {
  filter_.reset(posts + posts / 2 + least_filter);
  for (const auto& run : runs_) {
    RunReader from{database_, run.level, run.number};
    for (std::uint64_t entry = 0; from.next(entry);) filter_.add(kept(entry));
    if (!from.sound()) return database_.unreadable("the index of ids");
  }
  for (const auto& entries : recent_)
    for (const auto entry : entries) filter_.add(kept(entry));
  return Done{};
}

/// What is in memory as a run. What it was made of goes with its last bit: until then both say the
/// same.
Result<Done> IdIndex::write_run() {
  std::uint64_t number = 0;
  for (const auto& run : runs_) number = std::max(number, run.number + 1);
  runs_.push_back({1, number});  // also if only a part of it gets written
  RunWriter to{database_, 1, number};
  // All lists are sorted: a part of the ids at a time, which a processor's cache has room for.
  std::vector<std::size_t> done(recent_.size());
  std::vector<std::uint64_t> part_entries;
  for (std::uint64_t part = 0; part < run_parts; ++part) {
    part_entries.clear();
    for (std::size_t i = 0; i < recent_.size(); ++i) {
      const auto& entries = recent_[i];
      auto& at = done[i];
      for (; at < entries.size() && entries[at] / ids_of_a_part == part; ++at)
        part_entries.push_back(entries[at]);
    }
    std::ranges::sort(part_entries);
    for (const auto entry : part_entries)
      if (auto added = to.add(entry); !added) return added;
  }
  auto written = to.finish([&](rocksdb::WriteBatch& writes) {
    for (const auto& key : notes_) writes.Delete(database_.family(Family::unindexed), key);
  });
  if (!written) return written;
  notes_.clear();
  recent_.clear();
  recent_size_ = 0;
  return merge_full_level();
}

Result<Done> IdIndex::merge_full_level() {
  for (std::uint8_t level = 1;; ++level) {
    std::vector<Run> full;
    for (const auto& run : runs_)
      if (run.level == level) full.push_back(run);
    if (full.empty()) return Done{};
    if (full.size() >= runs_of_a_level)
      if (auto merged = merge(full, static_cast<std::uint8_t>(level + 1)); !merged) return merged;
  }
}

/// Several runs into one. The old ones go with its last bit: until then both say the same.
Result<Done> IdIndex::merge(std::span<const Run> from, std::uint8_t level) {
  std::uint64_t number = 0;
  for (const auto& run : runs_) number = std::max(number, run.number + 1);
  std::vector<RunReader> readers;
  using Head = std::pair<std::uint64_t, std::size_t>;  // entry, reader
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto pull = [&](std::size_t reader) {
    std::uint64_t entry = 0;
    if (readers[reader].next(entry)) heads.push({entry, reader});
  };
  for (const auto& run : from) {
    readers.emplace_back(database_, run.level, run.number);
    pull(readers.size() - 1);
  }
  runs_.push_back({level, number});  // also if only a part of it gets written
  RunWriter to{database_, level, number};
  while (!heads.empty()) {
    const auto [entry, reader] = heads.top();
    heads.pop();
    if (auto added = to.add(entry); !added) return added;
    pull(reader);
  }
  for (const auto& reader : readers)
    if (!reader.sound()) return database_.unreadable("the index of ids");
  auto written = to.finish([&](rocksdb::WriteBatch& writes) {
    for (const auto& run : from)
      writes.DeleteRange(database_.family(Family::ids), piece_key(run.level, run.number, 0),
                         piece_key(run.level, run.number + 1, 0));
  });
  if (!written) return written;
  std::erase_if(runs_, [&](const Run& run) { return run.level == from.front().level; });
  return Done{};
}

}  // namespace earshot::rocks
