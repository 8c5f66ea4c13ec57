#include "analyze/normalise.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <bit>

#include "analyze/byte_block.hpp"

namespace earshot {
namespace {

enum class Kind : std::uint8_t { blank, letter, digit, punctuation };

constexpr std::array<Kind, 128> ascii_kinds = [] {
  std::array<Kind, 128> kinds{};
  for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
    if (byte <= ' ' || byte == 127)
      kinds[byte] = Kind::blank;
    else if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_')
      kinds[byte] = Kind::letter;
    else if (byte >= '0' && byte <= '9')
      kinds[byte] = Kind::digit;
    else
      kinds[byte] = Kind::punctuation;
  }
  return kinds;
}();

constexpr Kind kind_of(char byte) {
  return ascii_kinds[static_cast<unsigned char>(byte) & 0x7FU];
}
constexpr bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}
constexpr char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
}
constexpr bool is_handle(char byte) {
  return is_ascii(byte) && (kind_of(byte) == Kind::letter || kind_of(byte) == Kind::digit);
}
/// The letter in lower case; 0 for all that is no ASCII letter.
constexpr std::array<char, 256> lower_letters = [] {
  std::array<char, 256> letters{};
  for (std::size_t byte = 0; byte < ascii_kinds.size(); ++byte)
    if (ascii_kinds[byte] == Kind::letter) letters[byte] = lower(static_cast<char>(byte));
  return letters;
}();

bool is_blank(char byte) {
  return is_ascii(byte) && kind_of(byte) == Kind::blank;
}

bool starts_with_caseless(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char expected, char actual) { return expected == lower(actual); });
}

struct Entity {
  std::string_view name;
  char character;
};
constexpr std::array<Entity, 6> entities{{{"&amp;", '&'},
                                          {"&lt;", '<'},
                                          {"&gt;", '>'},
                                          {"&quot;", '"'},
                                          {"&#39;", '\''},
                                          {"&apos;", '\''}}};

/// Of 16 bits. (Without the instruction for it, which not every machine has, the general count is a
/// call.)
constexpr std::uint32_t count_bits(std::uint32_t bits) {
  bits -= bits >> 1 & 0x5555;
  bits = (bits & 0x3333) + (bits >> 2 & 0x3333);
  bits = (bits + (bits >> 4)) & 0x0F0F;
  return (bits + (bits >> 8)) & 0x1F;
}

/// What an input byte becomes at most: a three-byte character between two spaces, plus one.
constexpr std::size_t growth = 6;

class Normaliser {
 public:
  Normaliser(std::string_view text, char* out) : text_{text}, begin_{out}, out_{out} {}

  TextStyle run() {
    while (at_ < text_.size()) {
      take_plain_words();
      if (at_ == text_.size()) break;
      if (is_ascii(text_[at_]))
        take_ascii(text_[at_]);
      else
        take_unicode();
    }
    if (out_ != begin_ && out_[-1] == ' ') --out_;
    return style_;
  }

  std::size_t size() const { return static_cast<std::size_t>(out_ - begin_); }

 private:
  void take_ascii(char byte) {
    switch (kind_of(byte)) {
      case Kind::blank:
        ++at_;
        return space();
      case Kind::letter:
        return take_letter(byte);
      case Kind::digit:
        ++at_;
        in_word_ = true;
        return put_byte('0', 1);
      case Kind::punctuation:
        return take_punctuation(byte);
    }
  }

