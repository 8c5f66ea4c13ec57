#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <curl/curl.h>

#include "store/base/http.hpp"
#include "store/base/peer_guard.hpp"
#include "store/base/result.hpp"

namespace earshot {

struct CurlCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct CurlMultiCloser {  // to the compiler both kinds of handle are void
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlCloser>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiCloser>;
using CurlList = std::unique_ptr<curl_slist, CurlCloser>;
using CurlUrl = std::unique_ptr<CURLU, CurlCloser>;

/// Adds a line to a list of curl's.
void append_line(CurlList& list, const std::string& line);

/// Who may read more than a megabyte: a few at a time, and the others pause, so that memory is
/// bounded however many servers send all they can. Packed bodies are not asked to pause: curl would
/// keep what it has unpacked.
struct BodyRoom {
  unsigned left = 4;
  std::deque<CURL*> paused = {};
};

/// What all exchanges of a client have in common.
struct CurlSettings {
  std::string user_agent;
  std::string proxy;
  std::string ca_file;
  std::chrono::seconds timeout;
  CurlList resolve;
  BodyRoom room;
};

/// One `HttpClient::get`: a request, and those that follow its redirects. Walks the chain itself,
/// so that each hop is checked and secrets stay with the host they were meant for. `begin` readies
/// a handle for the next hop, `end` says what became of it; both on the thread that moves
/// transfers.
class CurlExchange {
 public:
  CurlExchange(const HttpRequest& request, CurlSettings& settings, const PeerGuard& guard,
               const std::vector<Peer>& proxies)
      : request_{request}, settings_{settings}, guard_{guard}, proxies_{proxies} {}

  /// False if the hop must not be made: the exchange has ended.
  bool begin(CURL* handle);

  /// True if there is another hop to `begin`, with the same handle.
  bool end(CURL* handle, CURLcode code);

  /// Ends the exchange between `begin` and `end`, with an error after "URL: ".
  void fail(CURL* handle, std::string_view reason);

  /// How it ended.
  Result<HttpResponse>& result() { return *result_; }

 private:
  using Clock = std::chrono::steady_clock;

  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* to);
  static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* to);
  static curl_socket_t on_open_socket(void* to, curlsocktype, curl_sockaddr* address);

  bool refuses_address();
  void set_limits(CURL* handle, std::chrono::milliseconds left) const;
  void set_callbacks(CURL* handle);
  bool has_room(std::size_t size);
  void give_back_room(CURL* handle);
  std::string reason(CURLcode code) const;
  void refuse(std::string_view reason);

  const HttpRequest& request_;
  CurlSettings& settings_;
  const PeerGuard& guard_;
  const std::vector<Peer>& proxies_;
  const std::chrono::seconds timeout_ = std::min(request_.timeout, settings_.timeout);
  const Clock::time_point deadline_ = Clock::now() + timeout_ - request_.chain.spent;

  // The chain so far.
  std::string url_ = request_.chain.url.empty() ? request_.url : request_.chain.url;
  int hops_ = request_.chain.hops;
  bool permanent_ = request_.chain.permanent;
  std::optional<Result<HttpResponse>> result_;

  // The present hop.
  CURL* handle_ = nullptr;
  CurlList lines_;
  char detail_[CURL_ERROR_SIZE] = {};
  bool too_large_ = false;
  bool packed_ = false;
  bool holds_room_ = false;
  std::string refused_address_;
  HttpHeaders headers_;
  std::string body_;
};

}  // namespace earshot
