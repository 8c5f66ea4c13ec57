#include "store/rocks/reader.hpp"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "store/base/parallel.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

namespace {

using Parts = SegmentReader::Parts;

/// Adds a post to a batch, which then holds its texts.
void add_stored(const SegmentView& view, const SegmentView::Place& place, std::uint64_t content,
                StoredBatch& out) {
  StoredPost stored{view.post(place), place.key, content, {}};
  for_each_text(stored.post, [&](std::string_view& text) { text = out.texts.keep(text); });
  if (auto labels = view.labels(place, content)) stored.labels = *std::move(labels);
  out.posts.push_back(std::move(stored));
}

std::uint64_t content_of(const SegmentView& view, const SegmentView::Place& place) {
  return place.in_row ? view.row(place.index).head.content : content_hash(view.post(place));
}

bool is_shown(const SegmentView& view, const SegmentView::Place& place, HiddenPosts hidden) {
  return !view.erased(place) && (hidden == HiddenPosts::taken || !view.hidden(place));
}

bool is_wanted(const SegmentView& view, const SegmentView::Place& place, const ScanFilter& filter) {
  if (!is_shown(view, place, filter.hidden)) return false;
  const bool labelled = view.labelled(place);
  if (filter.unlabelled_only && labelled) return false;
  return !filter.not_generation || !labelled || view.generation(place) != *filter.not_generation;
}

/// Where a scan is: walks over all segments, or only over those in which a post waits for labels.
class ScanWalk {
 public:
  ScanWalk(const Database& database, bool waiting_only)
      : database_{database}, reader_{database, Parts::all} {
    if (waiting_only)
      waiting_.reset(database.db().NewIterator({}, database.family(Family::waiting)));
  }

  void begin(std::string_view key) {
    if (!waiting_) return reader_.seek(key);
    const rocksdb::Slice at{key.data(), key.size()};
    waiting_->SeekForPrev(at);  // the mark of a block lies before what waits in it
    if (!waiting_->Valid()) waiting_->Seek(at);
  }
  /// False at the end.
  Result<bool> next(Segment& segment) {
    if (!waiting_) return reader_.next(segment);
    if (!waiting_->status().ok()) return database_.error(waiting_->status());
    if (!waiting_->Valid()) return false;
    const auto key = waiting_->key().ToString().substr(0, post_key_size);
    if (auto found = reader_.find(key, segment); !found) return found.error();
    if (segment.end.empty())
      waiting_->SeekToLast(), waiting_->Next();
    else
      waiting_->Seek(segment.end);
    return true;
  }

 private:
  const Database& database_;
  SegmentReader reader_;
  std::unique_ptr<rocksdb::Iterator> waiting_;
};

}  // namespace

Result<Done> scan(const Database& database, ContentCache& contents, const ScanFilter& filter,
                  ScanCursor& cursor, std::size_t limit, StoredBatch& out) {
  out.clear();
  const auto epoch = contents.epoch();
  ScanWalk walk{database, filter.unlabelled_only};
  auto from = filter.window ? first_key(filter.window->begin) : std::string(post_key_size, '\0');
  if (cursor) from = std::max(from, encode_key(*cursor));
  walk.begin(from);
  Segment segment;
  SegmentView view;
  std::size_t largest = 0;  // segment so far: one more may have as many posts
  while (out.posts.empty() || out.posts.size() + largest <= limit) {
    const auto more = walk.next(segment);
    if (!more) return more.error();
    if (!*more) break;
    if (cursor && !segment.end.empty() && segment.end <= from) continue;  // all of it was seen
    if (auto read = view.read(database, segment, Parts::all); !read) return read;
    largest = std::max(largest, view.places().size());
    std::vector<std::uint64_t> block_contents(view.block_size(), 0);
    for (const auto& place : view.places()) {
      if (cursor && place.key <= *cursor) continue;
      if (filter.window && place.key.posted_at < filter.window->begin) continue;
      if (filter.window && place.key.posted_at >= filter.window->end) return Done{};
      if (out.posts.size() == limit) return Done{};
      cursor = place.key;
      if (!is_wanted(view, place, filter)) continue;
      const auto content = content_of(view, place);
      if (!place.in_row) block_contents[place.index] = content;
      add_stored(view, place, content, out);
    }
    if (segment.block && std::ranges::find(block_contents, 0) == block_contents.end())
      contents.keep(*segment.block,
                    std::make_shared<const std::vector<std::uint64_t>>(std::move(block_contents)),
                    epoch);
  }
  return Done{};
}

Result<Done> read_posts(const Database& database, std::span<const PostKey> keys, HiddenPosts hidden,
                        StoredBatch& out) {
  out.clear();
  std::vector<std::size_t> order(keys.size());  // of reading
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return keys[i]; });
  std::vector<std::optional<StoredPost>> found(keys.size());
  SegmentReader reader{database, Parts::all};
  Segment segment;
  SegmentView view;
  for (std::size_t at = 0; at < order.size();) {
    if (auto sought = reader.find(encode_key(keys[order[at]]), segment); !sought) return sought;
    if (auto read = view.read(database, segment, Parts::all); !read) return read;
    for (bool here = true; here && at < order.size(); ++at) {
      const auto& key = keys[order[at]];
      const auto place = std::ranges::lower_bound(view.places(), key, {}, &SegmentView::Place::key);
      if (place != view.places().end() && place->key == key && is_shown(view, *place, hidden)) {
        add_stored(view, *place, content_of(view, *place), out);
        found[order[at]] = std::move(out.posts.back());
        out.posts.pop_back();
      }
      here = at + 1 < order.size() &&
             (segment.end.empty() || encode_key(keys[order[at + 1]]) < segment.end);
    }
  }
  for (auto& post : found)
    if (post) out.posts.push_back(*std::move(post));
  return Done{};
}

