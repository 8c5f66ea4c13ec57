#include "cli/fetching.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/signals.hpp"
#include "store/base/http.hpp"

namespace earshot {

bool is_proxy(const std::string& text) {
  constexpr std::array<std::string_view, 6> schemes{"http",    "https",  "socks4",
                                                    "socks4a", "socks5", "socks5h"};
  const auto mark = text.find("://");
  const bool known = mark == text.npos || std::ranges::find(schemes, std::string_view{text}.substr(
                                                                         0, mark)) != schemes.end();
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  return known && std::ranges::all_of(text, plain) &&
         !server_of(mark == text.npos ? "http://" + text : text).empty();
}

CurlOptions curl_options(const FetchConfig& fetch, bool allow_private) {
  CurlOptions curl;
  curl.user_agent = fetch.contact.empty()
                        ? fmt::format("earshot/{} (self-hosted feed reader)", earshot_version())
                        : fmt::format("earshot/{} (self-hosted feed reader; {})", earshot_version(),
                                      fetch.contact);
  curl.proxy = fetch.proxy;
  curl.timeout = fetch.timeout;
  curl.allow_private = allow_private;
  curl.allowed = fetch.allow_private;
  curl.resolve = fetch.resolve;
  curl.ca_file = fetch.ca_file;
  curl.stopped = [] { return pending_signal() != 0; };
  return curl;
}

}  // namespace earshot
