#include "ingest/feed_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "ingest/encoding.hpp"
#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t longest_name = 1000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

/// Elements that people write in feeds; others in a text that says it is plain are no markup.
bool is_common_element(std::string_view name) {
  static constexpr std::array<std::string_view, 98> names{"a",          "abbr",
                                                          "acronym",    "address",
                                                          "area",       "article",
                                                          "aside",      "audio",
                                                          "b",          "big",
                                                          "blockquote", "br",
                                                          "button",     "canvas",
                                                          "caption",    "center",
                                                          "cite",       "code",
                                                          "col",        "colgroup",
                                                          "command",    "datagrid",
                                                          "datalist",   "dd",
                                                          "del",        "details",
                                                          "dfn",        "dialog",
                                                          "dir",        "div",
                                                          "dl",         "dt",
                                                          "em",         "event-source",
                                                          "fieldset",   "figcaption",
                                                          "figure",     "font",
                                                          "footer",     "form",
                                                          "h1",         "h2",
                                                          "h3",         "h4",
                                                          "h5",         "h6",
                                                          "header",     "hr",
                                                          "i",          "img",
                                                          "input",      "ins",
                                                          "kbd",        "keygen",
                                                          "label",      "legend",
                                                          "li",         "m",
                                                          "map",        "menu",
                                                          "meter",      "multicol",
                                                          "nav",        "nextid",
                                                          "noscript",   "ol",
                                                          "optgroup",   "option",
                                                          "output",     "p",
                                                          "pre",        "progress",
                                                          "q",          "s",
                                                          "samp",       "section",
                                                          "select",     "small",
                                                          "sound",      "source",
                                                          "spacer",     "span",
                                                          "strike",     "strong",
                                                          "sub",        "sup",
                                                          "table",      "tbody",
                                                          "td",         "textarea",
                                                          "tfoot",      "th",
                                                          "thead",      "time",
                                                          "tr",         "tt",
                                                          "u",          "ul"};
  const auto lowered = lower_case(name);
  return std::ranges::binary_search(names, std::string_view{lowered});
}

/// The byte that windows-1252 has for a character; nothing if it has none.
std::optional<char> windows_1252_byte(char32_t c) {
  if (c < 0x100) return static_cast<char>(c);
  for (unsigned byte = 0x80; byte < 0xA0; ++byte)
    if (windows_1252_character(byte) == c) return static_cast<char>(byte);
  return {};
}

/// A line for each block that has text.
void append_blocks(std::string_view raw, std::string& out) {
  while (!raw.empty()) {
    const auto end = raw.find(block_break);
    const auto line = squeezed_text(raw.substr(0, end));
    if (!line.empty()) out.append(out.empty() ? "" : "\n").append(line);
    raw.remove_prefix(end == npos ? raw.size() : end + 1);
  }
}

/// Whether the first letter beyond ASCII and what follows it could be a character of UTF-8.
bool may_be_double(std::string_view text) {
  const auto lead = text.find('\xC3');
  if (lead == npos || lead + 2 >= text.size()) return false;
  const auto next = static_cast<unsigned char>(text[lead + 2]);
  return next == 0xC2 || next == 0xC5 || next == 0xC6 || next == 0xCB || next == 0xE2;
}

/// Characters of the C1 range are none; they were bytes of windows-1252.
void mend_controls(std::string& text) {
  for (auto at = text.find('\xC2'); at != std::string::npos; at = text.find('\xC2', at + 1)) {
    const auto byte = static_cast<unsigned char>(text[at + 1]);
    if (byte < 0x80 || byte >= 0xA0) continue;
    std::string meant;
    append_utf8(windows_1252_character(byte), meant);
    text.replace(at, 2, meant);
  }
}

void mend_double_encoding(std::string& text) {
  if (!may_be_double(text)) return;
  std::string bytes;
  bytes.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = decode_utf8(rest);
    const auto byte = windows_1252_byte(character.code);
    if (!byte) return;
    bytes += *byte;
    rest.remove_prefix(character.length);
  }
  if (is_utf8(bytes)) text = std::move(bytes);
}

bool is_local_part(char c) {
  return is_word(c) || c == '-' || c == '.' || c == '+';
}
bool is_domain(char c) {
  return is_word(c) || c == '-' || c == '.';
}

std::string_view email_in(std::string_view text) {
  for (auto at = text.find('@'); at != npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_local_part(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_domain(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const auto domain = text.substr(at + 1, end - at - 1);
    if (begin < at && domain.find('.') != npos && domain.front() != '.')
      return text.substr(begin, end - begin);
  }
  return {};
}

void erase_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != npos; at = text.find(part)) text.erase(at, part.size());
}

}  // namespace

bool looks_like_html(std::string_view text) {
  bool sign = false;
  for (auto at = text.find_first_of("<&"); at != npos; at = text.find_first_of("<&", at + 1)) {
    if (text[at] == '<') {
      const bool closing = at + 1 < text.size() && text[at + 1] == '/';
      const auto name = word_at(text, at + (closing ? 2 : 1));
      if (name.empty()) continue;
      if (!is_common_element(name)) return false;
      const auto end = at + 2 + name.size();
      sign |= closing && end < text.size() && text[end] == '>';
      continue;
    }
    const bool number = at + 1 < text.size() && text[at + 1] == '#';
    const auto name = word_at(text, at + (number ? 2 : 1));
    const auto end = at + 1 + name.size() + (number ? 1 : 0);
    if (name.empty() || end >= text.size() || text[end] != ';') continue;
    if (!number && !read_reference(text.substr(at))) return false;
    sign = true;
  }
  return sign;
}

void mend_encoding(std::string& text) {
  mend_controls(text);
  mend_double_encoding(text);
}

void append_feed_text(std::string_view raw, FeedMarkup markup, std::string& out,
                      std::vector<std::string>* links) {
  if (markup == FeedMarkup::html || (markup == FeedMarkup::guess && looks_like_html(raw)))
    append_html_text(raw, out, links);
  else if (markup == FeedMarkup::blocks)
    append_blocks(raw, out);
  else
    out.append(squeezed_text(raw));
}

FeedPerson person_of(std::string_view author) {
  FeedPerson person;
  author = author.substr(0, longest_name);
  while (author.size() == longest_name && (static_cast<unsigned char>(author.back()) & 0x80U) != 0)
    author.remove_suffix(1);
  const auto email = email_in(author);
  person.email = email;
  std::string name{author};
  if (!email.empty()) {
    name.erase(static_cast<std::size_t>(email.data() - author.data()), email.size());
    for (const auto* part : {"mailto:", "()", "<>"}) erase_all(name, part);
    auto bare = trim(name);
    if (bare.starts_with('(')) bare.remove_prefix(1);
    if (bare.ends_with(')')) bare.remove_suffix(1);
    name = std::string{bare};
  }
  append_feed_text(name, FeedMarkup::guess, person.name, nullptr);
  return person;
}

std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (is_space(c) || c == '=') continue;
    const auto value = alphabet.find(c);
    if (value == npos) return {};
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    if (++count % 4 == 0) {
      for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(bits >> shift & 0xFFU);
      bits = 0;
    }
  }
  if (count % 4 == 2) out += static_cast<char>(bits >> 4U & 0xFFU);
  if (count % 4 == 3)
    for (const unsigned shift : {10U, 2U}) out += static_cast<char>(bits >> shift & 0xFFU);
  return out;
}

}  // namespace earshot
