#include "store/base/address.hpp"

#include <arpa/inet.h>
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  const bool v6 = text.find(':') != std::string::npos;
  std::vector<std::uint8_t> bytes(v6 ? 16 : 4);
  REQUIRE_MESSAGE(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), bytes.data()) == 1, text);
  return bytes;
}

bool is_public(const std::string& text) {
  return is_public_address(bytes_of(text));
}

/// First and last address of each special range of IPv4, and the public neighbours on either side
/// ("" where there is none).
struct Row {
  const char* before;
  const char* first;
  const char* last;
  const char* after;
};

constexpr Row special_v4[] = {
    {"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
    {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
    {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
    {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
    {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
    {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
    {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
    {"192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"},
    {"192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"},
    {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
    {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
    {"192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"},
    {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
    {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
    {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
    {"223.255.255.255", "224.0.0.0", "239.255.255.255", ""},
    {"", "240.0.0.0", "255.255.255.255", ""},
};

constexpr Row special_v6[] = {
    {"", "::", "::ffff:0:0", ""},  // unspecified, loopback, IPv4-compatible
    {"", "::1", "::127.0.0.1", ""},
    {"", "::8.8.8.8", "::ffff:0:8.8.8.8", ""},  // IPv4-compatible, IPv4-translated
    {"", "64:ff9b:1::", "64:ff9b:1:ffff::8.8.8.8", ""},
    {"", "100::", "100::ffff:ffff:ffff:ffff", ""},
    {"", "100:0:0:1::", "100:0:0:1::1", ""},
    {"", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
    {"", "2001::1", "2001:0:ffff::1", ""},  // Teredo
    {"", "2001:2::", "2001:2:0:ffff::1", ""},
    {"", "2001:10::", "2001:3f:ffff::1", ""},
    {"2001:db7:ffff::1", "2001:db8::", "2001:db8:ffff:ffff::1", "2001:db9::"},
    {"2001:ffff::1", "2002::", "2002:ffff:ffff::1", "2003::"},
    {"", "2002:7f00:1::1", "2002:808:808::1", ""},  // 6to4, of whatever IPv4 address
    {"2620:4f:7fff::1", "2620:4f:8000::", "2620:4f:8000:ffff::1", "2620:4f:8001::"},
    {"3ffe:ffff::1", "3fff::", "3fff:fff:ffff::1", "3fff:1000::"},
    {"", "4000::", "5f00::1", ""},
    {"", "fc00::", "fdff:ffff::1", ""},
    {"", "fe80::", "febf:ffff::1", ""},
    {"", "fec0::", "feff::1", ""},
    {"", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
};

}  // namespace

TEST_CASE("address: no special-purpose range is public, its neighbours are") {
  for (const auto& table : {std::span<const Row>{special_v4}, std::span<const Row>{special_v6}})
    for (const Row& row : table) {
      CHECK_MESSAGE(!is_public(row.first), row.first);
      CHECK_MESSAGE(!is_public(row.last), row.last);
      if (*row.before) CHECK_MESSAGE(is_public(row.before), row.before);
      if (*row.after) CHECK_MESSAGE(is_public(row.after), row.after);
    }
}

TEST_CASE("address: an IPv4 address inside an IPv6 one is judged as what it is") {
  for (const Row& row : special_v4)
    for (const char* prefix : {"::ffff:", "64:ff9b::"}) {
      CHECK_MESSAGE(!is_public(std::string{prefix} + row.first), prefix << row.first);
      CHECK_MESSAGE(!is_public(std::string{prefix} + row.last), prefix << row.last);
      if (*row.before)
        CHECK_MESSAGE(is_public(std::string{prefix} + row.before), prefix << row.before);
      if (*row.after)
        CHECK_MESSAGE(is_public(std::string{prefix} + row.after), prefix << row.after);
    }
}

TEST_CASE("address: ordinary hosts are public") {
  for (const char* host :
       {"1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::200e"})
    CHECK_MESSAGE(is_public(host), host);
}

TEST_CASE("address: what is neither 4 nor 16 bytes long is not connected to") {
  const std::array<std::uint8_t, 5> odd{8, 8, 8, 8, 8};

  CHECK_FALSE(is_public_address({}));
  CHECK_FALSE(is_public_address(odd));
  CHECK(format_address(odd) == "?");
}

TEST_CASE("address: is shown as people write it") {
  CHECK(format_address(bytes_of("127.0.0.1")) == "127.0.0.1");
  CHECK(format_address(bytes_of("fe80:0::1")) == "fe80::1");
}

TEST_CASE("address: a range holds the addresses that begin with its bits") {
  const auto range = [](const char* text) {
    const auto parsed = parse_address_range(text);
    REQUIRE_MESSAGE(parsed, text);
    return *parsed;
  };

  CHECK(range("192.168.1.20").contains(bytes_of("192.168.1.20")));
  CHECK_FALSE(range("192.168.1.20").contains(bytes_of("192.168.1.21")));
  CHECK(range("10.0.0.0/8").contains(bytes_of("10.255.0.1")));
  CHECK(range("10.0.0.0/8").contains(bytes_of("::ffff:10.255.0.1")));
  CHECK_FALSE(range("10.0.0.0/8").contains(bytes_of("11.0.0.1")));
  CHECK(range("192.168.8.0/21").contains(bytes_of("192.168.15.255")));
  CHECK_FALSE(range("192.168.8.0/21").contains(bytes_of("192.168.16.0")));
  CHECK(range("fd00::/8").contains(bytes_of("fdff::1")));
  CHECK_FALSE(range("fd00::/8").contains(bytes_of("fe00::1")));
  CHECK_FALSE(range("0.0.0.0/0").contains(bytes_of("::1")));
  CHECK(range("0.0.0.0/0").contains(bytes_of("255.1.1.1")));
}

TEST_CASE("address: what is no range is an error that says so") {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "nas.local",
                           "10.0.0.0/8x", "10.0.0.0/-1"}) {
    const auto range = parse_address_range(text);
    REQUIRE_FALSE_MESSAGE(range, text);
    CHECK(range.error().message ==
          "'" + std::string{text} + "' is not an address or a range like 10.0.0.0/8");
  }
}
