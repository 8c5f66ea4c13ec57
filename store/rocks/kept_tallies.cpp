#include "store/rocks/kept_tallies.hpp"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "store/kept_sums.hpp"
#include "store/rocks/authors.hpp"
#include "store/rocks/bytes.hpp"
#include "store/rocks/dialogues.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/rollups.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr std::size_t bytes_of_a_write = 4U << 20U;
// Dialogues are kept up to this horizon, so that it is known which days may see a post.
constexpr days longest_horizon{7};
// Sources are asked again for the counts of a post until it is a week old.
constexpr days changes_for{8};
constexpr days longest_audience{400};
// Of a value, before what the codec makes of it: end and entities, and of a dialogue the horizon.
constexpr std::size_t prefix_size = 16, dialogue_prefix_size = 24;

std::string instant_key(Instant begin) {
  return hash_key(sortable(begin));
}

/// The entries of a family that begin in a window.
Result<std::vector<KeptTallies::Entry>> list_entries(const Database& database, Family family,
                                                     Window window, std::size_t prefix,
                                                     const rocksdb::ReadOptions& options) {
  std::vector<KeptTallies::Entry> entries;
  const std::unique_ptr<rocksdb::Iterator> at{
      database.db().NewIterator(options, database.family(family))};
  const auto end = instant_key(window.end);
  for (at->Seek(instant_key(window.begin)); at->Valid() && view(at->key()) < end; at->Next()) {
    const auto key = view(at->key());
    const auto value = view(at->value());
    if (key.size() != 8 || value.size() < prefix)
      return database.unreadable("what is ready for reports");
    entries.push_back({{instant_of(big_endian(key)), instant_of(big_endian(value))},
                       big_endian(value.substr(8)),
                       std::string{value}});
  }
  if (!at->status().ok()) return database.error(at->status());
  return entries;
}

/// Takes away what begins in the window.
void drop_entries(const Database& database, Family family, Window window,
                  rocksdb::WriteBatch& writes) {
  auto* handle = database.family(family);
  const std::unique_ptr<rocksdb::Iterator> at{database.db().NewIterator({}, handle)};
  const auto end = instant_key(window.end);
  for (at->Seek(instant_key(window.begin)); at->Valid() && view(at->key()) < end; at->Next())
    writes.Delete(handle, at->key());
}

/// A stretch of authors is an entry without rows, and behind it those of each part.
std::string part_key(std::string stretch, std::size_t part) {
  stretch.push_back(static_cast<char>(part));
  return stretch;
}

void drop_authors(rocksdb::ColumnFamilyHandle* handle, const std::string& stretch,
                  rocksdb::WriteBatch& writes) {
  writes.DeleteRange(handle, stretch, part_key(stretch, author_parts));
}

/// Takes away the stretches of authors that see this day.
void drop_authors_of(const Database& database, Window day, rocksdb::WriteBatch& writes) {
  auto* handle = database.family(Family::authors);
  const std::unique_ptr<rocksdb::Iterator> at{database.db().NewIterator({}, handle)};
  const auto begin = instant_key(day.begin), end = instant_key(day.end);
  at->SeekForPrev(part_key(begin, author_parts));
  if (!at->Valid()) at->SeekToFirst();
  while (at->Valid() && view(at->key()) < end) {
    const std::string stretch{view(at->key()).substr(0, begin.size())};
    at->Seek(stretch);
    if (at->Valid() && at->value().size() >= prefix_size &&
        instant_of(big_endian(view(at->value()))) > day.begin)
      drop_authors(handle, stretch, writes);
    at->Seek(part_key(stretch, author_parts));
  }
}

/// Takes away the audiences of the windows that see this day.
void drop_audiences_of(const Database& database, Window day, rocksdb::WriteBatch& writes) {
  auto* handle = database.family(Family::audiences);
  const std::unique_ptr<rocksdb::Iterator> at{database.db().NewIterator({}, handle)};
  const auto end = instant_key(day.end);
  for (at->Seek(instant_key(day.begin - longest_audience)); at->Valid() && view(at->key()) < end;
       at->Next())
    if (at->value().size() < prefix_size || instant_of(big_endian(view(at->value()))) > day.begin)
      writes.Delete(handle, at->key());
}

Window day_of(Instant at) {
  const Instant begin = floor<days>(at);
  return {begin, begin + days{1}};
}

/// Writes bit by bit.
class Writer {
 public:
  Writer(Database& database, Family family)
      : database_{database}, handle_{database.family(family)} {}

  void drop(Instant begin) { writes_.Delete(handle_, instant_key(begin)); }
  Result<Done> put(Instant begin, const std::string& value) {
    writes_.Put(handle_, instant_key(begin), value);
    return writes_.GetDataSize() < bytes_of_a_write ? Result<Done>{Done{}} : finish();
  }
  Result<Done> finish() {
    if (writes_.Count() == 0) return Done{};
    auto written = database_.write_derived(writes_);
    writes_.Clear();
    return written;
  }

