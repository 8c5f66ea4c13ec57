#include "ingest/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <libxml/HTMLparser.h>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_fragment = 1'000'000;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Gathers text with its white space squeezed: what separates words is written only once another
/// word comes.
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

/// Reads a fragment from front to back, once: whatever is inside a tag costs its length and no
/// more.
class Reader {
 public:
  Reader(std::string_view html, std::string& out, std::vector<std::string>* links)
      : html_{html},
        text_{out},
        links_{links},
        last_end_{html.rfind('>')},
        last_quote_{html.rfind('"')},
        last_apostrophe_{html.rfind('\'')} {}

  void read() {
    while (at_ < html_.size()) {
      auto mark = at_;
      while (mark < html_.size() && html_[mark] != '<' && html_[mark] != '&') ++mark;
      text_.add(html_.substr(at_, mark - at_));
      at_ = mark;
      if (at_ == html_.size()) return;
      if (html_[at_] == '&')
        read_character();
      else if (!read_markup())
        take_text();
    }
  }

 private:
  bool starts(std::string_view with) const { return html_.substr(at_).starts_with(with); }

  void take_text() {
    text_.add(html_.substr(at_, 1));
    ++at_;
  }

  void read_character() {
    const auto reference = read_reference(html_.substr(at_));
    if (!reference) return take_text();
    character_.clear();
    append_utf8(reference->character, character_);
    text_.add(character_);
    at_ += reference->size;
  }

  /// Goes behind the tag, comment or declaration that begins here; false if none does.
  bool read_markup() {
    if (last_end_ == std::string_view::npos || at_ >= last_end_) return false;
    if (starts("<![CDATA[")) {
      at_ += 9;  // its end is dropped where it comes
      return true;
    }
    if (starts("<!--")) return at_ = behind("-->", at_ + 4), true;
    if (starts("<!") || starts("<?")) return skip_declaration();
    if (starts("<>")) return at_ += 2, true;
    const bool closing = starts("</");
    const std::size_t from = at_ + (closing ? 2 : 1);
    if (!is_letter(html_[from])) return false;
    std::size_t to = from;
    while (to < html_.size() && !is_space(html_[to]) && html_[to] != '>' && html_[to] != '/') ++to;
    name_.assign(html_.substr(from, std::min<std::size_t>(to - from, 16)));
    std::ranges::transform(name_, name_.begin(), lower);
    at_ = tag_end(to);
    if (links_ != nullptr && !closing) take_address(html_.substr(to, at_ - to));
    if (is_block_element(name_)) text_.break_line();
    if (!closing && is_dropped_element(name_)) skip_raw_text();
    return true;
  }

  /// `<!' ` is text: a declaration has a name.
  bool skip_declaration() {
    const char next = at_ + 2 < html_.size() ? html_[at_ + 2] : '\0';
    if (!is_letter(next) && next != '[' && next != '>') return false;
    at_ = behind(">", at_);
    return true;
  }

  std::size_t behind(std::string_view mark, std::size_t from) const {
    const auto found = html_.find(mark, from);
    if (found != std::string_view::npos) return found + mark.size();
    const auto end = html_.find('>', from);  // a comment that is never closed
    return end == std::string_view::npos ? html_.size() : end + 1;
  }

  /// Behind the '>' of the tag whose name ends at `at`. A value that is never closed does not hide
  /// the end.
  std::size_t tag_end(std::size_t at) const {
    bool value = false;
    for (; at < html_.size() && html_[at] != '>'; ++at) {
      const char c = html_[at];
      if (value && (c == '"' || c == '\'')) {
        const auto last = c == '"' ? last_quote_ : last_apostrophe_;
        if (last > at) at = html_.find(c, at + 1);
      }
      value = c == '=' || (value && is_space(c));
    }
    return std::min(at + 1, html_.size());
  }

