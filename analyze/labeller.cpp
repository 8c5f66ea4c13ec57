#include "analyze/labeller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyze/advocacy.hpp"
#include "analyze/handles.hpp"
#include "analyze/language.hpp"
#include "analyze/links.hpp"
#include "analyze/marks.hpp"
#include "analyze/places.hpp"
#include "analyze/query.hpp"
#include "analyze/toward.hpp"
#include "analyze/words.hpp"
#include "store/base/hash.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

/// Posts worth a thread's while.
constexpr std::size_t slice = 256;

/// Shorter texts are never near-duplicates: too many people say "thank you so much" by themselves.
constexpr std::size_t least_duplicate_words = 8;

/// Of the hash of a post's words. Among 10 M posts of one day 0.18 pairs are taken for
/// near-duplicates that are none; each byte more is a byte on disk for most posts.
constexpr unsigned group_bits = 48;

/// An @-mention that addresses a party.
struct Address {
  EntityIndex party = no_entity;
  std::string network;  ///< Folded; empty for any.
};

/// The query that finds mentions of a handle; empty for a name that nobody can mention.
std::string mention_query(const Handle& handle) {
  std::string name = "@";
  for (const char c : handle.name) {
    if (c == '@' && name.size() == 1) continue;
    name += c == '"' || c == '*' ? ' ' : c;
  }
  WordSplitter splitter;
  const auto words = splitter.split(name);
  if (words.empty() || words.front().kind != WordKind::mention) return {};
  std::string query = fmt::format("\"{}\"", name);
  return QuerySet::compile(std::span{&query, 1}) ? query : std::string{};
}

/// The near-duplicate group of a post whose words are given.
std::uint64_t group_of(const Post& post, std::span<const Word> words) {
  if (!post.parent_id.empty()) return 0;
  if (!words.empty() && words.front().kind == WordKind::plain && words.front().text == "rt")
    words = words.subspan(1);
  std::uint64_t hash = 0;
  std::size_t count = 0;
  for (const Word& word : words) {
    if (word.kind == WordKind::link || word.kind == WordKind::mention) continue;
    hash = hash_bytes(word.text, hash + word.text.size());
    ++count;
  }
  if (count < least_duplicate_words) return 0;
  const auto group = hash >> (64 - group_bits);
  return group == 0 ? 1 : group;
}

std::uint8_t priority_of(bool urgent, Intents intents) {
  if (urgent || intents.has(Intent::complaint)) return 1;
  const bool wants = intents.has(Intent::question) || intents.has(Intent::request) ||
                     intents.has(Intent::purchase_intent);
  return wants ? 2 : 3;
}

/// What one thread needs to label post after post.
struct Scratch {
  QuerySet::Scratch query;
  std::vector<std::uint8_t> hits;
  std::vector<std::uint8_t> addressed;  ///< By party.
  SentimentModel::Scratch sentiment;
  AdvocacyScratch advocacy;
  HandleTable::Scratch handles;
  PlaceTable::Scratch places;
  TowardScratch toward;
  std::vector<QueryPlace> query_places;
  std::vector<Naming> namings;
  std::vector<std::uint8_t> located;  ///< By query.
  std::vector<std::uint64_t> content_words;
  std::string folded;
};

}  // namespace

/// Queries are numbered: first the entities', in their order (a region has none), then what is
/// urgent, then those of `mark_queries`, then one for each of `addresses`.
struct Labeller::Rules {
  Generation generation;
  std::uint64_t generation_id;
  const SentimentModel& model;
  std::size_t parties;      ///< Brand and competitors, the first entities.
  std::size_t listened_to;  ///< These and the topics, which come next.
  QuerySet queries;
  std::vector<Address> addresses;
  HandleTable handles;
  LookAlikes look_alikes;
  PlaceTable places;
  std::vector<EntityIndex> regions;  ///< By rule of `places`.

  std::size_t urgent_query() const { return generation.entities.size(); }
  std::size_t first_mark() const { return urgent_query() + 1; }
  std::size_t first_address() const { return first_mark() + mark_queries().size(); }

  void label(const Post& post, Scratch& scratch, Labels& labels) const;
  void find_addressed(const Post& post, Scratch& scratch) const;
  void label_entities(const Scratch& scratch, Labels& labels) const;
  void label_attitudes(const Post& post, Scratch& scratch, Labels& labels) const;
  void find_namings(Scratch& scratch) const;
  void label_stance(Authorship author, Labels& labels) const;
  void label_marks(const Post& post, Scratch& scratch, Labels& labels) const;
};

