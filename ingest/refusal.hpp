#pragma once

#include <string_view>

#include "ingest/source.hpp"
#include "store/base/http.hpp"

namespace earshot {

/// The page for an answer that is neither 200 nor 304, from its headers (names in lower case):
/// status, reason and the time to wait (Retry-After, else a budget of requests that is used up). A
/// 403 with signs of a limit is called 429: with a time to wait, or of a host that is known to say
/// it so. A challenge that Cloudflare puts before browsers is named.
Page refused_page(int status, const HttpHeaders& headers, std::string_view url, Instant now);

}  // namespace earshot
