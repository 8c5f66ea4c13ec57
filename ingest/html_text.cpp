#include "ingest/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>

#include <libxml/HTMLparser.h>

namespace earshot {

namespace {

constexpr std::size_t longest_fragment = 1'000'000;
constexpr std::size_t longest_tag = 64 * 1024;
constexpr std::size_t most_attributes = 500;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Gathers text with its white space squeezed: what separates words is written only once another word comes.
class SqueezedText {
 public:
  explicit SqueezedText(std::string& out) : out_{out} {}

  void add(std::string_view text) {
    while (!text.empty()) {
      if (is_space(text.front())) {
        if (pending_ == '\0') pending_ = ' ';
        text.remove_prefix(1);
        continue;
      }
      std::size_t size = 1;
      while (size < text.size() && !is_space(text[size])) ++size;
      if (pending_ != '\0' && !empty_) out_ += pending_;
      pending_ = '\0';
      empty_ = false;
      out_.append(text.substr(0, size));
      text.remove_prefix(size);
    }
  }
  void break_line() { pending_ = '\n'; }

 private:
  std::string& out_;
  char pending_ = '\0';
  bool empty_ = true;
};

/// What the SAX callbacks of one fragment share.
struct Fragment {
  SqueezedText text;
  int dropped = 0;  // depth inside script and style
};

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

void on_start(void* context, const xmlChar* name, const xmlChar** /*attributes*/) {
  auto& fragment = *static_cast<Fragment*>(context);
  if (is_dropped_element(view(name))) ++fragment.dropped;
  if (is_block_element(view(name))) fragment.text.break_line();
}

void on_end(void* context, const xmlChar* name) {
  auto& fragment = *static_cast<Fragment*>(context);
  if (is_dropped_element(view(name)) && fragment.dropped > 0) --fragment.dropped;
  if (is_block_element(view(name))) fragment.text.break_line();
}

void on_text(void* context, const xmlChar* text, int size) {
  auto& fragment = *static_cast<Fragment*>(context);
  if (fragment.dropped == 0) fragment.text.add({reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
}

struct ContextCloser {
  void operator()(htmlParserCtxtPtr context) const { htmlFreeParserCtxt(context); }
};

/// The end of the tag at the front of `html`, behind its '>'. libxml2 is quadratic in a tag's size and attributes: over the limits
/// the tag is not for it.
std::size_t tag_end(std::string_view html, bool& too_large) {
  char quote = '\0';
  std::size_t attributes = 0, at = 1;
  for (; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '>') {
      break;
    } else if ((c == '"' || c == '\'') && html[at - 1] == '=') {
      quote = c;
    } else if (is_space(c) || c == '/') {
      attributes += at + 1 < html.size() && !is_space(html[at + 1]) ? 1 : 0;
    }
  }
  too_large = at > longest_tag || attributes > most_attributes;
  return std::min(at + 1, html.size());
}

/// `html` without the tags that are too large for the parser; a copy only if there are any.
std::string_view without_large_tags(std::string_view html, std::string& copy) {
  std::size_t kept = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    bool too_large = false;
    const std::size_t end = at + tag_end(html.substr(at), too_large);
    if (too_large) {
      copy.append(html.substr(kept, at - kept)).append(" ");
      kept = at = end;
    } else {
      ++at;
    }
  }
  if (kept == 0) return html;
  return copy.append(html.substr(kept));
}

void parse_html(std::string_view html, std::string& out) {
  Fragment fragment{SqueezedText{out}};
  htmlSAXHandler handler{};
  handler.startElement = on_start;
  handler.endElement = on_end;
  handler.characters = on_text;
  handler.ignorableWhitespace = on_text;
  handler.cdataBlock = nullptr;
  const std::unique_ptr<htmlParserCtxt, ContextCloser> context{
      htmlCreatePushParserCtxt(&handler, &fragment, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8)};
  if (context == nullptr) return;
  htmlCtxtUseOptions(context.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                        HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC);
  htmlParseChunk(context.get(), html.data(), static_cast<int>(html.size()), 0);
  htmlParseChunk(context.get(), nullptr, 0, 1);
}

/// Text without a tag: its references decoded here.
void decode_text(std::string_view text, std::string& out) {
  SqueezedText squeezed{out};
  std::string character;
  for (;;) {
    const auto mark = text.find('&');
    squeezed.add(text.substr(0, mark));
    if (mark == std::string_view::npos) return;
    text.remove_prefix(mark);
    const auto reference = read_reference(text);
    character.clear();
    if (reference) append_utf8(reference->character, character);
    squeezed.add(reference ? std::string_view{character} : "&");
    text.remove_prefix(reference ? reference->size : 1);
  }
}

char32_t windows_1252(std::uint32_t c1) {
  static constexpr std::array<char32_t, 32> characters{
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};
  return characters[c1 - 0x80];
}

bool is_character(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) && code != 0xFFFE && code != 0xFFFF;
}

}  // namespace

void append_html_text(std::string_view html, std::string& out) {
  html = html.substr(0, longest_fragment);
  if (html.size() == longest_fragment)
    while (!html.empty() && (static_cast<unsigned char>(html.back()) & 0x80U) != 0) html.remove_suffix(1);
  if (html.find('<') == std::string_view::npos) return decode_text(html, out);
  std::string copy;
  parse_html(without_large_tags(html, copy), out);
}

std::string squeezed_text(std::string_view text) {
  std::string out;
  SqueezedText{out}.add(text);
  return out;
}

std::optional<CharacterReference> read_reference(std::string_view text) {
  constexpr std::size_t longest = 32;
  const auto end = text.substr(0, longest).find(';');
  if (text.size() < 3 || end == std::string_view::npos || end < 2) return {};
  auto name = text.substr(1, end - 1);
  if (name.front() != '#') {
    std::array<char, longest> spelled{};
    name.copy(spelled.data(), name.size());
    if (name == "apos") return CharacterReference{U'\'', end + 1};
    const auto* const entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(spelled.data()));
    if (entity == nullptr) return {};
    return CharacterReference{static_cast<char32_t>(entity->value), end + 1};
  }
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
  if (hexadecimal) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || rest != name.data() + name.size() || !is_character(code)) return {};
  return CharacterReference{code >= 0x80 && code <= 0x9F ? windows_1252(code) : static_cast<char32_t>(code), end + 1};
}

void append_utf8(char32_t character, std::string& out) {
  const auto c = static_cast<std::uint32_t>(character);
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | c >> 6U);
  } else {
    if (c < 0x10000) {
      put(0xE0U | c >> 12U);
    } else {
      put(0xF0U | c >> 18U);
      put(0x80U | (c >> 12U & 0x3FU));
    }
    put(0x80U | (c >> 6U & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

bool is_block_element(std::string_view name) {
  static constexpr std::array<std::string_view, 43> names{
      "address", "article", "aside",  "blockquote", "br",  "caption", "center", "dd",  "details", "dir",     "div",
      "dl",      "dt",      "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",     "h3",      "h4",
      "h5",      "h6",      "header", "hr",         "legend", "li",   "main",   "menu", "nav",    "ol",      "option",
      "p",       "pre",     "section", "summary",   "table", "td",    "th",     "title", "tr",    "ul"};
  return std::ranges::binary_search(names, name);
}

bool is_dropped_element(std::string_view name) { return name == "script" || name == "style"; }

}  // namespace earshot
