#include "store/tallies.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <memory>
#include <tuple>

#include "store/audience.hpp"
#include "store/author_tally.hpp"
#include "store/base/flat_set.hpp"
#include "store/base/parallel.hpp"
#include "store/coverage.hpp"
#include "store/day_repeats.hpp"
#include "store/history.hpp"
#include "store/kept_sums.hpp"
#include "store/own_rows.hpp"
#include "store/post_store.hpp"
#include "store/profiles.hpp"
#include "store/rollup_tally.hpp"
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

/// What the items of a window are counted into of which no rollup knows, one fact at a time in the
/// order of keys.
class ItemTally {
 public:
  ItemTally(const TallyRequest& request, const Profiles& profiles, Tallies& tallies)
      : request_{request},
        profiles_{profiles},
        tallies_{tallies},
        counts_authors_{request.tables.has(Table::authors) || request.tables.has(Table::audience)},
        authors_{profiles, request.tables.has(Table::audience)} {}

  /// True if the item is asked for.
  bool add(const Fact& fact, const FactBatch& batch, std::uint32_t number) {
    if (!profiles_[number].asked_for) return false;
    if (request_.only_channel && fact.channel != *request_.only_channel) return false;
    if (fact.author != 0 && counts_authors_) authors_.add(fact, number);
    if (request_.tables.has(Table::links))
      for (const auto link : batch.links_of(fact)) links_.push_back({link, fact.author});
    return true;
  }

  /// Fills authors, audience and links.
  void finish() {
    AudienceTally audience;
    authors_.close();
    authors_.take_rows([&](std::span<const AuthorRow> rows) {
      if (request_.tables.has(Table::audience)) audience.add(rows);
      if (request_.tables.has(Table::authors))
        std::ranges::copy_if(rows, std::back_inserter(tallies_.authors), tells_of_authors,
                             &AuthorRow::scope);
    });
    tallies_.audience = audience.finish();
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

 private:
  const TallyRequest& request_;
  const Profiles& profiles_;
  Tallies& tallies_;
  const bool counts_authors_;
  AuthorTally authors_;
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
Result<std::optional<Instant>> find_begin(const PostStore& store, Instant from, Instant end) {
  std::optional<Instant> begin;
  std::chrono::seconds step = std::chrono::hours{1};
  for (; from < end && !begin; step *= 4) {
    const auto to = std::min(end, from + step);
    const auto read = store.facts({from, to}, [&](const FactBatch& batch) {
      for (const auto& fact : batch.facts)
        if (!begin && fact.generation != 0) begin = fact.key.posted_at;
    });
    if (!read) return read.error();
    from = to;
  }
  return begin;
}

/// All tallies of one request, fed with batches of facts.
class FactsTally {
 public:
  FactsTally(const PostStore& store, Tallies& tallies, Instant since, const KeptTallies* kept)
      : tallies_{tallies},
        since_{since},
        window_{tallies.request.window()},
        horizon_{DayRepeats::reads_from(window_.begin) - tallies.request.horizon,
                 std::min(tallies.request.now, window_.end + tallies.request.horizon)},
        profiled_from_{std::min(horizon_.begin, history_begin(tallies.request))},
        kept_{kept},
        needs_facts_{!rolled_tables.has_all(tallies.request.tables)},
        profiles_{store, tallies.request},
        rolled_{tallies.request, profiles_, kept, since, tallies},
        items_{tallies.request, profiles_, tallies},
        threads_{std::make_unique<ThreadTally>(tallies.request, profiles_)},
        history_{tallies.request, tallies.history} {}

  Result<Done> prepare() {
    if (auto prepared = rolled_.prepare(); !prepared) return prepared;
    if (kept_ == nullptr || !needs_first_posts(tallies_.request)) return Done{};
    auto ready = kept_->authors({Instant::min(), profiled_from_});
    if (!ready) return ready.error();
    heard_ = *std::move(ready);
    // Facts from before 1970 are not read either.
    std::erase_if(heard_, [&, hash = entities_hash(tallies_.request.entities)](const auto& entry) {
      return entry.entities != hash || entry.window.begin < Instant{} ||
             entry.window.end > profiled_from_;
    });
    return Done{};
  }

  /// The facts that it must be given, oldest first.
  std::vector<Window> reads() const {
    auto reads = rolled_.gaps();
    if (needs_facts_) {
      auto at = needs_first_posts(tallies_.request) ? since_ : std::max(since_, profiled_from_);
      for (const auto& stretch : heard_) {
        if (stretch.window.begin > at) reads.push_back({at, stretch.window.begin});
        at = std::max(at, stretch.window.end);
      }
      reads.push_back({at, horizon_.end});
    }
    for (auto& read : reads) read.begin = DayRepeats::reads_from(read.begin);
    std::ranges::sort(reads, {}, &Window::begin);
    std::vector<Window> joined;
    for (const auto& read : reads) {
      if (!joined.empty() && read.begin <= joined.back().end)
        joined.back().end = std::max(joined.back().end, read.end);
      else
        joined.push_back(read);
    }
    return joined;
  }

  Result<Done> add(const FactBatch& batch) {
    if (auto known = profiles_.prepare(batch); !known) return known.error();
    constexpr std::size_t ahead = 8;  // facts, so that memory is there when it is needed
    const auto& facts = batch.facts;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (i + ahead < facts.size()) history_.prefetch(facts[i + ahead].author);
      add(facts[i], batch);
    }
    return Done{};
  }

  /// Call once. What is done with goes before the next table grows.
  Result<Done> finish() {
    if (auto rolled = rolled_.finish(); !rolled) return rolled;
    FlatSet heard;
    if (!heard_.empty()) {
      auto known = heard_authors(*kept_, heard_, history_.unheard());
      if (!known) return known.error();
      heard = *std::move(known);
    }
    threads_->drop_newcomers(heard);
    threads_->finish(tallies_);
    threads_.reset();
    history_.finish(heard);
    items_.finish();
    return Done{};
  }

 private:
  void add(const Fact& fact, const FactBatch& batch) {
    const auto at = fact.key.posted_at;
    const bool rolled = rolled_.wants(at);
    if (fact.generation == 0) {
      if (rolled) rolled_.add_unlabelled(fact);
      return;
    }
    const bool repeat = repeats_.is_repeat(fact);
    if (!rolled && at < profiled_from_) {
      if (needs_facts_) history_.add(fact, profiles_.owner_of(fact), nullptr);
      return;
    }
    const auto number = profiles_.number_of(fact, batch.entities_of(fact));
    const Profile& profile = profiles_[number];
    if (rolled) rolled_.add(fact, profile, repeat);
    if (!needs_facts_) return;
    const bool first = history_.add(fact, profile.owner, &profile);
    if (!horizon_.contains(at)) return;
    const bool item = window_.contains(at) && !repeat && items_.add(fact, batch, number);
    threads_->add(fact, number, {.item = item, .newcomer = item && first});
  }

  Tallies& tallies_;
  const Instant since_;  // no post is older
  const Window window_, horizon_;
  const Instant profiled_from_;  // from where on it matters what a post says
  const KeptTallies* const kept_;
  const bool needs_facts_;                 // of window and horizon, whatever rollups there are
  std::vector<KeptTallies::Entry> heard_;  // of who spoke here, no facts are needed
  Profiles profiles_;
  DayRepeats repeats_;
  RollupTally rolled_;
  ItemTally items_;
  std::unique_ptr<ThreadTally> threads_;
  HistoryTally history_;
};

}  // namespace

