#pragma once

#include <cstdint>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/base/flat_set.hpp"
#include "store/facts.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// Works out whom the store remembers from before a window: takes the labelled facts up to the
/// window's end one by one, oldest first. Which, see `history_begin` and `needs_first_posts`; those
/// of earlier stretches may be left out of which it is ready who spoke there.
class HistoryTally {
 public:
  HistoryTally(const TallyRequest& request, History& history);

  /// `owner` is numbered as the request; `profile` may be null before `history_begin`. True if this
  /// is the first post so far of an author who is no handle of brand or competitors; told only if
  /// `needs_first_posts`.
  bool add(const Fact& fact, EntityIndex owner, const Profile* profile);

  /// Fetches what `add` will need of this author, which may be far from the processor.
  void prefetch(std::uint64_t author) const {
    if (needs_first_posts_) __builtin_prefetch(&voices_[slot_of(author)]);
  }

  /// Those whose first post so far is in the window, rising.
  std::vector<std::uint64_t> unheard() const;

  /// Call once, after the last fact. `heard`: those of `unheard` who spoke in what was left out.
  void finish(const FlatSet& heard);

 private:
  struct Voice {
    std::uint64_t author = 0;
    std::uint32_t number = 0;  ///< Of what is known of him, from 1; 0: a free slot.
    bool recent = false;       ///< Spoke in the window, or in the one before.
  };
  struct Past {
    bool heard_before = false;
    std::uint32_t brand_before = 0, topics_before = 0;
  };

  std::size_t slot_of(std::uint64_t author) const {
    return mix_bits(author) & (voices_.size() - 1);
  }
  bool add_voice(const Fact& fact, const Profile* profile);
  Voice& voice_of(std::uint64_t author);
  void grow_voices();

  const TallyRequest& request_;
  History& history_;
  const Window window_;
  const bool wants_voices_, needs_first_posts_;
  std::vector<Voice> voices_ = std::vector<Voice>(1024);  ///< A hash table.
  std::vector<Past> pasts_;
};

/// From where on the history of this request depends on what posts say; the window's begin if not
/// on any before it.
Instant history_begin(const TallyRequest& request);

/// True if it also depends on who wrote them, from the oldest of all.
bool needs_first_posts(const TallyRequest& request);

}  // namespace earshot
