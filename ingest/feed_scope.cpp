#include "ingest/feed_scope.hpp"

#include <algorithm>

#include "ingest/url.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

FeedScope::FeedScope(std::string base, std::string_view lang) {
  outer_.push_back({0, std::move(base), {}});
  if (!lang.empty()) outer_.back().lang = language_tag(lang);
}

void FeedScope::enter(const XmlElement& element, std::size_t depth) {
  for (const auto& attribute : element.attributes) {
    const bool is_base = attribute.name == "base";
    if (attribute.prefix != "xml" || !(is_base || attribute.name == "lang")) continue;
    if (is_base && trim(attribute.value).empty()) continue;
    if (outer_.back().depth != depth) {
      auto inner = outer_.back();
      inner.depth = depth;
      outer_.push_back(std::move(inner));
    }
    auto& here = outer_.back();
    if (!is_base)
      here.lang = language_tag(attribute.value);
    else if (is_harmless_url(trim(attribute.value)))
      here.base = resolve(attribute.value);
  }
}

void FeedScope::leave(std::size_t depth) {
  if (outer_.size() > 1 && outer_.back().depth == depth) outer_.pop_back();
}

std::string FeedScope::resolve(std::string_view reference) const {
  return resolve_reference(base(), reference);
}

std::string language_tag(std::string_view text) {
  std::string tag{trim(text.substr(0, text.find(',')))};
  std::ranges::replace(tag, '_', '-');
  return tag;
}

}  // namespace earshot