 private:
  Database& database_;
  rocksdb::ColumnFamilyHandle* handle_;
  rocksdb::WriteBatch writes_;
};

/// Those of `wanted` that are not among `kept`, both rising; calls `drop(begin)` for the kept ones
/// that are not wanted, or not `good`.
std::vector<Window> missing_of(std::span<const Window> wanted,
                               const std::vector<KeptTallies::Entry>& kept, auto&& drop,
                               auto&& good) {
  std::vector<Window> missing;
  auto next = wanted.begin();
  for (const auto& entry : kept) {
    for (; next != wanted.end() && next->begin < entry.window.begin; ++next)
      missing.push_back(*next);
    if (good(entry) && next != wanted.end() && *next == entry.window)
      ++next;
    else
      drop(entry.window.begin);
  }
  missing.insert(missing.end(), next, wanted.end());
  return missing;
}

seconds horizon_of(std::string_view dialogue) {
  return seconds{static_cast<std::int64_t>(big_endian(dialogue.substr(prefix_size)))};
}

/// From midnight or cut to midnight or cut.
std::vector<Window> stretches_of(Instant oldest, Instant newest, std::span<const Instant> cuts) {
  std::vector<Window> stretches;
  const Instant end = day_of(newest).end;
  auto cut = cuts.begin();
  for (Instant at = floor<days>(oldest); at < end; at = stretches.back().end) {
    while (cut != cuts.end() && *cut <= at) ++cut;
    const auto midnight = day_of(at).end;
    stretches.push_back({at, cut == cuts.end() ? midnight : std::min(midnight, *cut)});
  }
  return stretches;
}

/// Leaves of what is to be made the days that were over at that time.
void leave_settled(std::vector<Window>& stretches, Instant settled) {
  std::erase_if(stretches,
                [&](const Window& stretch) { return day_of(stretch.begin).end > settled; });
}

bool can_keep(const Dialogue& dialogue) {
  const auto fits = [](const auto& rows) {
    std::size_t entities = 0;
    for (const auto& row : rows) entities += row.entities.size();
    return std::max(rows.size(), entities) <= most_kept_rows;
  };
  return fits(dialogue.waits) && fits(dialogue.activity) &&
         std::max(dialogue.answers.size(), dialogue.questions.size()) <= most_kept_rows;
}

Result<Done> keep_rollups(Database& database, const PostStore& store, const RollupPlan& plan,
                          std::span<const Window> stretches, Instant settled) {
  const auto kept = StoredTallies{database}.rollups({Instant::min(), Instant::max()});
  if (!kept) return kept.error();
  Writer writer{database, Family::rollups};
  const auto hash = entities_hash(plan.entities);
  auto missing = missing_of(
      stretches, *kept, [&](Instant begin) { writer.drop(begin); },
      [&](const auto& entry) { return entry.entities == hash; });
  leave_settled(missing, settled);
  std::string value;
  const auto made = make_rollups(store, plan.entities, missing, [&](const Rollup& rollup) {
    const bool nothing = rollup.channels.empty() && rollup.unlabelled == 0;
    if (nothing || std::max({rollup.cube.size(), rollup.stances.size(), rollup.accounts.size()}) >
                       most_kept_rows)
      return Result<Done>{Done{}};
    encode_rollup(rollup, value);
    return writer.put(rollup.window.begin, value);
  });
  return made ? writer.finish() : made;
}

Result<Done> keep_dialogues(Database& database, const PostStore& store, const RollupPlan& plan,
                            std::span<const Window> stretches, Instant settled) {
  const StoredTallies stored{database};
  const auto horizon = stored.stored_horizon();
  if (!horizon) return horizon.error();
  const auto kept =
      stored.dialogues({Instant::min(), Instant::max()}, horizon->value_or(seconds{}));
  if (!kept) return kept.error();
  if (plan.horizon > longest_horizon) stretches = {};
  Writer writer{database, Family::dialogues};
  const auto hash = entities_hash(plan.entities);
  auto missing = missing_of(
      stretches, *kept, [&](Instant begin) { writer.drop(begin); },
      [&](const auto& entry) { return entry.entities == hash && *horizon == plan.horizon; });
  leave_settled(missing, settled - plan.horizon);
  if (auto dropped = writer.finish(); !dropped) return dropped;
  std::string value, record;
  const auto made = make_dialogues(
      store, plan.entities, plan.horizon, missing, [&](Window stretch, const Dialogue& dialogue) {
        if (!can_keep(dialogue)) return Result<Done>{Done{}};
        encode_dialogue(stretch.begin, dialogue, record);
        value.clear();
        append_big_endian(value, sortable(stretch.end));
        append_big_endian(value, hash);
        append_big_endian(value, static_cast<std::uint64_t>(plan.horizon.count()));
        value.append(record);
        return writer.put(stretch.begin, value);
      });
  return made ? writer.finish() : made;
}

