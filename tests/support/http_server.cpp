#include "tests/support/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "tests/support/scripted_http.hpp"

namespace earshot {

namespace {

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Waits for more of a request. False at the end of the connection.
bool read_more(int socket, std::string& buffer) {
  char bytes[4096];
  const ssize_t got = recv(socket, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

/// Reads up to the blank line that ends a request's headers, and the body if one is announced.
/// False at the end of the connection.
bool read_request(int socket, std::string& buffer, ServerRequest& request) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == buffer.npos)
    if (!read_more(socket, buffer)) return false;
  const std::string_view head{buffer.data(), end + 2};
  request = {};
  request.at = std::chrono::steady_clock::now();
  const auto path = head.find(' ') + 1;
  request.method = head.substr(0, path - 1);
  request.path = head.substr(path, head.find(' ', path) - path);
  for (std::size_t line = head.find("\r\n") + 2; line < head.size();) {
    const auto stop = head.find("\r\n", line);
    const auto colon = head.find(": ", line);
    if (colon < stop)
      request.headers.emplace_back(head.substr(line, colon - line),
                                   head.substr(colon + 2, stop - colon - 2));
    line = stop + 2;
  }
  buffer.erase(0, end + 4);
  const std::string length = request.header("content-length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (buffer.size() < size)
    if (!read_more(socket, buffer)) return false;
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return true;
}

/// The same bytes until the client goes away. Always false.
bool send_again(int socket, std::string_view bytes) {
  while (send_all(socket, bytes)) {
  }
  return false;
}

std::string without_query(const std::string& path) {
  return path.substr(0, path.find('?'));
}

}  // namespace

std::string ServerRequest::header(std::string_view name) const {
  return request_header(headers, name);
}

HttpServer::HttpServer(const std::string& address_text) : address_{address_text} {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, address_.c_str(), &address.sin_addr);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, plain, size) != 0 || listen(listener_, 1024) != 0 ||
      getsockname(listener_, plain, &size) != 0) {
    std::perror("the test server can't listen");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  accepter_ = std::thread{[this] { accept_all(); }};
}

HttpServer::~HttpServer() {
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  stop_.notify_all();
  shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) close(socket);
  close(listener_);
}

std::string HttpServer::url(std::string_view path) const {
  return fmt::format("http://{}:{}{}", address_, port_, path);
}

void HttpServer::answer(const std::string& path, ServerAnswer answer) {
  const std::scoped_lock lock{mutex_};
  scripts_[path].answers.push_back(std::move(answer));
}

void HttpServer::redirect(const std::string& path, int status, const std::string& location) {
  answer(path, {.status = status, .headers = {{"Location", location}}});
}

std::vector<ServerRequest> HttpServer::requests(std::string_view path) const {
  const std::scoped_lock lock{mutex_};
  std::vector<ServerRequest> found;
  std::ranges::copy_if(requests_, std::back_inserter(found), [&](const ServerRequest& request) {
    return path.empty() || without_query(request.path) == path;
  });
  return found;
}

std::size_t HttpServer::connections() const {
  const std::scoped_lock lock{mutex_};
  return sockets_.size();
}

std::size_t HttpServer::most_at_once() const {
  const std::scoped_lock lock{mutex_};
  return most_busy_;
}

void HttpServer::accept_all() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::scoped_lock lock{mutex_};
    if (stopping_) {
      if (socket >= 0) close(socket);
      return;
    }
    if (socket < 0) continue;
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void HttpServer::serve(int socket) {
  std::string buffer;
  ServerRequest request;
  while (read_request(socket, buffer, request)) {
    const ServerAnswer answer = choose(request);
    const bool go_on = send_answer(socket, answer);
    const std::scoped_lock lock{mutex_};
    --busy_;
    if (!go_on) break;
  }
  shutdown(socket, SHUT_RDWR);
}

ServerAnswer HttpServer::choose(const ServerRequest& request) {
  const std::scoped_lock lock{mutex_};
  requests_.push_back(request);
  most_busy_ = std::max(most_busy_, ++busy_);
  const auto found = scripts_.find(without_query(request.path));
  if (found == scripts_.end()) return {.status = 404};
  Script& script = found->second;
  ServerAnswer answer = script.answers[std::min(script.next++, script.answers.size() - 1)];
  const std::string etag = request_header(answer.headers, "etag");
  if (answer.check_etag && !etag.empty() && request.header("If-None-Match") == etag) {
    answer.status = 304;
    answer.body.clear();
  }
  return answer;
}

bool HttpServer::send_answer(int socket, const ServerAnswer& answer) {
  using Manner = ServerAnswer::Manner;
  if (answer.manner == Manner::hang) return wait(std::chrono::hours{1});
  if (answer.manner == Manner::garbage) return send_all(socket, answer.body) && false;
  if (answer.manner == Manner::reset) {
    const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
    return connect(socket, &nowhere, sizeof nowhere) == 0 && false;
  }
  if (answer.manner == Manner::endless_head) return send_again(socket, answer.body);
  const bool slow = answer.manner == Manner::slow || answer.manner == Manner::slow_head;
  if (!slow && answer.pause.count() > 0 && !wait(answer.pause)) return false;

  std::string head = fmt::format("HTTP/1.1 {} Scripted\r\n", answer.status);
  for (const auto& [name, value] : answer.headers) head += fmt::format("{}: {}\r\n", name, value);
  if (answer.manner == Manner::endless_chunks) {
    const std::string chunk = fmt::format("{:x}\r\n{}\r\n", answer.body.size(), answer.body);
    return send_all(socket, head + "Transfer-Encoding: chunked\r\n\r\n") &&
           send_again(socket, chunk);
  }
  if (answer.manner == Manner::endless_length)
    return send_all(socket, head + "Content-Length: 1000000000000\r\n\r\n") &&
           send_again(socket, answer.body);
  if (answer.manner == Manner::slow_head) return send_slowly(socket, head, answer.pause);
  if (answer.status != 304) head += fmt::format("Content-Length: {}\r\n", answer.body.size());
  if (!send_all(socket, head + "\r\n")) return false;
  if (answer.manner == Manner::cut)
    return send_all(socket, std::string_view{answer.body}.substr(0, answer.body.size() / 2)) &&
           false;
  return slow ? send_slowly(socket, answer.body, answer.pause) : send_all(socket, answer.body);
}

bool HttpServer::send_slowly(int socket, std::string_view bytes, std::chrono::milliseconds pause) {
  for (const char byte : bytes)
    if (!send_all(socket, {&byte, 1}) || !wait(pause)) return false;
  return true;
}

bool HttpServer::wait(std::chrono::milliseconds pause) {
  std::unique_lock lock{mutex_};
  return !stop_.wait_for(lock, pause, [this] { return stopping_; });
}

}  // namespace earshot
