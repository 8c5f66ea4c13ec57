#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot {

/// A start tag of an HTML page.
struct HtmlTag {
  std::string name;  ///< In lower case.
  /// Names in lower case; values with their references decoded, and trimmed.
  std::vector<std::pair<std::string, std::string>> attributes;

  /// The value of the first attribute of that name, or nothing.
  std::string_view attribute(std::string_view wanted) const;
};

/// Calls `visit` for each start tag of the first 2 MB, in order. What stands in comments, scripts
/// and styles is none; of a tag the first 100 attributes are kept. `html` is UTF-8. Takes time
/// linear in it.
void visit_html_tags(std::string_view html, const std::function<void(const HtmlTag&)>& visit);

/// A value of an attribute with its references decoded ("&amp;"), and trimmed.
std::string decoded_attribute(std::string_view spelled);

}  // namespace earshot
