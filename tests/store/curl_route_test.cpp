// Which way a request takes: by proxies, over TLS and back, from host to host.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "store/base/curl_http.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/socks_server.hpp"
#include "tests/support/tls_servers.hpp"

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

TEST_CASE(
    "curl route: from https a redirect leads to http, but nothing that is secret goes along") {
  TlsServers tls;
  if (tls.good_port() == 0) {
    MESSAGE("skipped: there is no openssl");
    return;
  }
  HttpServer plain;
  plain.answer("/end", {.body = "in the open"});
  const std::string target = fmt::format("http://good.example:{}/end", plain.port());
  tls.answer("feed", "HTTP/1.0 301 Moved\r\nLocation: " + target + "\r\n\r\n");
  const auto client =
      make_curl_http({.user_agent = "earshot-test",
                      .allow_private = true,
                      .resolve = {fmt::format("good.example:{}:127.0.0.1", tls.good_port()),
                                  fmt::format("good.example:{}:127.0.0.1", plain.port())},
                      .ca_file = tls.ca_file()});

  const auto response =
      client->get({.url = fmt::format("https://user:canary@good.example:{}/feed", tls.good_port()),
                   .headers = {{"X-Api-Key", "canary"}, {"Authorization", "Bearer canary"}},
                   .stay_on_host = true});

  REQUIRE_MESSAGE(response, response.error().message);
  CHECK(response->body == "in the open");
  CHECK(response->moved_to == target);  // which `note_move` does not take over
  REQUIRE(plain.requests().size() == 1);
  CHECK(plain.requests()[0].header("x-api-key").empty());
  CHECK(plain.requests()[0].header("authorization").empty());
}

TEST_CASE("curl route: a request may stay on its host, and be gone on with from there") {
  HttpServer first;
  HttpServer second{"127.0.0.2"};
  first.redirect("/a", 301, "/b");
  first.redirect("/b", 301, second.url("/c"));
  second.redirect("/c", 308, "/d");
  second.answer("/d", {.body = "here"});
  const auto client = make_curl_http({.user_agent = "earshot-test", .allow_private = true});
  HttpRequest request{
      .url = first.url("/a"), .headers = {{"X-Api-Key", "canary"}}, .stay_on_host = true};

  const auto left = client->get(request);
  const std::size_t asked_before = second.requests().size();
  REQUIRE(left);
  request.chain = left->led;
  const auto arrived = client->get(request);

  CHECK(left->led.url == second.url("/c"));
  CHECK(left->led.hops == 2);
  CHECK(asked_before == 0);
  REQUIRE(arrived);
  CHECK(arrived->led.url.empty());
  CHECK(arrived->body == "here");
  CHECK(arrived->moved_to == second.url("/d"));
  CHECK(first.requests("/a").size() == 1);
  CHECK(second.requests("/c")[0].header("x-api-key").empty());
}

TEST_CASE("curl route: redirects and time are counted over all hosts of a chain") {
  HttpServer first;
  HttpServer second{"127.0.0.2"};
  first.redirect("/ping", 302, second.url("/pong"));
  second.redirect("/pong", 302, first.url("/ping"));
  second.answer("/hang", {.manner = ServerAnswer::Manner::hang});
  const auto client = make_curl_http({.user_agent = "earshot-test", .allow_private = true});
  HttpRequest request{.url = first.url("/ping"), .stay_on_host = true};
  auto response = client->get(request);
  for (int i = 0; i < 20 && response && !response->led.url.empty(); ++i) {
    request.chain = response->led;
    response = client->get(request);
  }
  const auto start = std::chrono::steady_clock::now();

  const auto late = client->get(
      {.url = second.url("/hang"),
       .timeout = std::chrono::seconds{5},
       .chain = {.url = second.url("/hang"), .hops = 1, .spent = std::chrono::milliseconds{4500}}});

  CHECK(error_of(response) == first.url("/ping") + ": more than 10 redirects");
  CHECK(first.requests().size() + second.requests("/pong").size() == 11);
  CHECK(error_of(late).ends_with("no complete answer within 5 s"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{3});
}

TEST_CASE("curl route: a kept connection that breaks costs one more request, a fresh one none") {
  HttpServer server;
  server.answer("/good", {.body = "hello"});
  server.answer("/reset", {.manner = ServerAnswer::Manner::reset});
  const auto client = make_curl_http({.user_agent = "earshot-test", .allow_private = true});

  const auto fresh = client->get({.url = server.url("/reset")});
  const auto asked_fresh = server.requests("/reset").size();
  const auto good = client->get({.url = server.url("/good")});
  const auto kept = client->get({.url = server.url("/reset")});

  CHECK(error_of(fresh) == server.url("/reset") + ": recv failure: Connection reset by peer");
  CHECK(asked_fresh == 1);
  CHECK(good);
  CHECK(error_of(kept) == server.url("/reset") + ": recv failure: Connection reset by peer");
  CHECK(server.requests("/reset").size() == 3);
}
