#include "store/rocks/append.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "store/base/hash.hpp"
#include "store/rocks/kept_tallies.hpp"
#include "store/rocks/keys.hpp"

namespace earshot::rocks {

namespace {

constexpr std::size_t usual_post = 128;  // bytes in a block
constexpr std::size_t ahead = 16;        // posts, of which texts are fetched from afar

void add_to(std::uint64_t& count, std::int64_t by) {
  count += static_cast<std::uint64_t>(by);
}

/// With the key's, what is left of the id of an erased post, to know it by if it comes again.
std::uint64_t second_hash(const PostId& id) {
  return hash_bytes(id.native_id, hash_bytes(id.network, 2));
}

}  // namespace

Result<AppendOutcome> Appender::add(const Append& batch) {
  AppendOutcome outcome;
  writes_ = rocksdb::WriteBatch{batch.posts.size() * usual_post};
  if (batch.generation) {
    encode_generation(*batch.generation, record_);
    writes_.Put(database_.family(Family::generations), hash_key(batch.generation->id()), record_);
  }
  if (auto added = add_posts(batch.posts, outcome); !added) return added.error();
  std::vector<std::uint64_t> to_erase;
  for (const auto& id : batch.erasures) to_erase.push_back(id_hash_(id.network, id.native_id));
  if (auto loaded = load_known(to_erase); !loaded) return loaded.error();
  if (auto labelled = add_labels(batch.labels, outcome); !labelled) return labelled.error();
  if (auto erased = erase(batch.erasures, outcome); !erased) return erased.error();
  if (auto written = write_posts(); !written) return written.error();
  std::ranges::sort(touched_);
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  drop_tallies(database_, touched_, writes_);
  for (const auto& source : batch.sources) {
    encode_source(source, record_);
    writes_.Put(database_.family(Family::sources), source.name, record_);
  }
  for (const auto& host : batch.hosts) {
    if (host.free_at == Instant{}) {
      writes_.Delete(database_.family(Family::meta), host_key(host.host));
      continue;
    }
    encode_host(host, record_);
    writes_.Put(database_.family(Family::meta), host_key(host.host), record_);
  }
  for (const auto& poll : batch.polls) {
    encode_poll(poll, record_);
    writes_.Put(database_.family(Family::polls), poll_key(poll.source, poll.at), record_);
  }
  return outcome;
}

Result<Done> Appender::add_posts(std::span<const Post> posts, AppendOutcome& outcome) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(posts.size());
  for (std::size_t i = 0; i < posts.size(); ++i) {
    if (i + ahead < posts.size()) __builtin_prefetch(posts[i + ahead].native_id.data());
    hashes.push_back(id_hash_(posts[i].network, posts[i].native_id));
  }
  if (auto loaded = load_known(hashes); !loaded) return loaded.error();

  pending_.reserve(pending_.size() + posts.size());
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const auto own_hash = hashes[i];
    const auto place = place_of({posts[i].network, posts[i].native_id}, hashes[i], true);
    if (!place) return place.error();
    if (*place == pending_.size()) {
      pending_.push_back({.key = {posts[i].posted_at, hashes[i]}, .post = &posts[i]});
      pending_.back().named = id_hash_ == &post_id_hash && hashes[i] == own_hash;
      ++outcome.added;
      continue;
    }
    Pending& pending = pending_[*place];
    if (pending.erased) {
      ++outcome.repeated;
      continue;
    }
    if (!pending.stored_key && pending.content == 0) pending.content = content_hash(*pending.post);
    const auto change = merge_post(own(pending), pending.content, posts[i], content_hash(posts[i]));
    pending.key.posted_at = pending.post->posted_at;
    if (change.content) pending.labels.reset();
    pending.change.content = pending.change.content || change.content;
    pending.change.counts = pending.change.counts || change.counts;
    pending.change.other = pending.change.other || change.other;
    ++(change.content ? outcome.edited : change.counts ? outcome.recounted : outcome.repeated);
  }
  return Done{};
}

/// Makes pending posts of those stored posts whose id has one of these hashes.
Result<Done> Appender::load_known(std::span<const std::uint64_t> hashes) {
  std::vector<std::uint64_t> wanted;
  wanted.reserve(hashes.size());
  places_.reserve(hashes.size());
  for (const auto hash : hashes) {
    const auto known = places_.size();
    places_[hash];
    if (places_.size() > known) wanted.push_back(hash);
  }
  if (wanted.empty()) return Done{};
  const auto hints = index_.find(wanted);
  if (!hints) return hints.error();
  return load_hinted(*hints);
}

