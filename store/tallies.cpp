#include "store/tallies.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "store/base/flat_counter.hpp"
#include "store/coverage.hpp"
#include "store/history.hpp"
#include "store/post_store.hpp"
#include "store/threads.hpp"

namespace earshot {

namespace {

bool in_entity(const Fact& fact, const EntityLabel& row, const std::vector<Entity>& entities) {
  if (!row.matched || row.entity == no_entity) return false;
  const bool party = entities[row.entity].kind <= EntityKind::competitor;
  return fact.owner != (party ? row.entity : brand_index);
}

bool any_in(const Fact& fact, std::span<const EntityLabel> rows,
            const std::vector<Entity>& entities, auto&& wanted) {
  return std::ranges::any_of(rows, [&](const EntityLabel& row) {
    return in_entity(fact, row, entities) && wanted(row.entity);
  });
}

}  // namespace

bool in_scope(const Fact& fact, std::span<const EntityLabel> rows, Scope scope,
              const std::vector<Entity>& entities) {
  const auto is = [](EntityIndex wanted) {
    return [wanted](EntityIndex entity) { return entity == wanted; };
  };
  const auto of_kind = [&](EntityKind kind) {
    return [&entities, kind](EntityIndex entity) { return entities[entity].kind == kind; };
  };
  switch (scope.kind) {
    case Scope::Kind::everything:
      return true;
    case Scope::Kind::listening:
      return any_in(fact, rows, entities,
                    [&](EntityIndex entity) { return is_listened_to(entities[entity].kind); });
    case Scope::Kind::brand_or_topic:
      return any_in(fact, rows, entities, [&](EntityIndex entity) {
        return entity == brand_index || entities[entity].kind == EntityKind::topic;
      });
    case Scope::Kind::any_topic:
      return any_in(fact, rows, entities, of_kind(EntityKind::topic));
    case Scope::Kind::entity:
      return any_in(fact, rows, entities, is(scope.entity));
    case Scope::Kind::brand_and_department:
      return any_in(fact, rows, entities, is(brand_index)) &&
             any_in(fact, rows, entities, of_kind(EntityKind::department));
    case Scope::Kind::brand_and_entity:
      return any_in(fact, rows, entities, is(brand_index)) &&
             any_in(fact, rows, entities, is(scope.entity));
  }
  return false;
}

Renumbering::Renumbering(const PostStore& store, std::vector<Entity> entities)
    : store_{store}, entities_{std::move(entities)} {}

Result<const std::vector<EntityIndex>*> Renumbering::table(std::uint64_t generation) {
  if (const auto known = tables_.find(generation); known != tables_.end()) return &known->second;
  const auto found = store_.generation(generation);
  if (!found) return found.error();
  std::vector<EntityIndex> to;
  for (const auto& entity : found->entities) {
    const auto at = std::ranges::find(entities_, entity);
    to.push_back(at == entities_.end() ? no_entity
                                       : static_cast<EntityIndex>(at - entities_.begin()));
  }
  return &tables_.emplace(generation, std::move(to)).first->second;
}

Result<Done> Renumbering::apply(FactBatch& batch) {
  const std::vector<EntityIndex>* to = nullptr;
  std::uint64_t generation = 0;
  const auto renumber = [&](EntityIndex& entity) {
    entity = entity < to->size() ? (*to)[entity] : no_entity;
  };
  for (auto& fact : batch.facts) {
    if (fact.generation == 0) continue;
    if (fact.generation != generation) {
      const auto found = table(fact.generation);
      if (!found) return found.error();
      to = *found;
      generation = fact.generation;
    }
    renumber(fact.owner);
    for (std::uint32_t i = 0; i < fact.entity_count; ++i)
      renumber(batch.entities[fact.first_entity + i].entity);
  }
  return Done{};
}

namespace {

/// A cube cell's place in 128 bits; channels are numbered as they come.
struct CellKey {
  std::uint64_t where = 0;  // bucket, channel
  std::uint64_t what = 0;   // scope, sentiment, stance, intent, filtered

