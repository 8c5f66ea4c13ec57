#include "ingest/xml_repair.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "ingest/html_text.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && !is_space(c);
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

class Repair {
 public:
  Repair(std::string_view in, const XmlLimits& limits)
      : in_{in}, limits_{limits}, last_quote_{in.rfind('"')}, last_apostrophe_{in.rfind('\'')} {}

  Result<std::string> run() {
    out_.reserve(in_.size() + in_.size() / 16);
    at_ = std::min(in_.find('<'), in_.size());
    while (at_ < in_.size() && !refusal_) {
      if (in_[at_] == '<')
        read_markup();
      else
        read_text();
    }
    if (refusal_) return *refusal_;
    if (out_.empty()) return Error{Error::Kind::format, "no markup in it"};
    while (!open_.empty()) close();
    return std::move(out_);
  }

 private:
  bool starts(std::string_view with) const { return in_.substr(at_).starts_with(with); }

  void refuse(std::string reason) { refusal_ = Error{Error::Kind::format, std::move(reason)}; }

  /// Text outside of the root would end the document for the parser.
  void put(std::string_view text) {
    if (!open_.empty()) out_.append(text);
  }

  void put_character(char c) {
    switch (c) {
      case '<':
        put("&lt;");
        break;
      case '&':
        put("&amp;");
        break;
      case '"':
        put("&quot;");
        break;
      case '>':
        put("&gt;");
        break;
      default:
        put(is_control(c) ? std::string_view{" "} : std::string_view{&c, 1});
    }
  }

  void put_reference(std::size_t limit) {
    const auto reference = read_reference(in_.substr(at_, limit - at_));
    if (!reference) {
      put("&amp;");
      ++at_;
      return;
    }
    const char32_t c = reference->character;
    if (c < 0x80) {
      put_character(static_cast<char>(c));
    } else {
      character_.clear();
      append_utf8(c, character_);
      put(character_);
    }
    at_ += reference->size;
  }

  /// Text up to `end`, with what XML gives a meaning escaped.
  void put_escaped(std::size_t end) {
    while (at_ < end) {
      std::size_t to = at_;
      while (to < end && !is_special(in_[to])) ++to;
      put(in_.substr(at_, to - at_));
      at_ = to;
      if (at_ == end) return;
      if (in_[at_] == '&')
        put_reference(end);
      else
        put_character(in_[at_++]);
    }
  }

  static bool is_special(char c) {
    return c == '&' || c == '<' || c == '>' || c == '"' || is_control(c);
  }

  void read_text() { put_escaped(std::min(in_.find('<', at_), in_.size())); }

  void read_markup() {
    if (starts("<!--")) return skip_behind("-->", at_ + 4);
    if (starts("<![CDATA[")) return read_cdata();
    if (starts("<!")) return skip_declaration();
    if (starts("<?")) return skip_behind("?>", at_ + 2);
    if (starts("</")) return read_end_tag();
    read_start_tag();
  }

  /// Drops to behind `mark`; if it never comes, only to behind the next '>'.
  void skip_behind(std::string_view mark, std::size_t from) {
    auto found = missing_[mark.size() - 2] ? npos : in_.find(mark, from);
    if (found != npos) {
      at_ = found + mark.size();
      return;
    }
    missing_[mark.size() - 2] = true;  // no second search for what is not there
    found = in_.find('>', from);
    at_ = found == npos ? in_.size() : found + 1;
  }

  void read_cdata() {
    at_ += 9;
    const auto found = in_.find("]]>", at_);
    const auto end = std::min(found, in_.size());
    while (at_ < end) {
      std::size_t to = at_;
      while (to < end && !is_special(in_[to])) ++to;
      put(in_.substr(at_, to - at_));
      at_ = to;
      if (at_ < end) put_character(in_[at_++]);
    }
    if (found != npos) at_ += 3;
  }

  /// A DOCTYPE, with the subset in its brackets and whatever that declares.
  void skip_declaration() {
    bool subset = false;
    for (; at_ < in_.size(); ++at_) {
      const char c = in_[at_];
      if (c == '[') subset = true;
      if (c == ']') subset = false;
      if (c == '>' && !subset) break;
    }
    if (at_ < in_.size()) ++at_;
  }

