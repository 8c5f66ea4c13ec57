#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/base/http.hpp"

namespace earshot {

struct CurlOptions {
  std::string user_agent = {};  ///< Names program, version and contact.
  std::string proxy = {};       ///< Empty: as the environment says.
  bool allow_private = false;   ///< Connect to loopback, link-local and private addresses.
  /// Asked about once a second by each thread in `get`: true gives the request up.
  std::function<bool()> stopped = {};
};

/// The real client, on libcurl. http and https only; counts decoded bytes itself; looks at each
/// peer's address at socket open, so that neither a redirect nor a name leads to a private network.
/// A proxy that was asked for is a trusted hop, wherever it is. `get` reuses connections, and may
/// be called from several threads at once.
std::unique_ptr<HttpClient> make_curl_http(const CurlOptions& options);

}  // namespace earshot
