#include "store/base/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "store/base/utf8.hpp"

namespace earshot {

namespace {

void append_escape(std::string& out, char32_t code) {
  switch (code) {
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
      break;
  }
  if (code < 0x80)
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(code));
  else
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code));
}

using Range = std::pair<char32_t, char32_t>;

bool in_any(char32_t c, const auto& ranges) {
  return std::ranges::any_of(
      ranges, [c](const Range& range) { return range.first <= c && c <= range.second; });
}

std::size_t width_of(char32_t c) {
  static constexpr std::array<Range, 7> none{{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x064B, 0x065F},
                                              {0x200B, 0x200D},
                                              {0x20D0, 0x20F0},
                                              {0xFE00, 0xFE0F}}};
  static constexpr std::array<Range, 9> wide{{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0x1F300, 0x1FAFF},
                                              {0x20000, 0x3FFFD}}};
  if (c < 0x300) return 1;
  if (in_any(c, none)) return 0;
  return in_any(c, wide) ? 2 : 1;
}

}  // namespace

bool steers_terminal(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E ||
         code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

void append_printable(std::string& out, std::string_view text, LineBreaks breaks) {
  while (!text.empty()) {
    const auto [code, length] = decode_utf8(text);
    const bool kept = breaks == LineBreaks::keep && (code == '\n' || code == '\t');
    if (code == Utf8Character::invalid)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (!kept && steers_terminal(code))
      append_escape(out, code);
    else
      out.append(text.substr(0, length));
    text.remove_prefix(length);
  }
}

std::string printable(std::string_view text, LineBreaks breaks) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text, breaks);
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [code, length] = decode_utf8(text);
    width += code == Utf8Character::invalid ? 1 : width_of(code);
    text.remove_prefix(length);
  }
  return width;
}

std::vector<std::string> wrap_text(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace earshot
