#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot {

/// One character of a text, or one byte that is no part of any.
struct Utf8Character {
  static constexpr char32_t invalid = 0xFFFFFFFF;

  char32_t code = invalid;
  std::size_t length = 1;  ///< In bytes.
};

/// The first character of `text`, which must not be empty. Strict: overlong forms, surrogates and
/// what lies past U+10FFFF are invalid, one byte at a time.
inline Utf8Character decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  char32_t code = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  if (length == 3 && (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))) return {};
  if (length == 4 && (code < 0x10000 || code > 0x10FFFF)) return {};
  return {code, length};
}

/// The text; of a longer one than `bytes` the whole characters that fit and "..." after them.
inline std::string shorten(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string{text};
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return std::string{text.substr(0, bytes)} + "...";
}

}  // namespace earshot
