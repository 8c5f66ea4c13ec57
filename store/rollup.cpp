#include "store/rollup.hpp"

#include <algorithm>
#include <utility>

#include "store/answer_tally.hpp"
#include "store/author_tally.hpp"
#include "store/base/hash.hpp"
#include "store/day_repeats.hpp"
#include "store/post_store.hpp"

namespace earshot {

namespace {

using std::chrono::ceil;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr days days_together{31};  // in which dialogues are made

/// What the numbers of a report depend on.
std::uint64_t fact_hash(const Fact& fact) {
  std::uint64_t hash = 0;
  const auto add = [&](auto value) {
    hash = mix_bits(hash * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(value));
  };
  add(to_unix(fact.key.posted_at));
  for (const auto part : {fact.key.id, fact.channel, fact.author, fact.parent, fact.generation,
                          fact.group, fact.question})
    add(part);
  for (const auto part : {fact.likes, fact.shares, fact.replies, fact.followers}) add(part);
  add((static_cast<int>(fact.sentiment) + 1) * 4 + static_cast<int>(fact.stance) + 1);
  add(fact.intents.bits() * 256 + fact.marks.bits());
  return hash;
}

}  // namespace

std::uint64_t entities_hash(std::span<const Entity> entities) {
  std::uint64_t hash = entities.size();
  for (const auto& entity : entities)
    hash = hash_bytes(entity.name, mix_bits(hash + static_cast<std::uint64_t>(entity.kind)));
  return hash;
}

RollupBuilder::RollupBuilder(const TallyRequest& request, const Profiles& profiles)
    : request_{request}, cube_{profiles}, open_quarter_(request.entities.size() + 1) {
  rollup_.entities = entities_hash(request.entities);
}

void RollupBuilder::note(const Fact& fact) {
  rollup_.fingerprint += fact_hash(fact);
}

void RollupBuilder::add_unlabelled(const Fact& fact) {
  note(fact);
  ++rollup_.unlabelled;
}

void RollupBuilder::add(const Fact& fact, const Profile& profile, bool repeat) {
  note(fact);
  auto& generation = generations_[fact.generation];
  if (generation.posts++ == 0) generation.begin = fact.key.posted_at;
  auto& channel = channels_[fact.channel];
  channel.replies += fact.parent != 0;
  if (profile.brand_stance != Stance::none && !profile.affiliate &&
      request_.tables.has(Table::stances))
    rollup_.stances.push_back({fact.key, fact.author, profile.brand_stance});
  if (repeat) {
    ++rollup_.collapsed;
    return;
  }
  channel.heard += profile.listening;
  if (request_.tables.has(Table::quarters)) add_quarter(fact.key.posted_at, profile);
  if (!profile.asked_for) return;
  ++channel.items;
  if (request_.tables.has(Table::accounts)) add_account(fact, profile.owner);
  if (request_.tables.has(Table::cube)) cube_.add(fact.channel, profile, fact.engagement());
}

void RollupBuilder::add_account(const Fact& fact, EntityIndex owner) {
  if (owner == no_entity && (!fact.marks.has(Mark::look_alike) || fact.author == 0)) return;
  auto& row = accounts_[{fact.channel, fact.author, owner}];
  ++row.items;
  row.last = fact.key;
}

void RollupBuilder::add_quarter(Instant at, const Profile& profile) {
  const Instant quarter{at.time_since_epoch() / minutes{15} * minutes{15}};
  if (quarter != quarter_) {
    close_quarter();
    quarter_ = quarter;
  }
  for (const auto number : profile.quarters) {
    ++open_quarter_[number].items;
    open_quarter_[number].complaints += profile.intents.has(Intent::complaint);
  }
}

void RollupBuilder::close_quarter() {
  for (std::size_t number = 0; number < open_quarter_.size(); ++number) {
    auto& heard = open_quarter_[number];
    if (heard.items == 0) continue;
    const Scope scope = number == 0
                            ? Scope{Scope::Kind::listening}
                            : Scope{Scope::Kind::entity, static_cast<EntityIndex>(number - 1)};
    rollup_.quarters.push_back({quarter_, scope, heard.items, heard.complaints});
    heard = {};
  }
}

Rollup RollupBuilder::finish(Window window) {
  close_quarter();
  cube_.close(0, rollup_.cube);
  generations_.visit([&](std::uint64_t id, Rollup::Generation generation) {
    generation.id = id;
    rollup_.generations.push_back(generation);
  });
  std::ranges::sort(rollup_.generations, {}, &Rollup::Generation::id);
  channels_.visit([&](std::uint64_t hash, Rollup::Channel channel) {
    channel.channel = hash;
    rollup_.channels.push_back(channel);
  });
  std::ranges::sort(rollup_.channels, {}, &Rollup::Channel::channel);
  for (auto& [key, account] : accounts_) {
    std::tie(account.channel, account.author, account.owner) = key;
    rollup_.accounts.push_back(account);
  }
  generations_.clear();
  channels_.clear();
  accounts_.clear();
  rollup_.window = window;
  return std::exchange(rollup_, {.entities = rollup_.entities});
}

namespace {

/// Facts of some stretches that follow each other, turned to rollups.
class StretchReader {
 public:
  StretchReader(const PostStore& store, std::span<const Entity> entities,
                const std::function<Result<Done>(const Rollup&)>& take)
      : request_{.edges = {}, .now = {}, .entities = {entities.begin(), entities.end()}},
        store_{store},
        profiles_{store, request_},
        builder_{request_, profiles_},
        take_{take} {}

