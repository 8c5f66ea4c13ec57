#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/address.hpp"

struct sockaddr;

namespace earshot {

/// One end of a connection.
struct Peer {
  std::vector<std::uint8_t> address;  ///< In network order, 4 or 16 bytes; empty: not understood.
  std::uint16_t port = 0;

  friend bool operator==(const Peer&, const Peer&) = default;
};

/// The address that a socket is about to be connected to.
Peer peer_of(const sockaddr* address);

/// The address that a host of a URL is written as, "127.0.0.1", "[::1]" or "localhost"; empty if it
/// is a name that must be looked up.
std::vector<std::uint8_t> literal_address(std::string_view host);

/// Which peers may be connected to: public ones, those that the user allows, and the proxy that
/// somebody asked for, wherever it is. May be asked by several threads at once.
class PeerGuard {
 public:
  PeerGuard(bool allow_private, std::vector<AddressRange> allowed)
      : allow_private_{allow_private}, allowed_{std::move(allowed)} {}

  /// The addresses of a proxy as curl spells it ("host:port", "socks5h://user@host"); of the
  /// proxies that the environment names, for an empty text. Looked up once, by whoever asks first;
  /// lives as long as the guard.
  const std::vector<Peer>& proxy(const std::string& proxy);

  /// `proxies` are those that this request may go by.
  bool may_connect(const Peer& peer, const std::vector<Peer>& proxies) const;

 private:
  const bool allow_private_;
  const std::vector<AddressRange> allowed_;
  std::mutex mutex_;  ///< Guards `proxies_`, whose nodes stay where they are.
  std::map<std::string, std::vector<Peer>, std::less<>> proxies_;
};

}  // namespace earshot
