// The part of `Appender` that labels posts.
#include <algorithm>
#include <memory>

#include "store/rocks/append.hpp"
#include "store/rocks/keys.hpp"

namespace earshot::rocks {

namespace {

/// The content hashes of the block of a segment, by row.
Result<ContentCache::Contents> contents_of(const Database& database, const Segment& segment,
                                           SegmentView& view, const ContentCache& cache) {
  if (auto known = cache.find(*segment.block)) return known;
  if (auto read = view.read(database, segment, SegmentReader::Parts::all); !read)
    return read.error();
  std::vector<std::uint64_t> contents;
  for (std::uint32_t i = 0; i < view.block_size(); ++i)
    contents.push_back(content_hash(view.post({.key = {}, .index = i, .in_row = false})));
  return ContentCache::Contents{
      std::make_shared<const std::vector<std::uint64_t>>(std::move(contents))};
}

}  // namespace

Result<Done> Appender::add_labels(std::span<const LabelledPost> labels, AppendOutcome& outcome) {
  if (labels.empty()) return Done{};
  // Beside posts or erasures, which may write the same blocks again, labels go with the posts.
  return pending_.empty() ? label_stored(labels, outcome) : label_pending(labels, outcome);
}

Result<Done> Appender::label_pending(std::span<const LabelledPost> labelled,
                                     AppendOutcome& outcome) {
  std::vector<IdIndex::Hint> hints;
  for (const auto& row : labelled)
    if (!places_.contains(row.key.id)) hints.push_back(IdIndex::hint(row.key));
  std::ranges::sort(hints);
  if (auto loaded = load_hinted(hints); !loaded) return loaded;
  for (const auto& row : labelled) {
    const auto* place = places_.find(row.key.id);
    if (place == nullptr || *place == 0) continue;
    Pending& pending = pending_[*place - 1];
    if (pending.content == 0 && !pending.erased) pending.content = content_hash(*pending.post);
    if (pending.erased || pending.key != row.key || pending.content != row.labels.content) continue;
    if (pending.labels && !labels_win(row.labels, *pending.labels)) continue;
    pending.labels = std::make_unique<Labels>(row.labels);
    pending.relabelled = true;
    ++outcome.labelled;
  }
  return Done{};
}

Result<Done> Appender::label_stored(std::span<const LabelledPost> labelled,
                                    AppendOutcome& outcome) {
  std::vector<const LabelledPost*> sorted;
  sorted.reserve(labelled.size());
  for (const auto& row : labelled) sorted.push_back(&row);
  std::ranges::stable_sort(sorted, {}, [](const LabelledPost* row) { return row->key; });
  SegmentReader reader{database_, SegmentReader::Parts::all};
  Segment segment;
  for (std::size_t first = 0; first < sorted.size();) {
    const auto key = encode_key(sorted[first]->key);
    if (auto found = reader.find(key, segment); !found) return found;
    std::size_t end = first;
    while (end < sorted.size() &&
           (segment.end.empty() || encode_key(sorted[end]->key) < segment.end))
      ++end;
    auto done = label_segment(segment, std::span{sorted}.subspan(first, end - first), outcome);
    if (!done) return done;
    first = end;
  }
  return Done{};
}

Result<Done> Appender::label_segment(const Segment& segment,
                                     std::span<const LabelledPost* const> labelled,
                                     AppendOutcome& outcome) {
  SegmentView view;
  if (auto read = view.read(database_, segment, SegmentReader::Parts::labels); !read) return read;
  const auto size = view.block_size();
  ContentCache::Contents contents;
  if (segment.block) {
    auto found = contents_of(database_, segment, view, contents_);
    if (!found) return found.error();
    contents = *std::move(found);
  }
  // What stands for each row of the block: the labels it had, or those that replace them.
  std::vector<Labels> stored;
  stored.reserve(size);
  std::vector<const Labels*> standing(size, nullptr);
  std::size_t waiting = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    auto labels = view.labels({.key = {}, .index = i, .in_row = false}, (*contents)[i]);
    if (!labels) continue;
    stored.push_back(*std::move(labels));
    standing[i] = &stored.back();
  }
  bool block_changed = false;
  for (const auto* row : labelled) {
    const auto place =
        std::ranges::lower_bound(view.places(), row->key, {}, &SegmentView::Place::key);
    if (place == view.places().end() || place->key != row->key || view.erased(*place)) continue;
    if (place->in_row) {
      Row changed = view.row(place->index);
      if (changed.head.content != row->labels.content) continue;
      if (changed.labels && !labels_win(row->labels, *changed.labels)) continue;
      if (changed.labels)
        count_generation(changed.labels->generation, -1);
      else
        --ledger_.unlabelled;
      changed.labels = row->labels;
      put_row(row->key, changed);
      --ledger_.rows;  // it was one before
      view.replace_row(place->index, std::move(changed));
    } else {
      const Labels*& standing_here = standing[place->index];
      if ((*contents)[place->index] != row->labels.content) continue;
      if (standing_here != nullptr && !labels_win(row->labels, *standing_here)) continue;
      if (standing_here != nullptr)
        count_generation(standing_here->generation, -1);
      else
        --ledger_.unlabelled;
      standing_here = &row->labels;
      block_changed = true;
    }
    count_generation(row->labels.generation, 1);
    touch(row->key.posted_at);
    ++outcome.labelled;
  }
  if (!block_changed) return Done{};
  const auto key = encode_key(*segment.block);
  encode_labels(standing, record_);
  writes_.Put(database_.family(Family::labels), key, record_);
  for (const auto& place : view.places())
    waiting += !place.in_row && standing[place.index] == nullptr ? 1 : 0;
  if (waiting == 0) writes_.Delete(database_.family(Family::waiting), key);
  return Done{};
}

}  // namespace earshot::rocks
