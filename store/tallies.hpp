#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/base/result.hpp"
#include "store/facts.hpp"
#include "store/labels.hpp"
#include "store/post.hpp"

namespace earshot {

class PostStore;

/// What to count. Entities in all tallies are numbered as in `entities`.
struct TallyRequest {
  /// Rising, each on a quarter-hour of UTC: bucket i is [edges[i], edges[i+1]). The window runs
  /// from the first to the last.
  std::vector<Instant> edges;
  Instant now;                               ///< Posts from this instant on are not looked at.
  std::chrono::seconds horizon{7 * 86'400};  ///< An answer after this is none.
  /// Of the project: brand, competitors, topics. Labels of others are left out.
  std::vector<Entity> entities;

  Window window() const { return {edges.front(), edges.back()}; }
};

/// Which items a count is about. One item is in many scopes; counts of different scopes are never
/// added up.
struct Scope {
  enum class Kind : std::uint8_t {
    everything,      ///< All items, the brand's own too: the denominator of normalised attention.
    listening,       ///< K: items in the scope of at least one entity.
    brand_or_topic,  ///< B or any T.
    entity,  ///< Items by others than its owner that match an entity's query; of a topic: not by
             ///< the brand.
    brand_and_topic,  ///< B and topic `entity`.
  };
  Kind kind = Kind::everything;
  EntityIndex entity = no_entity;  ///< For `entity` and `brand_and_topic`.

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
};

/// What one author said in one scope over the whole window. Only authors that are known; never the
/// scope's owner.
struct AuthorRow {
  std::uint64_t author = 0;
  Scope scope;  ///< `listening` or one `entity`.
  std::uint64_t items = 0;
  std::uint64_t advocate_items = 0;  ///< Not of affiliates.
  std::uint64_t detractor_items = 0;
};

/// An item by a handle of the brand or of a competitor.
struct OwnItem {
  PostKey key;
  std::uint64_t channel = 0;
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;
  bool root = false;  ///< Not an answer to anything (O); else a reply (R).
  bool repost = false;
  /// Replies are collected on its channel: some post there answers another.
  bool threaded = false;
  std::int64_t likes = unknown_count;
  std::int64_t shares = unknown_count;
  std::int64_t followers = unknown_count;
  /// Stored items by others than the owner whose parent is this one.
  std::uint64_t public_replies = 0;
};

/// A post that needs an answer from an owner: answers an own item, @-mentions a handle, or matches
/// the query and asks or complains.
struct InboxItem {
  PostKey key;
  std::uint64_t channel = 0;
  EntityIndex owner = no_entity;  ///< Whose inbox.
  std::uint8_t priority = 3;
  /// As in `OwnItem`: where replies are not collected, silence proves nothing.
  bool threaded = false;
  std::optional<std::int64_t> answered_after;  ///< Seconds to the first answer within the horizon.
  std::int64_t observed_for = 0;  ///< Seconds from the post to min(now, post + horizon).
  std::uint64_t responder = 0;    ///< Author of that answer.
};

/// A question by others than the brand in the scope of a topic.
struct QuestionItem {
  PostKey key;
  std::uint64_t channel = 0;
  bool threaded = false;
  std::vector<EntityIndex> topics;
  /// Seconds to the first reply by anyone else, within the horizon.
  std::optional<std::int64_t> replied_after;
  std::optional<std::int64_t> public_replied_after;  ///< The same by other than the brand.
  std::int64_t observed_for = 0;
};

/// A reply in the window, with its parent if that is in window or horizon.
struct ReplyEdge {
  PostKey reply;
  std::uint64_t author = 0;
  EntityIndex owner = no_entity;
  /// id as the reply names it; the time is the epoch where the parent is not stored.
  PostKey parent;
  std::uint64_t parent_author = 0;
  EntityIndex parent_owner = no_entity;
  std::uint64_t root = 0;  ///< Resolved through stored parents; the last one known.
};

struct LinkRow {
  std::uint64_t link = 0;
  std::uint64_t items = 0;
  std::uint64_t authors = 0;  ///< Distinct known authors.
};

/// One source over the window. An hour (or a longer slot, for slower schedules) is covered by a
/// successful poll without overflow.
struct CoverageRow {
  std::string source;
  bool scheduled = false;  ///< Archives are not: their coverage is "n/a".
  std::uint64_t scheduled_hours = 0;
  std::uint64_t covered_hours = 0;
  std::vector<Window> gaps;  ///< Scheduled and not covered, merged.
};

struct ChannelRow {
  std::uint64_t channel = 0;
  std::string name;
  std::uint64_t items = 0;    ///< In the window.
  std::uint64_t replies = 0;  ///< Posts with a parent, in window and horizon.
};

/// How far the posts of the window are labelled.
struct LabelState {
  std::uint64_t labelled = 0;
  std::uint64_t unlabelled = 0;  ///< Left out of every tally.
  /// Generation id, posts; sorted.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;
};

/// A closed set of tables over a window: exact integers that every engine must give alike. Ratios,
/// medians, intervals and rounding are made from them in one place, `analyze/metrics`. Items are
/// what is left after near-duplicates are collapsed onto the earliest of the window; rows are
/// sorted by their leading members.
struct Tallies {
  TallyRequest request;
  std::vector<CubeRow> cube;
  std::vector<AuthorRow> authors;
  std::vector<OwnItem> own;
  std::vector<InboxItem> inbox;
  std::vector<QuestionItem> questions;
  std::vector<ReplyEdge> threads;
  std::vector<LinkRow> links;
  std::vector<CoverageRow> coverage;
  std::vector<ChannelRow> channels;
  LabelState labels;
  std::uint64_t collapsed = 0;  ///< Near-duplicates in the window that are not counted as items.
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

  /// Errors: the store's, if a generation is missing.
  Result<Done> apply(FactBatch& batch);

 private:
  Result<const std::vector<EntityIndex>*> table(std::uint64_t generation);

  const PostStore& store_;
  std::vector<Entity> entities_;
  std::map<std::uint64_t, std::vector<EntityIndex>> tables_;
};

/// The tallies of a window, computed from the facts, polls and states of a store: shared by all
/// engines that have no faster way. Holds some 60 bytes a post of window and horizon while it
/// works.
Result<Tallies> tally_facts(const PostStore& store, const TallyRequest& request);

}  // namespace earshot
