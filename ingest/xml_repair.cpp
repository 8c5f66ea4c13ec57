#include "ingest/xml_repair.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t longest_name = 1000;
constexpr std::size_t longest_section = 1'000'000;  // libxml2 gives up on larger ones

bool is_xml_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && !is_xml_space(c);
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

/// U+FFFE or U+FFFF, which are no characters of XML.
bool is_no_character(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

/// Where text can't be copied as it is: references, controls, and what may be no character.
constexpr std::array<bool, 256> make_specials() {
  std::array<bool, 256> specials{};
  for (std::size_t c = 0; c < 0x20; ++c) specials[c] = true;
  for (const char c : {'\t', '\n', '\r'}) specials[static_cast<unsigned char>(c)] = false;
  specials['&'] = specials[0xEF] = true;
  return specials;
}
constexpr auto specials = make_specials();

std::size_t plain_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && !specials[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

/// The entities that a DOCTYPE declares and that are nothing but text.
class Entities {
 public:
  void declare(std::string_view subset) {
    constexpr std::string_view mark = "<!ENTITY";
    for (auto at = subset.find(mark); at != npos; at = subset.find(mark, at + 1)) {
      auto rest = trim(subset.substr(at + mark.size()));
      const auto name = rest.substr(0, rest.find_first_of(" \t\r\n"));
      rest = trim(rest.substr(name.size()));
      if (name.empty() || !(rest.starts_with('"') || rest.starts_with('\''))) continue;
      const auto end = rest.find(rest.front(), 1);
      if (end == npos || end > longest_value || known_.size() == most) continue;
      add(name, rest.substr(1, end - 1));
    }
  }

  /// What stands behind "&name;"; nothing if it is not declared, or was used too often.
  std::optional<std::string_view> find(std::string_view name) {
    const auto found = std::ranges::find(known_, name, &Entity::name);
    if (found == known_.end() || found->value.size() > budget_) return {};
    budget_ -= found->value.size();
    return found->value;
  }
  bool empty() const { return known_.empty(); }

 private:
  static constexpr std::size_t longest_value = 1024;
  static constexpr std::size_t most = 100;
  struct Entity {
    std::string_view name;
    std::string value;
  };

  /// Plain text or one reference: nothing that could grow.
  void add(std::string_view name, std::string_view value) {
    std::string text;
    if (value.find('&') == npos) {
      text = value;
    } else {
      const auto reference = read_reference(value);
      if (!reference || reference->size != value.size()) return;
      append_utf8(reference->character, text);
    }
    known_.push_back({name, std::move(text)});
  }

  std::vector<Entity> known_;
  std::size_t budget_ = 1'000'000;
};

class Repair {
 public:
  Repair(std::string_view in, const XmlLimits& limits)
      : in_{in}, limits_{limits}, last_quote_{in.rfind('"')}, last_apostrophe_{in.rfind('\'')} {}

  Result<RepairedXml> run() {
    out_.reserve(in_.size() + in_.size() / 8);
    at_ = std::min(in_.find('<'), in_.size());
    while (at_ < in_.size()) {
      if (in_[at_] == '<')
        read_markup();
      else
        read_text();
    }
    if (out_.empty()) return Error{Error::Kind::format, "no markup in it"};
    while (!open_.empty()) close();
    return RepairedXml{std::move(out_), doctype_};
  }

 private:
  bool starts(std::string_view with) const { return in_.substr(at_).starts_with(with); }

  // --- text ---

  /// `text` with its references decoded and what is no character dropped; a view of it or of
  /// `decoded_`.
  std::string_view decoded(std::string_view text) {
    auto plain = plain_length(text);
    if (plain == text.size()) return text;
    decoded_.clear();
    for (;;) {
      decoded_.append(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) return decoded_;
      text.remove_prefix(text.front() == '&' ? decode_reference(text) : copy_character(text));
      plain = plain_length(text);
    }
  }

  /// Appends what the reference at the front stands for, else its ampersand; its length.
  std::size_t decode_reference(std::string_view text) {
    if (const auto reference = read_reference(text)) {
      append_utf8(reference->character, decoded_);
      return reference->size;
    }
    if (!entities_.empty()) {
      const auto end = text.substr(0, longest_name).find(';');
      const auto value = end == npos ? std::nullopt : entities_.find(text.substr(1, end - 1));
      if (value) {
        decoded_.append(*value);
        return end + 1;
      }
    }
    decoded_ += '&';
    return 1;
  }

  std::size_t copy_character(std::string_view text) {
    if (is_control(text.front())) return 1;
    if (is_no_character(text)) return 3;
    decoded_ += text.front();
    return 1;
  }

  /// Text of the document: as it is, or in sections where it has what XML gives a meaning. Text
  /// outside of the root would end the document for the parser.
  void put_text(std::string_view text) {
    if (open_.empty() || text.empty()) return;
    if (text.find('<') == npos && text.find('&') == npos && text.find("]]>") == npos) {
      out_.append(text);
      return;
    }
    while (!text.empty()) {
      auto size = std::min(text.size(), longest_section);
      while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size;
      const auto end = text.substr(0, size).find("]]>");
      if (end != npos) size = end + 2;
      out_.append("<![CDATA[").append(text.substr(0, size)).append("]]>");
      text.remove_prefix(size);
    }
  }

  void read_text() {
    const auto end = std::min(in_.find('<', at_), in_.size());
    const auto text = in_.substr(at_, end - at_);
    at_ = end;
    put_text(decoded(text));
  }

  /// A section that never ends is none: its mark is dropped and the rest read as usual. One that
  /// has the end tag of its element and another section in it took that one's end for its own.
  void read_cdata() {
    at_ += 9;
    if (section_end_ < at_) section_end_ = in_.find("]]>", at_);
    if (section_end_ == npos) return;
    auto text = in_.substr(at_, section_end_ - at_);
    const auto next = text.find("<![CDATA[");
    const auto element_end = next == npos || open_.empty() ? npos : text.find(end_tag());
    if (element_end < next) text = text.substr(0, element_end);
    at_ = element_end < next ? at_ + element_end : section_end_ + 3;
    decoded_.clear();
    for (;;) {  // no references here
      std::size_t plain = 0;
      while (plain < text.size() &&
             (text[plain] == '&' || !specials[static_cast<unsigned char>(text[plain])]))
        ++plain;
      decoded_.append(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) break;
      text.remove_prefix(copy_character(text));
    }
    put_text(decoded_);
  }

  // --- markup ---

  void read_markup() {
    if (starts("<!--")) return skip_behind("-->", at_ + 4, comment_end);
    if (starts("<![CDATA[")) return read_cdata();
    if (starts("<!")) return skip_declaration();
    if (starts("<?")) return skip_behind("?>", at_ + 2, instruction_end);
    if (starts("</")) return read_end_tag();
    read_start_tag();
  }

  /// Drops to behind `mark`; if it never comes, only to behind the next '>'.
  void skip_behind(std::string_view mark, std::size_t from, std::size_t which) {
    auto found = missing_[which] ? npos : in_.find(mark, from);
    if (found != npos) {
      at_ = found + mark.size();
      return;
    }
    missing_[which] = true;  // no second search for what is not there
    found = in_.find('>', from);
    at_ = found == npos ? in_.size() : found + 1;
  }

  /// A DOCTYPE, with the subset in its brackets.
  void skip_declaration() {
    const auto begin = at_;
    const auto first = std::min(in_.find_first_of("[>", at_), in_.size());
    const bool has_subset = first < in_.size() && in_[first] == '[' && !missing_[subset_end];
    for (at_ = first; has_subset && at_ < in_.size(); ++at_)
      if (in_[at_] == '>' && ends_subset()) break;
    if (at_ == in_.size() || in_[at_] == '[') {  // a subset that never ends is none
      missing_[subset_end] = true;
      at_ = std::min(in_.find('>', begin), in_.size());
    }
    const auto subset = has_subset && !missing_[subset_end] ? first : 0;
    const auto head = in_.substr(begin, (subset == 0 ? at_ : subset) - begin);
    if (doctype_.empty() && head.starts_with("<!DOCTYPE")) {
      doctype_ = trim(head.substr(9));
      if (subset != 0) entities_.declare(in_.substr(subset, at_ - subset));
    }
    if (at_ < in_.size()) ++at_;
  }

  /// At a '>': the ']' before it closes the subset.
  bool ends_subset() const {
    auto before = at_;
    while (before > 0 && is_xml_space(in_[before - 1])) --before;
    return before > 0 && in_[before - 1] == ']';
  }

  std::string_view read_name() {
    const auto from = at_;
    if (at_ == in_.size() || !starts_name(in_[at_])) return {};
    while (at_ < in_.size() && continues_name(in_[at_])) ++at_;
    return in_.substr(from, at_ - from);
  }

  void skip_spaces() {
    while (at_ < in_.size() && (is_xml_space(in_[at_]) || is_control(in_[at_]))) ++at_;
  }

  void close() {
    if (open_.size() <= limits_.depth) out_.append("</").append(open_.back()).append(">");
    open_.pop_back();
  }

  std::string end_tag() const { return std::string{"</"}.append(open_.back()).append(">"); }

  void read_end_tag() {
    at_ += 2;
    const auto name = read_name();
    const auto end = in_.find_first_of("<>", at_);
    at_ = end == npos ? in_.size() : end + (in_[end] == '>' ? 1 : 0);
    const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](std::string_view open) {
      return open.size() == name.size() && std::ranges::equal(open, name, {}, lower, lower);
    });
    // The root stays open to the end, so that nothing behind an early end tag is lost.
    if (found == open_.rend() || found + 1 == open_.rend()) return;
    const auto depth = static_cast<std::size_t>(open_.rend() - found) - 1;
    while (open_.size() > depth) close();
  }

  void read_start_tag() {
    const auto start = at_++;
    const auto name = read_name();
    const bool ends_well =
        at_ < in_.size() && (is_space(in_[at_]) || in_[at_] == '>' || in_[at_] == '/');
    if (name.empty() || name.size() > longest_name || !ends_well) {  // a bare '<'
      at_ = start + 1;
      if (!open_.empty()) out_.append("&lt;");
      return;
    }
    open_.push_back(name);
    const auto written = out_.size();
    out_.append("<").append(name);
    const bool empty = read_attributes(written + limits_.tag_bytes);
    out_.append(">");
    if (open_.size() > limits_.depth) out_.resize(written);  // too deep: its text alone counts
    // A root that is empty, or that is closed at once, is none to close.
    if (empty && open_.size() > 1) close();
  }

  /// Up to behind the '>'; true if the tag closes itself. Writes up to the size `limit`.
  bool read_attributes(std::size_t limit) {
    bool empty = false;
    names_.clear();
    for (;;) {
      skip_spaces();
      if (at_ == in_.size() || in_[at_] == '<') return empty;
      if (in_[at_] == '>') return ++at_, empty;
      empty = in_[at_] == '/';
      const auto name = read_name();
      if (name.empty()) {
        ++at_;
        continue;
      }
      const auto written = out_.size();
      const bool unwanted = names_.size() == limits_.attributes || name.size() > longest_name ||
                            std::ranges::find(names_, name) != names_.end();
      read_value(name, limit);
      if (unwanted || out_.size() > limit)
        out_.resize(written);
      else
        names_.push_back(name);
    }
  }

  void read_value(std::string_view name, std::size_t limit) {
    out_.append(" ").append(name).append("=\"");
    skip_spaces();
    if (at_ < in_.size() && in_[at_] == '=') {
      ++at_;
      skip_spaces();
      const char quote = at_ < in_.size() ? in_[at_] : '\0';
      const auto last = quote == '"' ? last_quote_ : quote == '\'' ? last_apostrophe_ : at_;
      const bool quoted = last != npos && last > at_;
      if (quoted) ++at_;
      const auto end =
          quoted ? in_.find(quote, at_) : std::min(in_.find_first_of(" \t\r\n<>", at_), in_.size());
      // A value that goes on and on is not even looked at.
      if (end - at_ <= limits_.tag_bytes)
        put_value(decoded(in_.substr(at_, end - at_)));
      else
        out_.resize(limit + 1, ' ');
      at_ = end + (quoted ? 1 : 0);
    }
    out_.append("\"");
  }

  void put_value(std::string_view value) {
    for (;;) {
      const auto at = value.find_first_of("<&\"");
      out_.append(value.substr(0, at));
      if (at == npos) return;
      out_.append(value[at] == '<' ? "&lt;" : value[at] == '&' ? "&amp;" : "&quot;");
      value.remove_prefix(at + 1);
    }
  }

  static constexpr std::size_t instruction_end = 0;
  static constexpr std::size_t comment_end = 1;
  static constexpr std::size_t subset_end = 2;

  std::string_view in_;
  const XmlLimits& limits_;
  std::size_t at_ = 0;
  std::size_t section_end_ = 0;  ///< Of the next "]]>", once one was looked for.
  std::size_t last_quote_;
  std::size_t last_apostrophe_;
  std::array<bool, 3> missing_{};  ///< Of the marks above: known not to come any more.
  std::string out_;
  std::string_view doctype_;
  Entities entities_;
  std::string decoded_;
  std::vector<std::string_view> open_;   ///< Names of the open elements.
  std::vector<std::string_view> names_;  ///< Of the attributes of the tag that is being read.
};

}  // namespace

Result<RepairedXml> repair_xml(std::string_view utf8, const XmlLimits& limits) {
  return Repair{utf8, limits}.run();
}

}  // namespace earshot
