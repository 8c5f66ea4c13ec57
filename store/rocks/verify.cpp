#include "store/rocks/verify.hpp"
#include "store/own_rows.hpp"

#include <rocksdb/iterator.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "store/base/hash.hpp"
#include "store/kept_sums.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/id_index.hpp"
#include "store/rocks/kept_tallies.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/rollups.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

namespace {

// Looked up in the index together: 16 MB of keys.
constexpr std::size_t looked_up_together = 1 << 20;

/// Counts again what the ledger counts, and looks for what must stand beside each post.
class Verifier {
 public:
  explicit Verifier(Database& database) : database_{database}, index_{database} {}

  Result<Done> read_all() {
    if (auto waiting = read_marks(); !waiting) return waiting;
    SegmentReader reader{database_, SegmentReader::Parts::all};
    Segment segment;
    SegmentView stored;
    reader.seek(std::string(post_key_size, '\0'));
    for (;;) {
      const auto more = reader.next(segment);
      if (!more) return more.error();
      if (!*more) break;
      if (auto read = stored.read(database_, segment, SegmentReader::Parts::all); !read)
        return read;
      if (auto checked = check(segment, stored); !checked) return checked;
    }
    for (const auto& mark : marks_) {
      const auto key = decode_key(mark);
      fault(fmt::format("a post of {} is marked as waiting for labels, and none does",
                        format_instant(key.posted_at)));
    }
    return look_up();
  }

  VerifyOutcome finish(const Ledger& ledger, const StoreCounters& counters) {
    compare("posts", counters.posts, outcome_.posts);
    compare("posts that wait for labels", counters.unlabelled, unlabelled_);
    compare("erased posts", counters.erased, erased_);
    compare_lists("the source", counters.posts_by_source, by_source_);
    compare_lists("the generation of labels", ledger.generations, by_generation_);
    return std::move(outcome_);
  }

  /// Makes all again that is ready for reports.
  Result<Done> check_kept(const PostStore& store) {
    const StoredTallies stored{database_};
    const auto known = entities_of_generations();
    if (!known) return known.error();
    const auto rollups = stored.rollups(all_time);
    if (!rollups) return rollups.error();
    const auto compare_rollups = [&](std::span<const Entity> entities,
                                     const std::vector<KeptTallies::Entry>& kept) {
      auto next = kept.begin();
      return make_rollups(store, entities, windows_of(kept), [&](const Rollup& made) {
        const auto found = stored.read_rollup(*next++);
        return same("rollup", made.window.begin, found, made);
      });
    };
    if (auto checked = check_by_entities(*known, *rollups, compare_rollups); !checked)
      return checked;

    const auto authors = stored.authors(all_time);
    if (!authors) return authors.error();
    const auto compare_authors = [&](std::span<const Entity> entities,
                                     const std::vector<KeptTallies::Entry>& kept) {
      auto next = kept.begin();
      return make_authors(store, entities, windows_of(kept),
                          [&](Window stretch, std::span<const AuthorRow> rows) {
                            return same_authors(stored, *next++, stretch, rows);
                          });
    };
    if (auto checked = check_by_entities(*known, *authors, compare_authors); !checked)
      return checked;

    const auto audiences = stored.audiences(all_time);
    if (!audiences) return audiences.error();
    const auto compare_audiences =
        [&](std::span<const Entity> entities,
            const std::vector<KeptTallies::Entry>& kept) -> Result<Done> {
      for (const auto& entry : kept) {
        const auto made = audience_of_authors(store, stored,
                                              {.edges = {entry.window.begin, entry.window.end},
                                               .now = entry.window.end,
                                               .entities = {entities.begin(), entities.end()}});
        if (!made) return made.error();
        const auto found = stored.read_audience(entry);
        if (auto checked = same("audience", entry.window.begin, found, *made); !checked)
          return checked;
      }
      return Done{};
    };
    if (auto checked = check_by_entities(*known, *audiences, compare_audiences); !checked)
      return checked;

    const auto horizon = stored.stored_horizon();
    if (!horizon) return horizon.error();
    if (!*horizon) return Done{};
    const auto dialogues = stored.dialogues(all_time, **horizon);
    if (!dialogues) return dialogues.error();
    const auto compare_dialogues = [&](std::span<const Entity> entities,
                                       const std::vector<KeptTallies::Entry>& kept) {
      auto next = kept.begin();
      return make_dialogues(
          store, entities, **horizon, windows_of(kept), [&](Window stretch, const Dialogue& made) {
            auto found = stored.read_dialogue(*next, dialogue_tables, false);
            auto early = stored.read_dialogue(*next, {Table::answers}, true);
            const auto posts = stored.read_dialogue(*next++, {Table::own_posts}, false);
            if (found && early) found->questions = std::move(early->questions);
            if (auto checked = same("dialogue", stretch.begin, early ? found : early, made);
                !checked)
              return checked;
            return same("dialogue", stretch.begin, posts,
                        {.activity = own_posts_of(made.activity)});
          });
    };
    return check_by_entities(*known, *dialogues, compare_dialogues);
  }