Result<Done> Appender::load_hinted(std::span<const IdIndex::Hint> hints) {
  if (hints.empty()) return Done{};
  for (const auto& hint : hints) places_[hint.id];
  SegmentReader reader{database_, SegmentReader::Parts::all};
  Segment segment;
  SegmentView view;
  std::string read_up_to;  // all before this key is read
  std::optional<std::int64_t> hour;
  for (const auto& hint : hints) {
    if (hour == hint.hour) continue;
    hour = hint.hour;
    const auto begin = std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::hours>{std::chrono::hours{hint.hour}});
    const auto end = first_key(begin + std::chrono::hours{1});
    if (read_up_to >= end) continue;
    reader.seek(std::max(first_key(begin), read_up_to));
    for (bool more = true; more && read_up_to < end;) {
      const auto read = reader.next(segment);
      if (!read) return read.error();
      more = *read && !segment.end.empty();
      if (!*read) break;
      if (auto loaded = load_from(segment, view); !loaded) return loaded;
      read_up_to = more ? segment.end : std::string(post_key_size, '\xFF');
    }
  }
  return Done{};
}

/// The posts of a segment that are looked for and not found yet.
Result<Done> Appender::load_from(const Segment& segment, SegmentView& view) {
  using Parts = SegmentReader::Parts;
  if (auto read = view.read(database_, segment, Parts::heads); !read) return read;
  const auto is_wanted = [&](const SegmentView::Place& place) {
    const auto* known = places_.find(place.key.id);
    return known != nullptr && *known == 0;
  };
  if (std::ranges::none_of(view.places(), is_wanted)) return Done{};
  if (auto read = view.read(database_, segment, Parts::all); !read) return read;
  for (const auto& place : view.places())
    if (is_wanted(place)) take_stored(view, place);
  return Done{};
}

void Appender::take_stored(const SegmentView& view, const SegmentView::Place& place) {
  Post& post = own_.emplace_back(view.post(place));
  for_each_text(post, [this](std::string_view& text) { text = loaded_.keep(text); });
  Pending pending{.key = place.key, .post = &post, .own = &post, .stored_key = place.key};
  pending.in_row = place.in_row;
  pending.in_block = !place.in_row || view.in_block(place.key);
  pending.erased = view.erased(place);
  if (pending.erased)
    pending.anonymous = std::make_unique<PostHead>(view.row(place.index).head);
  else
    pending.content = content_hash(post);
  if (auto labels = view.labels(place, pending.content))
    pending.labels = std::make_unique<Labels>(*std::move(labels));
  pending.was_labelled = pending.labels != nullptr;
  pending.stored_generation = pending.labels ? pending.labels->generation : 0;
  pending.stored_source = post.source;
  pending_.push_back(std::move(pending));
  places_[place.key.id] = pending_.size();
}

Post& Appender::own(Pending& pending) {
  if (pending.own == nullptr) {
    pending.own = &own_.emplace_back(*pending.post);
    pending.post = pending.own;
  }
  return *pending.own;
}

/// Where another post has the same hash, the next free hash is taken, and `hash` is set so. A place
/// for a new post is kept for it.
Result<std::size_t> Appender::place_of(const PostId& id, std::uint64_t& hash, bool keep) {
  for (;; ++hash) {
    auto* known = places_.find(hash);
    if (known == nullptr) {
      if (auto loaded = load_known({&hash, 1}); !loaded) return loaded.error();
      known = places_.find(hash);
    }
    if (*known == 0) {
      if (keep) *known = pending_.size() + 1;
      return pending_.size();
    }
    const auto place = *known - 1;
    const Pending& there = pending_[place];
    const bool texts_gone = there.erased && !there.erased_now;
    const bool same =
        texts_gone ? there.anonymous->content == second_hash(id)
                   : there.post->native_id == id.native_id && there.post->network == id.network;
    if (same) return place;
  }
}

Result<Done> Appender::erase(std::span<const PostId> ids, AppendOutcome& outcome) {
  for (const auto& id : ids) {
    auto hash = id_hash_(id.network, id.native_id);
    const auto place = place_of(id, hash, false);
    if (!place) return place.error();
    if (*place == pending_.size() || pending_[*place].erased) continue;
    Pending& pending = pending_[*place];
    auto head = std::make_unique<PostHead>(head_of(*pending.post, second_hash(id)));
    if (head->author != 0) head->author = author_token(pending.key);
    head->missing_at = {};  // its fact is in the totals again
    pending.anonymous = std::move(head);
    if (pending.labels) pending.labels->content = 0;
    pending.erased = pending.erased_now = true;
    ++outcome.erased;
  }
  return Done{};
}

