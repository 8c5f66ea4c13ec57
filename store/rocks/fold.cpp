#include <algorithm>
#include <memory>

#include "store/rocks/append.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/ledger.hpp"

namespace earshot::rocks {

namespace {

constexpr std::uint64_t rows_worth_a_fold = 2048;

/// Writes one segment again as blocks, or its rows alone where it has no block.
Result<Done> fold(Database& database, IdIndex& index, const Segment& segment, Ledger& ledger) {
  SegmentView view;
  if (auto read = view.read(database, segment, SegmentReader::Parts::all); !read) return read;
  rocksdb::WriteBatch writes;
  BlockWriter blocks{database, writes};
  blocks.rewrite(segment, view, {}, [](const PostKey&) { return false; });
  Ledger next = ledger;
  next.last = std::max(next.last, blocks.last());
  ++next.batch;
  if (auto indexed = index.find({}); !indexed) return indexed.error();
  index.note(next.batch, blocks.blocks(), {}, writes);
  if (auto written = write_ledger(database, next, writes); !written) return written;
  ledger = next;
  return Done{};
}

}  // namespace

Result<Done> fold_rows(Database& database, IdIndex& index, Ledger& ledger) {
  if (ledger.rows < std::max(ledger.fold_at, rows_worth_a_fold)) return Done{};
  std::uint64_t left = 0;
  Segment segment;
  const std::unique_ptr<rocksdb::Iterator> rows{
      database.db().NewIterator({}, database.family(Family::rows))};
  SegmentReader reader{database, SegmentReader::Parts::all};
  for (rows->SeekToFirst(); rows->Valid();) {
    const auto key = rows->key().ToString();
    if (auto found = reader.find(key, segment); !found) return found;
    const auto behind = encode_key(segment.rows.back().first) + '\0';
    if (segment.rows.size() >= least_block) {
      if (auto folded = fold(database, index, segment, ledger); !folded) return folded;
    } else {
      left += segment.rows.size();
    }
    rows->Seek(behind);
  }
  if (!rows->status().ok()) return database.error(rows->status());
  Ledger next = ledger;
  next.rows = left;
  next.fold_at = left + std::max(rows_worth_a_fold, left / 4);
  ++next.batch;
  rocksdb::WriteBatch writes;
  if (auto written = write_ledger(database, next, writes); !written) return written;
  ledger = next;
  return Done{};
}

}  // namespace earshot::rocks