/// Months that are over, then the days of the one at hand, as far as none of their posts is likely
/// to change any more.
std::vector<Window> author_stretches(const RollupPlan& plan, Instant oldest, Instant newest,
                                     Instant settled) {
  const auto quiet = settled - changes_for;
  std::vector<Window> stretches;
  const auto add = [&](std::span<const Instant> begins, Instant from) {
    for (std::size_t i = 1; i < begins.size(); ++i)
      if (begins[i - 1] >= from && begins[i - 1] <= newest && begins[i] > oldest &&
          begins[i] <= quiet)
        stretches.push_back({begins[i - 1], begins[i]});
  };
  add(plan.months, Instant::min());
  add(plan.cuts, stretches.empty() ? Instant::min() : stretches.back().end);
  return stretches;
}

bool can_keep(const AuthorShares& shares) {
  return std::max(shares.authors.size(), shares.shares.size()) <= most_kept_rows;
}

Result<Done> keep_authors(Database& database, const PostStore& store, const RollupPlan& plan,
                          Instant oldest, Instant newest, Instant settled) {
  const auto kept = StoredTallies{database}.authors({Instant::min(), Instant::max()});
  if (!kept) return kept.error();
  auto* handle = database.family(Family::authors);
  const auto hash = entities_hash(plan.entities);
  const auto wanted = author_stretches(plan, oldest, newest, settled);
  rocksdb::WriteBatch writes;
  const auto missing = missing_of(
      wanted, *kept, [&](Instant begin) { drop_authors(handle, instant_key(begin), writes); },
      [&](const auto& entry) { return entry.entities == hash; });
  if (writes.Count() > 0)
    if (auto dropped = database.write_derived(writes); !dropped) return dropped;
  std::string value;
  return make_authors(store, plan.entities, missing,
                      [&](Window stretch, std::span<const AuthorRow> rows) {
                        writes.Clear();
                        value.clear();
                        append_big_endian(value, sortable(stretch.end));
                        append_big_endian(value, hash);
                        writes.Put(handle, instant_key(stretch.begin), value);
                        for (std::size_t part = 0; part < author_parts; ++part) {
                          const auto shares = shares_of(part_of(rows, part));
                          if (!can_keep(shares)) return Result<Done>{Done{}};
                          if (shares.authors.empty()) continue;
                          encode_authors(shares, value);
                          writes.Put(handle, part_key(instant_key(stretch.begin), part), value);
                        }
                        return database.write_derived(writes);
                      });
}

/// The years all of whose authors are ready.
std::vector<Window> ready_years(const RollupPlan& plan,
                                const std::vector<KeptTallies::Entry>& authors,
                                std::uint64_t entities) {
  std::vector<Window> years;
  for (std::size_t i = 1; i < plan.years.size(); ++i) {
    const Window year{plan.years[i - 1], plan.years[i]};
    auto at = year.begin;
    for (const auto& stretch : authors)
      if (stretch.window.begin == at && at < year.end && stretch.entities == entities)
        at = stretch.window.end;
    if (at == year.end && year.end - year.begin <= longest_audience) years.push_back(year);
  }
  return years;
}

Result<Done> keep_audiences(Database& database, const PostStore& store, const RollupPlan& plan) {
  const StoredTallies stored{database};
  constexpr Window all_time{Instant::min(), Instant::max()};
  const auto authors = stored.authors(all_time);
  if (!authors) return authors.error();
  const auto kept = stored.audiences(all_time);
  if (!kept) return kept.error();
  const auto hash = entities_hash(plan.entities);
  Writer writer{database, Family::audiences};
  const auto missing = missing_of(
      ready_years(plan, *authors, hash), *kept, [&](Instant begin) { writer.drop(begin); },
      [&](const auto& entry) { return entry.entities == hash; });
  std::string value, rows;
  for (const auto& year : missing) {
    const TallyRequest request{.edges = {year.begin, year.end},
                               .now = year.end,
                               .entities = {plan.entities.begin(), plan.entities.end()}};
    const auto audience = audience_of_authors(store, stored, request);
    if (!audience) return audience.error();
    if (audience->size() > most_kept_rows) continue;
    encode_audience(*audience, rows);
    value.clear();
    append_big_endian(value, sortable(year.end));
    append_big_endian(value, hash);
    if (auto put = writer.put(year.begin, value + rows); !put) return put;
  }
  return writer.finish();
}

}  // namespace

StoredTallies::StoredTallies(const Database& database)
    : database_{database}, moment_{&database.db()} {
  reading_.fill_cache = false;
  reading_.snapshot = moment_.snapshot();
}

