#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/base/http.hpp"

namespace earshot {

/// What became of one request.
struct HttpExchange {
  std::string asked;     ///< The address.
  std::string answered;  ///< Where the answer came from, after redirects; empty if none came.
  std::string moved_to;  ///< As `HttpResponse::moved_to`.
  std::string content_type;
  int status = 0;  ///< 0: no answer.
  std::size_t bytes = 0;
};

/// For requests outside of the poller, a person waiting for them: passes them on one after another,
/// those to the same host at least a gap apart (redirects too, from one host to another), and
/// remembers what became of them.
class PoliteHttp final : public HttpClient {
 public:
  PoliteHttp(HttpClient& client, std::chrono::milliseconds gap) : client_{client}, gap_{gap} {}

  Result<HttpResponse> get(const HttpRequest& request) override;

  /// From here on at least so far apart.
  void keep_apart(std::chrono::milliseconds gap) { gap_ = std::max(gap_, gap); }

  const std::vector<HttpExchange>& exchanges() const { return exchanges_; }
  const std::string& last_body() const { return last_body_; }  ///< Of the last answer.

 private:
  using Clock = std::chrono::steady_clock;

  Result<HttpResponse> follow(HttpRequest request);

  HttpClient& client_;
  std::chrono::milliseconds gap_;
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> free_at_;  ///< By host.
  std::vector<HttpExchange> exchanges_;
  std::string last_body_;
};

}  // namespace earshot
