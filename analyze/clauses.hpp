#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyze/tokens.hpp"

namespace earshot {

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

/// What words a phrase may begin with, one alone or two in a row; like `WordFilter`, never misses.
struct PhraseFilter {
  WordFilter first;  ///< Where the second word may be any, or none.
  WordFilter pairs;

  static constexpr std::uint64_t pair_of(std::uint64_t first, std::uint64_t second) {
    return (first + second * 3) * 0x9E3779B97F4A7C15 >> 20;
  }
  /// `second` is 0 for none.
  bool may_begin(std::uint64_t word, std::uint64_t second) const {
    return first.may_hold(word) | pairs.may_hold(pair_of(word, second));
  }
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

/// A text as words and clauses. A clause ends at punctuation and at a link;
/// "don't" and "dont" are one word; a mention is a word. Linear time; its buffers grow to the
/// longest text.
class ClauseWords {
 public:
  /// Replaces what was there. `candidates()` are then the words where by `filter` a phrase may
  /// begin that ends in their clause.
  void split(const TokenisedText& text, const PhraseFilter& filter);

  std::span<const ClauseWord> words() const { return {words_.data(), word_count_}; }
  std::span<const Clause> clauses() const { return clauses_; }
  std::span<const std::uint32_t> candidates() const { return {candidates_.data(), kept_}; }

 private:
  class Splitting;
  std::vector<ClauseWord> words_;  // These two only ever grow: nothing is filled for each text.
  std::vector<std::uint32_t> candidates_;
  std::size_t word_count_ = 0, kept_ = 0;
  std::vector<Clause> clauses_;
  std::string bare_;  ///< A word without its apostrophes.
};

}  // namespace earshot
