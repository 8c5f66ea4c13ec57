#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyze/byte_block.hpp"
#include "analyze/features.hpp"
#include "analyze/negations.hpp"
#include "analyze/normalise.hpp"
#include "analyze/tokens.hpp"

namespace earshot {

// What the features of a text are. A template, so that who only adds up their weights needs no list
// of them. The constants are odd and have no meaning: one multiplication spreads a number over the
// high bits.

constexpr std::uint32_t feature_row(std::uint64_t hash) {
  hash ^= hash >> 32;
  return static_cast<std::uint32_t>((hash * 0x9E3779B97F4A7C15) >> (64 - feature_bits));
}

constexpr std::uint32_t negated_row(std::uint64_t word) {
  return feature_row(word + 0x27D4EB2F165667C5);
}

constexpr std::uint32_t pair_row(std::uint64_t first, std::uint64_t second) {
  return feature_row(first * 0xC2B2AE3D27D4EB4F + second);
}

// A `Take` has `word(row)`, `character(row)` and `token(hash, negated)`; it may have
// `eight(EightRuns)`, for where it can do with eight characters at once.

/// Calls `take.word(row)` for each feature of the words, and `take.token(hash, negated)` for each
/// token in its order. Returns how many features there are.
template <class Take>
std::size_t take_words(const TokenisedText& text, Take& take) {
  constexpr unsigned reach = 4;  // words after a negation
  constexpr std::uint64_t but = word_hash("but");
  std::uint64_t before = word_hash_seed;
  unsigned negated = 0;
  std::size_t count = 2 * text.tokens().size();
  for (const Token& token : text.tokens()) {
    take.word(feature_row(token.hash));
    take.word(pair_row(before, token.hash));
    before = token.hash;
    bool reached = false;
    if (token.ends_clause || token.hash == but) {
      negated = 0;
    } else if (token.kind == TokenKind::word && is_negation(token.hash)) {
      negated = reach;
    } else if (negated > 0) {
      --negated;
      reached = true;
      take.word(negated_row(token.hash));
      ++count;
    }
    take.token(token.hash, reached);
  }
  return count;
}

/// Calls `take.word(row)` for each feature of a text of `length` bytes as a whole.
template <class Take>
void take_style(const TextStyle& style, std::size_t length, Take& take) {
  // 0, 1, 2, 3 to 4, 5 to 8, ... as 0, 1, 2, 3, 4, ...
  const auto step_of = [](std::size_t count) {
    std::uint32_t step = 0;
    for (std::size_t reach = 1; step < 12 && count >= reach; ++step)
      reach = reach < 2 ? 2 : reach * 2 - 1;
    return step;
  };
  const std::uint32_t loud = style.letters < 8 ? 0 : style.capitals * 8 / style.letters;
  const std::array<std::uint32_t, style_features> steps{loud,
                                                        step_of(style.exclamations),
                                                        step_of(style.questions),
                                                        step_of(style.elongations),
                                                        step_of(style.mentions),
                                                        step_of(style.links),
                                                        step_of(style.hashtags),
                                                        step_of(length / 16)};
  for (std::uint32_t i = 0; i < steps.size(); ++i)
    take.word(feature_row((std::uint64_t{i} * 64 + steps[i] + 1) * 0x165667B19E3779F9));
}

/// Twelve bits for the character at `at`, which it moves on: the code point itself in the alphabets
/// of Europe, the Near East and India, a hash of it beyond. `text` is UTF-8.
inline std::uint64_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(at++);
  if (first < 0x80) return first;
  std::uint32_t character = first < 0xE0   ? first & 0x1FU
                            : first < 0xF0 ? first & 0x0FU
                                           : first & 7U;
  while (at < text.size() && (byte(at) & 0xC0U) == 0x80)
    character = character << 6 | (byte(at++) & 0x3FU);
  if (character < 0x1000) return character;
  return std::uint32_t{character * 0x9E3779B1U} >> 20;
}