  /// Letters of ASCII and single blanks, a block at a time, up to whatever needs a closer look: all
  /// else, a letter for the third time in a row, a word that begins as an address might. It does
  /// what `take_letter` and `space` do; nothing where less than a block and a byte are left.
  void take_plain_words() {
    const char* from = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    char* to = out_;
    char* chunk = nullptr;  // after the last blank written here
    char before = last_ < 0x80 ? static_cast<char>(last_) : '\0';
    std::uint32_t twice = run_ >= 2 ? 1 : 0;  // `before` came twice
    std::uint32_t inside = in_word_ ? 1 : 0;
    std::uint32_t after_blank = out_ == begin_ || out_[-1] == ' ' ? 1 : 0;
    std::uint32_t taken = ByteBlock::size;
    while (taken == ByteBlock::size && end - from > std::ptrdiff_t{ByteBlock::size}) {
      const ByteBlock bytes{from};
      const ByteBlock small = bytes.in_lower_case(), next = ByteBlock{from + 1}.in_lower_case();
      const std::uint32_t letters = small.between('a', 'z'), blanks = bytes.equal_to(' ');
      const std::uint32_t same = small.same_as_before(before);
      const std::uint32_t starts = letters & ~(letters << 1 | inside);
      const std::uint32_t addresses = starts & ((small.equal_to('h') & next.equal_to('t')) |
                                                (small.equal_to('w') & next.equal_to('w')));
      const std::uint32_t closer = ~(letters | blanks) | addresses |
                                   (same & (same << 1 | twice) & letters) | (same & blanks) |
                                   (blanks & after_blank);
      taken =
          static_cast<std::uint32_t>(std::countr_zero(closer));  // bits beyond the block are set
      if (taken == 0) break;
      small.store(to);
      const std::uint32_t mine = (std::uint32_t{1} << taken) - 1;
      style_.letters += count_bits(letters & mine);
      style_.capitals += count_bits(bytes.between('A', 'Z') & mine);
      if ((blanks & mine) != 0) chunk = to + std::bit_width(blanks & mine);
      before = to[taken - 1];
      twice = same >> (taken - 1) & 1;
      after_blank = before == ' ' ? 1 : 0;
      inside = 1 - after_blank;
      from += taken;
      to += taken;
    }
    if (to == out_) return;
    at_ = static_cast<std::size_t>(from - text_.data());
    out_ = to;
    if (chunk != nullptr) {
      chunk_ = static_cast<std::size_t>(chunk - begin_);
      host_ = true;
      dotted_ = false;
    }
    in_word_ = inside != 0;
    last_ = static_cast<unsigned char>(before);
    run_ = inside == 0 ? 0 : twice != 0 ? 2 : 1;
  }

  /// A run of ASCII letters. Its state lives in locals: a write through `char*` may alias any
  /// member.
  void take_letter(char byte) {
    if (!in_word_ && (lower(byte) == 'h' || lower(byte) == 'w') && is_address(text_.substr(at_)))
      return take_link();
    const char* from = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    char* to = out_;
    char before = last_ < 0x80 ? static_cast<char>(last_) : '\0';
    char before_that = run_ >= 2 ? before : '\0';
    std::uint32_t capitals = 0;
    for (; from != end; ++from) {
      const char small = lower_letters[static_cast<unsigned char>(*from)];
      if (small == 0) break;
      capitals += small != *from;
      *to = small;
      to += (small != before) | (small != before_that);
      before_that = before;
      before = small;
    }
    const auto read = static_cast<std::size_t>(from - text_.data()) - at_;
    const auto written = static_cast<std::size_t>(to - out_);
    style_.letters += static_cast<std::uint32_t>(read);
    style_.elongations += static_cast<std::uint32_t>(read - written);
    style_.capitals += capitals;
    at_ += read;
    out_ = to;
    last_ = before;
    run_ = before == before_that ? 2 : 1;
    in_word_ = true;
  }

  void take_punctuation(char byte) {
    const std::string_view rest = text_.substr(at_);
    if (byte == '&') {
      for (const Entity& entity : entities) {
        if (!rest.starts_with(entity.name)) continue;
        at_ += entity.name.size();
        return put_punctuation(entity.character);
      }
    }
    if (byte == '@' && !in_word_ && rest.size() > 1 && is_handle(rest[1])) return take_mention();
    if (byte == '{' && starts_with_caseless(rest, "{link}")) {
      at_ += 6;
      return put_mark(link_mark, style_.links);
    }
    if (byte == '/' && host_ && dotted_ && in_word_) {
      out_ = begin_ + chunk_;
      return take_link();
    }
    ++at_;
    put_punctuation(byte);
  }

  /// `text` starts a word. A bare "http" is how some archives mask an address.
  static bool is_address(std::string_view text) {
    if (starts_with_caseless(text, "www.")) return true;
    if (!starts_with_caseless(text, "http")) return false;
    text.remove_prefix(4);
    if (starts_with_caseless(text, "s")) text.remove_prefix(1);
    return text.empty() || is_blank(text[0]) || text.starts_with("://") || text[0] == '.';
  }

  void take_link() {
    while (at_ < text_.size() && !is_blank(text_[at_])) ++at_;
    put_mark(link_mark, style_.links);
  }

  void take_mention() {
    do {
      ++at_;
      while (at_ < text_.size() && (is_handle(text_[at_]) || inner_dot())) ++at_;
    } while (at_ + 1 < text_.size() && text_[at_] == '@' && is_handle(text_[at_ + 1]));
    put_mark(mention_mark, style_.mentions);
  }

