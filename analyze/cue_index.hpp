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

  /// Holds the beginning of every phrase.
  const PhraseFilter& beginnings() const { return beginnings_; }

  /// Calls `take(cue, length in words)` for each phrase that stands at the front of `words`, which
  /// end where their clause does and are not empty: those first whose second word may be any, or
  /// none.
  template <class Take>
  void find(std::span<const ClauseWord> words, const Take& take) const {
    const std::uint64_t first = words.front().hash;
    find_in(slot_of(first), words, take);
    if (words.size() > 1)
      find_in(slot_of(PhraseFilter::pair_of(first, words[1].hash)), words, take);
  }

 private:
  struct Phrase {
    std::uint64_t key = 0;    ///< Of its first word, or of the pair of its first two.
    std::uint32_t begin = 0;  ///< Of its words in `words_`.
    std::uint16_t length = 0;
    Cue cue = Cue::recommend;
  };
  /// Where the phrases of a key are, or of several keys that share a tag.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint16_t begin = 0, end = 0;  ///< The same in an empty slot.
  };

  static constexpr std::size_t slot_count = 4096;
  static std::uint32_t tag_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 12); }

  /// The slot of a key, or the empty one where it would be.
  std::size_t slot_of(std::uint64_t key) const {
    const std::uint32_t tag = tag_of(key);
    std::size_t at = tag % slot_count;
    while (slots_[at].begin != slots_[at].end && slots_[at].tag != tag) at = (at + 1) % slot_count;
    return at;
  }

  template <class Take>
  void find_in(std::size_t slot, std::span<const ClauseWord> words, const Take& take) const {
    for (std::uint32_t i = slots_[slot].begin; i < slots_[slot].end; ++i)
      if (stands(phrases_[i], words)) take(phrases_[i].cue, phrases_[i].length);
  }

  bool stands(const Phrase& phrase, std::span<const ClauseWord> words) const;
  void add(Cue cue, std::string_view words);
  void fill_slots();

  std::vector<std::uint64_t> words_;  ///< Of all phrases; 0 stands for any.
  std::vector<Phrase> phrases_;       ///< Sorted by the tags of their keys, else as given.
  std::vector<Slot> slots_;
  PhraseFilter beginnings_;
};

}  // namespace earshot
