#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "store/base/result.hpp"
#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

class KeptTallies;
class PostStore;

/// The tables of `Tallies` that are made only where they are asked for.
enum class Table : std::uint16_t {
  cube,
  audience,
  authors,
  own,
  activity,   ///< Fills `own`, too, but its rows leave out which post: id is 0.
  own_posts,  ///< Fills `own`, too, as `activity` does, but with roots alone, and the first row of
              ///< each party, which tells that it was heard.
  inbox,      ///< The brand's rows.
  inboxes,    ///< Fills the inbox, too, with the rows of competitors beside them.
  waits,    ///< Fills the inbox, too, but its rows leave out which post by whom: id and author are
            ///< 0.
  answers,  ///< Of this, `waits`, `activity` and `own_posts` an engine may have the rows ready.
  raised,
  newcomers,
  threads,
  accounts,
  links,
  quarters,  ///< These four are of `History`.
  voices,    ///< Asks who was ever heard before, as does `newcomers`.
  stances,
  channels_before,
};
inline constexpr std::size_t table_count = 19;

/// A set of them.
class Tables {
 public:
  constexpr Tables() = default;
  constexpr Tables(std::initializer_list<Table> tables) {
    for (const auto table : tables) add(table);
  }
  static constexpr Tables all() {
    Tables tables;
    tables.bits_ = (1U << table_count) - 1;
    return tables;
  }

  constexpr void add(Table table) { bits_ |= bit(table); }
  constexpr bool has(Table table) const { return (bits_ & bit(table)) != 0; }
  constexpr bool has_all(Tables tables) const { return (tables.bits_ & ~bits_) == 0; }
  constexpr bool has_any(Tables tables) const { return (tables.bits_ & bits_) != 0; }
  constexpr Tables without(Tables tables) const {
    Tables rest = *this;
    rest.bits_ &= ~tables.bits_;
    return rest;
  }
  constexpr Tables& operator|=(Tables other) {
    bits_ |= other.bits_;
    return *this;
  }
  friend constexpr Tables operator|(Tables a, Tables b) { return a |= b; }
  friend constexpr bool operator==(Tables, Tables) = default;

 private:
  static constexpr std::uint32_t bit(Table table) { return 1U << static_cast<unsigned>(table); }
  std::uint32_t bits_ = 0;
};

/// For these every engine reads the facts of the window.
inline constexpr Tables fact_tables{Table::authors, Table::own,    Table::inbox,
                                    Table::inboxes, Table::raised, Table::newcomers,
                                    Table::threads, Table::links,  Table::voices};

/// What to count. Entities in all tallies are numbered as in `entities`.
struct TallyRequest {
  /// Rising, each on a quarter-hour of UTC: bucket i is [edges[i], edges[i+1]). The window runs
  /// from the first to the last.
  std::vector<Instant> edges;
  Instant now;                               ///< Posts from this instant on are not looked at.
  std::chrono::seconds horizon{7 * 86'400};  ///< An answer after this is none.
  /// Of the project: brand, competitors, topics, and what tags posts. Labels of others are left
  /// out.
  std::vector<Entity> entities;
  Window previous{};  ///< The window before, for `History`; empty: it knows none.
  /// Count only items of this channel, or of this topic. Near-duplicates are collapsed first; who
  /// answered is looked for in all posts, and history is of all posts.
  std::optional<std::uint64_t> only_channel = {};
  std::optional<EntityIndex> only_topic = {};
  /// What to make; the other tables stay empty. Labels, channels, coverage, the fingerprint and the
  /// begin of the history are always told.
  Tables tables = Tables::all();

  Window window() const { return {edges.front(), edges.back()}; }
};

/// Which items a count is about. One item is in many scopes; counts of different scopes are never
/// added up.
struct Scope {
  enum class Kind : std::uint8_t {
    everything,      ///< All items, the brand's own too: the denominator of normalised attention.
    listening,       ///< K: items in the scope of at least one entity.
    brand_or_topic,  ///< B or any T.
    any_topic,       ///< T: items by others than the brand in the scope of any topic.
    entity,  ///< Items by others than its owner that match an entity's query; of all but brand and
             ///< competitors: not by the brand. Not counted for departments, regions and rules.
    brand_and_entity,      ///< B and the topic, objective, department or region `entity`.
    brand_and_department,  ///< B and any department.
  };
  Kind kind = Kind::everything;
  EntityIndex entity = no_entity;  ///< For `entity` and `brand_and_entity`.

