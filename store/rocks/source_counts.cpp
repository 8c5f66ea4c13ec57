#include "store/rocks/source_counts.hpp"

#include <rocksdb/iterator.h>

#include <memory>

#include "store/rocks/bytes.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

Result<SourceCounts> SourceCounts::read(const Database& database) {
  SourceCounts counts;
  const std::unique_ptr<rocksdb::Iterator> at{
      database.db().NewIterator({}, database.family(Family::meta))};
  for (at->Seek(posts_key({})); at->Valid(); at->Next()) {
    const auto key = view(at->key());
    if (!key.starts_with(posts_prefix)) break;
    ByteReader from{view(at->value())};
    const auto posts = from.varint();
    if (!from.done()) return database.unreadable("how many posts a source has brought");
    counts.posts_.emplace(key.substr(posts_prefix.size()), posts);
  }
  if (!at->status().ok()) return database.error(at->status());
  return counts;
}

void SourceCounts::write(const Changes& changes, const Database& database,
                         rocksdb::WriteBatch& writes) const {
  std::string record;
  for (const auto& change : changes) {
    const auto posts = after(change);
    if (posts == 0) {
      writes.Delete(database.family(Family::meta), posts_key(change.first));
      continue;
    }
    record.clear();
    ByteWriter{record}.varint(posts);
    writes.Put(database.family(Family::meta), posts_key(change.first), record);
  }
}

void SourceCounts::take(const Changes& changes) {
  for (const auto& change : changes) {
    if (const auto posts = after(change); posts != 0)
      posts_.insert_or_assign(change.first, posts);
    else
      posts_.erase(change.first);
  }
}

std::vector<std::pair<std::string, std::uint64_t>> SourceCounts::all() const {
  return {posts_.begin(), posts_.end()};
}

std::uint64_t SourceCounts::after(const Changes::value_type& change) const {
  const auto found = posts_.find(change.first);
  const auto before = found == posts_.end() ? 0 : found->second;
  return before + static_cast<std::uint64_t>(change.second);
}

}  // namespace earshot::rocks