namespace {

/// Fills all that is made of posts, but for dialogues that are asked for apart.
Result<Done> tally_posts(const PostStore& store, const KeptTallies* kept, Tallies& tallies) {
  const auto span = store.span();
  if (!span) return span.error();
  if (!*span) return Done{};
  const auto& request = tallies.request;
  const auto since = std::max((*span)->first, Instant{});
  const auto begin = find_begin(store, since, std::min(request.window().end, request.now));
  if (!begin) return begin.error();
  tallies.history.begin = *begin;
  FactsTally counts{store, tallies, since, kept};
  if (auto prepared = counts.prepare(); !prepared) return prepared;
  for (const auto& window : counts.reads()) {
    Result<Done> added = Done{};
    const auto read = store.facts(window, [&](const FactBatch& batch) {
      if (added) added = counts.add(batch);
    });
    if (!read) return read;
    if (!added) return added;
  }
  return counts.finish();
}

}  // namespace

Result<Dialogue> dialogue_of_facts(const PostStore& store, const TallyRequest& request,
                                   Window window) {
  Tallies tallies{.request = request};
  tallies.request.edges = {window.begin, window.end};
  if (auto made = tally_posts(store, nullptr, tallies); !made) return made.error();
  return Dialogue{.waits = std::move(tallies.inbox),
                  .answers = std::move(tallies.answers),
                  .activity = std::move(tallies.own)};
}