  /// The address in what stands between the name of a tag and its end.
  void take_address(std::string_view attributes) {
    const auto wanted = address_attribute(name_);
    if (wanted.empty()) return;
    for (std::size_t at = 0; at < attributes.size();) {
      const auto begin = attributes.find_first_not_of(" \t\r\n\f/>", at);
      if (begin == std::string_view::npos) return;
      const auto end = std::min(attributes.find_first_of("= \t\r\n\f>", begin), attributes.size());
      const auto name = attributes.substr(begin, end - begin);
      auto value_at = attributes.find_first_not_of(" \t\r\n\f", end);
      at = std::max(end, begin + 1);
      if (value_at == std::string_view::npos || attributes[value_at] != '=') continue;
      value_at = attributes.find_first_not_of(" \t\r\n\f", value_at + 1);
      if (value_at == std::string_view::npos) return;
      const char quote = attributes[value_at];
      const bool quoted = quote == '"' || quote == '\'';
      if (quoted) ++value_at;
      at = std::min(quoted ? attributes.find(quote, value_at)
                           : attributes.find_first_of(" \t\r\n\f>", value_at),
                    attributes.size());
      if (!std::ranges::equal(name, wanted, {}, lower)) continue;
      return keep_address(trim(attributes.substr(value_at, at - value_at)));
    }
  }

  void keep_address(std::string_view spelled) {
    std::string address;
    while (!spelled.empty()) {
      const auto plain = std::min(spelled.find('&'), spelled.size());
      address.append(spelled.substr(0, plain));
      spelled.remove_prefix(plain);
      if (spelled.empty()) break;
      const auto reference = read_reference(spelled);
      if (reference)
        append_utf8(reference->character, address);
      else
        address += '&';
      spelled.remove_prefix(reference ? reference->size : 1);
    }
    if (!address.empty()) links_->push_back(std::move(address));
  }

  /// From behind `<script>` to its end tag; to the end of all if there is none.
  void skip_raw_text() {
    const std::string end_tag = "</" + name_;
    for (at_ = html_.find("</", at_); at_ != std::string_view::npos;
         at_ = html_.find("</", at_ + 2))
      if (std::ranges::equal(html_.substr(at_, end_tag.size()), end_tag, {}, lower)) return;
    at_ = html_.size();
  }

  std::string_view html_;
  SqueezedText text_;
  std::vector<std::string>* links_;
  std::size_t at_ = 0;
  std::size_t last_end_;  ///< Of '>': there is no tag behind it.
  std::size_t last_quote_;
  std::size_t last_apostrophe_;
  std::string name_;
  std::string character_;
};

bool is_character(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) && code != 0xFFFE && code != 0xFFFF;
}

}  // namespace

void append_html_text(std::string_view html, std::string& out, std::vector<std::string>* links) {
  html = html.substr(0, longest_fragment);
  if (html.size() == longest_fragment)
    while (!html.empty() && (static_cast<unsigned char>(html.back()) & 0x80U) != 0)
      html.remove_suffix(1);
  if (html.find('<') == std::string_view::npos && html.find('&') == std::string_view::npos)
    SqueezedText{out}.add(html);
  else
    Reader{html, out, links}.read();
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
  const auto [rest, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || rest != name.data() + name.size() || !is_character(code)) return {};
  return CharacterReference{
      code >= 0x80 && code <= 0x9F ? windows_1252_character(code) : static_cast<char32_t>(code),
      end + 1};
}

char32_t windows_1252_character(unsigned byte) {
  static constexpr std::array<char32_t, 32> characters{
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  return characters[byte - 0x80];
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
      "address", "article", "aside",  "blockquote", "br",      "caption",  "center",     "dd",
      "details", "dir",     "div",    "dl",         "dt",      "fieldset", "figcaption", "figure",
      "footer",  "form",    "h1",     "h2",         "h3",      "h4",       "h5",         "h6",
      "header",  "hr",      "legend", "li",         "main",    "menu",     "nav",        "ol",
      "option",  "p",       "pre",    "section",    "summary", "table",    "td",         "th",
      "title",   "tr",      "ul"};
  return std::ranges::binary_search(names, name);
}

std::string_view address_attribute(std::string_view element) {
  using Pair = std::array<std::string_view, 2>;
  static constexpr std::array<Pair, 15> addresses{{{"a", "href"},
                                                   {"area", "href"},
                                                   {"audio", "src"},
                                                   {"blockquote", "cite"},
                                                   {"del", "cite"},
                                                   {"embed", "src"},
                                                   {"frame", "src"},
                                                   {"iframe", "src"},
                                                   {"img", "src"},
                                                   {"ins", "cite"},
                                                   {"object", "data"},
                                                   {"q", "cite"},
                                                   {"source", "src"},
                                                   {"track", "src"},
                                                   {"video", "src"}}};
  const auto found =
      std::ranges::find(addresses, element, [](const Pair& pair) { return pair[0]; });
  return found == addresses.end() ? std::string_view{} : (*found)[1];
}

bool is_dropped_element(std::string_view name) {
  return name == "script" || name == "style";
}

}  // namespace earshot