Result<Done> Appender::write_posts() {
  std::vector<PlacedPost> fresh, left;
  fresh.reserve(pending_.size());
  indexed_.reserve(pending_.size());
  std::vector<PostKey> dropped;
  bool from_blocks = false;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const Pending& pending = pending_[i];
    if (i + ahead < pending_.size()) __builtin_prefetch(pending_[i + ahead].post->channel.data());
    if (!pending.changed()) continue;
    count(pending);
    touch(pending.key.posted_at);
    if (pending.moved()) touch(pending.stored_key->posted_at);
    if (!pending.erased) write_channel(pending.post->channel);
    if (!pending.stored_key || pending.moved()) indexed_.push_back(pending.key);
    if (!pending.stored_key && !pending.erased)
      fresh.push_back({pending.key, pending.post, pending.labels.get(), pending.named});
    if (pending.erased_now && pending.stored_key) {
      dropped.push_back(*pending.stored_key);
      from_blocks = from_blocks || pending.in_block;
    }
  }
  std::ranges::sort(fresh, {}, &PlacedPost::key);
  std::ranges::sort(dropped);
  if (fresh.size() >= least_block || from_blocks) {
    if (auto written = write_blocks(fresh, dropped, left); !written) return written;
  } else {
    left = std::move(fresh);
  }
  // Rows come after blocks, over which they stand.
  for (const auto& place : left) write_row(pending_[places_[place.key.id] - 1]);
  for (const auto& pending : pending_)
    if (pending.changed() && (pending.stored_key || pending.erased)) write_row(pending);
  ledger_.last = std::max(ledger_.last, blocks_.last());
  if (!blocks_.blocks().empty() || !rows_noted_.empty())
    index_.note(ledger_.batch + 1, blocks_.blocks(), rows_noted_, writes_);
  return Done{};
}

void Appender::touch(Instant at) {
  const Instant day = std::chrono::floor<std::chrono::days>(at);
  if (touched_.empty() || touched_.back() != day) touched_.push_back(day);
}

/// Puts new posts into blocks where enough of them lie close together, and writes the blocks again
/// that hold posts to be dropped; `left` are the new posts that become rows. (`dropped` are
/// sorted.)
Result<Done> Appender::write_blocks(std::span<const PlacedPost> fresh,
                                    std::span<const PostKey> dropped,
                                    std::vector<PlacedPost>& left) {
  const auto leave = [&](std::span<const PlacedPost> posts) {
    left.insert(left.end(), posts.begin(), posts.end());
  };
  const auto put = [&](std::span<const PlacedPost> posts) {
    posts.size() >= least_block ? blocks_.put(posts) : leave(posts);
  };
  const auto count_before = [](std::span<const PlacedPost> posts, const PostKey& key) {
    return static_cast<std::size_t>(std::ranges::lower_bound(posts, key, {}, &PlacedPost::key) -
                                    posts.begin());
  };
  const auto inner = static_cast<std::size_t>(
      std::ranges::upper_bound(fresh, ledger_.last, {}, &PlacedPost::key) - fresh.begin());
  put(fresh.subspan(inner));
  fresh = fresh.first(inner);

  const std::unique_ptr<rocksdb::Iterator> heads{
      database_.db().NewIterator({}, database_.family(Family::heads))};
  heads->SeekToFirst();
  if (!heads->Valid()) return Done{};  // then nothing is left, and nothing can be dropped
  const auto outer = count_before(fresh, decode_key(view(heads->key())));
  put(fresh.first(outer));
  fresh = fresh.subspan(outer);
  if (fresh.size() < least_block && dropped.empty()) return leave(fresh), Done{};

  SegmentReader reader{database_, SegmentReader::Parts::all};
  Segment segment;
  SegmentView stored;
  auto drop = dropped.begin();
  while (!fresh.empty() || drop != dropped.end()) {
    const auto key = fresh.empty()           ? *drop
                     : drop == dropped.end() ? fresh.front().key
                                             : std::min(*drop, fresh.front().key);
    if (auto found = reader.find(encode_key(key), segment); !found) return found;
    if (!segment.block || key > ledger_.last) {  // a post to be dropped that is a row only
      if (drop != dropped.end() && *drop == key) ++drop;
      continue;
    }
    const bool last = segment.end.empty();
    const auto end = last ? PostKey{} : decode_key(segment.end);
    const auto group = fresh.first(last ? fresh.size() : count_before(fresh, end));
    const auto drops_here = last ? dropped.end() : std::lower_bound(drop, dropped.end(), end);
    fresh = fresh.subspan(group.size());
    if (group.size() < least_block && drop == drops_here) {
      leave(group);
      continue;
    }
    drop = drops_here;
    if (auto viewed = stored.read(database_, segment, SegmentReader::Parts::all); !viewed)
      return viewed;
    blocks_.rewrite(segment, stored, group,
                    [&](const PostKey& post) { return std::ranges::binary_search(dropped, post); });
    rewrote_ = true;
  }
  return Done{};
}