namespace {

/// Tells the rows of a dialogue which channels have replies, and makes them tables.
void take_dialogue(Dialogue dialogue, Tables tables, Tallies& tallies) {
  FlatSet threaded;
  for (const auto& channel : tallies.channels)
    if (channel.replies > 0) threaded.insert(channel.channel);
  const auto tell = [&](auto& rows) {
    for (auto& row : rows) row.threaded = threaded.contains(row.channel);
  };
  tell(dialogue.waits);
  tell(dialogue.activity);
  tell(dialogue.answers);
  if (tables.has(Table::waits)) tallies.inbox = std::move(dialogue.waits);
  if (tables.has_any(own_tables)) tallies.own = std::move(dialogue.activity);
  if (tables.has(Table::answers)) tallies.answers = std::move(dialogue.answers);
}

/// True if these stretches are more than half of the window, as far as it is over.
bool cover(const std::vector<KeptTallies::Entry>& entries, const TallyRequest& request) {
  const Window window{request.window().begin, std::min(request.window().end, request.now)};
  std::chrono::seconds covered{};
  for (const auto& entry : entries)
    if (entry.entities == entities_hash(request.entities) && entry.window.begin >= window.begin &&
        entry.window.end <= window.end)
      covered += entry.window.end - entry.window.begin;
  return covered * 2 > window.end - window.begin;
}

/// Those that are read from what is ready, rather than made of facts beside the others. Rows that
/// leave out which post are those that say it where both are asked for.
Result<Tables> tables_apart(const TallyRequest& request, const KeptTallies* kept) {
  if (kept == nullptr || request.only_topic) return Tables{};
  const auto& asked = request.tables;
  Tables apart;
  for (const auto table :
       {Table::audience, Table::answers, Table::waits, Table::activity, Table::own_posts})
    if (asked.has(table)) apart.add(table);
  if (request.only_channel) apart = apart.without({Table::audience});
  if (asked.has_any({Table::inbox, Table::inboxes})) apart = apart.without({Table::waits});
  if (asked.has(Table::own)) apart = apart.without({Table::activity, Table::own_posts});
  if (rolled_tables.has_all(asked.without(apart))) return apart;
  // Where the others read the facts of the window, what is not ready is made of the same.
  const auto dialogues = kept->dialogues(request.window(), request.horizon);
  if (!dialogues) return dialogues.error();
  if (!cover(*dialogues, request)) apart = apart.without(dialogue_tables);
  const auto authors = kept->authors(request.window());
  if (!authors) return authors.error();
  if (!cover(*authors, request)) apart = apart.without({Table::audience});
  return apart;
}

/// What of these tables is ready is read beside each other; `tallies` asks for the rest.
Result<Done> tally_apart(const PostStore& store, const KeptTallies& kept, Tables tables,
                         Tallies& tallies) {
  auto request = tallies.request;
  request.tables = tables;
  auto talk = request;
  talk.tables = tables.without({Table::audience});
  Result<Done> posts = Done{};
  Result<std::vector<AudienceRow>> audience = std::vector<AudienceRow>{};
  Result<Dialogue> dialogue = Dialogue{};
  const std::array<std::function<void()>, 3> parts{
      [&] { posts = tally_posts(store, &kept, tallies); },
      [&] {
        if (talk.tables != Tables{}) dialogue = kept_dialogue(store, kept, talk);
      },
      [&] {
        if (tables.has(Table::audience)) audience = kept_audience(store, kept, request);
      }};
  parallel_slices(parts.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (auto part = begin; part < end; ++part) parts[part]();
  });
  if (!posts) return posts;
  if (!audience) return audience.error();
  if (!dialogue) return dialogue.error();
  if (tables.has(Table::audience)) tallies.audience = *std::move(audience);
  take_dialogue(*std::move(dialogue), talk.tables, tallies);
  return Done{};
}

}  // namespace

Result<Tallies> tally_facts(const PostStore& store, const TallyRequest& request,
                            const KeptTallies* kept) {
  Tallies tallies{.request = request};
  auto& tables = tallies.request.tables;
  const auto apart = tables_apart(request, kept);
  if (!apart) return apart.error();
  tables = tables.without(*apart);
  auto made = *apart == Tables{} ? tally_posts(store, kept, tallies)
                                 : tally_apart(store, *kept, *apart, tallies);
  if (!made) return made.error();
  tables = request.tables;
  if (auto named = name_channels(store, tallies.channels); !named) return named.error();
  if (auto covered = add_coverage(store, tallies); !covered) return covered.error();
  return tallies;
}

}  // namespace earshot
