#include "store/base/peer_guard.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cstdlib>

#include "store/base/http.hpp"

namespace earshot {

namespace {

/// Adds all addresses of the proxy that `text` names, as curl reads it: "host:port",
/// "http://user@host:port", "socks5://host".
void add_proxy(std::string text, std::vector<Peer>& peers) {
  if (text.find("://") == text.npos) text.insert(0, "http://");
  const std::string origin = origin_of(text);
  std::string host = server_of(text);
  if (host.empty()) return;
  const std::string after = origin.substr(origin.rfind(host) + host.size());
  std::string port = after.starts_with(':') ? after.substr(1) : std::string{};
  if (port.empty()) port = text.starts_with("https://") ? "443" : "1080";
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next)
    peers.push_back(peer_of(at->ai_addr));
  freeaddrinfo(found);
}

}  // namespace

Peer peer_of(const sockaddr* address) {
  Peer peer;
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&v4->sin_addr);
    peer = {{bytes, bytes + 4}, ntohs(v4->sin_port)};
  } else if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&v6->sin6_addr);
    peer = {{bytes, bytes + 16}, ntohs(v6->sin6_port)};
  }
  return peer;
}

std::vector<std::uint8_t> literal_address(std::string_view host) {
  if (host.starts_with('[')) host = host.substr(1, host.find_first_of("%]") - 1);
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return {127, 0, 0, 1};
  const std::string text{host};
  std::vector<std::uint8_t> bytes(16);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

const std::vector<Peer>& PeerGuard::proxy(const std::string& proxy) {
  const std::scoped_lock lock{mutex_};
  const auto [at, fresh] = proxies_.try_emplace(proxy);
  if (!fresh || allow_private_) return at->second;
  if (!proxy.empty()) {
    add_proxy(proxy, at->second);
    return at->second;
  }
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      add_proxy(value, at->second);
  return at->second;
}

bool PeerGuard::may_connect(const Peer& peer, const std::vector<Peer>& proxies) const {
  if (allow_private_ || is_public_address(peer.address)) return true;
  const auto covers = [&](const AddressRange& range) { return range.contains(peer.address); };
  return std::ranges::any_of(allowed_, covers) || std::ranges::find(proxies, peer) != proxies.end();
}

}  // namespace earshot
