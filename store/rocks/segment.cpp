#include "store/rocks/segment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/rocks/keys.hpp"

namespace earshot::rocks {

namespace {

// So many rows without a block are a segment of their own.
constexpr std::size_t rows_alone = 2048;

bool is_post_key(const rocksdb::Iterator& at) {
  return at.Valid() && at.key().size() == post_key_size;
}

}  // namespace

SegmentReader::SegmentReader(const Database& database, Parts parts)
    : database_{database}, parts_{parts} {
  std::vector<rocksdb::ColumnFamilyHandle*> families{
      database.family(Family::heads), database.family(Family::rows),
      database.family(Family::labels), database.family(Family::texts)};
  families.resize(parts == Parts::heads ? 2 : parts == Parts::labels ? 3 : 4);
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  std::vector<rocksdb::Iterator*> made;
  status_ = database.db().NewIterators(options, families, &made);
  const auto take = [&](std::size_t i) {
    return std::unique_ptr<rocksdb::Iterator>{i < made.size() ? made[i] : nullptr};
  };
  heads_ = take(0);
  rows_ = take(1);
  labels_ = take(2);
  texts_ = take(3);
}

void SegmentReader::seek(std::string_view key) {
  if (!status_.ok()) return;
  const rocksdb::Slice at{key.data(), key.size()};
  heads_->SeekForPrev(at);
  if (heads_->Valid()) {
    rows_->Seek(heads_->key());
  } else {
    heads_->SeekToFirst();
    rows_->Seek(at);
  }
}

std::string SegmentReader::key_before(std::string_view key) {
  std::string last;
  for (auto* family : {heads_.get(), rows_.get()}) {
    if (family == nullptr) continue;
    family->SeekForPrev({key.data(), key.size()});
    if (family->Valid() && view(family->key()) == key) family->Prev();
    if (family->Valid()) last = std::max(last, family->key().ToString());
  }
  return last;
}

Result<Done> SegmentReader::find(std::string_view key, Segment& segment) {
  seek(key);
  do {
    if (const auto read = next(segment); !read) return read.error();
  } while (!segment.end.empty() && key >= segment.end);
  return Done{};
}

std::string_view SegmentReader::value_of(rocksdb::Iterator& family, std::string_view key) {
  const rocksdb::Slice at{key.data(), key.size()};
  if (family.Valid() && view(family.key()) < key) family.Next();
  if (!family.Valid() || view(family.key()) != key) family.Seek(at);
  if (!family.Valid() || view(family.key()) != key) return {};
  return view(family.value());
}

void SegmentReader::take_rows(Segment& segment, std::string_view until, std::size_t most) {
  for (; is_post_key(*rows_) && segment.rows.size() < most; rows_->Next()) {
    const auto key = view(rows_->key());
    if (!until.empty() && key >= until) return;
    segment.rows.emplace_back(decode_key(key), rows_->value().ToString());
  }
}

Result<bool> SegmentReader::next(Segment& segment) {
  if (!status_.ok()) return database_.error(status_);
  segment.block.reset();
  segment.rows.clear();
  segment.end.clear();
  for (auto* section : {&segment.heads, &segment.texts, &segment.labels}) section->clear();

  const bool block = is_post_key(*heads_);
  if (block && (!rows_->Valid() || view(heads_->key()) <= view(rows_->key()))) {
    const auto key = heads_->key().ToString();
    const auto value = view(heads_->value());
    if (value.size() < post_key_size) return database_.unreadable("a block of posts");
    segment.block = decode_key(key);
    const auto behind = std::string{value.substr(0, post_key_size)} + '\0';
    segment.heads.assign(value.substr(post_key_size));
    if (parts_ != Parts::heads) segment.labels.assign(value_of(*labels_, key));
    if (parts_ == Parts::all) segment.texts.assign(value_of(*texts_, key));
    heads_->Next();
    const auto end = is_post_key(*heads_) ? heads_->key().ToString() : behind;
    take_rows(segment, end, SIZE_MAX);
  } else {
    take_rows(segment, block ? view(heads_->key()) : std::string_view{}, rows_alone);
  }
  for (const auto* family : {heads_.get(), rows_.get(), labels_.get(), texts_.get()})
    if (family != nullptr && !family->status().ok()) return database_.error(family->status());
  std::string_view end;
  if (is_post_key(*heads_)) end = view(heads_->key());
  if (is_post_key(*rows_) && (end.empty() || view(rows_->key()) < end)) end = view(rows_->key());
  segment.end = end;
  return segment.block.has_value() || !segment.rows.empty();
}

Result<Done> SegmentView::read(const Database& database, const Segment& segment,
                               SegmentReader::Parts parts) {
  places_.clear();
  rows_.resize(segment.rows.size());
  if (segment.block) {
    const bool sound =
        posts_.read_heads(segment.heads) &&
        (parts == SegmentReader::Parts::heads || labels_.read(segment.labels, posts_.size())) &&
        (parts != SegmentReader::Parts::all || posts_.read_texts(segment.texts));
    if (!sound) return database.unreadable("a block of posts");
  } else {
    posts_.clear();
  }
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (!decode_row(segment.rows[i].second, rows_[i])) return database.unreadable("a post");

  const auto& keys = posts_.keys();
  places_.reserve(keys.size() + rows_.size());
  std::uint32_t at = 0;
  const auto take_before = [&](const PostKey* until) {
    for (; at < keys.size() && (until == nullptr || keys[at] < *until); ++at)
      places_.push_back({keys[at], at, false});
  };
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const auto& key = segment.rows[i].first;
    take_before(&key);
    if (at < keys.size() && keys[at] == key) ++at;  // the row stands over it
    if (rows_[i].kind != Row::Kind::gone) places_.push_back({key, i, true});
  }
  take_before(nullptr);
  return Done{};
}

bool SegmentView::labelled(const Place& place) const {
  return place.in_row ? rows_[place.index].labels.has_value() : labels_.labelled(place.index);
}

std::uint64_t SegmentView::generation(const Place& place) const {
  if (!labelled(place)) return 0;
  return place.in_row ? rows_[place.index].labels->generation : labels_.generation(place.index);
}

bool SegmentView::in_block(const PostKey& key) const {
  return std::ranges::binary_search(posts_.keys(), key);
}

Post SegmentView::post(const Place& place) const {
  if (!place.in_row) return posts_.post(place.index);
  const Row& row = rows_[place.index];
  return join_post(row.texts, place.key, row.head);
}

std::optional<Labels> SegmentView::labels(const Place& place, std::uint64_t content) const {
  if (place.in_row) return rows_[place.index].labels;
  if (!labels_.labelled(place.index)) return {};
  return labels_.labels(place.index, content);
}

void SegmentView::add_fact(const Place& place, FactBatch& batch) const {
  if (hidden(place)) return;
  if (!place.in_row) {
    Fact fact = posts_.fact(place.index);
    labels_.add_to(place.index, fact, batch);
    batch.facts.push_back(fact);
    return;
  }
  const Row& row = rows_[place.index];
  if (row.kind == Row::Kind::erased && !row.labels) return;
  Fact fact = fact_of(place.key, row.head);
  if (row.labels) add_labels(*row.labels, fact, batch);
  batch.facts.push_back(fact);
}

}  // namespace earshot::rocks
