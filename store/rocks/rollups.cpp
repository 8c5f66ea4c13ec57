#include "store/rocks/rollups.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "store/rocks/bytes.hpp"
#include "store/rocks/columns.hpp"
#include "store/rocks/keys.hpp"
#include "store/rocks/row_columns.hpp"

namespace earshot::rocks {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::uint8_t any_intent_stored = 0xF;

std::uint64_t feeling_of(const CubeRow& row) {
  return static_cast<std::uint64_t>(static_cast<int>(row.sentiment) + 1) |
         static_cast<std::uint64_t>(static_cast<int>(row.stance) + 1) << 2U |
         static_cast<std::uint64_t>(row.filtered) << 4U;
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

void write_stances(const Rollup& rollup, RowsWriter& to) {
  const auto& rows = rollup.stances;
  to.column(rows, [last = rollup.window.begin](const StanceRow& row) mutable {
    return (row.key.posted_at - std::exchange(last, row.key.posted_at)).count();
  });
  to.column(rows, [](const StanceRow& row) { return row.key.id; });
  to.column(rows, [](const StanceRow& row) { return row.author; });
  to.column(rows, [](const StanceRow& row) { return row.stance == Stance::advocate; });
}

bool read_stances(RowsReader& from, Rollup& rollup) {
  auto& rows = rollup.stances;
  bool sound = true;
  from.column(rows, [&, at = rollup.window.begin](StanceRow& row, std::uint64_t after) mutable {
    sound = sound && after < 86'400;
    at += std::chrono::seconds{after % 86'400};
    row.key.posted_at = at;
  });
  from.column(rows, [](StanceRow& row, std::uint64_t id) { row.key.id = id; });
  from.column(rows, [](StanceRow& row, std::uint64_t author) { row.author = author; });
  from.column(rows, [&](StanceRow& row, std::uint64_t advocate) {
    sound = sound && advocate <= 1;
    row.stance = advocate == 1 ? Stance::advocate : Stance::detractor;
  });
  return sound;
}

void write_accounts(const Rollup& rollup, RowsWriter& to) {
  using Account = Rollup::Account;
  const auto& rows = rollup.accounts;
  to.column(rows, [](const Account& row) { return row.channel; });
  to.column(rows, [](const Account& row) { return row.author; });
  to.column(rows, [](const Account& row) { return packed(row.owner); });
  to.column(rows, [](const Account& row) { return row.items; });
  to.column(rows,
            [&](const Account& row) { return (row.last.posted_at - rollup.window.begin).count(); });
  to.column(rows, [](const Account& row) { return row.last.id; });
}

bool read_accounts(RowsReader& from, Rollup& rollup) {
  using Account = Rollup::Account;
  auto& rows = rollup.accounts;
  bool sound = true;
  from.column(rows, [](Account& row, std::uint64_t channel) { row.channel = channel; });
  from.column(rows, [](Account& row, std::uint64_t author) { row.author = author; });
  from.column(rows, [](Account& row, std::uint64_t owner) { row.owner = unpacked(owner); });
  from.column(rows, [](Account& row, std::uint64_t items) { row.items = items; });
  from.column(rows, [&](Account& row, std::uint64_t after) {
    sound = sound && after < 86'400;
    row.last.posted_at = rollup.window.begin + std::chrono::seconds{after % 86'400};
  });
  from.column(rows, [](Account& row, std::uint64_t id) { row.last.id = id; });
  return sound;
}

}  // namespace

void encode_rollup(const Rollup& rollup, std::string& out) {
  Section section;
  {
    const std::uint64_t sizes[] = {rollup.generations.size(), rollup.channels.size(),
                                   rollup.cube.size(),        rollup.quarters.size(),
                                   rollup.stances.size(),     rollup.accounts.size()};
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
  write_stances(rollup, to);
  write_accounts(rollup, to);
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
  const auto sizes = from.numbers(6);
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
  rollup.stances.resize(sizes[4]);
  rollup.accounts.resize(sizes[5]);
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
  sound = read_stances(from, rollup) && sound;
  sound = read_accounts(from, rollup) && sound;
  if (!sound || !from.done()) return {};
  return rollup;
}

}  // namespace earshot::rocks
