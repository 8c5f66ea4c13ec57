#include "store/base/http.hpp"

#include <algorithm>

namespace earshot {

namespace {

struct UrlParts {
  std::string_view scheme;
  std::string_view authority;  ///< Without user name and password.
  std::string_view rest;       ///< From the path on.
};

UrlParts split(std::string_view url) {
  const auto colon = url.find("://");
  const std::string_view scheme = colon == url.npos ? "" : url.substr(0, colon);
  const std::string_view after = colon == url.npos ? url : url.substr(colon + 3);
  const auto end = std::min(after.find_first_of("/?#\\"), after.size());
  std::string_view authority = after.substr(0, end);
  if (const auto at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  return {scheme, authority, after.substr(end)};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string shown_url(std::string_view url) {
  constexpr std::size_t longest = 200;
  const UrlParts parts = split(url);
  std::string shown;
  if (!parts.scheme.empty()) shown.append(parts.scheme).append("://");
  shown.append(parts.authority);
  const auto path_end = std::min(parts.rest.find_first_of("?#"), parts.rest.size());
  shown.append(parts.rest.substr(0, path_end));
  if (path_end < parts.rest.size() && parts.rest[path_end] == '?') shown.append("?...");
  std::ranges::replace_if(
      shown, [](char c) { return c <= ' ' || c > '~'; }, '?');
  if (shown.size() > longest) shown.replace(longest - 3, shown.npos, "...");
  return shown;
}

std::string origin_of(std::string_view url) {
  const UrlParts parts = split(url);
  if (parts.scheme.empty() || parts.authority.empty()) return {};
  std::string origin;
  origin.append(parts.scheme).append("://").append(parts.authority);
  std::ranges::transform(origin, origin.begin(), lower);
  return origin;
}

std::string server_of(std::string_view url) {
  const std::string origin = origin_of(url);
  const std::string_view authority = split(origin).authority;
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  return std::string{authority.substr(0, colon)};
}

}  // namespace earshot
