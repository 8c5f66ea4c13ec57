#include "store/rocks/rollups.hpp"

#include <rocksdb/iterator.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "store/rocks/bytes.hpp"
#include "store/rocks/columns.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/segment.hpp"

namespace earshot::rocks {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::size_t bytes_of_a_write = 4U << 20U;
constexpr std::uint64_t most_rows = 1U << 22U;
constexpr std::uint8_t any_intent_stored = 0xF;

std::string rollup_key(Instant begin) {
  return hash_key(sortable(begin));
}

/// Columns of numbers made of rows.
class RowsWriter {
 public:
  explicit RowsWriter(std::string& out) : to_{out} {}

  template <class Rows, class Value>
  void column(const Rows& rows, Value value) {
    work_.clear();
    for (const auto& row : rows) work_.push_back(static_cast<std::uint64_t>(value(row)));
    to_.numbers(work_);
  }

 private:
  ColumnWriter to_;
  std::vector<std::uint64_t> work_;
};

/// The same back: sets a member of each row.
class RowsReader {
 public:
  explicit RowsReader(std::string_view section) : from_{section, 0, unused_} {}

  std::vector<std::uint64_t> numbers(std::size_t count) { return from_.numbers(count); }

  template <class Rows, class Set>
  void column(Rows& rows, Set set) {
    const auto values = from_.numbers(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) set(rows[i], values[i]);
  }
  bool done() const { return from_.done(); }

 private:
  TextArena unused_;
  ColumnReader from_;
};

std::uint64_t feeling_of(const CubeRow& row) {
  return static_cast<std::uint64_t>(static_cast<int>(row.sentiment) + 1) |
         static_cast<std::uint64_t>(static_cast<int>(row.stance) + 1) << 2U |
         static_cast<std::uint64_t>(row.filtered) << 4U;
}

/// An entity as a number that is 0 for none.
std::uint64_t packed(EntityIndex entity) {
  return static_cast<EntityIndex>(entity + 1U);
}

EntityIndex unpacked(std::uint64_t stored) {
  return static_cast<EntityIndex>(stored - 1);
}

void write_cube(const Rollup& rollup, RowsWriter& to) {
  const auto& rows = rollup.cube;
  to.column(rows, [&](const CubeRow& row) {
    return std::ranges::lower_bound(rollup.channels, row.channel, {}, &Rollup::Channel::channel) -
           rollup.channels.begin();
  });
  to.column(rows, [](const CubeRow& row) { return row.scope.kind; });
  to.column(rows, [](const CubeRow& row) { return packed(row.scope.entity); });
  to.column(rows, feeling_of);
  to.column(rows, [](const CubeRow& row) {
    return row.intent == any_intent ? any_intent_stored : row.intent;
  });
  to.column(rows, [](const CubeRow& row) { return row.items; });
  to.column(rows, [](const CubeRow& row) { return row.items - row.engaged_items; });
  to.column(rows, [](const CubeRow& row) { return row.engagement; });
}

bool read_cube(RowsReader& from, Rollup& rollup) {
  auto& rows = rollup.cube;
  bool sound = true;
  from.column(rows, [&](CubeRow& row, std::uint64_t channel) {
    sound = sound && channel < rollup.channels.size();
    if (sound) row.channel = rollup.channels[channel].channel;
  });
  from.column(rows, [&](CubeRow& row, std::uint64_t kind) {
    sound = sound && kind <= static_cast<std::uint64_t>(Scope::Kind::brand_and_department);
    row.scope.kind = static_cast<Scope::Kind>(kind);
  });
  from.column(rows,
              [](CubeRow& row, std::uint64_t entity) { row.scope.entity = unpacked(entity); });
  from.column(rows, [&](CubeRow& row, std::uint64_t feeling) {
    sound = sound && feeling < 32 && (feeling & 3U) != 3 && (feeling >> 2U & 3U) != 3;
    row.sentiment = static_cast<Sentiment>(static_cast<int>(feeling & 3U) - 1);
    row.stance = static_cast<Stance>(static_cast<int>(feeling >> 2U & 3U) - 1);
    row.filtered = (feeling >> 4U & 1U) != 0;
  });
  from.column(rows, [&](CubeRow& row, std::uint64_t intent) {
    sound = sound && (intent < intent_count || intent == any_intent_stored);
    row.intent = intent == any_intent_stored ? any_intent : static_cast<std::uint8_t>(intent);
  });
  from.column(rows, [](CubeRow& row, std::uint64_t items) { row.items = items; });
  from.column(rows,
              [](CubeRow& row, std::uint64_t others) { row.engaged_items = row.items - others; });
  from.column(rows, [](CubeRow& row, std::uint64_t sum) { row.engagement = sum; });
  return sound;
}

void write_quarters(const Rollup& rollup, RowsWriter& to) {
  const auto& rows = rollup.quarters;
  const auto day = std::chrono::floor<days>(rollup.window.begin);
  to.column(rows, [&](const QuarterRow& row) { return (row.quarter - day) / minutes{15}; });
  to.column(rows, [](const QuarterRow& row) {
    return row.scope.kind == Scope::Kind::listening ? 0 : packed(row.scope.entity);
  });
  to.column(rows, [](const QuarterRow& row) { return row.items; });
  to.column(rows, [](const QuarterRow& row) { return row.complaints; });
}

bool read_quarters(RowsReader& from, Rollup& rollup) {
  auto& rows = rollup.quarters;
  const auto day = std::chrono::floor<days>(rollup.window.begin);
  bool sound = true;
  from.column(rows, [&](QuarterRow& row, std::uint64_t quarter) {
    sound = sound && quarter < 96;
    row.quarter = day + minutes{15} * static_cast<std::int64_t>(quarter % 96);
  });
  from.column(rows, [](QuarterRow& row, std::uint64_t number) {
    row.scope =
        number == 0 ? Scope{Scope::Kind::listening} : Scope{Scope::Kind::entity, unpacked(number)};
  });
  from.column(rows, [](QuarterRow& row, std::uint64_t items) {
    row.items = static_cast<std::uint32_t>(items);
  });
  from.column(rows, [](QuarterRow& row, std::uint64_t complaints) {
    row.complaints = static_cast<std::uint32_t>(complaints);
  });
  return sound;
}

}  // namespace

