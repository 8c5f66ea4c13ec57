#include "store/cube_tally.hpp"

#include <algorithm>
#include <tuple>

namespace earshot {

namespace {

// A spread cell in 64 bits: the channel's number above, below it these.
constexpr unsigned kind_at = 28, entity_at = 12, sentiment_at = 10, stance_at = 8, intent_at = 4;
constexpr std::uint8_t any_in_key = 0xF;

std::uint64_t key_of(std::uint64_t channel, const ScopeShare& share, std::uint8_t intent,
                     bool filtered) {
  const auto place = [](auto value, unsigned shift) {
    return static_cast<std::uint64_t>(value) << shift;
  };
  return place(channel, 32) | place(share.scope.kind, kind_at) |
         place(share.scope.entity, entity_at) |
         place(static_cast<int>(share.sentiment) + 1, sentiment_at) |
         place(static_cast<int>(share.stance) + 1, stance_at) | place(intent, intent_at) |
         static_cast<std::uint64_t>(filtered);
}

}  // namespace

void CubeTally::add(std::uint32_t bucket, std::uint64_t channel, const Profile& profile,
                    std::int64_t engagement) {
  if (bucket != bucket_) {
    close_bucket();
    bucket_ = bucket;
  }
  Cell& cell = open_[std::uint64_t{channel_number(channel)} << 32 | profile.cube];
  ++cell.items;
  if (engagement < 0) return;
  ++cell.engaged_items;
  cell.engagement += static_cast<std::uint64_t>(engagement);
}

std::uint32_t CubeTally::channel_number(std::uint64_t channel) {
  auto& number = channel_numbers_[channel];
  if (number == 0) {
    channels_.push_back(channel);
    number = static_cast<std::uint32_t>(channels_.size());
  }
  return number - 1;
}

void CubeTally::spread(std::uint64_t channel, const CubeShare& share, const Cell& cell) {
  const Intents intents{share.intents};
  for (const auto& scope : share.scopes) {
    const auto add = [&](std::uint8_t intent) {
      Cell& sum = cells_[key_of(channel, scope, intent, share.filtered)];
      sum.items += cell.items;
      sum.engaged_items += cell.engaged_items;
      sum.engagement += cell.engagement;
    };
    add(any_in_key);
    for (std::uint8_t intent = 0; intent < intent_count; ++intent)
      if (intents.has(static_cast<Intent>(intent))) add(intent);
  }
}

void CubeTally::close_bucket() {
  open_.visit([&](std::uint64_t key, const Cell& cell) {
    spread(key >> 32, profiles_.cube(static_cast<std::uint32_t>(key)), cell);
  });
  open_.clear();
  const auto first = static_cast<std::ptrdiff_t>(rows_.size());
  cells_.visit([&](std::uint64_t key, const Cell& cell) {
    const auto part = [&](unsigned shift, std::uint64_t mask) { return (key >> shift) & mask; };
    const auto intent = static_cast<std::uint8_t>(part(intent_at, 0xF));
    rows_.push_back(
        {.bucket = bucket_,
         .channel = channels_[key >> 32],
         .scope = {static_cast<Scope::Kind>(part(kind_at, 0xF)),
                   static_cast<EntityIndex>(part(entity_at, 0xFFFF))},
         .sentiment = static_cast<Sentiment>(static_cast<int>(part(sentiment_at, 3)) - 1),
         .stance = static_cast<Stance>(static_cast<int>(part(stance_at, 3)) - 1),
         .intent = intent == any_in_key ? any_intent : intent,
         .filtered = part(0, 1) != 0,
         .items = cell.items,
         .engaged_items = cell.engaged_items,
         .engagement = cell.engagement});
  });
  cells_.clear();
  std::sort(rows_.begin() + first, rows_.end(), [](const CubeRow& a, const CubeRow& b) {
    const auto order = [](const CubeRow& row) {
      return std::tuple{row.channel, row.scope,  row.sentiment,
                        row.stance,  row.intent, row.filtered};
    };
    return order(a) < order(b);
  });
}

void CubeTally::finish(std::vector<CubeRow>& rows) {
  close_bucket();
  rows = std::move(rows_);
}

}  // namespace earshot
