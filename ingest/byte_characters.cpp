#include "ingest/byte_characters.hpp"

#include <algorithm>

#include "ingest/encoding.hpp"

namespace earshot {

std::string_view undo_byte_characters(std::string_view text, TextArena& arena) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return text;
  char* const bytes = arena.room(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      bytes[size++] = text[i];
      continue;
    }
    // U+0080 to U+00FF are two bytes, the first of them C2 or C3.
    if ((lead != 0xC2 && lead != 0xC3) || i + 1 == text.size()) return text;
    const auto low = static_cast<unsigned char>(text[++i]) & 0x3FU;
    bytes[size++] = static_cast<char>((lead & 0x03U) << 6U | low);
  }
  const std::string_view meant{bytes, size};
  return is_utf8(meant) ? meant : text;
}

}  // namespace earshot
