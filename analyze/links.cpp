#include "analyze/links.hpp"

#include <algorithm>

namespace earshot {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Takes `prefix`, which is in lower case, off the front of `text` if it stands there in any case.
void drop_prefix(std::string_view& text, std::string_view prefix) {
  const auto same = [](char wanted, char there) { return wanted == lower(there); };
  if (text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), same))
    text.remove_prefix(prefix.size());
}

/// Takes off the end what belongs to the sentence; a bracket only if it was not opened in the link.
void drop_punctuation(std::string_view& link) {
  while (!link.empty()) {
    const char last = link.back();
    const char opening = last == ')' ? '(' : last == ']' ? '[' : '\0';
    const bool closes_nothing = opening != '\0' && std::count(link.begin(), link.end(), opening) <
                                                       std::count(link.begin(), link.end(), last);
    if (!closes_nothing && std::string_view{".,;:!?'"}.find(last) == std::string_view::npos) return;
    link.remove_suffix(1);
  }
}

bool is_tracking(std::string_view parameter) {
  const auto size = parameter.size();
  drop_prefix(parameter, "utm_");
  return parameter.size() != size;
}

/// Appends the parameters that say which page it is.
void append_parameters(std::string_view query, std::string& out) {
  char sign = '?';
  while (!query.empty()) {
    const auto parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty() || is_tracking(parameter)) continue;
    out += sign;
    out.append(parameter);
    sign = '&';
  }
}

}  // namespace

bool canonical_link(std::string_view link, std::string& out) {
  out.clear();
  link = link.substr(0, link.find('#'));
  drop_punctuation(link);
  drop_prefix(link, "https://");
  drop_prefix(link, "http://");
  drop_prefix(link, "www.");
  const auto host = link.substr(0, link.find_first_of("/?"));
  auto path = link.substr(host.size());
  const auto query = path.find('?') == std::string_view::npos ? std::string_view{}
                                                              : path.substr(path.find('?') + 1);
  path = path.substr(0, path.find('?'));
  while (path.ends_with('/')) path.remove_suffix(1);
  if (host.empty()) return false;
  for (const char c : host) out += lower(c);
  out.append(path);
  append_parameters(query, out);
  return true;
}

}  // namespace earshot
