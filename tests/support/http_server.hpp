#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/base/http.hpp"

namespace earshot {

/// What the server says to one request.
struct ServerAnswer {
  enum class Manner {
    whole,           ///< Headers and body at once.
    hang,            ///< Nothing, until the server stops.
    endless_chunks,  ///< The body again and again, chunked, until the client goes away.
    endless_length,  ///< The same, after the promise of a terabyte.
    endless_head,    ///< The body again and again, before anything else.
    slow,            ///< The body byte by byte, one each `pause`.
    slow_head,       ///< Status and headers so, and no body.
    cut,             ///< Promises the whole body, sends half of it and closes.
    reset,           ///< Breaks the connection off.
    garbage,         ///< The body alone, without any HTTP.
  };

  int status = 200;
  HttpHeaders headers = {};
  std::string body = {};
  Manner manner = Manner::whole;
  std::chrono::milliseconds pause{0};  ///< For `slow`; else how long to think before the answer.
  bool check_etag =
      false;  ///< Answers 304 if the request's If-None-Match is the `etag` header of this answer.
};

struct ServerRequest {
  std::string path;  ///< With the query.
  std::string method;
  HttpHeaders headers;
  std::string body;
  std::chrono::steady_clock::time_point at;

  /// The first header of that name in any spelling, or nothing.
  std::string header(std::string_view name) const;
};

/// A small real HTTP/1.1 server on 127.0.0.1 or another address of this machine, one thread a
/// connection, for tests that must see the wire. Each path has a list of answers, given in turn;
/// the last one stays. Paths without any are 404. May be asked from all threads.
class HttpServer {
 public:
  explicit HttpServer(const std::string& address = "127.0.0.1");
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(std::string_view path) const;  ///< "http://127.0.0.1:PORT/path".
  int port() const { return port_; }
  void answer(const std::string& path, ServerAnswer answer);
  void redirect(const std::string& path, int status, const std::string& location);

  /// Requests so far for a path (without query), in the order in which they came; all of them for
  /// an empty path.
  std::vector<ServerRequest> requests(std::string_view path = {}) const;

  std::size_t connections() const;  ///< Accepted so far.
  std::size_t most_at_once()
      const;  ///< The largest number of requests that were being answered at the same time.

 private:
  struct Script {
    std::vector<ServerAnswer> answers;
    std::size_t next = 0;
  };

  void accept_all();
  void serve(int socket);
  ServerAnswer choose(const ServerRequest& request);
  bool send_answer(int socket, const ServerAnswer& answer);
  bool send_slowly(int socket, std::string_view bytes, std::chrono::milliseconds pause);
  bool wait(std::chrono::milliseconds pause);  ///< False if the server stops.

  const std::string address_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::map<std::string, Script> scripts_;
  std::vector<ServerRequest> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::size_t busy_ = 0;
  std::size_t most_busy_ = 0;
  std::thread accepter_;
};

}  // namespace earshot
