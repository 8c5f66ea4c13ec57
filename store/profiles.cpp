#include "store/profiles.hpp"

#include <algorithm>
#include <cassert>

namespace earshot {

namespace {

constexpr Scope brand{Scope::Kind::entity, brand_index};

/// All that is not in the rows, in 64 bits.
std::uint64_t bits_of(const Fact& fact) {
  const auto place = [](auto value, unsigned shift) {
    return static_cast<std::uint64_t>(static_cast<std::uint8_t>(value)) << shift;
  };
  return place(static_cast<int>(fact.sentiment) + 1, 0) |
         place(static_cast<int>(fact.stance) + 1, 4) | place(fact.intents.bits(), 8) |
         place(fact.marks.bits(), 16) | place(fact.priority, 24) | place(fact.filtered, 32) |
         place(fact.repost, 33) | place(fact.only_thanks, 34) | place(fact.affiliate, 35);
}

std::uint64_t bits_of(const EntityLabel& row) {
  return row.entity | static_cast<std::uint64_t>(static_cast<std::uint8_t>(row.sentiment)) << 16 |
         static_cast<std::uint64_t>(static_cast<std::uint8_t>(row.stance)) << 24 |
         static_cast<std::uint64_t>(row.matched) << 32 |
         static_cast<std::uint64_t>(row.addressed) << 33;
}

bool asks(Intents intents) {
  return intents.has(Intent::question) || intents.has(Intent::complaint) ||
         intents.has(Intent::request);
}

}  // namespace

Result<Done> Profiles::prepare(const FactBatch& batch) {
  std::uint64_t last = 0;
  for (const auto& fact : batch.facts) {
    if (fact.generation == 0 || fact.generation == last) continue;
    if (const auto table = renumbering_.table(fact.generation); !table) return table.error();
    last = fact.generation;
  }
  return Done{};
}

const Profiles::Table& Profiles::table_of(std::uint64_t generation) {
  if (generation != generation_) {
    const auto table = renumbering_.table(generation);
    assert(table);  // `prepare` has seen it
    table_ = *table;
    generation_ = generation;
  }
  return *table_;
}

bool Profiles::same(const Labelled& known, const Fact& fact, std::uint64_t bits,
                    std::span<const EntityLabel> entities) const {
  return known.bits == bits && known.generation == fact.generation && known.owner == fact.owner &&
         std::ranges::equal(std::span{rows_}.subspan(known.first_row, known.row_count), entities);
}

std::uint32_t Profiles::number_of(const Fact& fact, std::span<const EntityLabel> entities) {
  const auto bits = bits_of(fact);
  std::uint64_t hash = mix_bits(bits ^ fact.generation ^ std::uint64_t{fact.owner} << 40);
  for (const auto& row : entities) hash = mix_bits(hash * 0x9E3779B97F4A7C15ULL + bits_of(row));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const auto number = slots_[at] - 1;
    if (hashes_[number] == hash && same(labelled_[number], fact, bits, entities)) return number;
  }
  const auto number = add(fact, bits, entities);
  hashes_.push_back(hash);
  slots_[at] = number + 1;
  if (profiles_.size() * 2 > slots_.size()) grow();
  return number;
}

void Profiles::grow() {
  std::vector<std::uint32_t> larger(slots_.size() * 4);
  const std::size_t mask = larger.size() - 1;
  for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
    std::size_t at = hashes_[number] & mask;
    while (larger[at] != 0) at = (at + 1) & mask;
    larger[at] = number + 1;
  }
  slots_ = std::move(larger);
}

std::uint32_t Profiles::add(const Fact& fact, std::uint64_t bits,
                            std::span<const EntityLabel> entities) {
  labelled_.push_back({fact.generation, bits, fact.owner, static_cast<std::uint32_t>(rows_.size()),
                       static_cast<std::uint32_t>(entities.size())});
  rows_.insert(rows_.end(), entities.begin(), entities.end());
  profiles_.push_back(profile_of(fact, entities));
  return static_cast<std::uint32_t>(profiles_.size() - 1);
}

