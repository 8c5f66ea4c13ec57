#include "store/tallies.hpp"

#include <algorithm>
#include <memory>
#include <tuple>

#include "store/author_tally.hpp"
#include "store/base/flat_counter.hpp"
#include "store/base/flat_set.hpp"
#include "store/coverage.hpp"
#include "store/cube_tally.hpp"
#include "store/history.hpp"
#include "store/post_store.hpp"
#include "store/profiles.hpp"
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

Result<bool> Renumbering::changes(const FactBatch& batch) {
  const std::vector<EntityIndex>* to = nullptr;
  std::uint64_t generation = 0;
  const auto stays = [&](EntityIndex entity) {
    return entity == no_entity || (entity < to->size() && (*to)[entity] == entity);
  };
  for (const auto& fact : batch.facts) {
    if (fact.generation == 0) continue;
    if (fact.generation != generation) {
      const auto found = table(fact.generation);
      if (!found) return found.error();
      to = *found;
      generation = fact.generation;
    }
    if (!stays(fact.owner)) return true;
    for (const auto& row : batch.entities_of(fact))
      if (!stays(row.entity)) return true;
  }
  return false;
}

Result<const FactBatch*> Renumbering::apply(const FactBatch& batch) {
  const auto changed = changes(batch);
  if (!changed) return changed.error();
  if (!*changed) return &batch;
  renumbered_ = batch;
  const std::vector<EntityIndex>* to = nullptr;
  const auto renumber = [&](EntityIndex& entity) {
    entity = entity < to->size() ? (*to)[entity] : no_entity;
  };
  for (auto& fact : renumbered_.facts) {
    if (fact.generation == 0) continue;
    const auto found = table(fact.generation);
    if (!found) return found.error();
    to = *found;
    renumber(fact.owner);
    for (std::uint32_t i = 0; i < fact.entity_count; ++i)
      renumber(renumbered_.entities[fact.first_entity + i].entity);
  }
  return &renumbered_;
}

namespace {

struct IntegerHash {
  std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
};

struct GenerationCount {
  std::uint64_t posts = 0;
  Instant begin{};
};

/// What the items of a window are counted into, one fact at a time in the order of keys.
class WindowTally {
 public:
  WindowTally(const TallyRequest& request, const Profiles& profiles, Tallies& tallies)
      : request_{request},
        profiles_{profiles},
        tallies_{tallies},
        cube_{profiles},
        authors_{profiles} {}

  void add_unlabelled(const Fact& fact) {
    note(fact);
    ++tallies_.labels.unlabelled;
  }

  void prefetch(const Fact& fact) const { groups_.prefetch(fact.group); }

  /// True if the fact is an item that is asked for: not a near-duplicate of an earlier one.
  bool add(const Fact& fact, const FactBatch& batch, std::uint32_t number) {
    note(fact);
    ++tallies_.labels.labelled;
    count_generation(fact);
    const Profile& profile = profiles_[number];
    if (repeats(fact, profile.owner)) {
      ++tallies_.collapsed;
      return false;
    }
    if (!profile.asked_for) return false;
    if (request_.only_channel && fact.channel != *request_.only_channel) return false;
    while (fact.key.posted_at >= request_.edges[bucket_ + 1]) ++bucket_;
    ++channel_items_[fact.channel];
    const auto& wanted = request_.tables;
    if (wanted.has(Table::cube))
      cube_.add(static_cast<std::uint32_t>(bucket_), fact.channel, profile, fact.engagement());
    if (fact.author != 0 && wanted.has(Table::authors)) authors_.add(fact, number);
    if (wanted.has(Table::links))
      for (const auto link : batch.links_of(fact)) links_.push_back({link, fact.author});
    return true;
  }

  /// Fills the labels and the channels.
  void finish_counts() {
    auto generations = generations_.entries();
    std::ranges::sort(generations, {}, [](const auto& entry) { return entry.first; });
    for (const auto& [id, seen] : generations) {
      tallies_.labels.generations.emplace_back(id, seen.posts);
      tallies_.labels.generation_begins.push_back(seen.begin);
    }
    for (const auto& [channel, items] : channel_items_.entries())
      tallies_.channels.push_back({.channel = channel, .name = {}, .items = items});
  }

  /// Fills cube, authors and links.
  void finish_tables() {
    cube_.finish(tallies_.cube);
    authors_.finish(tallies_.authors);
    finish_links();
  }

 private:
  /// Adds what the numbers depend on to the fingerprint.
  void note(const Fact& fact) {
    auto hash = tallies_.fingerprint;
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
    tallies_.fingerprint = hash;
  }

  void count_generation(const Fact& fact) {
    auto& generation = generations_[fact.generation];
    if (generation.posts++ == 0) generation.begin = fact.key.posted_at;
  }