namespace {

void label_links(Scratch& scratch, Labels& labels) {
  labels.links.clear();
  for (const Word& word : scratch.query.words())
    if (word.kind == WordKind::link && canonical_link(word.text, scratch.folded))
      labels.links.push_back(hash_bytes(scratch.folded));
  std::sort(labels.links.begin(), labels.links.end());
  labels.links.erase(std::unique(labels.links.begin(), labels.links.end()), labels.links.end());
}

/// The compiler's error, with the query that can't be read named as people know it.
Error name_error(const std::vector<Entity>& entities, const std::vector<std::string>& queries,
                 Error error) {
  for (std::size_t i = 0; i <= entities.size(); ++i) {
    const auto alone = QuerySet::compile(std::span{queries}.subspan(i, 1));
    if (alone) continue;
    const auto& message = alone.error().message;
    if (i == entities.size())
      return {Error::Kind::config, fmt::format("[inbox] urgent: {}", message)};
    return {Error::Kind::config, fmt::format("{} '{}': query, {}", name_of(entities[i].kind),
                                             entities[i].name, message)};
  }
  return error;
}

}  // namespace

void Labeller::Rules::label(const Post& post, Scratch& scratch, Labels& labels) const {
  labels.content = content_hash(post);
  labels.generation = generation_id;
  labels.by_hand = false;
  labels.lang = detect_language(post.text, post.lang);
  queries.match(post, text_of(labels.lang), scratch.query, scratch.hits);
  labels.group = group_of(post, scratch.query.words());
  label_links(scratch, labels);

  const auto score = model.score(post.text, labels.lang, scratch.sentiment);
  labels.sentiment = score.sentiment;
  labels.sentiment_permille = score.permille;
  const auto advocacy = label_advocacy(scratch.sentiment.text, score, scratch.advocacy);
  labels.stance = advocacy.stance;
  labels.intents = advocacy.intents;
  labels.only_thanks = advocacy.only_thanks;
  labels.priority = priority_of(scratch.hits[urgent_query()] != 0, labels.intents);

  labels.question = labels.intents.has(Intent::question)
                        ? question_of(scratch.query.words(), scratch.content_words)
                        : 0;

  find_addressed(post, scratch);
  if (const auto place = places.find(post.place, scratch.places)) scratch.hits[regions[*place]] = 1;
  label_entities(scratch, labels);
  label_attitudes(post, scratch, labels);
  label_stance(handles.authorship(post, scratch.handles), labels);
  label_marks(post, scratch, labels);
}

void Labeller::Rules::label_marks(const Post& post, Scratch& scratch, Labels& labels) const {
  labels.marks = {};
  for (std::size_t i = 0; i < mark_queries().size(); ++i)
    if (scratch.hits[first_mark() + i] != 0) labels.marks.add(mark_queries()[i].first);
  if (is_link_only(scratch.query.words())) labels.marks.add(Mark::link_only);
  if (!post.place.empty()) labels.marks.add(Mark::placed);
  if (!labels.affiliate && look_alikes.match(post, scratch.folded))
    labels.marks.add(Mark::look_alike);
}

void Labeller::Rules::find_addressed(const Post& post, Scratch& scratch) const {
  scratch.addressed.assign(parties, 0);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (scratch.hits[first_address() + i] == 0) continue;
    if (!addresses[i].network.empty()) {
      fold_case(post.network, scratch.folded);
      if (scratch.folded != addresses[i].network) continue;
    }
    scratch.addressed[addresses[i].party] = 1;
  }
}

void Labeller::Rules::label_entities(const Scratch& scratch, Labels& labels) const {
  labels.entities.clear();
  for (std::size_t i = 0; i < generation.entities.size(); ++i) {
    const bool matched = scratch.hits[i] != 0;
    const bool addressed = i < parties && scratch.addressed[i] != 0;
    if (matched || addressed)
      labels.entities.push_back(
          {static_cast<EntityIndex>(i), labels.sentiment, Stance::none, matched, addressed});
  }
}

/// Of what a post says of several entities each gets its share; a single party gets all of it.
void Labeller::Rules::label_attitudes(const Post& post, Scratch& scratch, Labels& labels) const {
  std::size_t named = 0, named_parties = 0;
  for (const EntityLabel& row : labels.entities) {
    named += row.entity < listened_to ? 1 : 0;
    named_parties += row.entity < parties ? 1 : 0;
  }
  if (named >= 2 && labels.sentiment != Sentiment::unsupported) {
    find_namings(scratch);
    const NamedPost several{post.text,        scratch.query.words(),
                            scratch.namings,  static_cast<EntityIndex>(parties),
                            labels.sentiment, labels.stance};
    label_toward(several, model, scratch.toward, labels.entities);
  } else if (named_parties == 1) {
    labels.entities.front().stance = labels.stance;
  }
}