  friend auto operator<=>(const Scope&, const Scope&) = default;
};

/// "Any intent" in `CubeRow::intent`: each item is once in the row of `any_intent` and once in that
/// of each of its intents.
inline constexpr std::uint8_t any_intent = 0xFF;

/// Counts of items by bucket x channel x scope x sentiment x stance x intent. In the scope of one
/// entity, sentiment and stance are those toward it; elsewhere those of the post.
struct CubeRow {
  std::uint32_t bucket = 0;
  std::uint64_t channel = 0;
  Scope scope;
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
  std::uint8_t intent = any_intent;  ///< An `Intent`, or `any_intent`.
  bool filtered = false;             ///< From sources that collect only what matches a query.
  std::uint64_t items = 0;
  std::uint64_t engaged_items = 0;  ///< Of them, those whose engagement is known.
  std::uint64_t engagement = 0;     ///< Sum of likes, shares and replies over those.

  friend bool operator==(const CubeRow&, const CubeRow&) = default;
};

/// What one author said in one scope over the whole window. Only authors that are known; never the
/// scope's owner, and in `everything` no handle of brand or competitors.
struct AuthorRow {
  std::uint64_t author = 0;
  /// In tallies `everything`, `any_topic`, or `entity` of the brand; of an audience it may also be
  /// `listening`, or any `entity` that is listened to.
  Scope scope;
  std::uint32_t items = 0;
  std::uint32_t advocate_items = 0;  ///< Not of affiliates.
  std::uint32_t detractor_items = 0;
  std::uint32_t resource_items = 0;  ///< With a link, or explaining how something is done.
  /// Of the advocate items: those whose engagement is known, and its sum.
  std::uint32_t advocate_engaged_items = 0;
  std::uint64_t advocate_engagement = 0;

  friend bool operator==(const AuthorRow&, const AuthorRow&) = default;
};

/// How many authors said so much in one scope over the whole window: the rows of `AuthorRow`,
/// counted by what they say.
struct AudienceRow {
  Scope scope;
  std::uint32_t items = 0;
  bool recommends = false;  ///< With an advocate item.
  bool warns = false;       ///< With a detractor item.
  std::uint64_t authors = 0;

  friend bool operator==(const AudienceRow&, const AudienceRow&) = default;
};

/// Entities of a row: most have a few, which need no memory of their own.
using EntityList = boost::container::small_vector<EntityIndex, 4>;

/// An item by a handle of the brand or of a competitor.
struct OwnItem {
  PostKey key;
  std::uint64_t channel = 0;
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;
  bool root = false;  ///< Not an answer to anything (O); else a reply (R).
  bool repost = false;
  Sentiment sentiment = Sentiment::neutral;
  Marks marks;
  std::uint64_t group = 0;  ///< Equal for near-duplicates; 0: of none.
  EntityList entities;      ///< All whose query matches, sorted.
  /// Replies are collected on its channel: some post there answers another.
  bool threaded = false;
  std::int64_t likes = unknown_count;
  std::int64_t shares = unknown_count;
  std::int64_t followers = unknown_count;
  /// Stored items by others than the owner whose parent is this one.
  std::uint64_t public_replies = 0;

  friend bool operator==(const OwnItem&, const OwnItem&) = default;
};

/// The tables that fill `Tallies::inbox`.
inline constexpr Tables inbox_tables{Table::inbox, Table::inboxes, Table::waits};

/// A post that needs an answer from an owner: answers an own item, @-mentions a handle, or matches
/// the query and asks or complains.
struct InboxItem {
  PostKey key;
  std::uint64_t channel = 0;
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;  ///< Whose inbox.
  std::uint8_t priority = 3;
  Sentiment sentiment = Sentiment::neutral;
  Intents intents;
  EntityList entities;  ///< All whose query matches, sorted.
  /// As in `OwnItem`: where replies are not collected, silence proves nothing.
  bool threaded = false;
  /// Seconds to the first answer within the horizon. Auto-replies are no answers.
  std::optional<std::int64_t> answered_after;
  std::int64_t observed_for = 0;  ///< Seconds from the post to min(now, post + horizon).
  std::uint64_t responder = 0;    ///< Author of that answer.