void encode_rollup(const Rollup& rollup, std::string& out) {
  std::string section;
  {
    const std::uint64_t sizes[] = {rollup.generations.size(), rollup.channels.size(),
                                   rollup.cube.size(), rollup.quarters.size()};
    const std::uint64_t sums[] = {rollup.fingerprint, rollup.unlabelled, rollup.collapsed};
    ColumnWriter head{section};
    head.numbers(sizes);
    head.numbers(sums);
  }
  RowsWriter to{section};
  using Generation = Rollup::Generation;
  using Channel = Rollup::Channel;
  to.column(rollup.generations, [](const Generation& row) { return row.id; });
  to.column(rollup.generations, [](const Generation& row) { return row.posts; });
  to.column(rollup.generations,
            [&](const Generation& row) { return (row.begin - rollup.window.begin).count(); });
  to.column(rollup.channels, [](const Channel& row) { return row.channel; });
  to.column(rollup.channels, [](const Channel& row) { return row.items; });
  to.column(rollup.channels, [](const Channel& row) { return row.heard; });
  to.column(rollup.channels, [](const Channel& row) { return row.replies; });
  write_cube(rollup, to);
  write_quarters(rollup, to);
  out.clear();
  append_big_endian(out, sortable(rollup.window.end));
  append_big_endian(out, rollup.entities);
  compress(section, out);
}

