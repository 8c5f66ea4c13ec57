#pragma once

#include <cstdint>
#include <span>
#include <string>

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

}  // namespace earshot
