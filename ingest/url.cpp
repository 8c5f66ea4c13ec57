#include "ingest/url.hpp"

#include <algorithm>
#include <array>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr auto npos = std::string_view::npos;

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, {}, lower);
}

bool is_http(std::string_view url) {
  return starts_with_ignoring_case(url, "http://") || starts_with_ignoring_case(url, "https://");
}

/// "http" of "http://example.org"; empty if there is none.
std::string_view scheme_of(std::string_view url) {
  const auto mark = url.find_first_of(":/?#");
  if (mark == npos || mark == 0 || url[mark] != ':') return {};
  const auto scheme = url.substr(0, mark);
  const bool well = std::ranges::all_of(scheme, [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
  });
  return well ? scheme : std::string_view{};
}

/// Path and what follows it, with "." and ".." taken out of the path. Source: RFC 3986 5.2.4.
std::string without_dots(std::string_view path) {
  const auto end = std::min(path.find_first_of("?#"), path.size());
  const auto rest = path.substr(end);
  path = path.substr(0, end);
  std::string out;
  while (!path.empty()) {
    const auto next = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, next);
    const bool last = next == path.size();
    path.remove_prefix(next);
    if (segment == "/..") {
      out.resize(std::min(out.rfind('/'), out.size()));
      if (last) out += '/';
    } else if (segment == "/.") {
      if (last) out += '/';
    } else {
      out.append(segment);
    }
  }
  return out.append(rest);
}

/// "http:///example.org" is a slip of the finger. White space at the ends is none of it.
std::string mended(std::string_view url) {
  url = trim(url);
  std::string out;
  const auto mark = scheme_of(url).empty() ? npos : url.find(":///");
  const bool extra = mark != npos && mark == scheme_of(url).size() && !url.starts_with("file");
  if (extra) {
    out.append(url.substr(0, mark + 3));
    url.remove_prefix(std::min(url.find_first_not_of('/', mark + 3), url.size()));
  }
  return out.append(url);
}

}  // namespace

std::string resolve_reference(std::string_view base, std::string_view reference) {
  auto given = mended(reference);
  const auto authority = base.find("://");
  if (given.empty() || !scheme_of(given).empty() || authority == npos) return given;
  const std::string_view ref = given;
  if (ref.starts_with("//")) return std::string{base.substr(0, authority + 1)}.append(ref);
  const auto path = std::min(base.find_first_of("/?#", authority + 3), base.size());
  const auto path_end = std::min(base.find_first_of("?#", path), base.size());
  std::string out{base.substr(0, path)};
  if (ref.starts_with('#')) return std::string{base.substr(0, base.find('#'))}.append(ref);
  if (ref.starts_with('?')) return std::string{base.substr(0, path_end)}.append(ref);
  if (ref.starts_with('/')) return out.append(without_dots(ref));
  std::string merged{base.substr(path, path_end - path)};
  merged.resize(merged.rfind('/') == std::string::npos ? 0 : merged.rfind('/'));
  return out.append(without_dots(merged.append("/").append(ref)));
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  if (is_http(reference)) return std::string{reference};
  if (reference.empty() || !scheme_of(reference).empty() || !is_http(base)) return {};
  return resolve_reference(base, reference);
}

bool is_harmless_url(std::string_view url) {
  static constexpr std::array<std::string_view, 17> schemes{
      "callto", "facetime", "feed",   "ftp",  "geo",  "git", "http", "https", "irc",
      "ircs",   "magnet",   "mailto", "news", "nntp", "sip", "tel",  "xmpp"};
  const auto scheme = lower_case(scheme_of(url));
  return scheme.empty() || std::ranges::find(schemes, std::string_view{scheme}) != schemes.end();
}

std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find(':'));
}

std::string without_parameters(std::string_view url, std::string_view names) {
  const auto mark = url.find('?');
  if (mark == std::string_view::npos || names.empty()) return std::string{url};
  const auto end = std::min(url.find('#', mark), url.size());
  const auto is_named = [names](std::string_view name) {
    for (auto rest = names; !rest.empty();) {
      const auto one = rest.substr(0, rest.find(' '));
      if (!one.empty() && (one == "*" || one == name)) return true;
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
    return false;
  };
  std::string kept{url.substr(0, mark)};
  char before = '?';
  for (auto query = url.substr(mark + 1, end - mark - 1); !query.empty();) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (is_named(pair.substr(0, pair.find('=')))) continue;
    kept.append(1, before).append(pair);
    before = '&';
  }
  return kept.append(url.substr(end));
}

std::string_view without_scheme_and_query(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace earshot
