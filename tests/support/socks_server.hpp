#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace earshot {

/// A small SOCKS proxy on 127.0.0.1, versions 5 and 4a, without logins. Whatever it is asked for,
/// it leads to one port of 127.0.0.1, which stands for the internet. Sources: RFC 1928, and
/// https://www.openssh.com/txt/socks4a.protocol
class SocksServer {
 public:
  /// What a client asked for.
  struct Asked {
    std::string host;      ///< A name, or an IPv4 address.
    bool by_name = false;  ///< The client left it to the proxy to look the name up.
    int port = 0;

    friend bool operator==(const Asked&, const Asked&) = default;
  };

  explicit SocksServer(int leads_to);
  ~SocksServer();
  SocksServer(const SocksServer&) = delete;
  SocksServer& operator=(const SocksServer&) = delete;

  std::string url(std::string_view scheme) const;  ///< "socks5h://127.0.0.1:PORT".
  std::vector<Asked> asked() const;                ///< In the order in which they came.
  std::size_t connections() const;                 ///< Accepted so far.

 private:
  void accept_all();
  void serve(int client);
  int connect_on();  ///< The other end; -1 if nobody is there.

  const int leads_to_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;  ///< Guards all that follows.
  bool stopping_ = false;
  std::size_t connections_ = 0;
  std::vector<Asked> asked_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepter_;
};

}  // namespace earshot