 private:
  static constexpr Window all_time{Instant::min(), Instant::max()};

  static std::vector<Window> windows_of(const std::vector<KeptTallies::Entry>& entries) {
    std::vector<Window> windows;
    for (const auto& entry : entries) windows.push_back(entry.window);
    return windows;
  }

  template <class Kept>
  Result<Done> same(std::string_view what, Instant begin, const Result<Kept>& found,
                    const Kept& made) {
    if (!found) return found.error();
    if (*found != made)
      fault(fmt::format("the {} from {} on: its posts say something else", what,
                        format_instant(begin)));
    return Done{};
  }

  Result<Done> same_authors(const StoredTallies& stored, const KeptTallies::Entry& entry,
                            Window stretch, std::span<const AuthorRow> rows) {
    for (std::size_t part = 0; part < author_parts; ++part) {
      const auto found = stored.read_authors(entry, part);
      if (!found) return found.error();
      if (*found == shares_of(part_of(rows, part))) continue;
      fault(fmt::format("the authors from {} on: their posts say something else",
                        format_instant(stretch.begin)));
      break;
    }
    return Done{};
  }

  /// Calls `check(entities, entries)` for those that are numbered alike.
  Result<Done> check_by_entities(const std::map<std::uint64_t, std::vector<Entity>>& known,
                                 const std::vector<KeptTallies::Entry>& entries, auto&& check) {
    std::map<std::uint64_t, std::vector<KeptTallies::Entry>> by_entities;
    for (const auto& entry : entries) by_entities[entry.entities].push_back(entry);
    for (const auto& [hash, alike] : by_entities) {
      const auto entities = known.find(hash);
      if (entities == known.end())
        fault(fmt::format("{} days are ready for reports about things that no labels name",
                          alike.size()));
      else if (auto checked = check(entities->second, alike); !checked)
        return checked;
    }
    return Done{};
  }

  /// The lists of entities that labels are numbered by, by their hash.
  Result<std::map<std::uint64_t, std::vector<Entity>>> entities_of_generations() {
    std::map<std::uint64_t, std::vector<Entity>> known;
    const std::unique_ptr<rocksdb::Iterator> at{
        database_.db().NewIterator({}, database_.family(Family::generations))};
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      Generation generation;
      if (!decode_generation(view(at->value()), generation))
        return database_.unreadable("a generation of labels");
      known[entities_hash(generation.entities)] = generation.entities;
    }
    if (!at->status().ok()) return database_.error(at->status());
    return known;
  }

