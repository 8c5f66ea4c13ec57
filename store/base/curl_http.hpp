#pragma once

#include <memory>
#include <string>

#include "store/base/http.hpp"

namespace earshot {

struct CurlOptions {
  std::string user_agent;      ///< Names program, version and contact.
  std::string proxy;           ///< Empty: as the environment says.
  bool allow_private = false;  ///< Connect to loopback, link-local and private addresses.
};

/// The real client, on libcurl. http and https only; counts decoded bytes itself; looks at each
/// peer's address at socket open, so that neither a redirect nor a name leads to a private network.
std::unique_ptr<HttpClient> make_curl_http(const CurlOptions& options);

}  // namespace earshot
