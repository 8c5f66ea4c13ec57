#include "ingest/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include <uchardet/uchardet.h>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint8_t byte_of(char c) {
  return static_cast<std::uint8_t>(c);
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && byte_of(text[at]) < 0x80) ++at;
  return at;
}

/// Length of the UTF-8 character at the front, which is no ASCII; 0 if it is none.
std::size_t character_length(std::string_view text) {
  const auto lead = byte_of(text[0]);
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0U) == 0xE0       ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  const auto second = byte_of(text[1]);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte_of(text[i]) & 0xC0U) != 0x80U) return 0;
  return length;
}

/// What a text looks like, taken as UTF-8.
struct Utf8Shape {
  std::size_t characters = 0;  ///< Of more than one byte.
  std::size_t bad_bytes = 0;
};

Utf8Shape shape_of(std::string_view text) {
  Utf8Shape shape;
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return shape;
    const auto length = character_length(text);
    ++(length == 0 ? shape.bad_bytes : shape.characters);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

std::string without_bad_bytes(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  while (!text.empty()) {
    auto good = ascii_prefix(text);
    if (good == 0) good = character_length(text);
    out.append(good == 0 ? replacement : text.substr(0, good));
    text.remove_prefix(std::max<std::size_t>(good, 1));
  }
  return out;
}

// --- names ---

/// Labels without hyphens, and what the web, and iconv, understand by them.
using Alias = std::array<std::string_view, 2>;
constexpr std::array<Alias, 65> aliases{{{"iso88591", "windows-1252"},
                                         {"latin1", "windows-1252"},
                                         {"l1", "windows-1252"},
                                         {"cp1252", "windows-1252"},
                                         {"ansi", "windows-1252"},
                                         {"ascii", "us-ascii"},
                                         {"usascii", "us-ascii"},
                                         {"iso88599", "windows-1254"},
                                         {"gb2312", "gb18030"},
                                         {"gbk", "gb18030"},
                                         {"xgbk", "gb18030"},
                                         {"cp936", "gb18030"},
                                         {"ms936", "gb18030"},
                                         {"chinese", "gb18030"},
                                         {"gb231280", "gb18030"},
                                         {"gb23121980", "gb18030"},
                                         {"gb180302000", "gb18030"},
                                         {"euccn", "gb18030"},
                                         {"eucgb2312cn", "gb18030"},
                                         {"isoir58", "gb18030"},
                                         {"xmacsimpchinese", "gb18030"},
                                         {"shiftjis", "cp932"},
                                         {"sjis", "cp932"},
                                         {"xsjis", "cp932"},
                                         {"mskanji", "cp932"},
                                         {"ms932", "cp932"},
                                         {"windows31j", "cp932"},
                                         {"xmacjapanese", "cp932"},
                                         {"shiftjis2004", "shift_jisx0213"},
                                         {"sjis2004", "shift_jisx0213"},
                                         {"shiftjisx0213", "shift_jisx0213"},
                                         {"sjisx0213", "shift_jisx0213"},
                                         {"eucjis2004", "euc-jisx0213"},
                                         {"eucjisx0213", "euc-jisx0213"},
                                         {"jisx0213", "euc-jisx0213"},
                                         {"iso2022jp1", "iso-2022-jp-2"},
                                         {"iso2022jpext", "iso-2022-jp-2"},
                                         {"iso2022jp2004", "iso-2022-jp-3"},
                                         {"euckr", "cp949"},
                                         {"ksc56011987", "cp949"},
                                         {"ksc5601", "cp949"},
                                         {"ksx1001", "cp949"},
                                         {"korean", "cp949"},
                                         {"ms949", "cp949"},
                                         {"uhc", "cp949"},
                                         {"xmackorean", "cp949"},
                                         {"ms1361", "johab"},
                                         {"big5", "big5-hkscs"},
                                         {"big5tw", "big5-hkscs"},
                                         {"csbig5", "big5-hkscs"},
                                         {"cp950", "big5-hkscs"},
                                         {"ms950", "big5-hkscs"},
                                         {"hkscs", "big5-hkscs"},
                                         {"xmactradchinese", "big5-hkscs"},
                                         {"utf8", "utf-8"},
                                         {"tis620", "cp874"},
                                         {"iso885981988", "iso-8859-8"},
                                         {"iso88598i", "iso-8859-8"},
                                         {"iso88598e", "iso-8859-8"},
                                         {"macroman", "macintosh"},
                                         {"xmacroman", "macintosh"},
                                         {"maclatin2", "mac-centraleurope"},
                                         {"maccenteuro", "mac-centraleurope"},
                                         {"maccentraleurope", "mac-centraleurope"},
                                         {"xmaccyrillic", "mac-cyrillic"}}};

/// What a label in lower case means, as iconv names it.
std::string web_name(std::string_view label) {
  std::string name{label};
  std::ranges::replace(name, '_', '-');
  auto compact = name;
  std::erase(compact, '-');
  if (!compact.empty() && std::ranges::all_of(compact, is_digit)) compact = name = "cp" + compact;
  const auto found = std::ranges::find(aliases, std::string_view{compact},
                                       [](const Alias& one) { return one[0]; });
  return found == aliases.end() ? name : std::string{(*found)[1]};
}

bool is_wide(std::string_view name) {
  return name.starts_with("utf-16") || name.starts_with("utf-32") || name.starts_with("utf16") ||
         name.starts_with("utf32") || name.starts_with("u16") || name.starts_with("u32") ||
         name.starts_with("ucs") || name.starts_with("iso-10646") || name.starts_with("csu");
}

/// What the XML declaration says, read as ASCII.
std::string declared_encoding(std::string_view bytes) {
  const auto start = bytes.substr(0, 4096);
  const auto declaration = start.find("<?xml");
  if (declaration == std::string_view::npos) return {};
  const auto text = start.substr(declaration, start.find('>', declaration) - declaration);
  auto at = text.find("encoding");
  if (at == std::string_view::npos) return {};
  at = text.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const auto end = text.find(text[at], at + 1);
  return end == std::string_view::npos ? std::string{}
                                       : lower_case(trim(text.substr(at + 1, end - at - 1)));
}

/// The charset of a Content-Type, whatever it is quoted with.
std::string charset_of(std::string_view content_type) {
  const auto lower = lower_case(content_type);
  for (auto at = lower.find("charset"); at != std::string::npos;
       at = lower.find("charset", at + 1)) {
    auto value = trim(std::string_view{lower}.substr(at + 7));
    if (!value.starts_with('=')) continue;
    value = trim(value.substr(1));
    while (!value.empty() && (value.front() == '"' || value.front() == '\''))
      value.remove_prefix(1);
    return std::string{value.substr(0, value.find_first_of("\"'; \t,"))};
  }
  return {};
}

// --- iconv ---

struct ConverterCloser {
  using pointer = iconv_t;
  void operator()(iconv_t converter) const { iconv_close(converter); }
};

struct Conversion {
  std::string text;
  std::size_t bad_bytes = 0;
};

/// A label may come from anywhere, and iconv's own names can say more than an encoding ("//").
std::unique_ptr<iconv_t, ConverterCloser> open_converter(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
  });
  auto* const none = reinterpret_cast<iconv_t>(-1);  // NOLINT: that is how iconv says no
  iconv_t converter = plain ? iconv_open("UTF-8", name.c_str()) : none;
  if (plain && converter == none) {
    auto bare = name;
    std::erase(bare, '-');
    converter = iconv_open("UTF-8", bare.c_str());
  }
  return std::unique_ptr<iconv_t, ConverterCloser>{converter == none ? nullptr : converter};
}

