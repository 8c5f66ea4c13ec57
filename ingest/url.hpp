#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// `reference` as an absolute address, seen from the page at `base`, whatever its scheme; as it is
/// where `base` is no address. Nothing is encoded or decoded. Source: RFC 3986 section 5.
std::string resolve_reference(std::string_view base, std::string_view reference);

/// `reference` as an absolute address, seen from the page at `base` (RFC 3986). An http(s) address
/// stays as it is, byte for byte. Empty if the result would be no http(s) address: `javascript:`,
/// `mailto:`, or a relative one where `base` is empty.
std::string resolve_url(std::string_view base, std::string_view reference);

/// No `javascript:`, `data:`, `file:` or the like: a scheme that only names a place, or none.
bool is_harmless_url(std::string_view url);

/// "example.org" of "https://example.org:8080/feed"; empty if there is none.
std::string_view host_of(std::string_view url);

/// The address without those parameters of its query that `names`, separated by blanks, has; "*"
/// takes all. What is left stays as it is spelled.
std::string without_parameters(std::string_view url, std::string_view names);

/// "example.org/feed" of "https://example.org/feed?page=2#top".
std::string_view without_scheme_and_query(std::string_view url);

}  // namespace earshot