Profile Profiles::profile_of(const Fact& stored, std::span<const EntityLabel> stored_rows) {
  const auto& to = table_of(stored.generation);
  Fact fact = stored;
  fact.owner = renumber(stored.owner, to);
  std::vector<EntityLabel> rows{stored_rows.begin(), stored_rows.end()};
  for (auto& row : rows) row.entity = renumber(row.entity, to);

  Profile profile{.owner = fact.owner,
                  .sentiment = fact.sentiment,
                  .stance = fact.stance,
                  .intents = fact.intents,
                  .marks = fact.marks,
                  .priority = fact.priority,
                  .filtered = fact.filtered,
                  .repost = fact.repost,
                  .only_thanks = fact.only_thanks,
                  .affiliate = fact.affiliate};
  const auto& entities = request_.entities;
  profile.brand = in_scope(fact, rows, brand, entities);
  profile.any_topic = in_scope(fact, rows, {Scope::Kind::any_topic}, entities);
  profile.listening = in_scope(fact, rows, {Scope::Kind::listening}, entities);
  for (const auto& row : rows)
    if (row.matched && row.entity != no_entity) profile.matched.push_back(row.entity);
  if (request_.only_topic)
    profile.asked_for =
        std::ranges::find(profile.matched, *request_.only_topic) != profile.matched.end();
  if (profile.brand)
    profile.brand_stance = std::ranges::find(rows, brand_index, &EntityLabel::entity)->stance;

  for (std::size_t i = 0; i < entities.size(); ++i) {
    const auto owner = static_cast<EntityIndex>(i);
    if (entities[i].kind > EntityKind::competitor || fact.owner == owner) continue;
    const auto row = std::ranges::find(rows, owner, &EntityLabel::entity);
    if (row != rows.end() && (row->addressed || (row->matched && asks(fact.intents))))
      profile.asks.push_back(owner);
  }
  const bool topic = std::ranges::any_of(profile.matched, [&](EntityIndex entity) {
    return entities[entity].kind == EntityKind::topic;
  });
  const bool wants =
      fact.intents.has(Intent::question) || fact.intents.has(Intent::purchase_intent);
  const bool of_brand = std::ranges::find(profile.matched, brand_index) != profile.matched.end();
  profile.raises = fact.owner != brand_index &&
                   ((of_brand && !fact.affiliate && profile.brand_stance != Stance::none) ||
                    (wants && (of_brand || topic)));
  fill_scopes(fact, rows, profile);
  return profile;
}

void Profiles::fill_scopes(const Fact& fact, std::span<const EntityLabel> rows, Profile& profile) {
  const auto& entities = request_.entities;
  CubeShare cube{.intents = fact.intents.bits(), .filtered = fact.filtered};
  const auto whole = [&](Scope scope) { return ScopeShare{scope, fact.sentiment, fact.stance}; };
  const auto in = [&](Scope scope) { return in_scope(fact, rows, scope, entities); };
  const auto count_whole = [&](Scope scope) { cube.scopes.push_back(whole(scope)); };

  count_whole({Scope::Kind::everything});
  if (fact.owner == no_entity) profile.authors.push_back(whole({Scope::Kind::everything}));
  if (profile.listening) profile.quarters.push_back(0);
  for (const auto& row : rows) {
    if (row.entity == no_entity) continue;
    const ScopeShare share{{Scope::Kind::entity, row.entity}, row.sentiment, row.stance};
    if (!row.matched || !in(share.scope)) continue;
    const auto kind = entities[row.entity].kind;
    if (is_listened_to(kind)) profile.authors.push_back(share);
    if (is_listened_to(kind) || kind == EntityKind::objective || kind == EntityKind::pilot)
      cube.scopes.push_back(share);
    if (kind == EntityKind::brand || kind == EntityKind::topic)
      profile.quarters.push_back(row.entity + 1U);
    const Scope with_brand{Scope::Kind::brand_and_entity, row.entity};
    if ((kind == EntityKind::topic || kind == EntityKind::objective ||
         kind == EntityKind::department || kind == EntityKind::region) &&
        in(with_brand))
      count_whole(with_brand);
  }
  if (profile.listening) {
    count_whole({Scope::Kind::listening});
    profile.authors.push_back(whole({Scope::Kind::listening}));
  }
  if (profile.brand || profile.any_topic) count_whole({Scope::Kind::brand_or_topic});
  if (profile.any_topic) {
    count_whole({Scope::Kind::any_topic});
    profile.authors.push_back(whole({Scope::Kind::any_topic}));
  }
  if (in({Scope::Kind::brand_and_department})) count_whole({Scope::Kind::brand_and_department});

  const auto [known, added] =
      cube_numbers_.emplace(std::move(cube), static_cast<std::uint32_t>(cubes_.size()));
  if (added) cubes_.push_back(&known->first);
  profile.cube = known->second;
}

}  // namespace earshot
