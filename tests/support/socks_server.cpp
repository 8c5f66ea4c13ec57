#include "tests/support/socks_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

namespace earshot {

namespace {

/// The next `size` bytes; fewer at the end of the connection.
std::string read_bytes(int socket, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = recv(socket, bytes.data(), size, MSG_WAITALL);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

int read_number(int socket, std::size_t size) {
  int number = 0;
  for (const char byte : read_bytes(socket, size))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// Up to a zero byte.
std::string read_text(int socket) {
  std::string text;
  for (std::string next = read_bytes(socket, 1); next != std::string(1, '\0') && !next.empty();
       next = read_bytes(socket, 1))
    text += next;
  return text;
}

std::string read_address(int socket) {
  std::string text;
  for (const char byte : read_bytes(socket, 4))
    text += fmt::format("{}{}", text.empty() ? "" : ".", static_cast<unsigned char>(byte));
  return text;
}

bool send_all(int socket, std::string_view bytes) {
  return send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

/// Greeting and wish of version 5, up to the answer that it is granted.
std::optional<SocksServer::Asked> agree_on_5(int socket) {
  constexpr int a_name = 3;
  constexpr int an_address = 1;
  read_bytes(socket, static_cast<std::size_t>(read_number(socket, 1)));  // logins it knows
  send_all(socket, {"\5\0", 2});
  read_bytes(socket, 3);  // version, connect, reserved
  SocksServer::Asked asked;
  const int kind = read_number(socket, 1);
  if (kind != a_name && kind != an_address) return {};
  asked.by_name = kind == a_name;
  asked.host = asked.by_name ? read_bytes(socket, static_cast<std::size_t>(read_number(socket, 1)))
                             : read_address(socket);
  asked.port = read_number(socket, 2);
  send_all(socket, {"\5\0\0\1\0\0\0\0\0\0", 10});
  return asked;
}

/// The same of version 4; an address of 0.0.0.x is followed by a name.
std::optional<SocksServer::Asked> agree_on_4(int socket) {
  read_bytes(socket, 1);  // connect
  SocksServer::Asked asked;
  asked.port = read_number(socket, 2);
  asked.host = read_address(socket);
  read_text(socket);  // who asks
  asked.by_name = asked.host.starts_with("0.0.0.");
  if (asked.by_name) asked.host = read_text(socket);
  send_all(socket, {"\0\x5A\0\0\0\0\0\0", 8});
  return asked;
}

/// Hands on what either side says until one of them ends.
void relay(int client, int server) {
  pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
  while (poll(ends, 2, -1) > 0)
    for (int i = 0; i < 2; ++i) {
      if (ends[i].revents == 0) continue;
      char bytes[4096];
      const ssize_t got = recv(ends[i].fd, bytes, sizeof bytes, 0);
      if (got <= 0 || !send_all(ends[1 - i].fd, {bytes, static_cast<std::size_t>(got)})) return;
    }
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace

SocksServer::SocksServer(int leads_to) : leads_to_{leads_to} {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, plain, size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, plain, &size) != 0) {
    std::perror("the test proxy can't listen");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  accepter_ = std::thread{[this] { accept_all(); }};
}

SocksServer::~SocksServer() {
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) close(socket);
  close(listener_);
}

std::string SocksServer::url(std::string_view scheme) const {
  return fmt::format("{}://127.0.0.1:{}", scheme, port_);
}

std::vector<SocksServer::Asked> SocksServer::asked() const {
  const std::scoped_lock lock{mutex_};
  return asked_;
}

std::size_t SocksServer::connections() const {
  const std::scoped_lock lock{mutex_};
  return connections_;
}

void SocksServer::accept_all() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::scoped_lock lock{mutex_};
    if (stopping_) {
      if (client >= 0) close(client);
      return;
    }
    if (client < 0) continue;
    ++connections_;
    sockets_.push_back(client);
    threads_.emplace_back([this, client] { serve(client); });
  }
}

void SocksServer::serve(int client) {
  const int version = read_number(client, 1);
  const auto asked = version == 5   ? agree_on_5(client)
                     : version == 4 ? agree_on_4(client)
                                    : std::optional<Asked>{};
  int server = -1;
  if (asked) {
    const std::scoped_lock lock{mutex_};
    asked_.push_back(*asked);
    if (!stopping_) server = connect_on();
  }
  if (server >= 0) {
    relay(client, server);
    shutdown(server, SHUT_RDWR);
  }
  shutdown(client, SHUT_RDWR);
}

int SocksServer::connect_on() {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(leads_to_);
  sockets_.push_back(server);
  return connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? server
                                                                                           : -1;
}

}  // namespace earshot
