#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// `reference` as an absolute address, seen from the page at `base` (RFC 3986). An http(s) address
/// stays as it is, byte for byte. Empty if the result would be no http(s) address: `javascript:`,
/// `mailto:`, or a relative one where `base` is empty.
std::string resolve_url(std::string_view base, std::string_view reference);

/// "example.org" of "https://example.org:8080/feed"; empty if there is none.
std::string_view host_of(std::string_view url);

/// "example.org/feed" of "https://example.org/feed?page=2#top".
std::string_view without_scheme_and_query(std::string_view url);

}  // namespace earshot