  Result<Done> read(std::span<const Window> stretches) {
    stretches_ = stretches;
    const Window window{DayRepeats::reads_from(stretches.front().begin), stretches.back().end};
    const auto read = store_.facts(window, [&](const FactBatch& batch) {
      if (done_) done_ = profiles_.prepare(batch);
      for (const auto& fact : batch.facts)
        if (done_) add(fact, batch);
    });
    if (!read) return read;
    while (done_ && !stretches_.empty()) close();
    return done_;
  }

 private:
  void close() {
    done_ = take_(builder_.finish(stretches_.front()));
    stretches_ = stretches_.subspan(1);
  }

  void add(const Fact& fact, const FactBatch& batch) {
    const auto at = fact.key.posted_at;
    while (done_ && !stretches_.empty() && stretches_.front().end <= at) close();
    const bool wanted = !stretches_.empty() && stretches_.front().begin <= at;
    if (fact.generation == 0) {
      if (wanted) builder_.add_unlabelled(fact);
      return;
    }
    const bool repeat = repeats_.is_repeat(fact);
    if (!wanted) return;
    builder_.add(fact, profiles_[profiles_.number_of(fact, batch.entities_of(fact))], repeat);
  }

  TallyRequest request_;
  const PostStore& store_;
  Profiles profiles_;
  RollupBuilder builder_;
  const std::function<Result<Done>(const Rollup&)>& take_;
  DayRepeats repeats_;
  std::span<const Window> stretches_;
  Result<Done> done_ = Done{};
};

}  // namespace

Result<Done> make_rollups(const PostStore& store, std::span<const Entity> entities,
                          std::span<const Window> stretches,
                          const std::function<Result<Done>(const Rollup&)>& take) {
  StretchReader reader{store, entities, take};
  while (!stretches.empty()) {
    std::size_t count = 1;
    while (count < stretches.size() && stretches[count].begin == stretches[count - 1].end) ++count;
    if (auto read = reader.read(stretches.first(count)); !read) return read;
    stretches = stretches.subspan(count);
  }
  return Done{};
}

namespace {

/// Cuts the dialogue of some days into stretches, which come oldest first.
class DialogueCutter {
 public:
  DialogueCutter(Dialogue whole, seconds horizon) : whole_{std::move(whole)}, horizon_{horizon} {}

  Dialogue cut(Window stretch) {
    Dialogue dialogue;
    AnswerTally answers;
    for (auto& item : rows_in(whole_.waits, waits_taken_, stretch)) {
      item.threaded = false;
      answers.add(answer_of(item, horizon_));
      dialogue.questions.push_back(
          {{item.key.posted_at, 0}, item.channel, item.owner, item.answered_after});
      if (item.owner != brand_index) continue;
      item.key.id = item.author = 0;
      dialogue.waits.push_back(std::move(item));
    }
    dialogue.answers = answers.finish();
    for (auto& item : rows_in(whole_.activity, activity_taken_, stretch)) {
      item.key.id = 0;
      item.threaded = false;
      dialogue.activity.push_back(std::move(item));
    }
    return dialogue;
  }