  /// Own items are neither collapsed nor collapsed onto: who repeats them speaks for himself.
  bool repeats(const Fact& fact, EntityIndex owner) {
    return fact.group != 0 && owner == no_entity && !groups_.insert(fact.group);
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
  const Profiles& profiles_;
  Tallies& tallies_;
  std::size_t bucket_ = 0;
  CubeTally cube_;
  AuthorTally authors_;
  FlatCounter<std::uint64_t, GenerationCount, IntegerHash> generations_;
  FlatCounter<std::uint64_t, std::uint64_t, IntegerHash> channel_items_;
  FlatSet groups_;
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

/// The oldest labelled post before `end`, searched from the oldest of all in steps that grow.
Result<Done> find_begin(const PostStore& store, Instant end, std::optional<Instant>& begin) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  std::chrono::seconds step = std::chrono::days{1};
  for (auto from = std::max((*span)->first, Instant{}); from < end && !begin; step *= 4) {
    const auto to = std::min(end, from + step);
    const auto read = store.facts({from, to}, [&](const FactBatch& batch) {
      for (const auto& fact : batch.facts)
        if (!begin && fact.generation != 0) begin = fact.key.posted_at;
    });
    if (!read) return read.error();
    from = to;
  }
  return Done{};
}

/// All tallies of one request, fed with batches of facts.
class FactsTally {
 public:
  FactsTally(const PostStore& store, Tallies& tallies)
      : tallies_{tallies},
        window_{tallies.request.window()},
        horizon_{window_.begin - tallies.request.horizon,
                 std::min(tallies.request.now, window_.end + tallies.request.horizon)},
        profiled_from_{std::min(horizon_.begin, history_begin(tallies.request))},
        profiles_{store, tallies.request},
        items_{tallies.request, profiles_, tallies},
        threads_{std::make_unique<ThreadTally>(tallies.request, profiles_)},
        history_{tallies.request, tallies.history} {}

  /// The facts that it must be given.
  Window reads() const {
    const bool all = needs_first_posts(tallies_.request);
    return {all ? Instant{} : std::max(Instant{}, profiled_from_), horizon_.end};
  }

  Result<Done> add(const FactBatch& batch) {
    if (auto known = profiles_.prepare(batch); !known) return known.error();
    constexpr std::size_t ahead = 8;  // facts, so that memory is there when it is needed
    const auto& facts = batch.facts;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (i + ahead < facts.size()) {
        history_.prefetch(facts[i + ahead].author);
        items_.prefetch(facts[i + ahead]);
      }
      add(facts[i], batch);
    }
    return Done{};
  }

  /// Call once. What is done with goes before the next table grows.
  void finish() {
    items_.finish_counts();
    threads_->finish(tallies_);
    threads_.reset();
    history_.finish();
    items_.finish_tables();
  }

 private:
  void add(const Fact& fact, const FactBatch& batch) {
    const auto at = fact.key.posted_at;
    if (fact.generation == 0) {
      if (window_.contains(at)) items_.add_unlabelled(fact);
      return;
    }
    if (at < profiled_from_) {
      history_.add(fact, profiles_.owner_of(fact), nullptr);
      return;
    }
    const auto number = profiles_.number_of(fact, batch.entities_of(fact));
    const Profile& profile = profiles_[number];
    const bool first = history_.add(fact, profile.owner, &profile);
    if (!horizon_.contains(at)) return;
    const bool item = window_.contains(at) && items_.add(fact, batch, number);
    threads_->add(fact, number, {.item = item, .newcomer = item && first});
  }

  Tallies& tallies_;
  const Window window_, horizon_;
  const Instant profiled_from_;  // from where on it matters what a post says
  Profiles profiles_;
  WindowTally items_;
  std::unique_ptr<ThreadTally> threads_;
  HistoryTally history_;
};

}  // namespace

Result<Tallies> tally_facts(const PostStore& store, const TallyRequest& request) {
  Tallies tallies{.request = request};
  {
    FactsTally counts{store, tallies};
    const auto reads = counts.reads();
    if (reads.begin > Instant{})
      if (auto found = find_begin(store, std::min(reads.begin, reads.end), tallies.history.begin);
          !found)
        return found.error();
    Result<Done> added = Done{};
    const auto read = store.facts(reads, [&](const FactBatch& batch) {
      if (added) added = counts.add(batch);
    });
    if (!read) return read.error();
    if (!added) return added.error();
    counts.finish();
  }
  if (auto named = name_channels(store, tallies.channels); !named) return named.error();
  if (auto covered = add_coverage(store, tallies); !covered) return covered.error();
  return tallies;
}

}  // namespace earshot
