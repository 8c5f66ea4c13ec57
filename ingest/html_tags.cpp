#include "ingest/html_tags.hpp"

#include <algorithm>

#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t longest_page = 2'000'000;
constexpr std::size_t most_attributes = 100;
constexpr std::string_view blank = " \t\r\n\f";

bool begins_name(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

class Scanner {
 public:
  explicit Scanner(std::string_view html) : html_{html.substr(0, longest_page)} {}

  void scan(const std::function<void(const HtmlTag&)>& visit) {
    for (at_ = html_.find('<'); at_ < html_.size(); at_ = html_.find('<', at_)) {
      ++at_;
      const auto rest = html_.substr(at_);
      if (rest.starts_with("!--")) {
        at_ = html_.find("-->", at_ + 3);
      } else if (!rest.empty() && begins_name(rest.front())) {
        if (!read_tag()) return;
        visit(tag_);
        if (is_dropped_element(tag_.name)) skip_content();
      }
    }
  }

 private:
  /// False if the page ends within the tag.
  bool read_tag() {
    const auto end = std::min(html_.find_first_of(" \t\r\n\f/>", at_), html_.size());
    tag_.name = lower_case(html_.substr(at_, end - at_));
    tag_.attributes.clear();
    at_ = end;
    for (;;) {
      at_ = html_.find_first_not_of(" \t\r\n\f/", at_);
      if (at_ == npos) return false;
      if (html_[at_] == '>') return ++at_, true;
      if (!read_attribute()) return false;
    }
  }

  bool read_attribute() {
    const auto begin = at_;
    // A "=" in front belongs to the name, as browsers see it.
    at_ = html_.find_first_of("= \t\r\n\f/>", begin + 1);
    if (at_ == npos) return false;
    const auto name = html_.substr(begin, at_ - begin);
    const auto mark = html_.find_first_not_of(blank, at_);
    std::string_view value;
    if (mark != npos && html_[mark] == '=') {
      at_ = html_.find_first_not_of(blank, mark + 1);
      if (at_ == npos) return false;
      const char quote = html_[at_];
      const bool quoted = quote == '"' || quote == '\'';
      const auto from = quoted ? at_ + 1 : at_;
      const auto end = quoted ? html_.find(quote, from) : html_.find_first_of(" \t\r\n\f>", from);
      if (end == npos) return false;
      value = html_.substr(from, end - from);
      at_ = quoted ? end + 1 : end;
    }
    if (tag_.attributes.size() < most_attributes)
      tag_.attributes.emplace_back(lower_case(name), decoded_attribute(value));
    return true;
  }

  void skip_content() {
    const std::string end_tag = "</" + tag_.name;
    for (at_ = html_.find("</", at_); at_ != npos; at_ = html_.find("</", at_ + 2))
      if (std::ranges::equal(html_.substr(at_, end_tag.size()), end_tag, {}, lower)) return;
  }

  const std::string_view html_;
  std::size_t at_ = 0;
  HtmlTag tag_;
};

}  // namespace

std::string_view HtmlTag::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes)
    if (key == wanted) return value;
  return {};
}

void visit_html_tags(std::string_view html, const std::function<void(const HtmlTag&)>& visit) {
  Scanner{html}.scan(visit);
}

std::string decoded_attribute(std::string_view spelled) {
  std::string value;
  for (auto rest = trim(spelled); !rest.empty();) {
    const auto plain = std::min(rest.find('&'), rest.size());
    value.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const auto reference = read_reference(rest);
    if (reference)
      append_utf8(reference->character, value);
    else
      value += '&';
    rest.remove_prefix(reference ? reference->size : 1);
  }
  return value;
}

}  // namespace earshot