 private:
  template <class Row>
  static std::span<Row> rows_in(std::vector<Row>& rows, std::size_t& taken, Window stretch) {
    while (taken < rows.size() && rows[taken].key.posted_at < stretch.begin) ++taken;
    const auto first = taken;
    while (taken < rows.size() && rows[taken].key.posted_at < stretch.end) ++taken;
    return std::span{rows}.subspan(first, taken - first);
  }

  Dialogue whole_;
  const seconds horizon_;
  std::size_t waits_taken_ = 0, activity_taken_ = 0;
};

}  // namespace

Result<Done> make_dialogues(
    const PostStore& store, std::span<const Entity> entities, std::chrono::seconds horizon,
    std::span<const Window> stretches,
    const std::function<Result<Done>(Window stretch, const Dialogue& dialogue)>& take) {
  while (!stretches.empty()) {
    const Instant begin = floor<days>(stretches.front().begin);
    std::size_t count = 1;
    while (count < stretches.size() && stretches[count].begin == stretches[count - 1].end &&
           stretches[count].end <= begin + days_together)
      ++count;
    const Instant end = ceil<days>(stretches[count - 1].end);
    const TallyRequest request{.edges = {},
                               .now = end + horizon,
                               .horizon = horizon,
                               .entities = {entities.begin(), entities.end()},
                               .tables = {Table::inboxes, Table::own}};
    auto made = dialogue_of_facts(store, request, {begin, end});
    if (!made) return made.error();
    DialogueCutter cutter{*std::move(made), horizon};
    for (const auto& stretch : stretches.first(count))
      if (auto taken = take(stretch, cutter.cut(stretch)); !taken) return taken;
    stretches = stretches.subspan(count);
  }
  return Done{};
}

Result<std::vector<AuthorRow>> authors_of_facts(const PostStore& store, const TallyRequest& request,
                                                Window window) {
  window = {std::max(window.begin, Instant{}), std::min(window.end, request.now)};
  if (window.begin >= window.end) return std::vector<AuthorRow>{};
  const TallyRequest asked{
      .edges = {window.begin, window.end}, .now = window.end, .entities = request.entities};
  Profiles profiles{store, asked};
  AuthorTally authors{profiles, true};
  DayRepeats repeats;
  Result<Done> known = Done{};
  const auto add = [&](const Fact& fact, const FactBatch& batch) {
    if (fact.generation == 0) return;
    const bool repeat = repeats.is_repeat(fact);
    if (fact.author == 0 || !window.contains(fact.key.posted_at)) return;
    if (repeat)  // of a handle none is
      authors.note(fact.author);
    else
      authors.add(fact, profiles.number_of(fact, batch.entities_of(fact)));
  };
  const auto read =
      store.facts({DayRepeats::reads_from(window.begin), window.end}, [&](const FactBatch& batch) {
        if (known) known = profiles.prepare(batch);
        for (const auto& fact : batch.facts)
          if (known) add(fact, batch);
      });
  if (!read) return read.error();
  if (!known) return known.error();
  std::vector<AuthorRow> rows;
  rows.reserve(authors.close());
  authors.take_rows([&](std::span<const AuthorRow> of_part) {
    rows.insert(rows.end(), of_part.begin(), of_part.end());
  });
  return rows;
}

Result<Done> make_authors(
    const PostStore& store, std::span<const Entity> entities, std::span<const Window> stretches,
    const std::function<Result<Done>(Window stretch, std::span<const AuthorRow> rows)>& take) {
  for (const auto& stretch : stretches) {
    const TallyRequest request{
        .edges = {}, .now = stretch.end, .entities = {entities.begin(), entities.end()}};
    const auto rows = authors_of_facts(store, request, stretch);
    if (!rows) return rows.error();
    if (auto taken = take(stretch, *rows); !taken) return taken;
  }
  return Done{};
}

}  // namespace earshot
