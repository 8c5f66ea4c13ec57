#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "store/facts.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// What a post says of its place in a thread, as in `Fact`.
struct ThreadPlace {
  std::uint64_t id = 0, parent = 0, root = 0;
};

/// The id of the first post of each one's thread: what the source says, else the end of the chain
/// of parents among `posts`, which may be a post that is not among them. A chain that bites its
/// tail ends where the walk came in. `posts` are the labelled ones of window and horizon, oldest
/// first. Chains are followed here, so that an engine needs no recursion.
std::vector<std::uint64_t> thread_roots(std::span<const ThreadPlace> posts);

/// Works out who answered whom: takes the facts of window and horizon one by one, oldest first, and
/// gives the tallies that depend on more than one post. Replies may be stored before their parents,
/// and parents may be missing.
class ThreadTally {
 public:
  explicit ThreadTally(const TallyRequest& request) : request_{request} {}

  /// What the other tallies know of a fact.
  struct Standing {
    bool item = false;       ///< Counts: in the window, asked for, no collapsed near-duplicate.
    bool newcomer = false;   ///< An item, and the author's first post of all.
    bool asked_for = false;  ///< Of the channel or topic that the request is about.
  };

  /// `entities` are the fact's rows, numbered as in the request.
  void add(const Fact& fact, std::span<const EntityLabel> entities, Standing standing);

  /// Fills own, inbox, raised, newcomers, threads, accounts and the channels' reply counts. Call
  /// once, after the last fact.
  void finish(Tallies& tallies);

 private:
  struct Node {
    PostKey key;
    std::uint64_t channel, author, parent, root;
    EntityIndex owner;
    Sentiment sentiment;
    Intents intents;
    Marks marks;
    bool in_window, asked_for;
  };
  struct Asked {
    std::uint32_t node;
    EntityIndex owner;  // whose inbox, if it turns out to need an answer
    std::uint8_t priority;
    bool asks;  // addressed, or in the scope of the owner with an intent that asks
    std::uint32_t first_matched, matched_count;  // into matched_
  };
  struct OwnReply {  // an own reply, by what a thread is searched for
    EntityIndex owner;
    std::uint64_t root, to_author;
    Instant at;
    std::uint64_t author;
    friend auto operator<=>(const OwnReply&, const OwnReply&) = default;
  };

  std::optional<std::uint32_t> find(std::uint64_t id) const;
  void resolve_roots();
  void count_replies(Tallies& tallies) const;
  bool threaded(std::uint64_t channel) const;
  void finish_own(Tallies& tallies);
  void finish_inbox(Tallies& tallies);
  void finish_raised(Tallies& tallies);
  void finish_newcomers(Tallies& tallies) const;
  void finish_threads(Tallies& tallies) const;
  void finish_accounts(Tallies& tallies) const;
  void add_own(const Fact& fact, std::span<const EntityLabel> entities, std::uint32_t node);
  void add_asked(const Fact& fact, std::span<const EntityLabel> entities, std::uint32_t node);
  void add_raised(const Fact& fact, std::span<const EntityLabel> entities, std::uint32_t node);
  std::span<const std::uint32_t> replies_to(std::uint64_t id) const;
  std::optional<std::pair<Instant, std::uint64_t>> first_answer(const Node& post,
                                                                EntityIndex owner) const;
  std::int64_t observed_for(Instant posted_at) const;

  const TallyRequest& request_;
  std::deque<Node> nodes_;  // by key; never copied while it grows
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_id_;  // id, node; sorted
  std::vector<std::pair<std::uint64_t, std::uint32_t>>
      by_parent_keys_;  // parent id, node; sorted by parent, then time
  std::vector<std::uint32_t> by_parent_;
  std::vector<OwnReply> own_replies_;                   // sorted
  std::vector<std::uint64_t> threaded_channels_;        // sorted
  std::vector<std::pair<OwnItem, std::uint32_t>> own_;  // with its node
  std::vector<Asked> asked_;
  std::vector<EntityIndex> matched_;
  std::vector<std::pair<RaisedItem, std::uint32_t>> raised_;
  std::vector<std::uint32_t> newcomers_;
  std::vector<std::uint32_t> accounts_;
};

}  // namespace earshot
