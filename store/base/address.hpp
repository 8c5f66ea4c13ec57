#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// True if a packet to this address leaves for the public internet and reaches one host: neither
/// private, loopback, link-local, documentation, multicast nor any other special purpose. `address`
/// is in network order, 4 bytes of IPv4 or 16 of IPv6; an IPv4 address inside an IPv6 one (mapped,
/// NAT64) is judged as what it is; tunnels (6to4, Teredo) are refused. False for any other length,
/// so that what is not understood is not connected to.
///
/// Source: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates).
bool is_public_address(std::span<const std::uint8_t> address);

/// "127.0.0.1", "fe80::1"; "?" for any other length than 4 or 16.
std::string format_address(std::span<const std::uint8_t> address);

/// All addresses that begin with the same bits.
struct AddressRange {
  std::vector<std::uint8_t> prefix;  ///< In network order, 4 or 16 bytes.
  unsigned bits = 0;

  /// An IPv4 address inside an IPv6 one (mapped) is in the ranges of IPv4.
  bool contains(std::span<const std::uint8_t> address) const;
};

/// "192.168.1.20", "10.0.0.0/8", "fd00::/8". Error: `config`.
Result<AddressRange> parse_address_range(std::string_view text);

}  // namespace earshot
