#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/normalise.hpp"
#include "analyze/tokens.hpp"

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
  std::span<const std::uint32_t> words() const { return words_; }

  /// Runs of three and of five characters, across words. (Runs of four besides cost a third of the
  /// speed for nothing in English and .01 of macro recall in other languages.)
  std::span<const std::uint32_t> characters() const { return characters_; }

  /// The words, emoticons and emoji themselves, in the order of the text.
  std::span<const WordSeen> seen() const { return seen_; }

 private:
  friend void extract_features(const TokenisedText& text, const TextStyle& style,
                               Features& features);
  std::vector<std::uint32_t> words_, characters_;
  std::vector<WordSeen> seen_;
};

inline constexpr unsigned feature_bits = 18;
inline constexpr unsigned short_bits = 16;  ///< For runs of three characters.
inline constexpr std::uint32_t first_short_row = 1U << feature_bits;
inline constexpr std::size_t feature_rows = first_short_row + (std::size_t{1} << short_bits);
inline constexpr std::size_t style_features = 8;

/// Changes whenever the same text would give other rows: a model of another version can't be used.
inline constexpr std::uint32_t feature_version = 2;

/// The features of a text; `features` is overwritten, its room is kept. Linear time. Safe to call
/// from several threads at once.
void extract_features(const TokenisedText& text, const TextStyle& style, Features& features);

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
