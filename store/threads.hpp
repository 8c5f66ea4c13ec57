#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "store/base/chunked_rows.hpp"
#include "store/base/flat_counter.hpp"
#include "store/base/flat_set.hpp"
#include "store/facts.hpp"
#include "store/own_rows.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// What a post says of its place in a thread, as in `Fact`.
struct ThreadPlace {
  std::uint64_t id = 0, parent = 0, root = 0;
};

/// The id of the first post of each one's thread: what the source says, else the end of the chain
/// of parents among `posts`, which may be a post that is not among them. A chain that bites its
/// tail ends in the least id of the ring. `posts` are the labelled ones of window and horizon,
/// oldest first. Chains are followed here, so that an engine needs no recursion.
std::vector<std::uint64_t> thread_roots(std::span<const ThreadPlace> posts);

/// Works out who answered whom: takes the labelled facts from a horizon before the window's first
/// day of UTC to a horizon behind the window one by one, oldest first, and gives the tallies that
/// depend on more than one post. Replies may be stored before their parents, and parents may be
/// missing. Rows of the inbox depend on what is stored within the horizon of their day, and on no
/// more. Holds some 70 bytes for each post that takes part in a thread or may need an answer; 16
/// for the others, and only where an own reply may be to them.
class ThreadTally {
 public:
  ThreadTally(const TallyRequest& request, const Profiles& profiles);

  /// What the other tallies know of a fact.
  struct Standing {
    bool item = false;      ///< Counts: in the window, asked for, no collapsed near-duplicate.
    bool newcomer = false;  ///< An item, and the author's first post so far.
  };
  void add(const Fact& fact, std::uint32_t profile, Standing standing);

  /// Those newcomers are none who were heard before.
  void drop_newcomers(const FlatSet& heard);

  /// Fills own, inbox, answers, raised, newcomers, threads, as far as they are asked for. Call
  /// once, after the last fact.
  void finish(Tallies& tallies);

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  struct Node {
    std::uint64_t id = 0;
    Instant at{};
    std::uint64_t author = 0, parent = 0, root = 0;
    std::uint32_t channel = 0;  // into channels_
    std::uint32_t profile = 0;
  };
  struct Bystander {  // answers nothing and is no node; an own reply may be to him
    std::uint64_t id = 0, author = 0;
    Instant at{};
  };
  struct Channel {
    std::uint64_t channel = 0, replies = 0;
  };
  struct OwnReply {  // an own reply, by what it is searched for
    EntityIndex owner;
    std::uint64_t to_author;
    Instant at;
    std::uint32_t node;
    Instant parent_at;
    friend auto operator<=>(const OwnReply&, const OwnReply&) = default;
  };
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };

  bool wants(Table table) const { return request_.tables.has(table); }
  bool wants_own() const { return request_.tables.has_any(own_tables); }
  bool wants_inbox() const {
    return request_.tables.has_any(inbox_tables | Tables{Table::answers});
  }
  std::uint32_t channel_number(std::uint64_t channel);
  void add_own(const Fact& fact, const Profile& profile, std::uint32_t node);
  void link_nodes();
  std::uint32_t find(std::uint64_t id) const;
  void find_own_replies();
  EntityIndex owner_of(const Node& node) const { return profiles_[node.profile].owner; }
  bool is_auto_reply(const Node& node) const;
  bool threaded(const Node& node) const { return channels_[node.channel].replies > 0; }
  std::optional<std::pair<Instant, std::uint64_t>> first_answer(std::uint32_t node,
                                                                EntityIndex owner) const;
  std::optional<std::int64_t> first_reply_by_other(std::uint32_t node) const;
  std::int64_t observed_for(Instant posted_at) const;
  Window answers_to(const Node& node) const { return {node.at, node.at + request_.horizon}; }
  /// The posts that are looked at to see what this one is part of: the same whatever the window.
  Window seen_with(const Node& node) const {
    const Instant day = std::chrono::floor<std::chrono::days>(node.at);
    return {day - request_.horizon, day + std::chrono::days{1} + request_.horizon};
  }
  std::uint64_t thread_of(std::uint32_t node, const Window& seen) const;
  void finish_own(Tallies& tallies);
  void finish_inbox(Tallies& tallies) const;
  void finish_raised(Tallies& tallies) const;
  void finish_newcomers(Tallies& tallies) const;
  void finish_threads(Tallies& tallies);
  /// Calls `visit(node)` for the replies to a node, oldest first, until it returns false.
  template <class Visit>
  void visit_replies(std::uint32_t node, Visit visit) const;

  const TallyRequest& request_;
  const Profiles& profiles_;
  const Window window_;
  const bool keeps_nodes_;   // some table is asked for that looks at other posts
  ChunkedRows<Node> nodes_;  // by key
  ChunkedRows<Bystander> bystanders_;
  FlatCounter<std::uint64_t, std::uint32_t, Hash> channel_numbers_;  // from 1
  std::vector<Channel> channels_;
  std::vector<std::uint32_t> slots_;                         // 1 + a node's number, by its id
  std::vector<std::uint32_t> parents_;                       // of each node, none if not stored
  std::vector<std::uint32_t> first_replies_, next_replies_;  // of each node, the oldest first
  std::vector<OwnReply> own_replies_;                        // sorted
  std::vector<std::pair<OwnItem, std::uint32_t>> own_;       // with its node
  OwnRows own_rows_{request_.tables};
  std::vector<std::uint32_t> asked_;                             // nodes that may need an answer
  std::vector<std::pair<std::uint32_t, std::uint64_t>> raised_;  // nodes, with the question
  std::vector<std::uint32_t> newcomers_;
};

}  // namespace earshot
