#include "analyze/words.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace earshot {

namespace {

using CodePoint = std::int32_t;

/// The folded byte of a letter, digit or underscore of ASCII; 0 for all other bytes.
constexpr auto ascii_words = [] {
  std::array<char, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    table[static_cast<unsigned char>(c)] = c;
    table[static_cast<unsigned char>(c - 'a' + 'A')] = c;
  }
  table['_'] = '_';
  return table;
}();

char ascii_word(char byte) {
  return ascii_words[static_cast<unsigned char>(byte)];
}
bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

/// Copies a run of word bytes of ASCII, folded, eight bytes at a time while there are so many, and
/// moves both places past it. Most words are shorter than that, so it costs one step and no branch
/// a byte.
void copy_ascii_word(const char*& at, const char* end, char*& out) {
  if constexpr (std::endian::native == std::endian::little) {
    const auto all = [](std::uint64_t byte) { return byte * 0x0101010101010101; };
    while (end - at >= 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, at, 8);
      // The top bit of each byte says what it is; sums of two 7-bit numbers don't spill into the
      // next byte.
      const auto low = bytes & all(0x7F);
      const auto small = low | all(0x20);
      const auto letter = (small + all(0x80 - 'a')) & ~(small + all(0x7F - 'z')) & ~bytes;
      const auto digit = (low + all(0x80 - '0')) & ~(low + all(0x7F - '9'));
      const auto line = ~((low ^ all('_')) + all(0x7F));
      const auto other = ~((letter | digit | line) & ~bytes) & all(0x80);
      const auto folded = bytes | ((letter & all(0x80)) >> 2);
      std::memcpy(out, &folded, 8);
      const auto length = other == 0 ? 8 : std::countr_zero(other) / 8;
      at += length;
      out += length;
      if (length < 8) return;
    }
  }
  for (char folded; at < end && (folded = ascii_word(*at)) != 0; ++at) *out++ = folded;
}

/// The bytes of ASCII that no link has.
constexpr auto ends_link = [] {
  std::array<bool, 128> table{};
  for (std::size_t c = 0; c <= ' '; ++c) table[c] = true;
  for (const char c : std::string_view{"\"<>`{}|\\^\x7F"})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// Written without spaces between words.
bool is_unspaced(CodePoint c) {
  return (c >= 0x0E00 && c <= 0x0EFF) ||  // Thai, Lao
         (c >= 0x1000 && c <= 0x109F) ||  // Burmese
         (c >= 0x1780 && c <= 0x17FF) ||  // Khmer
         (c >= 0x3005 && c <= 0x3007) ||  // Han iteration and closing marks, zero
         (c >= 0x3040 && c <= 0x30FF) ||  // Hiragana, Katakana
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xFF66 && c <= 0xFF9F) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_letter(CodePoint c) {
  return c >= 0 && u_isalnum(c) != 0;
}
bool is_apostrophe(CodePoint c) {
  return c == '\'' || c == 0x2019 || c == 0x02BC;
}

bool is_mark(CodePoint c) {
  return c >= 0 && (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_MC_MASK)) != 0;
}

/// Joiners, soft hyphens, variation selectors; not the zero-width space, which separates.
bool is_ignorable(CodePoint c) {
  return c >= 0 && c != 0x200B && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

/// A code point and the place after it; -1 for bytes that are not UTF-8.
struct Decoded {
  CodePoint c;
  const char* next;
};

Decoded decode(const char* at, const char* end) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(at);
  const int length = static_cast<int>(std::min<std::ptrdiff_t>(end - at, U8_MAX_LENGTH));
  int offset = 0;
  CodePoint c = -1;
  U8_NEXT(bytes, offset, length, c);
  return {c, at + offset};
}

char* append(char* out, CodePoint c) {
  auto* bytes = reinterpret_cast<std::uint8_t*>(out);
  int offset = 0;
  U8_APPEND_UNSAFE(bytes, offset, c);
  return out + offset;
}