/// The row of a post that stands in no block, or otherwise than in its block.
void Appender::write_row(const Pending& pending) {
  // An erased post leaves its block, which may be all that the index knows it by.
  if (!pending.stored_key || pending.moved() || pending.erased_now)
    rows_noted_.push_back(pending.key);
  if (pending.moved()) leave_old_key(pending);
  Row row{.head = head_of(*pending.post, pending.content), .texts = *pending.post};
  if (pending.content == 0) row.head.content = content_hash(*pending.post);
  if (pending.erased) {
    row.kind = Row::Kind::erased;
    row.head = *pending.anonymous;
    row.texts = anonymous(*pending.post);
  }
  if (pending.labels) row.labels = *pending.labels;
  put_row(pending.key, row);
}

void Appender::put_row(const PostKey& post, const Row& row) {
  const auto key = encode_key(post);
  encode_row(row, record_);
  writes_.Put(database_.family(Family::rows), key, record_);
  ++ledger_.rows;
  if (row.kind == Row::Kind::post && !row.labels)
    writes_.Put(database_.family(Family::waiting), row_mark(key), {});
  else
    writes_.Delete(database_.family(Family::waiting), row_mark(key));
}

void Appender::leave_old_key(const Pending& pending) {
  // If a block was written again, the row may be in it now.
  if (pending.in_block || rewrote_) return put_row(*pending.stored_key, {.kind = Row::Kind::gone});
  const auto key = encode_key(*pending.stored_key);
  writes_.Delete(database_.family(Family::rows), key);
  writes_.Delete(database_.family(Family::waiting), row_mark(key));
}

void Appender::write_channel(std::string_view channel) {
  if (channel == last_channel_ && channels_.size() > 0) return;
  last_channel_ = channel;
  const auto hash = hash_bytes(channel);
  if (!std::exchange(channels_[hash], true))
    writes_.Put(database_.family(Family::channels), hash_key(hash),
                {channel.data(), channel.size()});
}

void Appender::count(const Pending& pending) {
  const bool waited =
      pending.stored_key && !pending.was_labelled && (!pending.erased || pending.erased_now);
  const bool waits = !pending.labels && !pending.erased;
  add_to(ledger_.unlabelled, static_cast<int>(waits) - static_cast<int>(waited));
  add_to(ledger_.erased, pending.erased_now ? 1 : 0);
  if (pending.was_labelled) count_generation(pending.stored_generation, -1);
  if (pending.labels && !pending.erased) count_generation(pending.labels->generation, 1);
  if (!pending.stored_key) {
    add_to(ledger_.posts, 1);
    count_source(pending.post->source, 1);
  } else if (pending.stored_source != pending.post->source) {
    count_source(pending.stored_source, -1);
    count_source(pending.post->source, 1);
  }
}

void Appender::count_source(std::string_view source, std::int64_t by) {
  // Posts that come together come from one source, and its name lies at one place.
  if (last_source_ == nullptr || last_source_name_.data() != source.data() ||
      last_source_name_.size() != source.size()) {
    auto found = by_source_.find(source);
    if (found == by_source_.end()) found = by_source_.emplace(source, 0).first;
    last_source_ = &found->second;
    last_source_name_ = source;
  }
  *last_source_ += by;
}

void Appender::count_generation(std::uint64_t generation, std::int64_t by) {
  auto& counts = ledger_.generations;
  const auto at =
      std::ranges::lower_bound(counts, generation, {}, [](const auto& row) { return row.first; });
  if (at == counts.end() || at->first != generation) {
    counts.emplace(at, generation, static_cast<std::uint64_t>(by));
    return;
  }
  add_to(at->second, by);
  if (at->second == 0) counts.erase(at);
}

}  // namespace earshot::rocks
