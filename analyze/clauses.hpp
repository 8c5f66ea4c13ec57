#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/normalise.hpp"

namespace earshot {

/// The number that stands for a word: rules compare words by it and keep no text. Words of up to
/// eight bytes never share one.
constexpr std::uint64_t extend_word_hash(std::uint64_t hash, std::uint64_t eight_bytes) {
  hash = (hash ^ eight_bytes) * 0x9FB21C651E98DF25;
  return hash ^ (hash >> 32);
}

inline constexpr std::uint64_t word_hash_seed = 0xCBF29CE484222325;

constexpr std::uint64_t word_hash(std::string_view word) {
  std::uint64_t hash = word_hash_seed;
  for (;;) {
    std::uint64_t packed = 0;
    for (std::size_t i = 0; i < word.size() && i < 8; ++i)
      packed |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
    hash = extend_word_hash(hash, packed);
    if (word.size() <= 8) return hash;
    word.remove_prefix(8);
  }
}

inline constexpr std::uint64_t mention_word = word_hash({&mention_mark, 1});

/// A set of word hashes that may hold some more than it was given: rules most words out with one
/// look.
class WordFilter {
 public:
  void add(std::uint64_t hash) { bits_[place(hash) / 64] |= std::uint64_t{1} << place(hash) % 64; }
  bool may_hold(std::uint64_t hash) const {
    return (bits_[place(hash) / 64] >> place(hash) % 64 & 1) != 0;
  }

 private:
  static constexpr std::size_t bit_count = 16'384;
  static constexpr std::size_t place(std::uint64_t hash) { return (hash >> 13) % bit_count; }
  std::array<std::uint64_t, bit_count / 64> bits_{};
};

struct ClauseWord {
  std::uint64_t hash = 0;
  std::uint32_t clause = 0;  ///< Index into `clauses()`.
  bool quoted = false;       ///< Somebody else's: between quotation marks, or after "RT @name".
};

struct Clause {
  std::uint32_t begin = 0, end = 0;  ///< Of its words; never empty.
  bool asks = false;                 ///< Ends in a question mark.
};

/// A text as `normalise` left it, as words and clauses. A clause ends at punctuation and at a link;
/// "don't" and "dont" are one word; a mention is a word. Linear time; its buffers grow to the
/// longest text.
class ClauseWords {
 public:
  /// Replaces what was there. `candidates()` are then the words that `filter` may hold.
  void split(std::string_view normalised, const WordFilter& filter);

  std::span<const ClauseWord> words() const { return {words_.data(), word_count_}; }
  std::span<const Clause> clauses() const { return clauses_; }
  std::span<const std::uint32_t> candidates() const { return {candidates_.data(), kept_}; }

 private:
  class Splitting;
  void copy_without_apostrophes(std::string_view text);

  std::vector<char> text_;  ///< With blanks behind it, so that whole blocks can be read.
  std::size_t size_ = 0;
  std::vector<ClauseWord> words_;  // These two only ever grow: nothing is filled for each text.
  std::vector<std::uint32_t> candidates_;
  std::size_t word_count_ = 0, kept_ = 0;
  std::vector<Clause> clauses_;
};

}  // namespace earshot
