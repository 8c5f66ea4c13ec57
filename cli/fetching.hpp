#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "store/base/address.hpp"
#include "store/base/curl_http.hpp"

namespace earshot {

/// [fetch] of the config: how servers are asked, whatever the source.
struct FetchConfig {
  std::string contact;  ///< An address that a server's owner can write to; empty: none is named.
  unsigned connections = 128;        ///< Servers asked at the same time.
  std::chrono::seconds timeout{30};  ///< For an answer, redirects and all.
  std::string proxy;                 ///< Empty: as the environment says.
  std::string ca_file;               ///< Certificates to trust; empty: the system's.
  std::vector<AddressRange> allow_private;
  std::vector<std::string> resolve;  ///< As in `CurlOptions`.
};

/// True for "host:port" and "socks5h://user@host:port", and whatever else curl takes.
bool is_proxy(const std::string& text);

/// The client's options; with `allow_private`, all private addresses may be connected to.
CurlOptions curl_options(const FetchConfig& fetch, bool allow_private);

}  // namespace earshot