Result<std::vector<KeptTallies::Entry>> StoredTallies::rollups(Window window) const {
  return list_entries(database_, Family::rollups, window, prefix_size, reading_);
}

Result<Rollup> StoredTallies::read_rollup(const Entry& entry) const {
  auto rollup = decode_rollup(entry.window.begin, entry.bytes);
  if (!rollup) return database_.unreadable("a rollup");
  return *std::move(rollup);
}

Result<std::vector<KeptTallies::Entry>> StoredTallies::dialogues(Window window,
                                                                 seconds horizon) const {
  auto entries = list_entries(database_, Family::dialogues, window, dialogue_prefix_size, reading_);
  if (entries)
    std::erase_if(*entries, [&](const Entry& entry) { return horizon_of(entry.bytes) != horizon; });
  return entries;
}

Result<Dialogue> StoredTallies::read_dialogue(const Entry& entry, Tables tables, bool early) const {
  auto dialogue = decode_dialogue(entry.window.begin, horizon_of(entry.bytes), tables, early,
                                  std::string_view{entry.bytes}.substr(dialogue_prefix_size));
  if (!dialogue) return database_.unreadable("a dialogue");
  return *std::move(dialogue);
}

Result<std::vector<KeptTallies::Entry>> StoredTallies::authors(Window window) const {
  std::vector<Entry> entries;
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.db().NewIterator(reading_, database_.family(Family::authors))};
  const auto end = instant_key(window.end);
  for (at->Seek(instant_key(window.begin)); at->Valid() && view(at->key()) < end;) {
    const auto key = view(at->key());
    const auto value = view(at->value());
    if (key.size() != end.size() || value.size() != prefix_size)
      return database_.unreadable("what is ready for reports");
    const auto begin = instant_of(big_endian(key));
    entries.push_back({{begin, instant_of(big_endian(value))}, big_endian(value.substr(8)), {}});
    at->Seek(part_key(instant_key(begin), author_parts));
  }
  if (!at->status().ok()) return database_.error(at->status());
  return entries;
}

Result<AuthorShares> StoredTallies::read_authors(const Entry& entry, std::size_t part) const {
  std::string bytes;
  const auto status = database_.db().Get(reading_, database_.family(Family::authors),
                                         part_key(instant_key(entry.window.begin), part), &bytes);
  if (status.IsNotFound()) return AuthorShares{};
  if (!status.ok()) return database_.error(status);
  auto shares = decode_authors(bytes);
  if (!shares) return database_.unreadable("what authors said");
  return *std::move(shares);
}

Result<std::vector<KeptTallies::Entry>> StoredTallies::audiences(Window window) const {
  return list_entries(database_, Family::audiences, window, prefix_size, reading_);
}

Result<std::vector<AudienceRow>> StoredTallies::read_audience(const Entry& entry) const {
  auto rows = decode_audience(std::string_view{entry.bytes}.substr(prefix_size));
  if (!rows) return database_.unreadable("an audience");
  return *std::move(rows);
}

Result<std::optional<seconds>> StoredTallies::stored_horizon() const {
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.db().NewIterator(reading_, database_.family(Family::dialogues))};
  at->SeekToFirst();
  if (!at->status().ok()) return database_.error(at->status());
  if (!at->Valid() || at->value().size() < dialogue_prefix_size) return std::optional<seconds>{};
  return std::optional{horizon_of(view(at->value()))};
}

void drop_tallies(const Database& database, std::span<const Instant> touched,
                  rocksdb::WriteBatch& writes) {
  Instant dropped = Instant::min();  // dialogues up to here
  for (const auto day : touched) {
    drop_entries(database, Family::rollups, day_of(day), writes);
    drop_authors_of(database, day_of(day), writes);
    drop_audiences_of(database, day_of(day), writes);
    // A day is made with the posts from a horizon before its begin to a horizon behind its end.
    const auto from = std::max(dropped, day - longest_horizon);
    dropped = day + longest_horizon + days{1};
    drop_entries(database, Family::dialogues, {from, dropped}, writes);
  }
}

Result<Done> keep_tallies(Database& database, const PostStore& store, const RollupPlan& plan) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  const auto [oldest, newest] = **span;
  const auto stretches = stretches_of(oldest, newest, plan.cuts);
  const auto settled = std::max(plan.settled, Instant{floor<days>(newest)});
  if (auto kept = keep_rollups(database, store, plan, stretches, settled); !kept) return kept;
  if (auto kept = keep_authors(database, store, plan, oldest, newest, settled); !kept) return kept;
  if (auto kept = keep_audiences(database, store, plan); !kept) return kept;
  return keep_dialogues(database, store, plan, stretches, settled);
}

}  // namespace earshot::rocks
