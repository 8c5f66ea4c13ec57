#include "store/rocks/append.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/base/hash.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/lookup.hpp"
#include "store/versions.hpp"

namespace earshot::rocks {

namespace {

void add_to(std::uint64_t& count, std::int64_t by) {
  count += static_cast<std::uint64_t>(by);
}

}  // namespace

Result<AppendOutcome> Appender::add(const Append& batch) {
  AppendOutcome outcome;
  if (batch.generation) {
    encode_generation(*batch.generation, record_);
    writes_.Put(database_.family(Family::generations), hash_key(batch.generation->id()), record_);
  }
  if (auto added = add_posts(batch.posts, outcome); !added) return added.error();
  if (auto labelled = add_labels(batch.labels, outcome); !labelled) return labelled.error();
  for (const auto& source : batch.sources) {
    encode_source(source, record_);
    writes_.Put(database_.family(Family::sources), source.name, record_);
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
  for (const auto& post : posts) hashes.push_back(id_hash_(post.network, post.native_id));
  if (auto loaded = load_known(hashes); !loaded) return loaded.error();

  for (std::size_t i = 0; i < posts.size(); ++i) {
    const auto place = place_of(posts[i], hashes[i]);
    if (!place) return place.error();
    const auto content = content_hash(posts[i]);
    if (*place == pending_.size()) {
      const PostKey key{posts[i].posted_at, hashes[i]};
      pending_.push_back({.key = key, .post = posts[i], .content = content});
      ++outcome.added;
      continue;
    }
    Pending& pending = pending_[*place];
    const auto change = merge_post(pending.post, pending.content, posts[i], content);
    pending.key.posted_at = pending.post.posted_at;
    pending.change.content = pending.change.content || change.content;
    pending.change.counts = pending.change.counts || change.counts;
    pending.change.other = pending.change.other || change.other;
    ++(change.content ? outcome.edited : change.counts ? outcome.recounted : outcome.repeated);
  }
  return write_posts();
}

/// Makes pending posts of those stored posts whose id has one of these hashes.
Result<Done> Appender::load_known(std::span<const std::uint64_t> hashes) {
  std::vector<std::uint64_t> wanted;
  for (const auto hash : hashes)
    if (!std::exchange(looked_up_[hash], true)) wanted.push_back(hash);
  std::ranges::sort(wanted);

  std::vector<PostKey> keys;
  MultiLookup ids{database_, Family::ids};
  for (const auto hash : wanted) ids.add(hash_key(hash));
  auto read = ids.run([&](std::size_t i, std::string_view value) {
    if (value.size() == 8) keys.push_back({instant_of(big_endian(value)), wanted[i]});
  });
  if (!read) return read.error();
  if (keys.empty()) return Done{};

  std::ranges::sort(keys);
  MultiLookup texts{database_, Family::texts};
  MultiLookup heads{database_, Family::heads};
  for (const auto& key : keys) {
    texts.add(encode_key(key));
    heads.add(encode_key(key));
  }
  const auto first = pending_.size();
  std::size_t complete = 0;
  for (const auto& key : keys) pending_.push_back({.key = key, .stored_key = key});
  read = texts.run([&](std::size_t i, std::string_view value) {
    Pending& pending = pending_[first + i];
    if (!decode_texts(loaded_.keep(value), pending.post)) return;
    pending.stored_source = pending.post.source;
    ++complete;
  });
  if (!read) return read.error();
  read = heads.run([&](std::size_t i, std::string_view value) {
    Pending& pending = pending_[first + i];
    PostHead head;
    if (!decode_head(value, head)) return;
    pending.content = head.content;
    pending.post = join_post(pending.post, pending.key, head);
    ++complete;
  });
  if (!read) return read.error();
  if (complete != 2 * keys.size())
    return damaged_record(database_, "a post that its id index names");
  for (std::size_t i = first; i < pending_.size(); ++i) places_[pending_[i].key.id] = i + 1;
  return Done{};
}

/// The place of this very post in `pending_`, or its size if it is new. Where another post has the
/// same hash, the next free hash is taken, and `hash` and the new place are set so.
Result<std::size_t> Appender::place_of(const Post& post, std::uint64_t& hash) {
  for (;; ++hash) {
    if (!looked_up_.contains(hash))
      if (auto loaded = load_known({&hash, 1}); !loaded) return loaded.error();
    std::size_t& place = places_[hash];
    if (place == 0) {
      place = pending_.size() + 1;
      return pending_.size();
    }
    const Post& there = pending_[place - 1].post;
    if (there.native_id == post.native_id && there.network == post.network) return place - 1;
  }
}

Result<Done> Appender::write_posts() {
  for (const auto& pending : pending_) {
    if (pending.stored_key && !pending.change.any()) continue;
    if (!pending.stored_key) {
      add_to(ledger_.counters.posts, 1);
      add_to(ledger_.counters.unlabelled, 1);
      count_source(pending.post.source, 1);
    } else {
      if (pending.stored_source != pending.post.source) {
        count_source(pending.stored_source, -1);
        count_source(pending.post.source, 1);
      }
      if (pending.change.content || pending.moved())
        if (auto moved = write_move(pending); !moved) return moved.error();
    }
    write_post(pending);
  }
  // In the order of the index, which spares RocksDB most of the search for each place.
  std::ranges::sort(index_);
  for (const auto& [hash, posted_at] : index_) {
    record_.clear();
    append_big_endian(record_, sortable(posted_at));
    writes_.Put(database_.family(Family::ids), hash_key(hash), record_);
  }
  return Done{};
}

void Appender::write_post(const Pending& pending) {
  const auto key = encode_key(pending.key);
  const bool fresh = !pending.stored_key;
  if (fresh || pending.moved()) index_.emplace_back(pending.key.id, pending.key.posted_at);
  if (fresh || pending.change.content || pending.change.other || pending.moved()) {
    encode_texts(pending.post, record_);
    writes_.Put(database_.family(Family::texts), key, record_);
  }
  encode_head(head_of(pending.post, pending.content), record_);
  writes_.Put(database_.family(Family::heads), key, record_);
  if (fresh || pending.change.content) {
    writes_.Put(database_.family(Family::waiting), key, {});
    const auto channel = hash_bytes(pending.post.channel);
    if (!std::exchange(channels_[channel], true))
      writes_.Put(database_.family(Family::channels), hash_key(channel), pending.post.channel);
  }
}

/// For a stored post with new content or a new time: takes its rows from their old place, and its
/// labels from it if they no longer apply. `write_post` follows.
Result<Done> Appender::write_move(const Pending& pending) {
  const auto from = encode_key(*pending.stored_key);
  const auto to = encode_key(pending.key);
  const auto labels = stored_labels(*pending.stored_key);
  if (!labels) return labels.error();
  if (pending.change.content && *labels) {
    count_generation((*labels)->generation, -1);
    add_to(ledger_.counters.unlabelled, 1);
  }
  for (const auto family : {Family::texts, Family::heads, Family::labels, Family::waiting})
    writes_.Delete(database_.family(family), from);
  if (!pending.change.content) {  // moved only: what was said of it still holds
    if (*labels) {
      encode_labels(**labels, record_);
      writes_.Put(database_.family(Family::labels), to, record_);
    } else {
      writes_.Put(database_.family(Family::waiting), to, {});
    }
  }
  return Done{};
}

Result<std::optional<Labels>> Appender::stored_labels(const PostKey& key) {
  std::string value;
  const auto status =
      database_.db().Get({}, database_.family(Family::labels), encode_key(key), &value);
  if (status.IsNotFound()) return std::optional<Labels>{};
  if (!status.ok()) return database_.error(status);
  Labels labels;
  if (!decode_labels(value, labels)) return damaged_record(database_, "the labels of a post");
  return std::optional{std::move(labels)};
}

Result<Done> Appender::add_labels(std::span<const LabelledPost> labelled, AppendOutcome& outcome) {
  // What stands for each post now: its content, and its labels if it has any.
  struct State {
    std::uint64_t content = 0;
    std::optional<Labels> labels;
  };
  std::vector<State> states(labelled.size());
  MultiLookup heads{database_, Family::heads};
  MultiLookup labels{database_, Family::labels};
  for (const auto& row : labelled) {
    heads.add(encode_key(row.key));
    labels.add(encode_key(row.key));
  }
  bool readable = true;
  auto read = heads.run([&](std::size_t i, std::string_view value) {
    PostHead head;
    readable = decode_head(value, head) && readable;
    states[i].content = head.content;
  });
  if (!read) return read.error();
  read = labels.run([&](std::size_t i, std::string_view value) {
    readable = decode_labels(value, states[i].labels.emplace()) && readable;
  });
  if (!read) return read.error();
  if (!readable) return damaged_record(database_, "a post that is to be labelled");

  FlatCounter<PostKey, std::size_t, KeyHash> last;  // 1 + index of the state that holds for a key
  for (std::size_t i = 0; i < labelled.size(); ++i) {
    const auto& row = labelled[i];
    if (std::size_t& place = last[row.key]; place == 0) {
      place = i + 1;
      if (places_.contains(row.key.id)) {  // a post of this very batch
        const Pending& pending = pending_[places_[row.key.id] - 1];
        states[i].content = pending.key == row.key ? pending.content : 0;
        if (pending.change.content) states[i].labels.reset();
        if (pending.key == row.key && pending.moved() && !pending.change.content) {
          auto moved = stored_labels(*pending.stored_key);
          if (!moved) return moved.error();
          states[i].labels = *std::move(moved);
        }
      }
    }
    State& state = states[last[row.key] - 1];
    if (row.labels.content != state.content) continue;
    if (state.labels && !labels_win(row.labels, *state.labels)) continue;
    if (state.labels) {
      count_generation(state.labels->generation, -1);
    } else {
      add_to(ledger_.counters.unlabelled, -1);
      writes_.Delete(database_.family(Family::waiting), encode_key(row.key));
    }
    count_generation(row.labels.generation, 1);
    encode_labels(row.labels, record_);
    writes_.Put(database_.family(Family::labels), encode_key(row.key), record_);
    state.labels = row.labels;
    ++outcome.labelled;
  }
  return Done{};
}

void Appender::count_source(std::string_view source, std::int64_t by) {
  auto& counts = ledger_.counters.posts_by_source;
  const auto at = std::ranges::lower_bound(
      counts, source, {}, [](const auto& row) { return std::string_view{row.first}; });
  if (at != counts.end() && at->first == source) {
    add_to(at->second, by);
    if (at->second == 0) counts.erase(at);
  } else {
    counts.insert(at, {std::string{source}, static_cast<std::uint64_t>(by)});
  }
}

void Appender::count_generation(std::uint64_t generation, std::int64_t by) {
  auto& counts = ledger_.generations;
  const auto at =
      std::ranges::lower_bound(counts, generation, {}, [](const auto& row) { return row.first; });
  if (at != counts.end() && at->first == generation) {
    add_to(at->second, by);
    if (at->second == 0) counts.erase(at);
  } else {
    counts.insert(at, {generation, static_cast<std::uint64_t>(by)});
  }
}

void stamp_families(const Database& database, std::uint64_t batch, rocksdb::WriteBatch& writes) {
  for (std::size_t i = 0; i < family_count; ++i)
    writes.Put(database.family(static_cast<Family>(i)), stamp_key, hash_key(batch));
}

Result<Done> check_families(const Database& database, std::uint64_t batch) {
  for (std::size_t i = 0; i < family_count; ++i) {
    std::string stamp;
    const auto status =
        database.db().Get({}, database.family(static_cast<Family>(i)), stamp_key, &stamp);
    if (!status.ok() && !status.IsNotFound()) return database.error(status);
    if (stamp != hash_key(batch))
      return Error{Error::Kind::store_damaged,
                   fmt::format("{}: parts of the store are of different times: something was lost; "
                               "restore it from a copy",
                               database.path())};
  }
  return Done{};
}

}  // namespace earshot::rocks
