#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyze/normalise.hpp"

namespace earshot {

/// The number that stands for a word: features, lexica and rules compare words by it and keep no
/// text. Words of up to eight bytes never share one.
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

enum class TokenKind : std::uint8_t { word, mention, link, punctuation };

/// A piece of a normalised text. A word is a run of letters, digits, apostrophes and all that is
/// not ASCII (an emoji too, which stands between blanks); punctuation is a run of what else is no
/// blank, or a face with a letter for its mouth (":d").
struct Token {
  std::uint64_t hash = 0;  ///< `word_hash` of its bytes.
  std::uint32_t begin = 0, end = 0;
  TokenKind kind = TokenKind::word;
  bool ends_clause = false;  ///< Punctuation with one of . , ! ? ; : in it, and no face.
  bool apostrophe = false;   ///< A word with one in it.
};

/// A text as `normalise` left it, cut into tokens once for all who read it. Linear time; its
/// buffers grow to the longest text and are kept.
class TokenisedText {
 public:
  /// Replaces what was there. `normalised` is shorter than 4 GB.
  void read(std::string_view normalised);

  std::span<const Token> tokens() const { return {tokens_.data(), count_}; }
  /// Lives until the next `read`.
  std::string_view text() const { return {text_.data() + front, size_}; }
  /// The same with a blank before and after it; eight bytes more behind that can be read.
  std::string_view between_blanks() const { return {text_.data() + front - 1, size_ + 2}; }
  std::string_view text_of(const Token& token) const {
    return text().substr(token.begin, token.end - token.begin);
  }

 private:
  class Cutting;
  static constexpr std::size_t front = 8;  ///< Blanks before the text.
  std::vector<char> text_;  ///< With blanks around it, so that whole blocks can be read.
  std::size_t size_ = 0;
  std::vector<Token> tokens_;  ///< Only ever grows: nothing is filled for each text.
  std::size_t count_ = 0;
};

}  // namespace earshot
