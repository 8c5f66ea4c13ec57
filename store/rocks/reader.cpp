#include "store/rocks/reader.hpp"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <memory>

#include "store/rocks/codec.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/lookup.hpp"

namespace earshot::rocks {

namespace {

std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// Iterators over several families that all see the same moment.
class Rows {
 public:
  Rows(const Database& database, std::initializer_list<Family> families) {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    for (const auto family : families) handles.push_back(database.family(family));
    rocksdb::ReadOptions options;
    options.readahead_size = 512 * 1024;
    std::vector<rocksdb::Iterator*> made;
    status_ = database.db().NewIterators(options, handles, &made);
    for (auto* iterator : made) iterators_.emplace_back(iterator);
  }

  const rocksdb::Status& status() const { return status_; }
  rocksdb::Iterator& operator[](std::size_t family) { return *iterators_[family]; }

  /// The value at `key` in a family that is walked in rising order, or nothing. A few steps, then a
  /// jump.
  std::optional<std::string_view> at(std::size_t family, std::string_view key) {
    auto& iterator = *iterators_[family];
    constexpr int steps = 4;
    for (int i = 0; i < steps && iterator.Valid() && view(iterator.key()) < key; ++i)
      iterator.Next();
    if (!iterator.Valid() || view(iterator.key()) < key) {
      if (iterator.Valid() || !sought_[family])
        iterator.Seek(rocksdb::Slice{key.data(), key.size()});
      sought_[family] = true;
    }
    if (!iterator.Valid() || view(iterator.key()) != key) return {};
    return view(iterator.value());
  }

  Result<Done> check(const Database& database) const {
    if (!status_.ok()) return database.error(status_);
    for (const auto& iterator : iterators_)
      if (!iterator->status().ok()) return database.error(iterator->status());
    return Done{};
  }

 private:
  rocksdb::Status status_;
  std::vector<std::unique_ptr<rocksdb::Iterator>> iterators_;
  std::array<bool, family_count> sought_{};
};

std::string first_key(Instant at) {
  return encode_key({at, 0});
}

/// Adds a post from its records to a batch. False if they can't be read.
bool add_stored(StoredBatch& out, const PostKey& key, std::string_view texts, std::string_view head,
                std::optional<std::string_view> labels) {
  StoredPost stored;
  Post post;
  PostHead decoded;
  if (!decode_texts(out.texts.keep(texts), post) || !decode_head(head, decoded)) return false;
  if (labels && !decode_labels(*labels, stored.labels)) return false;
  stored.post = join_post(post, key, decoded);
  stored.key = key;
  stored.content = decoded.content;
  out.posts.push_back(std::move(stored));
  return true;
}

}  // namespace

Result<Done> scan(const Database& database, const ScanFilter& filter, ScanCursor& cursor,
                  std::size_t limit, StoredBatch& out) {
  enum : std::size_t { texts, heads, labels, leading };
  out.clear();
  Rows rows{database,
            {Family::texts, Family::heads, Family::labels,
             filter.unlabelled_only ? Family::waiting : Family::heads}};
  if (!rows.status().ok()) return database.error(rows.status());

  const auto begin = filter.window ? first_key(filter.window->begin) : std::string(1, '\0');
  const auto end = filter.window ? first_key(filter.window->end) : std::string{};
  // One seek, straight behind the cursor: before it may lie the marks of a million rows deleted
  // since.
  auto& at = rows[leading];
  const auto after = cursor ? encode_key(*cursor) : std::string{};
  at.Seek(std::max(begin, after));
  if (cursor && at.Valid() && view(at.key()) == after) at.Next();
  for (; at.Valid() && out.posts.size() < limit; at.Next()) {
    const auto key = view(at.key());
    if (key.size() != post_key_size) return damaged_record(database, "the key of a post");
    if (filter.window && key >= end) break;
    cursor = decode_key(key);
    const auto label = rows.at(labels, key);
    if (filter.not_generation && label) {
      Labels present;
      if (!decode_labels(*label, present)) return damaged_record(database, "the labels of a post");
      if (present.generation == *filter.not_generation) continue;
    }
    const auto text = rows.at(texts, key);
    const auto head = rows.at(heads, key);
    if (!text || !head || !add_stored(out, decode_key(key), *text, *head, label))
      return damaged_record(database, "a post");
  }
  return rows.check(database);
}

Result<Done> read_posts(const Database& database, std::span<const PostKey> keys, StoredBatch& out) {
  out.clear();
  const std::array families{Family::texts, Family::heads, Family::labels};
  std::array<std::vector<std::string>, 3> values;
  for (std::size_t f = 0; f < families.size(); ++f) {
    values[f].resize(keys.size());
    MultiLookup lookup{database, families[f]};
    for (const auto& key : keys) lookup.add(encode_key(key));
    auto read = lookup.run([&](std::size_t i, std::string_view value) { values[f][i] = value; });
    if (!read) return read.error();
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[0][i].empty()) continue;
    const auto labels =
        values[2][i].empty() ? std::nullopt : std::optional<std::string_view>{values[2][i]};
    if (!add_stored(out, keys[i], values[0][i], values[1][i], labels))
      return damaged_record(database, "a post");
  }
  return Done{};
}