  friend bool operator==(const CellKey&, const CellKey&) = default;
};
struct CellHash {
  std::size_t operator()(const CellKey& key) const {
    return mix_bits(key.where * 0x9E3779B97F4A7C15ULL ^ mix_bits(key.what));
  }
};
struct Cell {
  std::uint64_t items = 0, engaged_items = 0, engagement = 0;
};

struct AuthorKey {
  std::uint64_t author = 0;
  Scope scope;
  friend bool operator==(const AuthorKey&, const AuthorKey&) = default;
};
struct AuthorHash {
  std::size_t operator()(const AuthorKey& key) const {
    return mix_bits(key.author ^ (std::uint64_t{key.scope.entity} << 8) ^
                    static_cast<std::uint64_t>(key.scope.kind));
  }
};

struct IntegerHash {
  std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
};
using Seen = FlatCounter<std::uint64_t, bool, IntegerHash>;

struct GenerationCount {
  std::uint64_t posts = 0;
  Instant begin{};
};

/// True unless the request is about one channel or topic, and the fact is not of it.
bool is_asked_for(const Fact& fact, std::span<const EntityLabel> rows,
                  const TallyRequest& request) {
  if (request.only_channel && fact.channel != *request.only_channel) return false;
  return !request.only_topic || std::ranges::any_of(rows, [&](const EntityLabel& row) {
    return row.matched && row.entity == *request.only_topic;
  });
}

/// What the items of a window are counted into, one fact at a time in the order of keys.
class WindowTally {
 public:
  WindowTally(const TallyRequest& request, Tallies& tallies)
      : request_{request}, tallies_{tallies} {}

  /// True if the fact is an item that is asked for: not a near-duplicate of an earlier one.
  bool add(const Fact& fact, const FactBatch& batch) {
    note(fact);
    if (fact.generation == 0) {
      ++tallies_.labels.unlabelled;
      return false;
    }
    ++tallies_.labels.labelled;
    auto& generation = generations_[fact.generation];
    if (generation.posts++ == 0) generation.begin = fact.key.posted_at;
    if (repeats(fact)) {
      ++tallies_.collapsed;
      return false;
    }
    if (!is_asked_for(fact, batch.entities_of(fact), request_)) return false;
    while (fact.key.posted_at >= request_.edges[bucket_ + 1]) ++bucket_;
    ++channel_items_[fact.channel];
    const auto rows = batch.entities_of(fact);
    count_scopes(fact, rows);
    for (const auto link : batch.links_of(fact)) links_.push_back({link, fact.author});
    return true;
  }

  void finish() {
    finish_cube();
    for (const auto& [key, counts] : authors_.entries()) {
      tallies_.authors.push_back(counts);
      tallies_.authors.back().author = key.author;
      tallies_.authors.back().scope = key.scope;
    }
    std::ranges::sort(tallies_.authors, {}, [](const AuthorRow& row) {
      return std::tuple{row.author, row.scope};
    });
    finish_links();
    auto generations = generations_.entries();
    std::ranges::sort(generations, {}, [](const auto& entry) { return entry.first; });
    for (const auto& [id, seen] : generations) {
      tallies_.labels.generations.emplace_back(id, seen.posts);
      tallies_.labels.generation_begins.push_back(seen.begin);
    }
    for (const auto& [channel, items] : channel_items_.entries())
      tallies_.channels.push_back({.channel = channel, .name = {}, .items = items});
  }

 private:
  /// Adds what the numbers depend on to the fingerprint.
  void note(const Fact& fact) {
    auto& hash = tallies_.fingerprint;
    const auto add = [&](auto value) {
      hash = mix_bits(hash * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(value));
    };
    add(fact.key.posted_at.time_since_epoch().count());
    for (const auto part : {fact.key.id, fact.channel, fact.author, fact.parent, fact.generation,
                            fact.group, fact.question})
      add(part);
    for (const auto part : {fact.likes, fact.shares, fact.replies, fact.followers}) add(part);
    add((static_cast<int>(fact.sentiment) + 1) * 4 + static_cast<int>(fact.stance) + 1);
    add(fact.intents.bits() * 256 + fact.marks.bits());
  }

  /// Own items are neither collapsed nor collapsed onto: who repeats them speaks for himself.
  bool repeats(const Fact& fact) {
    if (fact.group == 0 || fact.owner != no_entity) return false;
    bool& seen = groups_[fact.group];
    return std::exchange(seen, true);
  }

  void count_scopes(const Fact& fact, std::span<const EntityLabel> rows) {
    const auto& entities = request_.entities;
    count(fact, {Scope::Kind::everything}, fact.sentiment, fact.stance);
    if (fact.owner == no_entity) count_author(fact, {Scope::Kind::everything}, fact.stance);
    bool listening = false;
    bool brand = false;
    bool topic = false;
    for (const auto& row : rows) {
      if (!in_entity(fact, row, entities)) continue;
      const auto kind = entities[row.entity].kind;
      const Scope scope{Scope::Kind::entity, row.entity};
      listening = listening || is_listened_to(kind);
      brand = brand || row.entity == brand_index;
      topic = topic || kind == EntityKind::topic;
      if (is_listened_to(kind)) count_author(fact, scope, row.stance);
      if (is_listened_to(kind) || kind == EntityKind::objective || kind == EntityKind::pilot)
        count(fact, scope, row.sentiment, row.stance);
    }
    if (listening) count_listened(fact, brand, topic);
    if (brand) count_with_brand(fact, rows);
  }

