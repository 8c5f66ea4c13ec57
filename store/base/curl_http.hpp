#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/base/address.hpp"
#include "store/base/http.hpp"

namespace earshot {

struct CurlOptions {
  std::string user_agent = {};  ///< Names program, version and contact.
  std::string proxy = {};       ///< Empty: as the environment says.
  bool allow_private = false;   ///< Connect to loopback, link-local and private addresses.
  std::vector<AddressRange> allowed = {};  ///< Private addresses that may be connected to.
  /// "HOST:PORT:ADDRESS", as curl(1) takes --resolve: that host has this address. "*" is any host.
  std::vector<std::string> resolve = {};
  std::chrono::seconds timeout{30};  ///< The longest that a request may ask for.
  std::string ca_file = {};          ///< Certificates to trust, as PEM; empty: the system's.
  /// Asked a few times a second by a thread of the client: true gives all requests up.
  std::function<bool()> stopped = {};
};

/// The real client, on libcurl. http and https only; counts decoded bytes itself; looks at each
/// peer's address at socket open, so that neither a redirect nor a name leads to a private network.
/// A proxy that was asked for is a trusted hop, wherever it is, and looks names up itself, SOCKS
/// proxies too; but what is written as a private address is not asked for through one either. One
/// thread of its own moves all requests at once, so that they share connections, names and TLS
/// sessions; `get` waits for its own, and may be called from as many threads as there are to be
/// requests at a time.
std::unique_ptr<HttpClient> make_curl_http(const CurlOptions& options);

}  // namespace earshot