/// Appends a mark to [first, out), composed with the last letter where Unicode has the composition.
char* append_mark(const char* first, char* out, CodePoint mark) {
  char* last = out;
  while (last > first && (static_cast<unsigned char>(*--last) & 0xC0) == 0x80) {
  }
  UErrorCode error = U_ZERO_ERROR;
  const auto* nfc = unorm2_getNFCInstance(&error);
  const CodePoint letter = decode(last, out).c;
  const CodePoint both =
      U_SUCCESS(error) && letter >= 0 ? unorm2_composePair(nfc, letter, mark) : -1;
  return both >= 0 ? append(last, both) : append(out, mark);
}

/// One pass over a text. `out` must have room for twice its size and eight bytes more.
class Splitting {
 public:
  Splitting(std::string_view text, char* out, std::vector<Word>& words)
      : begin_{text.data()}, at_{begin_}, end_{begin_ + text.size()}, out_{out}, words_{words} {}

  void run() {
    while (at_ < end_) {
      if (ascii_word(*at_) != 0) {
        if (!link()) word(WordKind::plain, at_);
      } else if (*at_ == '@' || *at_ == '#') {
        sigil(*at_ == '@' ? WordKind::mention : WordKind::hashtag, at_ + 1);
      } else if (is_ascii(*at_)) {
        ++at_;
      } else {
        wide();
      }
    }
  }

 private:
  /// Something outside of ASCII where no word has begun yet.
  void wide() {
    const auto [c, next] = decode(at_, end_);
    if (c == 0xFF20 || c == 0xFF03)
      return sigil(c == 0xFF20 ? WordKind::mention : WordKind::hashtag, next);
    if (is_letter(c) && !is_apostrophe(c)) return word(WordKind::plain, at_);
    at_ = next;
  }

  /// `@` or `#`, of which `next` is the place after.
  void sigil(WordKind kind, const char* next) {
    const char* start = at_;
    const bool glued = at_ == glue_;
    at_ = next;
    if (!glued && starts_word()) word(kind, start);
  }

  bool starts_word() const {
    if (at_ == end_) return false;
    if (is_ascii(*at_)) return ascii_word(*at_) != 0;
    const auto c = decode(at_, end_).c;
    return is_letter(c) && !is_apostrophe(c);
  }

  void word(WordKind kind, const char* start) {
    char* first = out_;
    bool apostrophe = false;
    if (is_ascii(*at_) || !unspaced_letter()) {
      apostrophe = letters(first);
      glue_ = at_;
    }
    push({{first, static_cast<std::size_t>(out_ - first)}, 0, 0, kind, apostrophe}, start);
  }

  /// A letter of a script without spaces, with its marks; false, and nothing done, at any other.
  bool unspaced_letter() {
    const auto [c, next] = decode(at_, end_);
    if (!is_unspaced(c)) return false;
    char* first = out_;
    out_ = append(out_, u_foldCase(c, U_FOLD_CASE_DEFAULT));
    for (at_ = next; at_ < end_ && !is_ascii(*at_);) {
      const auto [mark, after] = decode(at_, end_);
      if (!is_ignorable(mark)) {
        if (!is_mark(mark)) break;
        out_ = append_mark(first, out_, mark);
      }
      at_ = after;
    }
    return true;
  }

  /// Letters, digits and what belongs to them, up to the end of the word; whether it has an inner
  /// apostrophe.
  bool letters(const char* first) {
    bool apostrophe = false;
    for (;;) {
      copy_ascii_word(at_, end_, out_);
      if (at_ == end_) return apostrophe;
      if (is_ascii(*at_) && *at_ != '\'') return apostrophe;
      const auto [c, next] = decode(at_, end_);
      if (is_apostrophe(c)) {
        if (!letter_at(next)) return apostrophe;
        *out_++ = '\'';
        apostrophe = true;
      } else if (is_letter(c) && !is_unspaced(c)) {
        out_ = append(out_, u_foldCase(c, U_FOLD_CASE_DEFAULT));
      } else if (is_ignorable(c)) {
        // Dropped: it says how to write the word, not which it is.
      } else if (is_mark(c)) {
        out_ = append_mark(first, out_, c);
      } else {
        return apostrophe;
      }
      at_ = next;
    }
  }