namespace {

/// Segments of a window that are read beside each other.
class FactGroup {
 public:
  /// Reads the next ones up to `end`; false if there is nothing more, or an error.
  bool read(const Database& database, SegmentReader& reader, Window window, std::string_view end,
            bool& more) {
    filled_ = 0;
    while (more && filled_ < slots_.size()) {
      const auto found = reader.next(slots_[filled_].segment);
      if (!found) error_ = found.error();
      more = found && *found;
      if (!more) break;
      const auto& segment = slots_[filled_++].segment;
      more = !segment.end.empty() && segment.end < end;
    }
    parallel_slices(filled_, 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) slots_[i].read(database, window);
    });
    return filled_ > 0 || error_;
  }

  /// Visits what was read, up to the first error.
  Result<Done> visit(const std::function<void(const FactBatch&)>& visit) const {
    for (std::size_t i = 0; i < filled_; ++i) {
      if (slots_[i].error) return *slots_[i].error;
      if (!slots_[i].batch.facts.empty()) visit(slots_[i].batch);
    }
    if (error_) return *error_;
    return Done{};
  }

 private:
  struct Slot {
    Segment segment;
    SegmentView view;
    FactBatch batch;
    std::optional<Error> error;

    void read(const Database& database, Window window) {
      batch.clear();
      if (auto read = view.read(database, segment, Parts::labels); !read) {
        error = read.error();
        return;
      }
      for (const auto& place : view.places())
        if (window.contains(place.key.posted_at)) view.add_fact(place, batch);
    }
  };

  std::array<Slot, 4> slots_;
  std::size_t filled_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Done> read_facts(const Database& database, Window window,
                        const std::function<void(const FactBatch&)>& visit) {
  const auto groups = std::make_unique<std::array<FactGroup, 3>>();
  SegmentReader reader{database, Parts::labels};
  const auto end = first_key(window.end);
  reader.seek(first_key(window.begin));
  bool more = true;
  Result<Done> visited = Done{};
  parallel_stream(
      groups->size(),
      [&](std::size_t at) { return (*groups)[at].read(database, reader, window, end, more); },
      [&](std::size_t at) {
        visited = (*groups)[at].visit(visit);
        return visited.has_value();
      });
  return visited;
}

Result<Generation> read_generation(const Database& database, std::uint64_t id) {
  std::string record;
  const auto status =
      database.db().Get({}, database.family(Family::generations), hash_key(id), &record);
  if (status.IsNotFound())
    return Error{Error::Kind::format, "the store knows no such generation of labels"};
  if (!status.ok()) return database.error(status);
  Generation generation;
  if (!decode_generation(record, generation)) return database.unreadable("a generation of labels");
  return generation;
}

namespace {

/// All rows of a small family, in the order of keys.
Result<Done> read_all(
    const Database& database, Family family,
    const std::function<bool(std::string_view key, std::string_view value)>& take) {
  const std::unique_ptr<rocksdb::Iterator> at{
      database.db().NewIterator({}, database.family(family))};
  for (at->SeekToFirst(); at->Valid(); at->Next())
    if (!take(view(at->key()), view(at->value()))) return database.unreadable("a row");
  return at->status().ok() ? Result<Done>{Done{}} : database.error(at->status());
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

Result<std::vector<HostState>> read_hosts(const Database& database) {
  std::vector<HostState> hosts;
  const std::unique_ptr<rocksdb::Iterator> at{
      database.db().NewIterator({}, database.family(Family::meta))};
  for (at->Seek(host_key({})); at->Valid() && view(at->key()).starts_with(host_prefix); at->Next())
    if (!decode_host(view(at->value()), hosts.emplace_back()))
      return database.unreadable("a host's rest");
  if (!at->status().ok()) return database.error(at->status());
  return hosts;
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
  SegmentReader reader{database, Parts::heads};
  Segment segment;
  SegmentView view;
  std::optional<std::pair<Instant, Instant>> span;
  reader.seek(std::string(post_key_size, '\0'));
  for (;;) {
    const auto more = reader.next(segment);
    if (!more) return more.error();
    if (!*more) return span;
    if (auto read = view.read(database, segment, Parts::heads); !read) return read.error();
    if (!view.places().empty()) break;
  }
  // The last segment may hold nothing but marks of posts that are gone; then the one before it.
  const auto first = view.places().front().key.posted_at;
  for (auto before = std::string(post_key_size + 1, '\xFF');;) {
    before = reader.key_before(before);
    if (auto found = reader.find(before, segment); !found) return found.error();
    if (auto read = view.read(database, segment, Parts::heads); !read) return read.error();
    if (!view.places().empty())
      return std::optional{std::pair{first, view.places().back().key.posted_at}};
    before = encode_key(segment.block ? *segment.block : segment.rows.front().first);
  }
}

}  // namespace earshot::rocks
