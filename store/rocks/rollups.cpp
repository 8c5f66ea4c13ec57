#include "store/rocks/rollups.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "store/rocks/bytes.hpp"
#include "store/rocks/columns.hpp"
#include "store/rocks/keys.hpp"

namespace earshot::rocks {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::uint8_t any_intent_stored = 0xF;

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
    sound = sound && feeling < 32 && (feeling >> 2U & 3U) != 3;
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
  if (std::ranges::any_of(sizes, [](std::uint64_t size) { return size > most_kept_rows; }))
    return {};
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

void encode_inbox(Instant day, std::span<const InboxItem> rows, std::string& out) {
  std::vector<std::uint64_t> channels, responders, entities;
  for (const auto& row : rows) {
    channels.push_back(row.channel);
    responders.push_back(row.responder);
    entities.insert(entities.end(), row.entities.begin(), row.entities.end());
  }
  for (auto* known : {&channels, &responders}) {
    std::ranges::sort(*known);
    known->erase(std::unique(known->begin(), known->end()), known->end());
  }
  const auto number = [](const std::vector<std::uint64_t>& known, std::uint64_t hash) {
    return std::ranges::lower_bound(known, hash) - known.begin();
  };
  std::string section;
  {
    const std::uint64_t sizes[] = {rows.size(), channels.size(), responders.size(),
                                   entities.size()};
    ColumnWriter head{section};
    head.numbers(sizes);
    for (const auto* known : {&channels, &responders, &entities}) head.numbers(*known);
  }
  RowsWriter to{section};
  Instant last = day;
  to.column(rows, [&](const InboxItem& row) {
    return (row.key.posted_at - std::exchange(last, row.key.posted_at)).count();
  });
  to.column(rows, [&](const InboxItem& row) { return number(channels, row.channel); });
  to.column(rows, [](const InboxItem& row) { return packed(row.owner); });
  to.column(rows, [](const InboxItem& row) {
    return static_cast<unsigned>(row.priority) << 2U |
           static_cast<unsigned>(static_cast<int>(row.sentiment) + 1);
  });
  to.column(rows, [](const InboxItem& row) { return row.intents.bits(); });
  to.column(rows, [](const InboxItem& row) { return row.entities.size(); });
  to.column(rows, [](const InboxItem& row) {
    return row.answered_after ? *row.answered_after + 1 : std::int64_t{0};
  });
  to.column(rows, [&](const InboxItem& row) { return number(responders, row.responder); });
  out.clear();
  compress(section, out);
}

std::optional<std::vector<InboxItem>> decode_inbox(Instant day, std::chrono::seconds horizon,
                                                   std::string_view bytes) {
  std::string section;
  if (!decompress(bytes, section)) return {};
  RowsReader from{section};
  const auto sizes = from.numbers(4);
  if (std::ranges::any_of(sizes, [](std::uint64_t size) { return size > most_kept_rows; }))
    return {};
  const auto channels = from.numbers(sizes[1]), responders = from.numbers(sizes[2]),
             entities = from.numbers(sizes[3]);
  std::vector<InboxItem> rows(sizes[0]);
  bool sound = true;
  auto at = day;
  from.column(rows, [&](InboxItem& row, std::uint64_t after) {
    sound = sound && after < 86'400;
    at += std::chrono::seconds{after % 86'400};
    row.key.posted_at = at;
    row.observed_for = horizon.count();
  });
  const auto look_up = [&](const std::vector<std::uint64_t>& known, std::uint64_t number) {
    sound = sound && number < known.size();
    return sound ? known[number] : 0;
  };
  from.column(
      rows, [&](InboxItem& row, std::uint64_t number) { row.channel = look_up(channels, number); });
  from.column(rows, [](InboxItem& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [&](InboxItem& row, std::uint64_t feeling) {
    row.priority = static_cast<std::uint8_t>(feeling >> 2U);
    row.sentiment = static_cast<Sentiment>(static_cast<int>(feeling & 3U) - 1);
  });
  from.column(rows, [](InboxItem& row, std::uint64_t intents) {
    row.intents = Intents{static_cast<std::uint8_t>(intents)};
  });
  auto entity = entities.begin();
  from.column(rows, [&](InboxItem& row, std::uint64_t count) {
    sound = sound && count <= static_cast<std::uint64_t>(entities.end() - entity);
    if (!sound) return;
    const auto end = entity + static_cast<std::ptrdiff_t>(count);
    row.entities.assign(entity, end);
    entity = end;
  });
  from.column(rows, [](InboxItem& row, std::uint64_t after) {
    if (after > 0) row.answered_after = static_cast<std::int64_t>(after - 1);
  });
  from.column(rows, [&](InboxItem& row, std::uint64_t number) {
    row.responder = look_up(responders, number);
  });
  if (!sound || entity != entities.end() || !from.done()) return {};
  return rows;
}

void encode_authors(const AuthorShares& shares, std::string& out) {
  using Share = AuthorShares::Share;
  std::string section;
  {
    const std::uint64_t sizes[] = {shares.authors.size(), shares.shares.size()};
    ColumnWriter{section}.numbers(sizes);
  }
  RowsWriter to{section};
  to.column(shares.authors, [last = std::uint64_t{0}](std::uint64_t author) mutable {
    return author - std::exchange(last, author);
  });
  to.column(shares.ends, [last = std::uint32_t{0}](std::uint32_t end) mutable {
    return end - std::exchange(last, end);
  });
  to.column(shares.shares, [](const Share& share) { return share.scope; });
  to.column(shares.shares, [](const Share& share) {
    return std::uint64_t{share.items} << 2U | std::uint64_t{share.recommends} << 1U |
           std::uint64_t{share.warns};
  });
  out.clear();
  compress(section, out);
}

std::optional<AuthorShares> decode_authors(std::string_view bytes) {
  using Share = AuthorShares::Share;
  std::string section;
  if (!decompress(bytes, section)) return {};
  RowsReader from{section};
  const auto sizes = from.numbers(2);
  if (sizes[0] > most_kept_rows || sizes[1] > most_kept_rows) return {};
  AuthorShares shares;
  shares.authors.resize(sizes[0]);
  shares.ends.resize(sizes[0]);
  shares.shares.resize(sizes[1]);
  std::uint64_t author = 0, end = 0;
  from.column(shares.authors,
              [&](std::uint64_t& to, std::uint64_t after) { to = author += after; });
  from.column(shares.ends, [&](std::uint32_t& to, std::uint64_t count) {
    end = std::min(end + count, sizes[1]);
    to = static_cast<std::uint32_t>(end);
  });
  bool sound = true;
  from.column(shares.shares, [&](Share& share, std::uint64_t scope) {
    sound = sound && scope <= last_audience_scope;
    share.scope = static_cast<std::uint32_t>(scope);
  });
  from.column(shares.shares, [](Share& share, std::uint64_t said) {
    share.items = static_cast<std::uint32_t>(said >> 2U);
    share.recommends = (said & 2U) != 0;
    share.warns = (said & 1U) != 0;
  });
  if (!sound || end != sizes[1] || !from.done()) return {};
  return shares;
}

void encode_audience(std::span<const AudienceRow> rows, std::string& out) {
  std::string section;
  {
    const std::uint64_t sizes[] = {rows.size()};
    ColumnWriter{section}.numbers(sizes);
  }
  RowsWriter to{section};
  to.column(rows, [](const AudienceRow& row) { return audience_scope_number(row.scope); });
  to.column(rows, [](const AudienceRow& row) { return row.items; });
  to.column(rows, [](const AudienceRow& row) {
    return std::uint64_t{row.recommends} << 1U | std::uint64_t{row.warns};
  });
  to.column(rows, [](const AudienceRow& row) { return row.authors; });
  out.clear();
  compress(section, out);
}

std::optional<std::vector<AudienceRow>> decode_audience(std::string_view bytes) {
  std::string section;
  if (!decompress(bytes, section)) return {};
  RowsReader from{section};
  const auto size = from.numbers(1)[0];
  if (size > most_kept_rows) return {};
  std::vector<AudienceRow> rows(size);
  bool sound = true;
  from.column(rows, [&](AudienceRow& row, std::uint64_t scope) {
    sound = sound && scope <= last_audience_scope;
    row.scope = audience_scope(static_cast<std::uint32_t>(scope));
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t items) {
    row.items = static_cast<std::uint32_t>(items);
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t stances) {
    row.recommends = (stances & 2U) != 0;
    row.warns = (stances & 1U) != 0;
  });
  from.column(rows, [](AudienceRow& row, std::uint64_t authors) { row.authors = authors; });
  if (!sound || !from.done()) return {};
  return rows;
}

}  // namespace earshot::rocks
