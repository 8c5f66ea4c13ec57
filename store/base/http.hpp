#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// How far a chain of redirects has come.
struct RedirectChain {
  std::string url = {};   ///< What is to be asked next; empty: `HttpRequest::url`.
  int hops = 0;           ///< Redirects so far,
  bool permanent = true;  ///< all of them 301 or 308.
  std::chrono::milliseconds spent{0};
};

/// One GET, or a POST of `post`. The limits are design.md's; a source may lower them.
struct HttpRequest {
  std::string url;
  HttpHeaders headers = {};  ///< Follow a redirect to another host only if they can't be secret.
  std::size_t max_bytes = 15'000'000;  ///< After decompression.
  std::chrono::seconds timeout{30};    ///< From the first byte sent to the last received.
  int max_redirects = 10;
  /// What Content-Type among the headers says it is, for `url` only: a redirect is then the answer.
  std::string post = {};   ///< Empty: a GET.
  std::string proxy = {};  ///< "socks5h://host:port", "http://host:port"; empty: the client's own.
  /// A redirect to another host is not followed: `HttpResponse::led` says where it leads.
  bool stay_on_host = false;
  RedirectChain chain = {};  ///< Where to go on, as an earlier answer's `led`.
};

/// An answer, whatever its status.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers = {};   ///< Of the last answer in a chain of redirects; names in lower case.
  std::string body = {};      ///< Decompressed.
  std::string url = {};       ///< Where the answer came from, after redirects.
  std::string moved_to = {};  ///< The target of a chain made of 301 and 308 only, else empty.
  RedirectChain led = {};     ///< For `stay_on_host`; without `url` it led to no other host.

  /// The first header of that (lower-case) name, or nothing.
  std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return {};
  }
};

/// What fetches. `CurlHttp` is the real one, tests script their own. `get` may be called from
/// several threads at once.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Any answer with a status is a value, also 404 and 500. Errors (`network`): no answer, too
  /// large, too slow, refused address.
  virtual Result<HttpResponse> get(const HttpRequest& request) = 0;
};

/// A URL as messages and logs may show it: without user name, password and fragment, the query as
/// "?...", at most 200 bytes; bytes that are not printable ASCII become '?'.
std::string shown_url(std::string_view url);

/// "scheme://host:port" in lower case, without user name; the port only where it is written. Empty
/// if there is no host.
std::string origin_of(std::string_view url);

/// The host in lower case, without port; "[::1]" keeps its brackets. Empty if there is none.
std::string server_of(std::string_view url);

}  // namespace earshot
