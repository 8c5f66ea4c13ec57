#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/base/hash.hpp"
#include "store/facts.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// Works out what the store remembers from before a window: takes all labelled facts up to the
/// window's end one by one, oldest first.
class HistoryTally {
 public:
  HistoryTally(const TallyRequest& request, History& history)
      : request_{request}, history_{history} {}

  /// `entities` are the fact's rows, numbered as in the request. True if this is the first post
  /// that the store has of an author who is no handle of brand or competitors.
  bool add(const Fact& fact, std::span<const EntityLabel> entities);

  /// Call once, after the last fact.
  void finish();

 private:
  struct IntegerHash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };
  struct Voice {
    Instant first_seen{};
    std::uint64_t brand_before = 0, topics_before = 0;
    bool recent = false;  ///< In the window, or in the one before.
  };
  using Seen = FlatCounter<std::uint64_t, bool, IntegerHash>;

  bool add_voice(const Fact& fact, std::span<const EntityLabel> entities);
  void add_quarter(const Fact& fact, std::span<const EntityLabel> entities);
  void add_before(const Fact& fact, std::span<const EntityLabel> entities);

  const TallyRequest& request_;
  History& history_;
  FlatCounter<std::uint64_t, Voice, IntegerHash> voices_;
  FlatCounter<std::uint64_t, std::uint64_t, IntegerHash> channels_before_;
  Seen groups_before_;
  Seen groups_of_day_;
  std::int64_t day_ = 0;
  Instant quarter_{};
  std::vector<QuarterRow> open_quarter_;  ///< By scope as numbered in `scope_number`.
};

}  // namespace earshot