  friend bool operator==(const InboxItem&, const InboxItem&) = default;
};

/// Rows of the inbox, all parties', counted by how long they waited.
struct AnswerRow {
  EntityIndex owner = no_entity;  ///< Whose inbox.
  std::uint64_t channel = 0;
  bool threaded = false;     ///< As in `OwnItem`.
  bool settled = false;      ///< As old as the horizon.
  bool answered = false;     ///< Within the horizon.
  std::int64_t seconds = 0;  ///< To the first answer; where there is none, observed for so long.
  std::uint64_t items = 0;

  friend auto operator<=>(const AnswerRow&, const AnswerRow&) = default;
};

/// An item by others than the brand, about it or a topic, that asks something, plans to buy, or
/// takes a stance toward the brand; and who reacted. All times are to the first direct reply within
/// the horizon that is no auto-reply of an owner's.
struct RaisedItem {
  PostKey key;
  std::uint64_t channel = 0;
  std::uint64_t author = 0;
  bool threaded = false;  ///< As in `OwnItem`.
  bool brand = false;     ///< In the scope of the brand.
  EntityList topics;
  Intents intents;
  Stance stance = Stance::none;                      ///< Toward the brand; never of affiliates.
  std::uint64_t question = 0;                        ///< As in `Labels`.
  std::optional<std::int64_t> replied_after;         ///< Seconds, by anyone but the author.
  std::optional<std::int64_t> public_replied_after;  ///< The same by other than the brand.
  std::optional<std::int64_t> own_replied_after;     ///< By the brand.
  std::int64_t observed_for = 0;

  friend bool operator==(const RaisedItem&, const RaisedItem&) = default;
};

/// The first item that the store has of an author who is no handle of brand or competitors, where
/// it is in the window.
struct NewcomerItem {
  PostKey key;
  std::uint64_t channel = 0;
  bool threaded = false;
  std::optional<std::int64_t> replied_after;  ///< As in `RaisedItem`.
  std::int64_t observed_for = 0;

  friend bool operator==(const NewcomerItem&, const NewcomerItem&) = default;
};

/// A post of a thread to which somebody replied in the window: the replies of the window, and what
/// is stored of their threads in the horizon on either side. Rows of a thread stand together,
/// oldest first. No near-duplicates are collapsed here: who repeats himself in a thread takes part.
struct ThreadRow {
  std::uint64_t root = 0;  ///< The thread: resolved through stored parents; the last one known.
  PostKey key;
  std::uint64_t author = 0;
  std::uint64_t parent = 0;  ///< Id; 0 for a post that answers nothing.
  std::uint64_t channel = 0;
  EntityIndex owner = no_entity;
  Sentiment sentiment = Sentiment::neutral;
  Intents intents;
  Marks marks;
  bool in_window = false;

  friend bool operator==(const ThreadRow&, const ThreadRow&) = default;
};

/// An author of own items, or one whose name looks like the brand's.
struct AccountRow {
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;  ///< `no_entity` for a look-alike.
  std::uint64_t items = 0;        ///< In the window.
  PostKey last;                   ///< Its newest item in the window.

  friend bool operator==(const AccountRow&, const AccountRow&) = default;
};

struct LinkRow {
  std::uint64_t link = 0;
  std::uint64_t items = 0;
  std::uint64_t authors = 0;  ///< Distinct known authors.

  friend bool operator==(const LinkRow&, const LinkRow&) = default;
};

/// One source over the window. An hour (or a longer slot, for slower schedules) is covered by a
/// successful poll without overflow.
struct CoverageRow {
  std::string source;
  bool scheduled = false;  ///< Archives are not: their coverage is "n/a".
  Instant since{};         ///< Its first poll.
  std::uint64_t scheduled_hours = 0;
  std::uint64_t covered_hours = 0;
  std::vector<Window> gaps;  ///< Scheduled and not covered, merged.

  friend bool operator==(const CoverageRow&, const CoverageRow&) = default;
};

struct ChannelRow {
  std::uint64_t channel = 0;
  std::string name;
  std::uint64_t items = 0;    ///< In the window.
  std::uint64_t replies = 0;  ///< Posts with a parent, in window and horizon.

  friend bool operator==(const ChannelRow&, const ChannelRow&) = default;
};

/// How far the posts of the window are labelled.
struct LabelState {
  std::uint64_t labelled = 0;
  std::uint64_t unlabelled = 0;  ///< Left out of every tally.
  /// Generation id, posts; sorted.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;
  /// The oldest post of each, in the same order.
  std::vector<Instant> generation_begins;