  std::string_view read_name() {
    const auto from = at_;
    if (at_ == in_.size() || !starts_name(in_[at_])) return {};
    while (at_ < in_.size() && continues_name(in_[at_])) ++at_;
    return in_.substr(from, at_ - from);
  }

  void skip_spaces() {
    while (at_ < in_.size() && (is_space(in_[at_]) || is_control(in_[at_]))) ++at_;
  }

  void close() {
    out_.append("</").append(open_.back()).append(">");
    open_.pop_back();
  }

  void read_end_tag() {
    at_ += 2;
    const auto name = read_name();
    const auto end = in_.find_first_of("<>", at_);
    at_ = end == npos ? in_.size() : end + (in_[end] == '>' ? 1 : 0);
    // The root stays open to the end, so that nothing behind an early end tag is lost.
    const auto found = std::find(open_.rbegin(), open_.rend(), name);
    if (found == open_.rend() || found + 1 == open_.rend()) return;
    const auto depth = static_cast<std::size_t>(open_.rend() - found) - 1;
    while (open_.size() > depth) close();
  }

  void read_start_tag() {
    const auto start = at_++;
    const auto name = read_name();
    const bool ends_well =
        at_ < in_.size() && (is_space(in_[at_]) || in_[at_] == '>' || in_[at_] == '/');
    if (name.empty() || !ends_well) {  // a bare '<'
      at_ = start + 1;
      return put("&lt;");
    }
    if (open_.size() >= limits_.depth)
      return refuse(fmt::format("nested more than {} deep", limits_.depth));
    out_.append("<").append(name);
    open_.push_back(name);
    const bool empty = read_attributes();
    if (at_ - start > limits_.tag_bytes)
      return refuse(fmt::format("a tag of more than {} KB", limits_.tag_bytes / 1024));
    out_.append(">");
    // A root that is empty, or that is closed at once, is none to close.
    if (empty && open_.size() > 1) close();
  }

  /// Up to behind the '>'; true if the tag closes itself.
  bool read_attributes() {
    std::size_t count = 0;
    bool empty = false;
    names_.clear();
    while (!refusal_) {
      skip_spaces();
      if (at_ == in_.size() || in_[at_] == '<') return empty;
      if (in_[at_] == '>') return ++at_, empty;
      empty = in_[at_] == '/';
      const auto name = read_name();
      if (name.empty()) {
        ++at_;
        continue;
      }
      if (++count > limits_.attributes)
        refuse(fmt::format("a tag of more than {} attributes", limits_.attributes));
      const bool repeated = std::ranges::find(names_, name) != names_.end();
      names_.push_back(name);
      read_value(name, repeated);
    }
    return empty;
  }

  void read_value(std::string_view name, bool repeated) {
    const auto written = out_.size();
    out_.append(" ").append(name).append("=\"");
    skip_spaces();
    if (at_ < in_.size() && in_[at_] == '=') {
      ++at_;
      skip_spaces();
      const char quote = at_ < in_.size() ? in_[at_] : '\0';
      const auto last = quote == '"' ? last_quote_ : quote == '\'' ? last_apostrophe_ : at_;
      if (last != npos && last > at_) {
        const auto end = in_.find(quote, ++at_);
        if (end - at_ > limits_.tag_bytes)
          refuse(fmt::format("a tag of more than {} KB", limits_.tag_bytes / 1024));
        put_escaped(end);
        ++at_;
      } else {
        put_escaped(std::min(in_.find_first_of(" \t\r\n<>", at_), in_.size()));
      }
    }
    out_.append("\"");
    if (repeated) out_.resize(written);
  }

  std::string_view in_;
  const XmlLimits& limits_;
  std::size_t at_ = 0;
  std::size_t last_quote_;
  std::size_t last_apostrophe_;
  std::array<bool, 2> missing_{};  ///< "?>" and "-->": known not to come any more.
  std::string out_;
  std::string character_;
  std::vector<std::string_view> open_;   ///< Names of the open elements.
  std::vector<std::string_view> names_;  ///< Of the attributes of the tag that is being read.
  std::optional<Error> refusal_;
};

}  // namespace

Result<std::string> repair_xml(std::string_view utf8, const XmlLimits& limits) {
  return Repair{utf8, limits}.run();
}

}  // namespace earshot
