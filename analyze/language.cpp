#include "analyze/language.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>  // CLD2's header needs it and does not say so

#include <cld2/public/compact_lang_det.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "analyze/function_words.hpp"

namespace earshot {
namespace {

constexpr std::size_t enough_letters = 20;  // fewer say too little to CLD2
constexpr std::size_t most_bytes = 4096;    // more tell it nothing new

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
}
bool is_lower(char byte) {
  return byte >= 'a' && byte <= 'z';
}

/// Codes that were replaced in ISO 639-1, and languages that sources name by three letters.
struct Renamed {
  std::string_view from;
  Lang to;
};
constexpr auto renamed = std::to_array<Renamed>({{"iw", {'h', 'e'}},
                                                 {"in", {'i', 'd'}},
                                                 {"ji", {'y', 'i'}},
                                                 {"mo", {'r', 'o'}},
                                                 {"sh", {'s', 'r'}},
                                                 {"fil", {'t', 'l'}},
                                                 {"jw", {'j', 'v'}},
                                                 {"nb", {'n', 'o'}},
                                                 {"cmn", {'z', 'h'}},
                                                 {"yue", {'z', 'h'}}});

/// "xx" is no language; "un", "qme" and the like (Twitter's) are none either.
constexpr auto no_language = std::to_array<std::string_view>({"xx", "un", "qq", "zz"});

/// The language of a tag such as "pt-BR", {0,0} if it names none of two letters.
Lang read_tag(std::string_view tag) {
  std::array<char, 3> letters{};
  std::size_t size = 0;
  for (; size < tag.size() && tag[size] != '-' && tag[size] != '_'; ++size) {
    if (size == letters.size() || !is_lower(lower(tag[size]))) return {};
    letters[size] = lower(tag[size]);
  }
  const std::string_view code{letters.data(), size};
  for (const Renamed& name : renamed)
    if (code == name.from) return name.to;
  if (size != 2 || std::find(no_language.begin(), no_language.end(), code) != no_language.end())
    return {};
  return {letters[0], letters[1]};
}

/// Scripts that one language writes, nearly always.
Lang language_of_script(UScriptCode script) {
  switch (script) {
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
      return {'j', 'a'};
    case USCRIPT_HANGUL:
      return {'k', 'o'};
    case USCRIPT_HAN:
      return {'z', 'h'};
    case USCRIPT_THAI:
      return {'t', 'h'};
    case USCRIPT_GREEK:
      return {'e', 'l'};
    case USCRIPT_ARMENIAN:
      return {'h', 'y'};
    case USCRIPT_GEORGIAN:
      return {'k', 'a'};
    case USCRIPT_TAMIL:
      return {'t', 'a'};
    case USCRIPT_TELUGU:
      return {'t', 'e'};
    case USCRIPT_KANNADA:
      return {'k', 'n'};
    case USCRIPT_MALAYALAM:
      return {'m', 'l'};
    case USCRIPT_GUJARATI:
      return {'g', 'u'};
    case USCRIPT_GURMUKHI:
      return {'p', 'a'};
    case USCRIPT_ORIYA:
      return {'o', 'r'};
    case USCRIPT_SINHALA:
      return {'s', 'i'};
    case USCRIPT_LAO:
      return {'l', 'o'};
    case USCRIPT_KHMER:
      return {'k', 'm'};
    case USCRIPT_MYANMAR:
      return {'m', 'y'};
    case USCRIPT_ETHIOPIC:
      return {'a', 'm'};
    default:
      return {};
  }
}

struct Letters {
  std::size_t all = 0;
  std::size_t decided = 0;  ///< Of the script's language `lang`.
  Lang lang{};
  bool kana = false;
};

/// Counts letters, and those of the first deciding script met. Web addresses and handles are ASCII
/// and read as Latin letters.
Letters count_letters(std::string_view text) {
  Letters letters;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    if (bytes[at] < 0x80) {
      letters.all += is_lower(lower(text[at])) ? 1 : 0;
      ++at;
      continue;
    }
    UChar32 character = 0;
    U8_NEXT(bytes, at, text.size(), character);
    if (character < 0 || !u_isalpha(character)) continue;
    ++letters.all;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(character, &status);
    const Lang lang = language_of_script(script);
    if (lang == Lang{}) continue;
    letters.kana |= script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA;
    if (letters.lang == Lang{}) letters.lang = lang;
    // Japanese mixes kana with Han.
    if (lang == letters.lang || lang == Lang{'j', 'a'} || letters.lang == Lang{'j', 'a'})
      ++letters.decided;
  }
  if (letters.kana) letters.lang = {'j', 'a'};
  return letters;
}

/// CLD2 reads outside its tables when bytes are not UTF-8, so it is given what comes before the
/// first such byte.
Lang ask_cld2(std::string_view text) {
  bool reliable = false;
  int valid = 0;
  const auto ask = [&](std::size_t size) {
    return CLD2::DetectLanguageCheckUTF8(text.data(), static_cast<int>(size), true, &reliable,
                                         &valid);
  };
  CLD2::Language language = ask(text.size());
  if (static_cast<std::size_t>(valid) < text.size())
    language = ask(static_cast<std::size_t>(valid));
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
  return read_tag(CLD2::LanguageCode(language));
}

}  // namespace

std::optional<Lang> lang_of(std::string_view code) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (code.size() != 2 || !std::ranges::all_of(code, is_letter)) return std::nullopt;
  return Lang{code[0], code[1]};
}

Lang detect_language(std::string_view text, std::string_view declared) {
  if (const Lang lang = read_tag(declared); lang != Lang{}) return lang;
  text = text.substr(0, most_bytes);
  const Letters letters = count_letters(text);
  if (letters.decided * 2 > letters.all) return letters.lang;
  if (const Lang lang = language_by_function_words(text); lang != Lang{}) return lang;
  if (letters.all < enough_letters) return {};
  return ask_cld2(text);
}

}  // namespace earshot