  friend bool operator==(const LabelState&, const LabelState&) = default;
};

/// Items of one quarter-hour of UTC, from eight weeks before the window to its end.
struct QuarterRow {
  Instant quarter;
  Scope scope;  ///< `listening`, or `entity` of the brand or a topic.
  std::uint32_t items = 0;
  std::uint32_t complaints = 0;

  friend bool operator==(const QuarterRow&, const QuarterRow&) = default;
};

/// An author of the window or of the window before it who is no handle of brand or competitors.
struct VoiceRow {
  std::uint64_t author = 0;
  bool heard_before = false;       ///< The store has a post from before the window, whatever about.
  std::uint32_t brand_before = 0;  ///< Posts in the scope of the brand in the window before.
  std::uint32_t topics_before = 0;  ///< The same of any topic.

  friend bool operator==(const VoiceRow&, const VoiceRow&) = default;
};

/// A stance that somebody took toward the brand in the 365 days that end with the window. Not of
/// affiliates; near-duplicates are not collapsed: who repeats another's words takes the stance too.
struct StanceRow {
  PostKey key;
  std::uint64_t author = 0;
  Stance stance = Stance::none;

  friend bool operator==(const StanceRow&, const StanceRow&) = default;
};

/// What the store remembers from before the window.
struct History {
  std::optional<Instant> begin;  ///< The oldest labelled post; nothing if there is none.
  std::vector<QuarterRow> quarters;
  std::vector<VoiceRow> voices;    ///< By author.
  std::vector<StanceRow> stances;  ///< By key.
  /// Items of the scope `listening` by channel in the window before.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> channels_before;

  friend bool operator==(const History&, const History&) = default;
};
inline constexpr std::chrono::days quarter_baseline{56};
inline constexpr std::chrono::days stance_memory{365};

/// A closed set of tables over a window: exact integers that every engine must give alike. Ratios,
/// medians, intervals and rounding are made from them in one place, `analyze/metrics`. Items are
/// what is left after near-duplicates are collapsed onto the earliest of the window; rows are
/// sorted by their leading members.
struct Tallies {
  TallyRequest request;
  std::vector<CubeRow> cube;
  std::vector<AudienceRow> audience;
  std::vector<AuthorRow> authors;
  std::vector<OwnItem> own;
  std::vector<InboxItem> inbox;
  std::vector<AnswerRow> answers;
  std::vector<RaisedItem> raised;
  std::vector<NewcomerItem> newcomers;
  std::vector<ThreadRow> threads;
  std::vector<AccountRow> accounts;
  std::vector<LinkRow> links;
  std::vector<CoverageRow> coverage;
  std::vector<ChannelRow> channels;
  LabelState labels;
  History history;
  std::uint64_t collapsed = 0;  ///< Near-duplicates in the window that are not counted as items.
  /// Of the posts of the window, their counts and labels: equal for equal windows of two stores,
  /// and of two windows that meet the sum.
  std::uint64_t fingerprint = 0;
};

/// True if the fact is an item of `scope`. The fact's owner and `entities`, its rows, are numbered
/// as `project_entities`. The one definition that tallies count by and evidence is listed by.
bool in_scope(const Fact& fact, std::span<const EntityLabel> entities, Scope scope,
              const std::vector<Entity>& project_entities);

/// Labels number entities as their generation does; this turns facts to the numbering of one
/// project. Entities that the project does not have become `no_entity`, which no scope includes.
class Renumbering {
 public:
  Renumbering(const PostStore& store, std::vector<Entity> entities);

  /// The batch in the numbering of the project: itself where nothing changes, else a copy that
  /// lives until the next call. Errors: the store's, if a generation is missing.
  Result<const FactBatch*> apply(const FactBatch& batch);

  /// The numbers in the project of the entities of a generation; what is past its end is
  /// `no_entity`. Lives as long as this. Errors: as above.
  Result<const std::vector<EntityIndex>*> table(std::uint64_t generation);

 private:
  Result<bool> changes(const FactBatch& batch);

  const PostStore& store_;
  std::vector<Entity> entities_;
  std::map<std::uint64_t, std::vector<EntityIndex>> tables_;
  FactBatch renumbered_;
};

/// The tallies of a window, computed from the facts, polls and states of a store: shared by all
/// engines. What adds up is taken from the rollups that the engine keeps, if it does; reads the
/// facts that are in none, and those of window, horizon and history as far as the tables need them
/// that are asked for.
Result<Tallies> tally_facts(const PostStore& store, const TallyRequest& request,
                            const KeptTallies* kept = nullptr);

}  // namespace earshot
