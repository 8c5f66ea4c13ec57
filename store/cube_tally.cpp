#include "store/cube_tally.hpp"

#include <algorithm>
#include <numeric>

namespace earshot {

namespace {

// What a row counts in 64 bits: the channel's number above, below it these.
constexpr unsigned channel_at = 32, kind_at = 28, entity_at = 12, sentiment_at = 10, stance_at = 8,
                   intent_at = 4;
constexpr std::uint8_t any_in_key = 0xF;

std::uint64_t key_of(std::uint64_t channel, const CubeRow& row) {
  const auto place = [](auto value, unsigned shift) {
    return static_cast<std::uint64_t>(value) << shift;
  };
  return place(channel, channel_at) | place(row.scope.kind, kind_at) |
         place(row.scope.entity, entity_at) |
         place(static_cast<int>(row.sentiment) + 1, sentiment_at) |
         place(static_cast<int>(row.stance) + 1, stance_at) |
         place(row.intent == any_intent ? any_in_key : row.intent, intent_at) |
         static_cast<std::uint64_t>(row.filtered);
}

}  // namespace

std::uint32_t CubeSum::channel_number(std::uint64_t channel) {
  if (last_number_ != 0 && channel == last_channel_) return last_number_ - 1;
  auto& number = channel_numbers_[channel];
  if (number == 0) {
    channels_.push_back(channel);
    number = static_cast<std::uint32_t>(channels_.size());
  }
  last_channel_ = channel;
  last_number_ = number;
  return number - 1;
}

void CubeSum::add(const CubeRow& row, const Count& count) {
  cells_[key_of(channel_number(row.channel), row)] += count;
}

void CubeSum::close(std::uint32_t bucket, std::vector<CubeRow>& rows) {
  // Keys in the order of rows: those of channels go by their hash.
  std::vector<std::uint32_t> by_hash(channels_.size()), places(channels_.size());
  std::iota(by_hash.begin(), by_hash.end(), 0U);
  std::ranges::sort(by_hash, {}, [&](std::uint32_t number) { return channels_[number]; });
  for (std::uint32_t place = 0; place < by_hash.size(); ++place) places[by_hash[place]] = place;
  sorted_.clear();
  sorted_.reserve(cells_.size());
  cells_.visit([&](std::uint64_t key, const Count& count) {
    const auto place = static_cast<std::uint64_t>(places[key >> channel_at]);
    sorted_.emplace_back(place << channel_at | (key & 0xFFFF'FFFFU), count);
  });
  cells_.clear();
  std::ranges::sort(sorted_, {}, [](const auto& cell) { return cell.first; });
  for (const auto& [key, count] : sorted_) {
    const auto part = [key = key](unsigned shift, std::uint64_t mask) {
      return (key >> shift) & mask;
    };
    const auto intent = static_cast<std::uint8_t>(part(intent_at, 0xF));
    rows.push_back(
        {.bucket = bucket,
         .channel = channels_[by_hash[key >> channel_at]],
         .scope = {static_cast<Scope::Kind>(part(kind_at, 0xF)),
                   static_cast<EntityIndex>(part(entity_at, 0xFFFF))},
         .sentiment = static_cast<Sentiment>(static_cast<int>(part(sentiment_at, 3)) - 1),
         .stance = static_cast<Stance>(static_cast<int>(part(stance_at, 3)) - 1),
         .intent = intent == any_in_key ? any_intent : intent,
         .filtered = part(0, 1) != 0,
         .items = count.items,
         .engaged_items = count.engaged_items,
         .engagement = count.engagement});
  }
}

void CubeTally::add(std::uint64_t channel, const Profile& profile, std::int64_t engagement) {
  auto& count = open_[{channel, profile.cube}];
  ++count.items;
  if (engagement < 0) return;
  ++count.engaged_items;
  count.engagement += static_cast<std::uint64_t>(engagement);
}

void CubeTally::close(std::uint32_t bucket, std::vector<CubeRow>& rows) {
  open_.visit([&](const Cell& cell, const CubeSum::Count& count) {
    const CubeShare& share = profiles_.cube(cell.share);
    const Intents intents{share.intents};
    CubeRow row{.channel = cell.channel, .filtered = share.filtered};
    for (const auto& scope : share.scopes) {
      row.scope = scope.scope;
      row.sentiment = scope.sentiment;
      row.stance = scope.stance;
      row.intent = any_intent;
      spread_.add(row, count);
      for (row.intent = 0; row.intent < intent_count; ++row.intent)
        if (intents.has(static_cast<Intent>(row.intent))) spread_.add(row, count);
    }
  });
  open_.clear();
  spread_.close(bucket, rows);
}

}  // namespace earshot