  Result<Done> read_marks() {
    const std::unique_ptr<rocksdb::Iterator> at{
        database_.db().NewIterator({}, database_.family(Family::waiting))};
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      if (at->key().size() < post_key_size) return database_.unreadable("a mark of a post");
      marks_.insert(at->key().ToString());
    }
    if (!at->status().ok()) return database_.error(at->status());
    const std::unique_ptr<rocksdb::Iterator> channel{
        database_.db().NewIterator({}, database_.family(Family::channels))};
    for (channel->SeekToFirst(); channel->Valid(); channel->Next())
      channels_.insert(channel->key().ToString());
    return channel->status().ok() ? Result<Done>{Done{}} : database_.error(channel->status());
  }

  Result<Done> check(const Segment& segment, const SegmentView& stored) {
    bool waits = false;
    for (const auto& place : stored.places()) {
      ++outcome_.posts;
      const Post post = stored.post(place);
      ++by_source_[std::string{post.source}];
      const bool erased = stored.erased(place);
      if (stored.labelled(place) && !erased) ++by_generation_[stored.generation(place)];
      if (!channels_.contains(hash_key(hash_bytes(post.channel))))
        fault(fmt::format("{}: its channel has no name", name(place.key)));
      if (erased) {
        ++erased_;
      } else if (!stored.labelled(place)) {
        ++unlabelled_;
        waits = waits || !place.in_row;
        if (place.in_row && marks_.erase(row_mark(encode_key(place.key))) == 0)
          fault(fmt::format("{}: waits for labels, and is not marked so", name(place.key)));
      }
      keys_.push_back(place.key);
    }
    if (segment.block) {
      const bool marked = marks_.erase(encode_key(*segment.block)) > 0;
      if (waits && !marked)
        fault(fmt::format("the block from {} on: posts wait for labels, and it is not marked so",
                          format_instant(segment.block->posted_at)));
      // A mark too many costs a look, no more: a row may stand over the post that waited.
    }
    return keys_.size() < looked_up_together ? Result<Done>{Done{}} : look_up();
  }

  Result<Done> look_up() {
    std::vector<std::uint64_t> ids;
    ids.reserve(keys_.size());
    for (const auto& key : keys_) ids.push_back(key.id);
    std::ranges::sort(ids);
    const auto repeated = std::unique(ids.begin(), ids.end());
    if (repeated != ids.end()) fault("two posts have the same key");
    ids.erase(repeated, ids.end());
    const auto hints = index_.find(ids);
    if (!hints) return hints.error();
    for (const auto& key : keys_)
      if (!std::ranges::binary_search(*hints, IdIndex::hint(key)))
        fault(fmt::format("{}: not in the index of ids", name(key)));
    keys_.clear();
    return Done{};
  }

  static std::string name(const PostKey& key) {
    return fmt::format("the post {:016x} of {}", key.id, format_instant(key.posted_at));
  }

  void compare(std::string_view what, std::uint64_t counted, std::uint64_t found) {
    if (counted != found)
      fault(fmt::format("{}: {} by the store's own count, {} found", what, counted, found));
  }

  template <class Key>
  void compare_lists(std::string_view what,
                     const std::vector<std::pair<Key, std::uint64_t>>& counted,
                     const std::map<Key, std::uint64_t>& found) {
    const std::map<Key, std::uint64_t> counts{counted.begin(), counted.end()};
    if (counts == found) return;
    fault(fmt::format("posts by {}: the store's own counts differ from what is found", what));
  }

  void fault(std::string line) {
    constexpr std::size_t most = 100;
    if (outcome_.faults.size() < most) outcome_.faults.push_back(std::move(line));
  }

  Database& database_;
  IdIndex index_;
  VerifyOutcome outcome_;
  std::uint64_t unlabelled_ = 0, erased_ = 0;
  std::map<std::string, std::uint64_t> by_source_;
  std::map<std::uint64_t, std::uint64_t> by_generation_;
  std::set<std::string> marks_, channels_;
  std::vector<PostKey> keys_;
};

}  // namespace

Result<VerifyOutcome> verify(Database& database, const PostStore& store, const Ledger& ledger) {
  const auto counters = store.counters();
  if (!counters) return counters.error();
  Verifier verifier{database};
  if (auto read = verifier.read_all(); !read) return read.error();
  if (auto checked = verifier.check_kept(store); !checked) return checked.error();
  return verifier.finish(ledger, *counters);
}

}  // namespace earshot::rocks
