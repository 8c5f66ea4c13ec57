#include "store/rocks/block_writer.hpp"

#include <algorithm>
#include <string>

#include "store/base/parallel.hpp"
#include "store/rocks/keys.hpp"

namespace earshot::rocks {

namespace {

constexpr std::size_t largest_block = 4096;   // posts
constexpr std::size_t most_text = 4U << 20U;  // bytes, unless one post has more

struct Encoded {
  std::span<const PlacedPost> posts;
  std::string heads, texts, labels;
  bool waits = false;  // some post has no labels
};

/// Equal parts of at most a block's size, and none with too much text.
std::vector<Encoded> cut(std::span<const PlacedPost> posts) {
  std::vector<Encoded> parts;
  const auto count = (posts.size() + largest_block - 1) / largest_block;
  for (std::size_t part = 0, begin = 0; part < count; ++part) {
    const auto end = posts.size() * (part + 1) / count;
    std::size_t text = 0;
    for (std::size_t i = begin; i < end; ++i) {
      text += posts[i].post->text.size();
      if (text <= most_text || i == begin) continue;
      parts.push_back({.posts = posts.subspan(begin, i - begin)});
      begin = i;
      text = posts[i].post->text.size();
    }
    parts.push_back({.posts = posts.subspan(begin, end - begin)});
    begin = end;
  }
  return parts;
}

void encode(Encoded& part) {
  std::vector<const Labels*> labels;
  bool any = false;
  for (const auto& post : part.posts) {
    labels.push_back(post.labels);
    any = any || post.labels != nullptr;
    part.waits = part.waits || post.labels == nullptr;
  }
  encode_heads(part.posts, part.heads);
  encode_texts(part.posts, part.texts);
  if (any) encode_labels(labels, part.labels);
}

}  // namespace

void BlockWriter::put(std::span<const PlacedPost> posts) {
  auto parts = cut(posts);
  parallel_slices(parts.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) encode(parts[i]);
  });
  for (const auto& part : parts) {
    const auto& first = part.posts.front().key;
    const auto key = encode_key(first);
    const auto last = encode_key(part.posts.back().key);
    const rocksdb::Slice heads[] = {last, part.heads};
    const rocksdb::Slice key_slice{key};
    writes_.Put(database_.family(Family::heads), {&key_slice, 1}, {heads, 2});
    writes_.Put(database_.family(Family::texts), key, part.texts);
    if (!part.labels.empty()) writes_.Put(database_.family(Family::labels), key, part.labels);
    if (part.waits) writes_.Put(database_.family(Family::waiting), key, {});
    blocks_.push_back(first);
    last_ = std::max(last_, part.posts.back().key);
  }
}

void BlockWriter::remove(const PostKey& block) {
  const auto key = encode_key(block);
  for (const auto family : {Family::heads, Family::texts, Family::labels, Family::waiting})
    writes_.Delete(database_.family(family), key);
}

void BlockWriter::rewrite(const Segment& segment, const SegmentView& stored,
                          std::span<const PlacedPost> extra,
                          const std::function<bool(const PostKey&)>& dropped) {
  const auto& places = stored.places();
  std::vector<Post> posts;
  std::vector<Labels> labels;
  std::vector<PlacedPost> placed;
  posts.reserve(places.size());
  labels.reserve(places.size());
  placed.reserve(places.size() + extra.size());
  for (const auto& place : places) {
    if (stored.erased(place) || dropped(place.key)) continue;
    posts.push_back(stored.post(place));
    placed.push_back({place.key, &posts.back(), nullptr});
    if (auto found = stored.labels(place, 0)) {
      labels.push_back(*std::move(found));
      placed.back().labels = &labels.back();
    }
  }
  const auto middle = static_cast<std::ptrdiff_t>(placed.size());
  placed.insert(placed.end(), extra.begin(), extra.end());
  std::ranges::inplace_merge(placed, placed.begin() + middle, {}, &PlacedPost::key);

  if (segment.block) remove(*segment.block);
  for (std::size_t i = 0; i < segment.rows.size(); ++i) {
    if (stored.erased_row(i)) continue;
    const auto key = encode_key(segment.rows[i].first);
    writes_.Delete(database_.family(Family::rows), key);
    writes_.Delete(database_.family(Family::waiting), row_mark(key));
  }
  put(placed);
}

}  // namespace earshot::rocks
