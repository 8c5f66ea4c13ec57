#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/normalise.hpp"

namespace earshot {

/// A word of a text, by its hash, and whether a negation before it reaches it.
struct WordSeen {
  std::uint64_t hash = 0;
  bool negated = false;
};

/// Rows of a weight table that a text stands for. Hashed, so two n-grams may share a row; a row may
/// come several times.
class Features {
 public:
  /// Words, pairs of words, negated words, emoji, style.
  std::span<const std::uint32_t> words() const { return {rows_.data(), words_}; }

  /// Runs of three and of five characters, across words. (Runs of four besides cost a third of the
  /// speed for nothing in English and .01 of macro recall in other languages.)
  std::span<const std::uint32_t> characters() const { return {rows_.data() + words_, characters_}; }

  /// The words, emoticons and emoji themselves, in the order of the text.
  std::span<const WordSeen> seen() const { return {seen_.data(), seen_count_}; }

 private:
  friend void extract_features(std::string_view normalised, const TextStyle& style,
                               Features& features);
  std::vector<std::uint32_t>
      rows_;  // only ever grows, so that it is not filled with zeros for each text
  std::vector<WordSeen> seen_;  // likewise
  std::size_t seen_count_ = 0;
  std::size_t words_ = 0;
  std::size_t characters_ = 0;
};

inline constexpr unsigned feature_bits = 19;
inline constexpr std::size_t feature_rows = std::size_t{1} << feature_bits;

/// Changes whenever the same text would give other rows: a model of another version can't be used.
inline constexpr std::uint32_t feature_version = 1;

/// The features of a text as `normalise` left it; `features` is overwritten, its room is kept.
/// Linear time. Safe to call from several threads at once.
void extract_features(std::string_view normalised, const TextStyle& style, Features& features);

/// One word (or emoticon or emoji) of a normalised text: its hash, and its rows, plain and after a
/// negation.
struct WordRows {
  std::uint64_t hash = 0;
  std::uint32_t plain = 0;
  std::uint32_t negated = 0;
};

/// False if `normalised` is not exactly one word.
bool find_word_rows(std::string_view normalised, WordRows& rows);

}  // namespace earshot