/// The rows of runs of three and of five characters. Runs of three have rows of their own at the
/// end of the table, few enough to stay in a near cache: they are half of all look-ups. (The high
/// bits of such products hash well as they are, multiply-shift.)
struct RunRows {
  /// A run of ASCII by its bytes, the first lowest; what is above them does not matter.
  static std::uint32_t three_bytes(std::uint32_t bytes) {
    return first_short_row + ((bytes << 8) * 0x9E3779B1U >> (32 - short_bits));
  }
  static std::uint32_t five_bytes(std::uint64_t bytes) {
    return static_cast<std::uint32_t>((bytes << 24) * 0xD6E8FEB86659FD93 >> (64 - feature_bits));
  }
  /// Any other, with twelve bits a character, the last lowest.
  static std::uint32_t three(std::uint64_t window) {
    if ((window & 0xF80'F80'F80) == 0)
      return three_bytes(static_cast<std::uint32_t>(bytes_of(window, 3)));
    return first_short_row +
           static_cast<std::uint32_t>((window << 28) * 0x2545F4914F6CDD1D >> (64 - short_bits));
  }
  static std::uint32_t five(std::uint64_t window) {
    if ((window & 0xF80'F80'F80'F80'F80) == 0) return five_bytes(bytes_of(window, 5));
    return static_cast<std::uint32_t>((window << 4) * 0xA0761D6478BD642F >> (64 - feature_bits));
  }

 private:
  static std::uint64_t bytes_of(std::uint64_t window, unsigned length) {
    std::uint64_t bytes = 0;
    for (unsigned i = 0; i < length; ++i) bytes = bytes << 8 | (window >> (12 * i) & 0x7F);
    return bytes;
  }
};

/// The rows of the runs that end in eight characters.
struct EightRuns {
  std::array<std::uint32_t, 8> three, five;
};

/// Of ASCII; `four_before` is where the fourth character before the eight is, and three bytes after
/// them can be read.
inline EightRuns eight_runs(const char* four_before) {
  EightRuns runs;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint64_t bytes = load_eight(four_before + i);
    runs.three[i] = RunRows::three_bytes(static_cast<std::uint32_t>(bytes >> 16));
    runs.five[i] = RunRows::five_bytes(bytes);
  }
  return runs;
}

/// The same for `count` characters, one by one.
template <class Take>
void take_some(const char* four_before, std::size_t count, Take& take) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bytes = load_eight(four_before + i);
    take.character(RunRows::three_bytes(static_cast<std::uint32_t>(bytes >> 16)));
    take.character(RunRows::five_bytes(bytes));
  }
}

/// Takes each run of three and of five characters, across words, with `take.character(row)` or
/// `take.eight(runs)`. `text` begins and ends with a blank, and seven bytes behind it can be read.
/// Returns how many runs there are.
template <class Take>
std::size_t take_characters(std::string_view text, Take& take) {
  std::uint64_t window = ' ';  // the last characters read
  std::size_t known = 1;
  for (std::size_t at = 1; at < text.size();) {
    const char* const from = text.data() + at - std::min<std::size_t>(at, 4);
    if (known >= 4 && ((load_eight(from) | load_eight(from + 4)) & 0x8080808080808080) == 0) {
      const std::size_t count = std::min<std::size_t>(8, text.size() - at);
      if constexpr (requires(const EightRuns& runs) { take.eight(runs); }) {
        if (count == 8)
          take.eight(eight_runs(from));
        else
          take_some(from, count, take);
      } else {
        take_some(from, count, take);
      }
      at += count;
      known += count;
      for (std::size_t i = at - 4; i < at; ++i)
        window = window << 12 | static_cast<unsigned char>(text[i]);
      continue;
    }
    window = window << 12 | next_character(text, at);
    known += 1;
    if (known >= 3) take.character(RunRows::three(window));
    if (known >= 5) take.character(RunRows::five(window));
  }
  return known - std::min<std::size_t>(known, 2) + known - std::min<std::size_t>(known, 4);
}

struct FeatureCounts {
  std::size_t words = 0, characters = 0;
};

/// All features of a text, and how many of each kind; `style` is what `normalise` said of it.
template <class Take>
FeatureCounts take_features(const TokenisedText& text, const TextStyle& style, Take& take) {
  FeatureCounts counts;
  counts.words = take_words(text, take) + style_features;
  take_style(style, text.text().size(), take);
  counts.characters = take_characters(text.between_blanks(), take);
  return counts;
}

}  // namespace earshot