  bool letter_at(const char* place) const {
    if (place == end_) return false;
    if (is_ascii(*place)) return ascii_word(*place) != 0;
    const auto c = decode(place, end_).c;
    return is_letter(c) && !is_apostrophe(c) && !is_unspaced(c);
  }

  /// Takes a link if one begins here.
  bool link() {
    const auto prefix = link_prefix();
    if (prefix == 0) return false;
    const char* start = at_;
    for (at_ += prefix; at_ < end_;) {
      if (is_ascii(*at_)) {
        if (ends_link[static_cast<unsigned char>(*at_)]) break;
        ++at_;
        continue;
      }
      const auto [c, next] = decode(at_, end_);
      if (is_unspaced(c) || (!is_letter(c) && !is_mark(c))) break;
      at_ = next;
    }
    push({{start, static_cast<std::size_t>(at_ - start)}, 0, 0, WordKind::link, false}, start);
    return true;
  }

  /// How many bytes "http://", "https://" or "www." take here, with something behind it; else 0.
  std::size_t link_prefix() const {
    if (end_ - at_ < 5) return 0;
    const char first = ascii_word(at_[0]), second = ascii_word(at_[1]);
    if ((first != 'h' || second != 't') && (first != 'w' || second != 'w')) return 0;
    for (const std::string_view prefix : {"http://", "https://", "www."}) {
      if (static_cast<std::size_t>(end_ - at_) <= prefix.size()) continue;
      const bool same = std::equal(prefix.begin(), prefix.end(), at_, [](char wanted, char there) {
        return wanted == there || wanted == ascii_word(there);
      });
      if (same && letter_at(at_ + prefix.size())) return prefix.size();
    }
    return 0;
  }

  void push(Word word, const char* start) {
    word.begin = static_cast<std::uint32_t>(start - begin_);
    word.end = static_cast<std::uint32_t>(at_ - begin_);
    words_.push_back(word);
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* glue_ = nullptr;  ///< Where the last word of a spaced script ended.
  char* out_;
  std::vector<Word>& words_;
};

}  // namespace

std::string_view bare_word(const Word& word) {
  auto text = word.text;
  if (!word.apostrophe) return text;
  if (text.size() > 2 && text.ends_with("'s")) text.remove_suffix(2);
  const auto head = text.substr(0, text.find('\''));
  const bool elided =
      (head.size() == 1 && std::string_view{"cdjlmnst"}.find(head) != std::string_view::npos) ||
      head == "qu";
  if (elided && text.size() > head.size() + 2) text.remove_prefix(head.size() + 1);
  return text;
}

std::span<const Word> WordSplitter::split(std::string_view text) {
  // Folding makes three bytes of two at the most, and words are copied by eight bytes.
  if (folded_.size() < text.size() * 2 + 8) folded_.resize(text.size() * 2 + 8);
  words_.clear();
  Splitting{text, folded_.data(), words_}.run();
  return words_;
}

void fold_case(std::string_view text, std::string& out) {
  out.clear();
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    if (is_ascii(*at)) {
      const char folded = ascii_word(*at);
      out.push_back(folded != 0 ? folded : *at);
      ++at;
      continue;
    }
    const auto [c, next] = decode(at, end);
    char bytes[U8_MAX_LENGTH];
    if (c >= 0)
      out.append(bytes, append(bytes, u_foldCase(c, U_FOLD_CASE_DEFAULT)));
    else
      out.append(at, next);
    at = next;
  }
}

}  // namespace earshot