Result<Done> read_facts(const Database& database, Window window,
                        const std::function<void(const FactBatch&)>& visit) {
  constexpr std::size_t batch_size = 4096;
  enum : std::size_t { heads, labels };
  Rows rows{database, {Family::heads, Family::labels}};
  if (!rows.status().ok()) return database.error(rows.status());
  const auto end = first_key(window.end);
  FactBatch batch;
  Labels decoded;
  auto& at = rows[heads];
  for (at.Seek(first_key(window.begin)); at.Valid() && view(at.key()) < end; at.Next()) {
    const auto key = view(at.key());
    PostHead head;
    if (key.size() != post_key_size || !decode_head(view(at.value()), head))
      return damaged_record(database, "the head of a post");
    Fact fact = fact_of(decode_key(key), head);
    if (const auto label = rows.at(labels, key)) {
      if (!decode_labels(*label, decoded)) return damaged_record(database, "the labels of a post");
      add_labels(decoded, fact, batch);
    }
    batch.facts.push_back(fact);
    if (batch.facts.size() == batch_size) {
      visit(batch);
      batch.clear();
    }
  }
  if (!batch.facts.empty()) visit(batch);
  return rows.check(database);
}

Result<Generation> read_generation(const Database& database, std::uint64_t id) {
  std::string record;
  const auto status =
      database.db().Get({}, database.family(Family::generations), hash_key(id), &record);
  if (status.IsNotFound())
    return Error{Error::Kind::format, "the store knows no such generation of labels"};
  if (!status.ok()) return database.error(status);
  Generation generation;
  if (!decode_generation(record, generation))
    return damaged_record(database, "a generation of labels");
  return generation;
}

namespace {

/// All rows of a small family but its stamp, in the order of keys.
Result<Done> read_all(
    const Database& database, Family family,
    const std::function<bool(std::string_view key, std::string_view value)>& take) {
  Rows rows{database, {family}};
  if (!rows.status().ok()) return database.error(rows.status());
  for (rows[0].Seek(std::string(1, '\0')); rows[0].Valid(); rows[0].Next())
    if (!take(view(rows[0].key()), view(rows[0].value()))) return damaged_record(database, "a row");
  return rows.check(database);
}

}  // namespace

Result<std::vector<std::pair<std::uint64_t, std::string>>> read_channels(const Database& database) {
  std::vector<std::pair<std::uint64_t, std::string>> channels;
  auto read =
      read_all(database, Family::channels, [&](std::string_view key, std::string_view value) {
        if (key.size() != 8) return false;
        channels.emplace_back(big_endian(key), value);
        return true;
      });
  if (!read) return read.error();
  return channels;
}

Result<std::vector<SourceState>> read_sources(const Database& database) {
  std::vector<SourceState> sources;
  auto read = read_all(database, Family::sources, [&](std::string_view, std::string_view value) {
    return decode_source(value, sources.emplace_back());
  });
  if (!read) return read.error();
  return sources;
}

Result<std::vector<Poll>> read_polls(const Database& database, Window window) {
  std::vector<Poll> polls;
  Poll poll;
  auto read = read_all(database, Family::polls, [&](std::string_view, std::string_view value) {
    if (!decode_poll(value, poll)) return false;
    if (window.contains(poll.at)) polls.push_back(poll);
    return true;
  });
  if (!read) return read.error();
  return polls;
}

Result<std::optional<std::pair<Instant, Instant>>> read_span(const Database& database) {
  Rows rows{database, {Family::heads}};
  if (!rows.status().ok()) return database.error(rows.status());
  rows[0].Seek(std::string(1, '\0'));
  if (!rows[0].Valid()) {
    if (auto checked = rows.check(database); !checked) return checked.error();
    return std::optional<std::pair<Instant, Instant>>{};
  }
  const auto first = decode_key(view(rows[0].key())).posted_at;
  rows[0].SeekToLast();
  const auto last = decode_key(view(rows[0].key())).posted_at;
  if (auto checked = rows.check(database); !checked) return checked.error();
  return std::optional{std::pair{first, last}};
}

}  // namespace earshot::rocks
