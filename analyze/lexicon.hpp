#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/features.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// The feeling that people hear in one word, whatever the text around it.
struct LexiconWord {
  std::uint64_t hash = 0;    ///< As in `WordSeen`.
  std::int16_t valence = 0;  ///< In hundredths; below 0 is negative.
};

/// A file of `valence<TAB>word` lines, a word being what the features take for one (a word, an
/// emoticon, an emoji); entries that are more than one, or longer than the models see, are left
/// out.
struct LexiconFile {
  std::string name;        ///< Without its folder.
  std::uint64_t hash = 0;  ///< XXH3 of its bytes.
  std::vector<LexiconWord> words;
};

/// Errors: `io` (can't be read), `format` (file:line; no tab, no number from -100 to 100, no word
/// at all).
Result<LexiconFile> read_lexicon(const std::string& path);

/// The same from the bytes of such a file; `path` is for the errors.
Result<LexiconFile> parse_lexicon(std::string_view bytes, const std::string& path);

/// Valences by hash, as they lie in a model's file: a power of two of slots, found from the high
/// bits of a hash on by looking at one slot after the other; the upper 48 bits are those of the
/// hash, the lower 16 the valence; an empty slot is 0. Empty if no word has a valence. A word that
/// comes several times has its first valence.
std::vector<std::uint64_t> make_lexicon_slots(std::span<const LexiconWord> words);

/// Whether a `Lexicon` can use them: none, or a power of two with an empty one among them.
bool are_lexicon_slots(std::span<const std::uint64_t> slots);

/// The valences of a text's words, those above 0 and those below apart, in hundredths and both
/// counted up from 0.
struct ValenceSums {
  std::int64_t positive = 0;
  std::int64_t negative = 0;
};

/// Slots, to look words up in. Immutable, safe to share between threads.
class Lexicon {
 public:
  /// `slots` stay where they are and are `are_lexicon_slots`.
  explicit Lexicon(std::span<const std::uint64_t> slots);

  /// Rules most words out with one look; a word that there is never.
  bool may_hold(const WordSeen& word) const {
    const std::size_t bit = maybe_bit(word.hash);
    return (maybe_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  /// A negation turns a word's valence around and takes a quarter off it (Hutto and Gilbert,
  /// "VADER", ICWSM 2014, found 0.74).
  ValenceSums sum(std::span<const WordSeen> seen) const;

 private:
  std::int64_t valence_of(std::uint64_t key) const;

  static constexpr std::size_t maybe_bits = 1U << 17;
  static constexpr std::size_t maybe_bit(std::uint64_t hash) {
    return static_cast<std::size_t>((hash >> 16) * 0x9E3779B97F4A7C15 >> 40) % maybe_bits;
  }

  std::span<const std::uint64_t> slots_;
  /// A bit for each word that there is, and by chance for a few more: most words of a text are in
  /// no lexicon, and one look here says so.
  std::vector<std::uint64_t> maybe_;
};

}  // namespace earshot
