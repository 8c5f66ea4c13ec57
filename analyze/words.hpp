#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// What a word of a post is: written plainly, as `@word`, as `#word`, or an address on the web.
enum class WordKind : std::uint8_t { plain, mention, hashtag, link };

/// A word of a post. `begin` and `end` are its bytes in the text that was split, the sigil
/// included.
struct Word {
  std::string_view text;  ///< Folded, without sigil; a link as it is written.
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  WordKind kind = WordKind::plain;
  bool apostrophe = false;  ///< There is one in it, and `bare_word` may be shorter.
};

/// The word without what grammar hangs on it by an apostrophe: the possessive ("acme's") and the
/// elided words of the Romance languages ("l'acme", "qu'acme"). The word itself if there is none.
std::string_view bare_word(const Word& word);

/// Splits texts into words, in linear time and without allocation once its buffers have grown to
/// the longest text. Queries and near-duplicates see texts through this and nothing else.
///
/// A word is a run of letters, digits and underscores; what else there is separates words, emoji
/// too. An apostrophe (' or U+2019, kept as ') between two of them belongs to the word. `@` and `#`
/// (also in full width) before a word are its sigil unless they follow a word directly, as in
/// "joe@example.org". Han, kana, Thai, Lao, Khmer and Burmese are written without spaces: there
/// each letter, with its marks, is a word. Other marks join the letter before them, composed where
/// Unicode has the composed letter; soft hyphens, joiners and variation selectors are dropped.
/// `http://`, `https://` and `www.` begin a link, up to the next space, quote, bracket of the kind
/// <> or {}, or letter of an unspaced script. Case is folded by Unicode's simple folding ("É" is
/// "é"; "STRASSE" is not "straße"). Bytes that are not UTF-8 separate words.
class WordSplitter {
 public:
  /// The words in the order of the text, which is shorter than 4 GB. They live until the next call;
  /// links as long as `text`.
  std::span<const Word> split(std::string_view text);

 private:
  std::vector<char> folded_;
  std::vector<Word> words_;
};

/// Replaces `out` by the text in folded case, nothing split off: for names of authors and channels.
void fold_case(std::string_view text, std::string& out);

}  // namespace earshot