  /// A dot or hyphen inside a Fediverse or Bluesky handle, not the one that ends a sentence.
  bool inner_dot() const {
    return (text_[at_] == '.' || text_[at_] == '-') && at_ + 1 < text_.size() &&
           is_handle(text_[at_ + 1]);
  }

  void take_unicode() {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
    UChar32 character = 0;
    U8_NEXT(bytes, at_, text_.size(), character);
    if (character < 0) return put_symbol(0xFFFD);
    switch (character) {
      case 0x2018:
      case 0x2019:
      case 0x02BC:
        return put_punctuation('\'');
      case 0x201C:
      case 0x201D:
        return put_punctuation('"');
      case 0x2013:
      case 0x2014:
        return put_punctuation('-');
      case 0x2026:
        return put_punctuation('.'), put_punctuation('.'), put_punctuation('.');
      case 0xFF01:
        return put_punctuation('!');
      case 0xFF1F:
        return put_punctuation('?');
      case 0x00AD:
      case 0xFE0E:
      case 0xFE0F:
      case 0xFEFF:
        return;
      default:
        break;
    }
    if (character >= 0x1F3FB && character <= 0x1F3FF) return;  // skin tones
    if (character >= 0x200B && character <= 0x200F) return;    // joiners and direction marks
    const std::uint32_t mask = U_GET_GC_MASK(character);
    if ((mask & (U_GC_L_MASK | U_GC_M_MASK)) != 0)
      return put_letter(u_foldCase(character, U_FOLD_CASE_DEFAULT));
    if ((mask & U_GC_N_MASK) != 0) return in_word_ = true, put_byte('0', 1);
    if ((mask & (U_GC_Z_MASK | U_GC_C_MASK)) != 0) return space();
    put_symbol(character);
  }

  void put_letter(UChar32 character) {
    in_word_ = true;
    host_ = false;
    ++style_.letters;
    if (repeats(character, 2)) {
      ++style_.elongations;
      return;
    }
    append(character);
  }

  void put_symbol(UChar32 character) {
    if (repeats(character, 2)) return;
    const UChar32 last = last_;
    const unsigned run = run_;
    space();
    append(character);
    *out_++ = ' ';
    start_chunk();
    last_ = last;  // so that a row of the same emoji is still seen as one
    run_ = run;
  }

  void put_punctuation(char byte) {
    if (byte == '!') ++style_.exclamations;
    if (byte == '?') ++style_.questions;
    if (byte == '#') ++style_.hashtags;
    if (byte == '.' && in_word_)
      dotted_ = true;
    else if (byte != '-')
      host_ = false;
    in_word_ = byte == '\'' && in_word_;
    put_byte(byte, 3);
  }

  void put_mark(char mark, std::uint32_t& count) {
    ++count;
    space();
    *out_++ = mark;
    *out_++ = ' ';
    start_chunk();
  }

  void put_byte(char byte, unsigned most) {
    if (!repeats(byte, most)) *out_++ = byte;
  }

  bool repeats(UChar32 character, unsigned most) {
    if (character != last_) {
      last_ = character;
      run_ = 1;
      return false;
    }
    return ++run_ > most;
  }

  void append(UChar32 character) {
    std::size_t length = 0;
    auto* to = reinterpret_cast<std::uint8_t*>(out_);
    U8_APPEND_UNSAFE(to, length, character);
    out_ += length;
  }

  void space() {
    if (out_ != begin_ && out_[-1] != ' ') *out_++ = ' ';
    start_chunk();
  }

  void start_chunk() {
    chunk_ = size();
    in_word_ = false;
    host_ = true;
    dotted_ = false;
    last_ = ' ';
    run_ = 0;
  }

  std::string_view text_;
  char* begin_;
  char* out_;
  std::size_t at_ = 0;
  std::size_t chunk_ = 0;  ///< Where in the output the present run of non-blanks starts.
  bool in_word_ = false;   ///< The character before is a letter or a digit.
  bool host_ = true;       ///< All of the present run could be a host name,
  bool dotted_ = false;    ///< and it has a dot after a letter.
  UChar32 last_ = ' ';
  unsigned run_ = 0;  ///< How often `last_` came in a row.
  TextStyle style_;
};

}  // namespace

TextStyle normalise(std::string_view text, std::string& normalised) {
  normalised.resize(text.size() * growth + growth);
  Normaliser normaliser{text, normalised.data()};
  const TextStyle style = normaliser.run();
  normalised.resize(normaliser.size());
  return style;
}

}  // namespace earshot