/// A byte that means nothing becomes U+FFFD. Nothing if the encoding is unknown.
std::optional<Conversion> convert(std::string_view bytes, std::string_view label) {
  const auto name = web_name(label);
  const auto converter = open_converter(name);
  if (!converter) return {};
  const std::size_t unit = name.starts_with("utf-32") ? 4 : name.starts_with("utf-16") ? 2 : 1;
  Conversion done;
  done.text.reserve(bytes.size() + bytes.size() / 4);
  std::array<char, std::size_t{16} * 1024> room{};
  // iconv takes what it reads by a pointer to char that it doesn't write through.
  char* from = const_cast<char*>(bytes.data());
  std::size_t left = bytes.size();
  while (left > 0) {
    char* to = room.data();
    std::size_t space = room.size();
    const auto failed =
        iconv(converter.get(), &from, &left, &to, &space) == static_cast<std::size_t>(-1);
    done.text.append(room.data(), room.size() - space);
    if (!failed || (errno == E2BIG && space < room.size())) continue;
    ++done.bad_bytes;
    done.text.append(replacement);
    const auto skipped = std::min(unit, left);
    from += skipped;
    left -= skipped;
  }
  return done;
}

/// What the letters look like; empty if that can't be told.
std::string guessed_encoding(std::string_view bytes) {
  constexpr std::size_t enough = std::size_t{256} * 1024;
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector{uchardet_new(),
                                                                       uchardet_delete};
  bytes = bytes.substr(0, enough);
  if (uchardet_handle_data(detector.get(), bytes.data(), bytes.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return lower_case(uchardet_get_charset(detector.get()));
}

// --- the ladder ---

/// The encoding of which each character has this many bytes, by the place of the zeros in the first
/// `<`, or by a byte order mark. Empty: of one byte, or more than one kind.
std::string_view wide_encoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xFE\0\0"sv)) return "utf-32le";
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return "utf-32be";
  if (bytes.starts_with("\xFF\xFE"sv)) return "utf-16le";
  if (bytes.starts_with("\xFE\xFF"sv)) return "utf-16be";
  if (bytes.size() < 4) return {};
  unsigned zeros = 0;
  for (std::size_t i = 0; i < 4; ++i) zeros = zeros * 2 + (bytes[i] == '\0' ? 1 : 0);
  switch (zeros) {
    case 0b0111:
      return "utf-32le";
    case 0b1110:
      return "utf-32be";
    case 0b0101:
      return "utf-16le";
    case 0b1010:
      return "utf-16be";
    default:
      return bytes.starts_with("\x4C\x6F\xA7\x94"sv) ? "ibm037"sv : ""sv;
  }
}

std::string without_marks(std::string text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  std::size_t size = 0;
  while (std::string_view{text}.substr(size).starts_with(mark)) size += mark.size();
  text.erase(0, size);
  return text;
}

/// Most of what is not ASCII bears the encoding out.
bool is_borne_out(const Conversion& conversion, std::size_t high_bytes) {
  return conversion.bad_bytes * 20 <= high_bytes;
}

DecodedText guess(std::string_view bytes) {
  for (const auto& name :
       {guessed_encoding(bytes), std::string{"windows-1252"}, std::string{"iso-8859-2"}}) {
    if (name.empty() || name == "utf-8" || name == "us-ascii") continue;
    if (auto read = convert(bytes, name); read && read->bad_bytes == 0)
      return {std::move(read->text), name};
  }
  auto read = convert(bytes, "windows-1252");
  return {read ? std::move(read->text) : without_bad_bytes(bytes), "windows-1252"};
}

DecodedText decode_bytes(std::string_view bytes, std::string_view content_type) {
  const auto shape = shape_of(bytes);
  const bool ascii = shape.characters == 0 && shape.bad_bytes == 0;
  const bool utf8 = shape.bad_bytes == 0;
  const auto charset = charset_of(content_type);
  // Text without a charset is ASCII by its own rules, if it is.
  const bool ascii_text = charset.empty() && content_type.starts_with("text/");
  if (ascii && (ascii_text || charset == "us-ascii")) return {std::string{bytes}, "us-ascii"};
  for (const auto& name : {charset, declared_encoding(bytes)}) {
    const auto meant = web_name(name);
    if (name.empty() || is_wide(meant) || meant == "us-ascii") continue;
    const bool says_latin = meant == "windows-1252";
    if (utf8 && (meant == "utf-8" || (says_latin && !ascii))) return {std::string{bytes}, "utf-8"};
    if (meant == "utf-8") continue;
    auto read = convert(bytes, name);
    if (read && is_borne_out(*read, shape.characters * 2 + shape.bad_bytes))
      return {std::move(read->text), name};
  }
  if (utf8) return {std::string{bytes}, "utf-8"};
  if (shape.characters >= 4 * shape.bad_bytes) return {without_bad_bytes(bytes), "utf-8"};
  return guess(bytes);
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

DecodedText decode_text(std::string_view bytes, std::string_view content_type) {
  DecodedText decoded;
  const auto wide = wide_encoding(bytes);
  if (!wide.empty())
    if (auto read = convert(bytes, wide); read && read->bad_bytes * 20 <= bytes.size())
      decoded = {std::move(read->text), std::string{wide}};
  if (decoded.encoding.empty())
    decoded = bytes.starts_with("\xEF\xBB\xBF") ? DecodedText{without_bad_bytes(bytes), "utf-8"}
                                                : decode_bytes(bytes, content_type);
  decoded.text = without_marks(std::move(decoded.text));
  return decoded;
}

}  // namespace earshot