  void count_listened(const Fact& fact, bool brand, bool topic) {
    count(fact, {Scope::Kind::listening}, fact.sentiment, fact.stance);
    count_author(fact, {Scope::Kind::listening}, fact.stance);
    if (brand || topic) count(fact, {Scope::Kind::brand_or_topic}, fact.sentiment, fact.stance);
    if (!topic) return;
    count(fact, {Scope::Kind::any_topic}, fact.sentiment, fact.stance);
    count_author(fact, {Scope::Kind::any_topic}, fact.stance);
  }

  void count_with_brand(const Fact& fact, std::span<const EntityLabel> rows) {
    const auto& entities = request_.entities;
    bool department = false;
    for (const auto& row : rows) {
      if (!in_entity(fact, row, entities)) continue;
      const auto kind = entities[row.entity].kind;
      department = department || kind == EntityKind::department;
      if (kind == EntityKind::topic || kind == EntityKind::objective ||
          kind == EntityKind::department || kind == EntityKind::region)
        count(fact, {Scope::Kind::brand_and_entity, row.entity}, fact.sentiment, fact.stance);
    }
    if (department) count(fact, {Scope::Kind::brand_and_department}, fact.sentiment, fact.stance);
  }

  void count(const Fact& fact, Scope scope, Sentiment sentiment, Stance stance) {
    const auto engagement = fact.engagement();
    const auto add = [&](std::uint8_t intent) {
      Cell& cell = cells_[key_of(fact, scope, sentiment, stance, intent)];
      ++cell.items;
      if (engagement < 0) return;
      ++cell.engaged_items;
      cell.engagement += static_cast<std::uint64_t>(engagement);
    };
    add(any_intent);
    for (std::uint8_t intent = 0; intent < intent_count; ++intent)
      if (fact.intents.has(static_cast<Intent>(intent))) add(intent);
  }

  CellKey key_of(const Fact& fact, Scope scope, Sentiment sentiment, Stance stance,
                 std::uint8_t intent) {
    const auto place = [](auto value, unsigned shift) {
      return static_cast<std::uint64_t>(value) << shift;
    };
    return {place(bucket_, 32) | channel_number(fact.channel),
            place(scope.kind, 40) | place(scope.entity, 24) |
                place(static_cast<int>(sentiment) + 1, 16) |
                place(static_cast<int>(stance) + 1, 12) | place(fact.filtered, 8) | intent};
  }

  std::uint32_t channel_number(std::uint64_t channel) {
    auto& number = channel_numbers_[channel];
    if (number == 0) {
      channels_.push_back(channel);
      number = static_cast<std::uint32_t>(channels_.size());
    }
    return number - 1;
  }

  void count_author(const Fact& fact, Scope scope, Stance stance) {
    if (fact.author == 0) return;
    auto& counts = authors_[{fact.author, scope}];
    ++counts.items;
    if (stance == Stance::detractor) ++counts.detractor_items;
    if (fact.link_count > 0 || fact.marks.has(Mark::how_to)) ++counts.resource_items;
    if (stance != Stance::advocate || fact.affiliate) return;
    ++counts.advocate_items;
    if (const auto engagement = fact.engagement(); engagement >= 0) {
      ++counts.advocate_engaged_items;
      counts.advocate_engagement += static_cast<std::uint64_t>(engagement);
    }
  }

  void finish_cube() {
    for (const auto& entry : cells_.entries()) {
      const auto& key = entry.first;
      const auto& cell = entry.second;
      const auto part = [&](unsigned shift, std::uint64_t mask) {
        return (key.what >> shift) & mask;
      };
      tallies_.cube.push_back(
          {.bucket = static_cast<std::uint32_t>(key.where >> 32),
           .channel = channels_[static_cast<std::uint32_t>(key.where)],
           .scope = {static_cast<Scope::Kind>(part(40, 0xFF)),
                     static_cast<EntityIndex>(part(24, 0xFFFF))},
           .sentiment = static_cast<Sentiment>(static_cast<int>(part(16, 0xF)) - 1),
           .stance = static_cast<Stance>(static_cast<int>(part(12, 0xF)) - 1),
           .intent = static_cast<std::uint8_t>(part(0, 0xFF)),
           .filtered = part(8, 0xF) != 0,
           .items = cell.items,
           .engaged_items = cell.engaged_items,
           .engagement = cell.engagement});
    }
    std::ranges::sort(tallies_.cube, {}, [](const CubeRow& row) {
      return std::tuple{row.bucket, row.channel, row.scope,   row.sentiment,
                        row.stance, row.intent,  row.filtered};
    });
  }