void Labeller::Rules::find_namings(Scratch& scratch) const {
  scratch.located = scratch.hits;
  std::fill(scratch.located.begin() + static_cast<std::ptrdiff_t>(listened_to),
            scratch.located.begin() + static_cast<std::ptrdiff_t>(first_address()),
            std::uint8_t{0});
  for (std::size_t i = 0; i < addresses.size(); ++i)
    scratch.located[first_address() + i] &= scratch.addressed[addresses[i].party];
  queries.locate(scratch.located, scratch.query, scratch.query_places);
  scratch.namings.clear();
  for (const QueryPlace& place : scratch.query_places) {
    const EntityIndex entity = place.query < listened_to
                                   ? static_cast<EntityIndex>(place.query)
                                   : addresses[place.query - first_address()].party;
    scratch.namings.push_back({entity, place.first, place.count});
  }
}

/// Whoever speaks for a party is no advocate of it, nor of anything if he speaks of nothing else.
void Labeller::Rules::label_stance(Authorship author, Labels& labels) const {
  labels.owner = author.owner;
  labels.affiliate = author.owner != no_entity || author.affiliate != no_entity;
  bool others = false;
  for (EntityLabel& row : labels.entities) {
    if (row.entity >= parties) continue;
    if (row.entity == author.owner || row.entity == author.affiliate)
      row.stance = Stance::none;
    else
      others = true;
  }
  if (labels.affiliate && !others) labels.stance = Stance::none;
}

Labeller::Labeller(std::unique_ptr<Rules> rules) : rules_{std::move(rules)} {}
Labeller::Labeller(Labeller&&) noexcept = default;
Labeller& Labeller::operator=(Labeller&&) noexcept = default;
Labeller::~Labeller() = default;

const Generation& Labeller::generation() const {
  return rules_->generation;
}

Result<Labeller> Labeller::create(const Project& project, const SentimentModel& model) {
  Generation generation{model.name(), model.hash(), labelling_hash(project), entities_of(project)};
  auto places = PlaceTable::create(project.places);
  if (!places) return places.error();
  std::vector<EntityIndex> regions;
  for (const auto& place : project.places) {
    const Entity region{EntityKind::region, place.region};
    const auto at = std::ranges::find(generation.entities, region);
    regions.push_back(static_cast<EntityIndex>(at - generation.entities.begin()));
  }

  std::vector<std::string> queries;
  for (const auto& entity : generation.entities) queries.push_back(query_of(project, entity));
  queries.push_back(project.inbox.urgent);
  for (const auto& [mark, query] : mark_queries()) queries.emplace_back(query);

  std::vector<Address> addresses;
  const auto add_handles = [&](const Party& party, EntityIndex index) {
    for (const auto& handle : party.handles) {
      auto query = mention_query(handle);
      if (query.empty()) continue;
      queries.push_back(std::move(query));
      fold_case(handle.network, addresses.emplace_back(Address{index, {}}).network);
    }
  };
  add_handles(project.brand, 0);
  for (std::size_t i = 0; i < project.competitors.size(); ++i)
    add_handles(project.competitors[i], static_cast<EntityIndex>(i + 1));

  auto compiled = QuerySet::compile(queries);
  if (!compiled) return name_error(generation.entities, queries, compiled.error());
  const auto id = generation.id();
  auto rules = std::unique_ptr<Rules>{
      new Rules{std::move(generation), id, model, project.competitors.size() + 1,
                project.competitors.size() + 1 + project.topics.size(), *std::move(compiled),
                std::move(addresses), HandleTable{project}, LookAlikes{project.brand.name},
                *std::move(places), std::move(regions)}};
  return Labeller{std::move(rules)};
}

void Labeller::label(std::span<const Post> posts, std::span<Labels> labels) const {
  assert(posts.size() == labels.size());
  parallel_slices(posts.size(), slice, [&](std::size_t begin, std::size_t end) {
    Scratch scratch;
    for (std::size_t i = begin; i < end; ++i) rules_->label(posts[i], scratch, labels[i]);
  });
}

}  // namespace earshot
