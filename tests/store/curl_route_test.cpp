// Which way a request takes: by proxies.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "store/base/curl_http.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/socks_server.hpp"

using namespace earshot;

namespace {

std::string error_of(const Result<HttpResponse>& response) {
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == Error::Kind::network);
  return response.error().message;
}

const char* const refused = "refuses to connect to the private address";

}  // namespace

TEST_CASE("curl route: a SOCKS proxy is asked for names, however it is spelled") {
  HttpServer internet;
  internet.answer("/x", {.body = "by proxy"});
  for (const char* scheme : {"socks5h", "socks5", "SOCKS5", "socks4a", "socks4"}) {
    SocksServer proxy{internet.port()};
    // An address that we looked up ourselves would be asked for without being looked at.
    const auto client = make_curl_http({.user_agent = "earshot-test",
                                        .proxy = proxy.url(scheme),
                                        .resolve = {"feeds.example:80:127.0.0.2"}});

    const auto response = client->get({.url = "http://feeds.example/x"});

    REQUIRE_MESSAGE(response, scheme);
    CHECK(response->body == "by proxy");
    CHECK(proxy.asked() == std::vector<SocksServer::Asked>{{"feeds.example", true, 80}});
  }
  CHECK(internet.requests("/x")[0].header("host") == "feeds.example");
}

TEST_CASE("curl route: a SOCKS proxy of the environment is asked for names too") {
  HttpServer internet;
  internet.answer("/x", {.body = "by proxy"});
  SocksServer proxy{internet.port()};
  setenv("all_proxy", proxy.url("socks5").c_str(), 1);
  const auto client = make_curl_http({.user_agent = "earshot-test"});

  const auto response = client->get({.url = "http://feeds.example/x"});
  unsetenv("all_proxy");

  REQUIRE(response);
  CHECK(response->body == "by proxy");
  CHECK(proxy.asked() == std::vector<SocksServer::Asked>{{"feeds.example", true, 80}});
}

TEST_CASE("curl route: no SOCKS proxy is asked for a private address, typed or led to") {
  HttpServer internet;
  internet.redirect("/led", 302, "http://127.0.0.2/internal");
  SocksServer proxy{internet.port()};
  const auto client = make_curl_http({.user_agent = "earshot-test", .proxy = proxy.url("socks5h")});

  for (const char* host : {"127.0.0.2", "127.2", "0x7f000002", "2130706434", "localhost", "[::1]",
                           "[::ffff:127.0.0.2]", "10.0.0.1", "169.254.169.254"})
    CHECK_MESSAGE(error_of(client->get({.url = fmt::format("http://{}/", host)})).find(refused) !=
                      std::string::npos,
                  host);
  CHECK(proxy.connections() == 0);
  CHECK(error_of(client->get({.url = "http://feeds.example/led"})) ==
        "http://feeds.example/led: redirected to http://127.0.0.2/internal: refuses to connect to "
        "the private address 127.0.0.2 (allow it with --allow-private)");
  CHECK(proxy.asked() == std::vector<SocksServer::Asked>{{"feeds.example", true, 80}});
}

TEST_CASE("curl route: a SOCKS proxy is trusted for those who asked for it, and as nothing else") {
  HttpServer internet;
  internet.answer("/x", {.body = "by proxy"});
  SocksServer proxy{internet.port()};
  const auto client =
      make_curl_http({.user_agent = "earshot-test", .resolve = {"rebinding.example:80:127.0.0.1"}});
  std::string direct = proxy.url("http");

  const auto through =
      client->get({.url = "http://feeds.example/x", .proxy = proxy.url("socks5h")});
  const auto at_its_door = client->get({.url = direct + "/"});
  const auto beside = client->get({.url = "http://rebinding.example/"});

  REQUIRE(through);
  CHECK(through->body == "by proxy");
  CHECK(error_of(at_its_door).find(refused) != std::string::npos);
  CHECK(error_of(beside).find(refused) != std::string::npos);
  CHECK(proxy.connections() == 1);
}
