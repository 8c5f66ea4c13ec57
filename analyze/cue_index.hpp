#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyze/advocacy_cues.hpp"
#include "analyze/clauses.hpp"

namespace earshot {

/// The phrases of `cue_phrases`, found by the hashes of their words. Immutable; may be shared by
/// threads.
class CueIndex {
 public:
  CueIndex();

  /// Holds the first word of every phrase.
  const WordFilter& first_words() const { return first_words_; }

  /// Calls `take(cue)` for each phrase that stands at the front of `words`, which end where their
  /// clause does and are not empty.
  template <class Take>
  void find(std::span<const ClauseWord> words, const Take& take) const {
    const Slot& slot = slots_[slot_of(words.front().hash)];
    if (slot.begin == slot.end) return;
    const std::uint64_t second = words.size() > 1 ? words[1].hash : 0;
    if (!slot.any_second && !pairs_.may_hold(pair_of(slot.first, second))) return;
    for (std::uint32_t i = slot.begin; i < slot.end; ++i)
      if ((phrases_[i].second == 0 || phrases_[i].second == second) && stands(phrases_[i], words))
        take(phrases_[i].cue);
  }

 private:
  struct Phrase {
    std::uint64_t first = 0;
    std::uint64_t second = 0;  ///< 0 if there is none or it may be any.
    std::uint32_t begin = 0;   ///< Of its words in `words_`.
    std::uint16_t length = 0;
    Cue cue = Cue::recommend;
  };
  struct Slot {
    std::uint64_t first = 0;
    std::uint32_t begin = 0, end = 0;  ///< Of its phrases; the same in an empty slot.
    bool any_second = false;           ///< Of some phrase the second word is not given.
  };

  static constexpr std::size_t slot_count = 2048;
  static std::uint64_t pair_of(std::uint64_t first, std::uint64_t second) {
    return (first + second * 3) * 0x9E3779B97F4A7C15 >> 20;
  }

  /// The slot of a first word, or the empty one where it would be.
  std::size_t slot_of(std::uint64_t first) const {
    std::size_t at = (first >> 40) % slot_count;
    while (slots_[at].begin != slots_[at].end && slots_[at].first != first)
      at = (at + 1) % slot_count;
    return at;
  }

  bool stands(const Phrase& phrase, std::span<const ClauseWord> words) const;
  void add(Cue cue, std::string_view words);
  void fill_slots();

  std::vector<std::uint64_t> words_;  ///< Of all phrases; 0 stands for any.
  std::vector<Phrase> phrases_;       ///< Sorted by first word, otherwise in the order given.
  std::vector<Slot> slots_;
  WordFilter first_words_;
  WordFilter pairs_;  ///< First and second word of the phrases that give both.
};

}  // namespace earshot
