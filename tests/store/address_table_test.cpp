// Every special-purpose range of IANA's registries, asked for in every way that leads to a socket.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "store/base/curl_http.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/socks_server.hpp"

using namespace earshot;

namespace {

struct Range {
  const char* first;
  int bits;
};

constexpr Range ranges4[] = {
    {"0.0.0.0", 8},       {"10.0.0.0", 8},      {"100.64.0.0", 10},   {"127.0.0.0", 8},
    {"169.254.0.0", 16},  {"172.16.0.0", 12},   {"192.0.0.0", 24},    {"192.0.2.0", 24},
    {"192.31.196.0", 24}, {"192.52.193.0", 24}, {"192.88.99.0", 24},  {"192.168.0.0", 16},
    {"192.175.48.0", 24}, {"198.18.0.0", 15},   {"198.51.100.0", 24}, {"203.0.113.0", 24},
    {"224.0.0.0", 4},     {"240.0.0.0", 4},
};

constexpr const char* addresses6[] = {
    "::",
    "::1",
    "::2",
    "::7f00:1",
    "::808:808",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2001:db8:ffff::1",
    "2002::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff::1",
    "4000::1",
    "5f00::1",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
    "8000::1",
    "c000::1",
    "fc00::1",
    "fd00::1",
    "fdff:ffff::1",
    "fe80::1",
    "fe80::808:808",
    "febf::1",
    "fec0::1",
    "feff::1",
    "ff00::1",
    "ff02::1",
    "ff0e::1",
};

/// First, last and three more of each range.
std::vector<std::uint32_t> addresses4() {
  std::vector<std::uint32_t> addresses;
  for (const Range& range : ranges4) {
    in_addr first{};
    REQUIRE(inet_pton(AF_INET, range.first, &first) == 1);
    const std::uint32_t size_less_one = 0xFFFFFFFFU >> range.bits;
    for (const std::uint32_t part : {0U, 1U, 2U, 3U, 4U})
      addresses.push_back(ntohl(first.s_addr) +
                          static_cast<std::uint32_t>(std::uint64_t{size_less_one} * part / 4));
  }
  return addresses;
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255,
                     address & 255);
}

/// Hosts of URLs in the spellings that reach the same socket.
std::vector<std::string> spelled_hosts() {
  std::vector<std::string> hosts;
  for (const std::uint32_t address : addresses4()) {
    hosts.push_back(dotted(address));
    hosts.push_back(std::to_string(address));
    hosts.push_back(fmt::format("0x{:x}", address));
    hosts.push_back(
        fmt::format("{:#o}.{}.{}", address >> 24, address >> 16 & 255, address & 65535));
    hosts.push_back(fmt::format("[::ffff:{}]", dotted(address)));
    hosts.push_back(fmt::format("[64:ff9b::{}]", dotted(address)));
  }
  for (const char* address : addresses6) hosts.push_back(fmt::format("[{}]", address));
  return hosts;
}

/// Addresses as a name service gives them.
std::vector<std::string> looked_up() {
  std::vector<std::string> addresses;
  for (const std::uint32_t address : addresses4()) {
    addresses.push_back(dotted(address));
    addresses.push_back(fmt::format("[::ffff:{}]", dotted(address)));
    addresses.push_back(fmt::format("[64:ff9b::{}]", dotted(address)));
    addresses.push_back(fmt::format("[2002:{:x}:{:x}::1]", address >> 16, address & 65535));
  }
  for (const char* address : addresses6) addresses.push_back(fmt::format("[{}]", address));
  return addresses;
}

/// How many of these are refused for their address; the others are named.
std::size_t refused(HttpClient& client, const std::vector<std::string>& urls) {
  std::size_t refused = 0;
  for (const auto& url : urls) {
    const auto response = client.get({.url = url});
    const bool right =
        !response && response.error().message.find("refuses to connect to the private address") !=
                         std::string::npos;
    CHECK_MESSAGE(right, url, " ", response ? "answered" : response.error().message);
    if (right) ++refused;
  }
  return refused;
}

}  // namespace

TEST_CASE(
    "address table: no special address is connected to, asked for, led to, looked up or by proxy") {
  HttpServer outside;  // the one address that is allowed, and stands for the public internet
  HttpServer inside{"127.0.0.2"};
  const auto here = parse_address_range("127.0.0.1");
  REQUIRE(here);
  std::vector<std::string> direct, led, named, resolve;
  for (const auto& host : spelled_hosts()) {
    if (host.find("127.0.0.1]") != host.npos) continue;
    direct.push_back(fmt::format("http://{}:{}/", host, inside.port()));
    const auto path = fmt::format("/to-{}", led.size());
    outside.redirect(path, 302, direct.back());
    led.push_back(outside.url(path));
  }
  for (const auto& address : looked_up()) {
    resolve.push_back(fmt::format("h{}.example:{}:{}", named.size(), inside.port(), address));
    named.push_back(fmt::format("http://h{}.example:{}/", named.size(), inside.port()));
  }
  const auto client =
      make_curl_http({.user_agent = "earshot-test", .allowed = {*here}, .resolve = resolve});
  HttpServer proxy;
  const auto by_proxy =
      make_curl_http({.user_agent = "earshot-test", .proxy = proxy.url(""), .allowed = {*here}});
  SocksServer socks{inside.port()};
  const auto by_socks = make_curl_http(
      {.user_agent = "earshot-test", .proxy = socks.url("socks5"), .allowed = {*here}});

  CHECK(direct.size() >= 400);
  CHECK(named.size() >= 400);
  CHECK(refused(*client, direct) == direct.size());
  CHECK(refused(*client, led) == led.size());
  CHECK(refused(*client, named) == named.size());
  CHECK(refused(*by_proxy, direct) == direct.size());
  CHECK(refused(*by_socks, direct) == direct.size());
  CHECK(outside.requests().size() == led.size());
  CHECK(inside.connections() == 0);
  CHECK(proxy.connections() == 0);
  CHECK(socks.connections() == 0);
  CHECK(client->get({.url = outside.url("/")}));
  MESSAGE(direct.size() << " spellings, " << named.size() << " names");
}
