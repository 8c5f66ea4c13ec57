#include "store/base/address.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace earshot {

namespace {

struct Range4 {
  std::uint32_t prefix;
  int bits;
};

/// Everything in IPv4 that is not somebody's own public host.
constexpr Range4 special4[] = {
    {0x00000000, 8},   // 0.0.0.0: this network
    {0x0A000000, 8},   // 10.0.0.0: private
    {0x64400000, 10},  // 100.64.0.0: carrier-grade NAT
    {0x7F000000, 8},   // 127.0.0.0: loopback
    {0xA9FE0000, 16},  // 169.254.0.0: link-local, cloud metadata
    {0xAC100000, 12},  // 172.16.0.0: private
    {0xC0000000, 24},  // 192.0.0.0: protocol assignments
    {0xC0000200, 24},  // 192.0.2.0: documentation
    {0xC01FC400, 24},  // 192.31.196.0: AS112
    {0xC034C100, 24},  // 192.52.193.0: AMT
    {0xC0586300, 24},  // 192.88.99.0: 6to4 relays
    {0xC0A80000, 16},  // 192.168.0.0: private
    {0xC0AF3000, 24},  // 192.175.48.0: AS112
    {0xC6120000, 15},  // 198.18.0.0: benchmarks
    {0xC6336400, 24},  // 198.51.100.0: documentation
    {0xCB007100, 24},  // 203.0.113.0: documentation
    {0xE0000000, 4},   // 224.0.0.0: multicast
    {0xF0000000, 4},   // 240.0.0.0: reserved, broadcast
};

struct Range6 {
  std::uint64_t prefix;  ///< The first 64 bits; no range here is narrower.
  int bits;
};

constexpr Range6 global6 = {0x2000000000000000, 3};  // all unicast that IANA has given out

/// What lies in 2000::/3 and is special all the same.
constexpr Range6 special6[] = {
    {0x2001000000000000, 23},  // 2001::, protocol assignments: Teredo, benchmarks, ORCHID, DRIP
    {0x20010DB800000000, 32},  // 2001:db8::, documentation
    {0x2002000000000000, 16},  // 2002::, 6to4
    {0x2620004F80000000, 48},  // 2620:4f:8000::, AS112
    {0x3FFF000000000000, 20},  // 3fff::, documentation
};

constexpr std::uint64_t nat64 = 0x0064FF9B00000000;  // 64:ff9b::/96, then an IPv4 address

bool in(std::uint32_t address, Range4 range) {
  return (address ^ range.prefix) >> (32 - range.bits) == 0;
}
bool in(std::uint64_t high, Range6 range) {
  return (high ^ range.prefix) >> (64 - range.bits) == 0;
}

/// A big-endian number from `bytes`.
std::uint64_t number(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool is_public4(std::uint32_t address) {
  return std::ranges::none_of(special4, [&](Range4 range) { return in(address, range); });
}

bool is_public6(std::uint64_t high, std::uint64_t low) {
  const bool mapped = high == 0 && low >> 32 == 0xFFFF;
  const bool translated = high == nat64 && low >> 32 == 0;
  if (mapped || translated) return is_public4(static_cast<std::uint32_t>(low));
  return in(high, global6) &&
         std::ranges::none_of(special6, [&](Range6 range) { return in(high, range); });
}

/// The IPv4 address in "::ffff:127.0.0.1"; else the address as it is.
std::span<const std::uint8_t> unmapped(std::span<const std::uint8_t> address) {
  const bool mapped = address.size() == 16 && number(address.first(8)) == 0 &&
                      number(address.subspan(8, 4)) == 0xFFFF;
  return mapped ? address.last(4) : address;
}

}  // namespace

bool is_public_address(std::span<const std::uint8_t> address) {
  if (address.size() == 4) return is_public4(static_cast<std::uint32_t>(number(address)));
  if (address.size() == 16) return is_public6(number(address.first(8)), number(address.last(8)));
  return false;
}

std::string format_address(std::span<const std::uint8_t> address) {
  if (address.size() != 4 && address.size() != 16) return "?";
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
  return text;
}

bool AddressRange::contains(std::span<const std::uint8_t> address) const {
  address = unmapped(address);
  if (address.size() != prefix.size()) return false;
  for (unsigned i = 0; i < bits; ++i)
    if (((address[i / 8] ^ prefix[i / 8]) >> (7 - i % 8) & 1) != 0) return false;
  return true;
}

Result<AddressRange> parse_address_range(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const std::string address{text.substr(0, slash)};
  AddressRange range;
  range.prefix.resize(address.find(':') == address.npos ? 4 : 16);
  const int family = range.prefix.size() == 4 ? AF_INET : AF_INET6;
  range.bits = static_cast<unsigned>(range.prefix.size() * 8);
  bool good = inet_pton(family, address.c_str(), range.prefix.data()) == 1;
  if (slash < text.size()) {
    const auto bits = text.substr(slash + 1);
    const unsigned most = range.bits;
    const auto [rest, error] = std::from_chars(bits.data(), bits.data() + bits.size(), range.bits);
    good = good && error == std::errc{} && rest == bits.data() + bits.size() && range.bits <= most;
  }
  if (good) return range;
  return Error{Error::Kind::config,
               fmt::format("'{}' is not an address or a range like 10.0.0.0/8", text)};
}

}  // namespace earshot
