#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

/// Stands for any @mention and any web address in a normalised text, always between spaces. Control
/// characters of the input become spaces, so that these two can't be faked.
inline constexpr char mention_mark = '\x01';
inline constexpr char link_mark = '\x02';

/// What normalising takes away from a text and a model still wants to know.
struct TextStyle {
  std::uint32_t letters = 0;
  std::uint32_t capitals = 0;  ///< Of the ASCII letters.
  std::uint32_t exclamations = 0;
  std::uint32_t questions = 0;
  std::uint32_t elongations = 0;  ///< Letters dropped from runs ("soooo" drops three).
  std::uint32_t mentions = 0;
  std::uint32_t links = 0;
  std::uint32_t hashtags = 0;
};

/// The form of a text that models see, in training and in use; `normalised` is overwritten, its
/// room is kept.
///
/// Lower case (simple Unicode folding); `@name` and `@name@host` become `mention_mark`; `http...`,
/// `www. ...`, `host.tld/...` and
/// `{link}` become `link_mark`; a run of digits becomes `0`; letters are kept at most twice in a
/// row, punctuation three times; the entities &amp; &lt; &gt; &quot; &#39; are decoded; typographic
/// quotes, dashes and dots become ASCII; symbols and emoji stand between spaces, without skin tone
/// and variant; blanks are single spaces; bytes that are not UTF-8 become U+FFFD. Linear time. Safe
/// to call from several threads at once.
TextStyle normalise(std::string_view text, std::string& normalised);

}  // namespace earshot
