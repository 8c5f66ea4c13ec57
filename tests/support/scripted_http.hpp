#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/base/http.hpp"

namespace earshot {

/// Answers from a script, without a network. Each URL has a list of answers, given in turn; the
/// last one stays. A URL without a script is a `network` error. May be shared by threads.
class ScriptedHttp final : public HttpClient {
 public:
  void answer(const std::string& url, HttpResponse response);
  void fail(const std::string& url, const std::string& message);

  Result<HttpResponse> get(const HttpRequest& request) override;

  /// All requests so far, in the order in which they came.
  std::vector<HttpRequest> requests() const;

 private:
  struct Script {
    std::vector<Result<HttpResponse>> answers;
    std::size_t next = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Script> scripts_;
  std::vector<HttpRequest> requests_;
};

/// The value of the first header of that name in a request, or nothing.
std::string request_header(const HttpHeaders& headers, std::string_view name);

}  // namespace earshot