  void finish_links() {
    std::ranges::sort(links_);
    for (std::size_t i = 0; i < links_.size();) {
      LinkRow row{.link = links_[i].first};
      std::uint64_t last_author = 0;
      for (; i < links_.size() && links_[i].first == row.link; ++i) {
        ++row.items;
        if (links_[i].second != 0 && links_[i].second != last_author) ++row.authors;
        last_author = links_[i].second;
      }
      tallies_.links.push_back(row);
    }
  }

  const TallyRequest& request_;
  Tallies& tallies_;
  std::size_t bucket_ = 0;
  FlatCounter<CellKey, Cell, CellHash> cells_;
  FlatCounter<AuthorKey, AuthorRow, AuthorHash> authors_;
  FlatCounter<std::uint64_t, GenerationCount, IntegerHash> generations_;
  FlatCounter<std::uint64_t, std::uint64_t, IntegerHash> channel_items_;
  FlatCounter<std::uint64_t, std::uint32_t, IntegerHash> channel_numbers_;  // from 1
  std::vector<std::uint64_t> channels_;
  Seen groups_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> links_;  // link, author
};

Result<Done> name_channels(const PostStore& store, std::vector<ChannelRow>& channels) {
  const auto names = store.channel_names();
  if (!names) return names.error();
  for (auto& channel : channels) {
    const auto found = std::ranges::lower_bound(*names, channel.channel, {},
                                                &std::pair<std::uint64_t, std::string>::first);
    if (found != names->end() && found->first == channel.channel) channel.name = found->second;
  }
  std::ranges::sort(channels, {},
                    [](const ChannelRow& row) { return std::tie(row.name, row.channel); });
  return Done{};
}

Result<Done> add_coverage(const PostStore& store, Tallies& tallies) {
  const auto sources = store.sources();
  if (!sources) return sources.error();
  const auto window = tallies.request.window();
  // A slot that straddles the window's begin may have its poll before it; no slot is longer than
  // the longest interval.
  std::chrono::hours longest{1};
  for (const auto& source : *sources)
    longest = std::max(longest, std::chrono::ceil<std::chrono::hours>(source.interval));
  const auto polls = store.polls({window.begin - longest, window.end});
  if (!polls) return polls.error();
  tallies.coverage = coverage_of(*sources, *polls, tallies.request);
  return Done{};
}

}  // namespace

Result<Tallies> tally_facts(const PostStore& store, const TallyRequest& request) {
  Tallies tallies{.request = request};
  const auto window = request.window();
  const Window horizon{window.begin - request.horizon,
                       std::min(request.now, window.end + request.horizon)};
  WindowTally items{tallies.request, tallies};
  ThreadTally threads{tallies.request};
  HistoryTally history{tallies.request, tallies.history};
  Renumbering renumbering{store, request.entities};
  Result<Done> renumbered = Done{};
  FactBatch batch;

  const auto read = store.facts({Instant{}, horizon.end}, [&](const FactBatch& stored) {
    if (!renumbered) return;
    batch = stored;
    renumbered = renumbering.apply(batch);
    if (!renumbered) return;
    for (const auto& fact : batch.facts) {
      const auto rows = batch.entities_of(fact);
      const bool first = history.add(fact, rows);
      if (!horizon.contains(fact.key.posted_at)) continue;
      const bool item = window.contains(fact.key.posted_at) && items.add(fact, batch);
      if (fact.generation == 0) continue;
      threads.add(fact, rows,
                  {.item = item,
                   .newcomer = item && first,
                   .asked_for = is_asked_for(fact, rows, tallies.request)});
    }
  });
  if (!read) return read.error();
  if (!renumbered) return renumbered.error();

  items.finish();
  threads.finish(tallies);
  history.finish();
  if (auto named = name_channels(store, tallies.channels); !named) return named.error();
  if (auto covered = add_coverage(store, tallies); !covered) return covered.error();
  return tallies;
}

}  // namespace earshot