std::optional<Rollup> decode_rollup(Instant begin, std::string_view bytes) {
  std::string section;
  if (bytes.size() < 16 || !decompress(bytes.substr(16), section)) return {};
  Rollup rollup;
  rollup.window = {begin, instant_of(big_endian(bytes))};
  rollup.entities = big_endian(bytes.substr(8));
  RowsReader from{section};
  const auto sizes = from.numbers(4);
  if (std::ranges::any_of(sizes, [](std::uint64_t size) { return size > most_rows; })) return {};
  const auto sums = from.numbers(3);
  rollup.fingerprint = sums[0];
  rollup.unlabelled = sums[1];
  rollup.collapsed = sums[2];
  rollup.generations.resize(sizes[0]);
  rollup.channels.resize(sizes[1]);
  rollup.cube.resize(sizes[2]);
  rollup.quarters.resize(sizes[3]);
  using Generation = Rollup::Generation;
  using Channel = Rollup::Channel;
  from.column(rollup.generations, [](Generation& row, std::uint64_t id) { row.id = id; });
  from.column(rollup.generations, [](Generation& row, std::uint64_t posts) { row.posts = posts; });
  bool sound = true;
  from.column(rollup.generations, [&](Generation& row, std::uint64_t after) {
    sound = sound && after < 86'400;
    row.begin = begin + std::chrono::seconds{after % 86'400};
  });
  from.column(rollup.channels, [](Channel& row, std::uint64_t hash) { row.channel = hash; });
  from.column(rollup.channels, [](Channel& row, std::uint64_t items) { row.items = items; });
  from.column(rollup.channels, [](Channel& row, std::uint64_t heard) { row.heard = heard; });
  from.column(rollup.channels, [](Channel& row, std::uint64_t replies) { row.replies = replies; });
  sound = sound && std::ranges::is_sorted(rollup.channels, std::less_equal{}, &Channel::channel);
  sound = read_cube(from, rollup) && sound;
  sound = read_quarters(from, rollup) && sound;
  if (!sound || !from.done()) return {};
  return rollup;
}

Result<std::vector<KeptRollups::Entry>> StoredRollups::list(Window window) const {
  std::vector<Entry> entries;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> at{
      database_.db().NewIterator(options, database_.family(Family::rollups))};
  const auto end = rollup_key(window.end);
  for (at->Seek(rollup_key(window.begin)); at->Valid() && view(at->key()) < end; at->Next()) {
    const auto key = view(at->key());
    const auto value = view(at->value());
    if (key.size() != 8 || value.size() < 16) return database_.unreadable("a rollup");
    entries.push_back({{instant_of(big_endian(key)), instant_of(big_endian(value))},
                       big_endian(value.substr(8)),
                       std::string{value}});
  }
  if (!at->status().ok()) return database_.error(at->status());
  return entries;
}

Result<Rollup> StoredRollups::read(const Entry& entry) const {
  auto rollup = decode_rollup(entry.window.begin, entry.bytes);
  if (!rollup) return database_.unreadable("a rollup");
  return *std::move(rollup);
}

void drop_rollups(const Database& database, std::span<const Instant> touched,
                  rocksdb::WriteBatch& writes) {
  if (touched.empty()) return;
  auto* family = database.family(Family::rollups);
  const std::unique_ptr<rocksdb::Iterator> at{database.db().NewIterator({}, family)};
  for (const auto day : touched) {
    const auto end = rollup_key(day + days{1});
    for (at->Seek(rollup_key(day)); at->Valid() && view(at->key()) < end; at->Next())
      writes.Delete(family, at->key());
  }
}

namespace {

/// The stretches that are to be ready: from midnight or cut to midnight or cut, up to the newest
/// day.
std::vector<Window> stretches_of(Instant oldest, Instant newest, std::span<const Instant> cuts) {
  std::vector<Window> stretches;
  const Instant end = std::chrono::floor<days>(newest);
  auto cut = cuts.begin();
  for (Instant at = std::chrono::floor<days>(oldest); at < end; at = stretches.back().end) {
    while (cut != cuts.end() && *cut <= at) ++cut;
    auto until = std::chrono::floor<days>(at) + days{1};
    stretches.push_back({at, cut == cuts.end() ? until : std::min<Instant>(until, *cut)});
  }
  return stretches;
}

}  // namespace

Result<Done> keep_rollups(Database& database, const PostStore& store,
                          std::span<const Entity> entities, std::span<const Instant> cuts) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  const auto wanted = stretches_of((*span)->first, (*span)->second, cuts);
  const auto kept = StoredRollups{database}.list({Instant::min(), Instant::max()});
  if (!kept) return kept.error();

  rocksdb::WriteBatch writes;
  std::vector<Window> missing;
  auto stretch = wanted.begin();
  const auto miss_until = [&](Instant begin) {
    for (; stretch != wanted.end() && stretch->begin < begin; ++stretch)
      missing.push_back(*stretch);
  };
  const auto hash = entities_hash(entities);
  for (const auto& entry : *kept) {
    miss_until(entry.window.begin);
    if (entry.entities == hash && stretch != wanted.end() && *stretch == entry.window)
      ++stretch;
    else
      writes.Delete(database.family(Family::rollups), rollup_key(entry.window.begin));
  }
  miss_until(Instant::max());
  const auto write = [&]() -> Result<Done> {
    if (writes.Count() == 0) return Done{};
    auto written = database.write_derived(writes);
    writes.Clear();
    return written;
  };
  std::string record;
  const auto made = make_rollups(store, entities, missing, [&](const Rollup& rollup) {
    if (rollup.channels.empty() && rollup.unlabelled == 0) return Result<Done>{Done{}};
    encode_rollup(rollup, record);
    writes.Put(database.family(Family::rollups), rollup_key(rollup.window.begin), record);
    return writes.GetDataSize() < bytes_of_a_write ? Result<Done>{Done{}} : write();
  });
  return made ? write() : made;
}

}  // namespace earshot::rocks
