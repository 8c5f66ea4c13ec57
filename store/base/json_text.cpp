#include "store/base/json_text.hpp"

#include <cstddef>

#include "store/base/utf8.hpp"

namespace earshot {

namespace {

/// Stands for itself in a JSON string.
bool plain(unsigned char byte) {
  return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void append_escaped(std::string& out, unsigned char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && plain(static_cast<unsigned char>(text[end]))) ++end;
    out.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      append_escaped(out, byte);
      ++at;
      continue;
    }
    const auto character = decode_utf8(text.substr(at));
    if (character.code == Utf8Character::invalid)
      out += "\xEF\xBF\xBD";
    else
      out.append(text, at, character.length);
    at += character.length;
  }
  out += '"';
}

}  // namespace earshot
