#include "store/base/curl_http.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/http_server.hpp"

using namespace earshot;
using Manner = ServerAnswer::Manner;

namespace {

std::unique_ptr<HttpClient> open_client() {
  return make_curl_http(
      {.user_agent = "earshot-test/1 (+mailto:a@example.org)", .allow_private = true});
}

std::string error_of(const Result<HttpResponse>& response) {
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == Error::Kind::network);
  return response.error().message;
}

/// A gzip body that unpacks to `megabytes` times 2^20 zeros (about a thousandth of that on the
/// wire): one literal, then matches of length 258 at distance 1, in deflate's fixed code. The check
/// sum is left out: nobody gets that far.
std::string gzip_bomb(std::size_t megabytes) {
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  unsigned held = 0;
  unsigned bits = 0;
  const auto put = [&](unsigned value, unsigned count) {
    held |= value << bits;
    for (bits += count; bits >= 8; bits -= 8, held >>= 8)
      bytes.push_back(static_cast<char>(held & 0xFF));
  };
  put(0b011, 3);       // last block, fixed code
  put(0b00001100, 8);  // literal 0, its code 00110000 mirrored
  for (std::size_t i = 0; i < megabytes * 1'048'576 / 258; ++i) {
    put(0b10100011, 8);  // length 258: 11000101 mirrored
    put(0, 5);           // distance 1
  }
  put(0, 7);
  put(0, 8);
  return bytes;
}

}  // namespace

TEST_CASE("curl http: an answer comes with status, lower-case headers, body and address") {
  HttpServer server;
  server.answer("/feed", {.status = 404,
                          .headers = {{"ETag", "W/\"a b\""}, {"X-Two", " padded "}},
                          .body = "gone fishing"});

  const auto response = open_client()->get({.url = server.url("/feed?q=1")});

  REQUIRE(response);
  CHECK(response->status == 404);
  CHECK(response->header("etag") == "W/\"a b\"");
  CHECK(response->header("x-two") == "padded");
  CHECK(response->body == "gone fishing");
  CHECK(response->url == server.url("/feed?q=1"));
  CHECK(response->moved_to.empty());
}

TEST_CASE(
    "curl http: a request names the program, takes packed answers and carries its headers byte for "
    "byte") {
  HttpServer server;
  server.answer("/", {});

  const auto response = open_client()->get(
      {.url = server.url("/"),
       .headers = {{"If-None-Match", "W/\"x,y\" "}, {"X-Bad", "a\r\nX-Injected: 1"}}});

  REQUIRE(response);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].header("user-agent") == "earshot-test/1 (+mailto:a@example.org)");
  CHECK(requests[0].header("accept-encoding").find("gzip") != std::string::npos);
  CHECK(requests[0].header("if-none-match") == "W/\"x,y\" ");
  CHECK(requests[0].header("x-injected").empty());
}

TEST_CASE("curl http: a source's own User-Agent wins") {
  HttpServer server;
  server.answer("/", {});

  REQUIRE(open_client()->get({.url = server.url("/"), .headers = {{"User-Agent", "mine/2"}}}));

  CHECK(server.requests()[0].header("user-agent") == "mine/2");
}

TEST_CASE("curl http: a chain of 301 and 308 tells where the address moved to") {
  HttpServer server;
  server.redirect("/a", 301, "/b");
  server.redirect("/b", 308, server.url("/c?x=1"));
  server.answer("/c", {.body = "here"});

  const auto response = open_client()->get({.url = server.url("/a")});

  REQUIRE(response);
  CHECK(response->body == "here");
  CHECK(response->url == server.url("/c?x=1"));
  CHECK(response->moved_to == server.url("/c?x=1"));
}

TEST_CASE("curl http: one temporary redirect in the chain, and nothing has moved") {
  HttpServer server;
  for (const int status : {302, 303, 307}) {
    const std::string path = fmt::format("/{}", status);
    server.redirect(path, 301, path + "/then");
    server.redirect(path + "/then", status, "/end");
  }
  server.answer("/end", {.headers = {{"X-Only", "last"}}, .body = "here"});
  const auto client = open_client();

  for (const int status : {302, 303, 307}) {
    const auto response = client->get({.url = server.url(fmt::format("/{}", status))});

    REQUIRE(response);
    CHECK(response->url == server.url("/end"));
    CHECK(response->moved_to.empty());
    CHECK(response->header("location").empty());
    CHECK(response->header("x-only") == "last");
  }
}

TEST_CASE("curl http: a redirect loop ends at the limit") {
  HttpServer server;
  server.redirect("/loop", 302, "/loop");

  const auto response = open_client()->get({.url = server.url("/loop")});

  CHECK(error_of(response) == server.url("/loop") + ": more than 10 redirects");
  CHECK(server.requests().size() == 11);
}

TEST_CASE("curl http: only http and https are fetched, also by redirect") {
  HttpServer server;
  server.redirect("/out", 302, "file:///etc/passwd");
  server.redirect("/old", 302, "gopher://127.0.0.1/x");
  const auto client = open_client();

  CHECK(error_of(client->get({.url = "file:///etc/passwd"})) ==
        "file:///etc/passwd: only http and https are fetched");
  CHECK(error_of(client->get({.url = server.url("/out")})) ==
        server.url("/out") + ": redirected to file:///etc/passwd: only http and https are fetched");
  CHECK(error_of(client->get({.url = server.url("/old")})) ==
        server.url("/old") +
            ": redirected to gopher://127.0.0.1/x: only http and https are fetched");
}

TEST_CASE("curl http: secrets in headers stay with the host they were meant for") {
  HttpServer first;
  HttpServer second;
  first.redirect("/here", 302, "/there");
  first.redirect("/there", 302, second.url("/end"));
  second.answer("/end", {});

  const auto response = open_client()->get({.url = first.url("/here"),
                                            .headers = {{"X-Api-Key", "canary"},
                                                        {"Authorization", "Bearer canary"},
                                                        {"If-None-Match", "\"v1\""},
                                                        {"Accept", "text/xml"}}});

  REQUIRE(response);
  CHECK(first.requests("/there")[0].header("x-api-key") == "canary");
  const auto arrived = second.requests("/end");
  REQUIRE(arrived.size() == 1);
  CHECK(arrived[0].header("x-api-key").empty());
  CHECK(arrived[0].header("authorization").empty());
  CHECK(arrived[0].header("if-none-match") == "\"v1\"");
  CHECK(arrived[0].header("accept") == "text/xml");
}

TEST_CASE("curl http: what is posted goes to its address only, and the next request is a GET") {
  HttpServer server;
  HttpServer other;
  server.answer("/login", {.body = "{}"});
  server.redirect("/moved", 307, other.url("/login"));
  const auto client = open_client();

  const auto posted =
      client->get({.url = server.url("/login"), .post = R"({"password":"canary"})"});
  const auto moved = client->get({.url = server.url("/moved"), .post = R"({"password":"canary"})"});
  const auto got = client->get({.url = server.url("/login")});

  REQUIRE(posted);
  CHECK(posted->body == "{}");
  REQUIRE(moved);
  CHECK(moved->status == 307);
  CHECK(other.requests().empty());
  REQUIRE(got);
  const auto requests = server.requests("/login");
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].method == "POST");
  CHECK(requests[0].body == R"({"password":"canary"})");
  CHECK(requests[1].method == "GET");
  CHECK(requests[1].body.empty());
}

TEST_CASE("curl http: a private address is refused in every spelling, and nothing is sent") {
  HttpServer server;
  server.answer("/", {.body = "internal"});
  const auto client = make_curl_http({.user_agent = "earshot-test"});
  const std::string port = server.url("").substr(server.url("").rfind(':'));

  for (const char* host : {"127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1",
                           "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    const auto response = client->get({.url = fmt::format("http://{}{}/", host, port)});
    CHECK_MESSAGE(
        error_of(response).find("refuses to connect to the private address") != std::string::npos,
        host);
  }
  CHECK(
      error_of(client->get({.url = server.url("/")})) ==
      server.url("/") +
          ": refuses to connect to the private address 127.0.0.1 (allow it with --allow-private)");
  CHECK(server.connections() == 0);
}

TEST_CASE("curl http: a proxy that was asked for is a trusted hop") {
  HttpServer proxy;
  proxy.answer("http://feeds.example/x", {.body = "by proxy"});
  const auto client = make_curl_http({.user_agent = "earshot-test", .proxy = proxy.url("")});

  const auto response = client->get({.url = "http://feeds.example/x"});

  REQUIRE(response);
  CHECK(response->body == "by proxy");
}

TEST_CASE("curl http: a proxy of the environment is trusted too, what bypasses it is not") {
  HttpServer proxy;
  HttpServer internal;
  proxy.answer("http://feeds.example/x", {.body = "by proxy"});
  setenv("http_proxy", proxy.url("").c_str(), 1);
  setenv("no_proxy", "127.0.0.1", 1);
  const auto client = make_curl_http({.user_agent = "earshot-test"});

  const auto through = client->get({.url = "http://feeds.example/x"});
  const auto beside = client->get({.url = internal.url("/")});
  unsetenv("http_proxy");
  unsetenv("no_proxy");

  REQUIRE(through);
  CHECK(through->body == "by proxy");
  CHECK(error_of(beside).find("refuses to connect to the private address 127.0.0.1") !=
        std::string::npos);
  CHECK(internal.connections() == 0);
}

TEST_CASE("curl http: an answer larger than the limit ends early, however it is sent") {
  HttpServer server;
  server.answer("/whole", {.body = std::string(3'000'000, 'x')});
  server.answer("/chunks", {.body = std::string(65'536, 'x'), .manner = Manner::endless_chunks});
  server.answer("/bomb", {.headers = {{"Content-Encoding", "gzip"}}, .body = gzip_bomb(200)});
  const auto client = open_client();

  for (const char* path : {"/whole", "/chunks", "/bomb"}) {
    const auto response = client->get({.url = server.url(path), .max_bytes = 2'000'000});
    CHECK(error_of(response) == server.url(path) + ": answer larger than 2 MB");
  }
}

TEST_CASE("curl http: a body of just the limit is taken, the limit of design.md is 15 MB") {
  HttpServer server;
  server.answer("/full", {.body = std::string(15'000'000, 'x')});
  server.answer("/over", {.body = std::string(15'000'001, 'x')});
  const auto client = open_client();

  const auto full = client->get({.url = server.url("/full")});

  REQUIRE(full);
  CHECK(full->body.size() == 15'000'000);
  CHECK(error_of(client->get({.url = server.url("/over")})) ==
        server.url("/over") + ": answer larger than 15 MB");
}

TEST_CASE("curl http: packed bodies arrive unpacked, damaged ones are an error") {
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\x28\xcf\x2f\xca\x49\x01\x00"
      "\x85"
      "\x11\x4a\x0d\x0b\x00\x00\x00",
      31);
  HttpServer server;
  server.answer("/good", {.headers = {{"Content-Encoding", "gzip"}}, .body = packed});
  server.answer("/bad", {.headers = {{"Content-Encoding", "gzip"}}, .body = "not gzip at all"});
  const auto client = open_client();

  const auto good = client->get({.url = server.url("/good")});

  REQUIRE(good);
  CHECK(good->body == "hello world");
  CHECK(error_of(client->get({.url = server.url("/bad")})) ==
        server.url("/bad") + ": error while processing content unencoding: incorrect header check");
}

TEST_CASE("curl http: a server that says nothing, or too slowly, costs the time-out and no more") {
  HttpServer server;
  server.answer("/hang", {.manner = Manner::hang});
  server.answer("/slow", {.body = std::string(1000, 'x'),
                          .manner = Manner::slow,
                          .pause = std::chrono::milliseconds{50}});
  server.redirect("/later", 302, "/hang");
  const auto client = open_client();
  const auto start = std::chrono::steady_clock::now();

  for (const char* path : {"/hang", "/slow"}) {
    const auto response =
        client->get({.url = server.url(path), .timeout = std::chrono::seconds{1}});
    CHECK(error_of(response) == server.url(path) + ": no complete answer within 1 s");
  }
  CHECK(error_of(client->get({.url = server.url("/later"), .timeout = std::chrono::seconds{1}})) ==
        fmt::format("{}: redirected to {}: no complete answer within 1 s", server.url("/later"),
                    server.url("/hang")));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{6});
}

TEST_CASE("curl http: broken answers are errors with one clear line") {
  HttpServer server;
  server.answer("/cut", {.body = std::string(1000, 'x'), .manner = Manner::cut});
  server.answer("/old", {.body = "<html>HTTP/0.9</html>", .manner = Manner::garbage});
  server.answer("/empty", {.manner = Manner::garbage});
  const auto client = open_client();

  CHECK(error_of(client->get({.url = server.url("/cut")})) ==
        server.url("/cut") + ": transferred a partial file");
  CHECK(error_of(client->get({.url = server.url("/old")})) ==
        server.url("/old") + ": the answer is not HTTP");
  CHECK(error_of(client->get({.url = server.url("/empty")})) ==
        server.url("/empty") + ": server returned nothing (no headers, no data)");
  CHECK(error_of(client->get({.url = "http://127.0.0.1:1/"})) ==
        "http://127.0.0.1:1/: couldn't connect to server");
  CHECK(error_of(client->get({.url = "not a url"})) == "not?a?url: is not a URL");
}

TEST_CASE("curl http: a host that does not exist is named without user, password and query") {
  const auto response =
      open_client()->get({.url = "https://user:canary@no-such-host.invalid/a?token=canary#x"});

  CHECK(error_of(response) == "https://no-such-host.invalid/a?...: there is no host of that name");
}

TEST_CASE("curl http: the address of an answer does not carry the password") {
  HttpServer server;
  server.redirect("/a", 301, "/b");
  server.answer("/b", {});
  std::string url = server.url("/a");
  url.insert(url.find("127"), "user:canary@");

  const auto response = open_client()->get({.url = url});

  REQUIRE(response);
  CHECK(server.requests("/a")[0].header("authorization") == "Basic dXNlcjpjYW5hcnk=");
  CHECK(response->url == server.url("/b"));
  CHECK(response->moved_to == server.url("/b"));
}

TEST_CASE("curl http: a stop ends a request that hangs") {
  HttpServer server;
  server.answer("/hang", {.manner = Manner::hang});
  std::atomic<bool> stop{false};
  const auto client =
      make_curl_http({.user_agent = "earshot-test", .allow_private = true, .stopped = [&] {
                        return stop.load();
                      }});
  std::thread stopper{[&] {
    while (server.requests().empty()) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    stop = true;
  }};
  const auto start = std::chrono::steady_clock::now();

  const auto response = client->get({.url = server.url("/hang")});
  stopper.join();

  CHECK(error_of(response) == server.url("/hang") + ": given up because the run was stopped");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{3});
}

TEST_CASE(
    "curl http: threads share a client, and a thread's next request uses its connection again") {
  HttpServer server;
  server.answer("/", {.body = "hello", .pause = std::chrono::milliseconds{20}});
  const auto client = open_client();
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 5; ++n) {
          const auto response = client->get({.url = server.url("/")});
          if (response && response->body == "hello") ++right;
        }
      });
  }

  CHECK(right == 20);
  CHECK(server.connections() <= 8);
  CHECK(server.most_at_once() > 1);
}

TEST_CASE(
    "curl http: many requests are on their way at once, and those that hang cost one time-out") {
  HttpServer server;
  server.answer("/hang", {.manner = Manner::hang});
  server.answer("/good", {.body = "hello"});
  const auto client = open_client();
  std::atomic<int> good{0};
  std::atomic<int> hung{0};
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 100; ++i)
      threads.emplace_back([&, i] {
        const auto response = client->get({.url = server.url(i % 2 == 0 ? "/hang" : "/good"),
                                           .timeout = std::chrono::seconds{2}});
        ++(response ? good : hung);
      });
  }

  CHECK(good == 50);
  CHECK(hung == 50);
  CHECK(server.most_at_once() >= 50);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{8});
}

TEST_CASE("curl http: long bodies come a few at a time, and all of them whole") {
  HttpServer server;
  const std::string body(4'000'000, 'x');
  server.answer("/long", {.body = body});
  server.answer("/endless", {.body = std::string(65'536, 'x'), .manner = Manner::endless_chunks});
  const auto client = open_client();
  std::atomic<int> whole{0};
  std::atomic<int> too_large{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 24; ++i)
      threads.emplace_back([&, i] {
        const auto response = client->get(
            {.url = server.url(i % 2 == 0 ? "/long" : "/endless"), .max_bytes = 5'000'000});
        if (response && response->body == body) ++whole;
        if (!response &&
            response.error().message == server.url("/endless") + ": answer larger than 5 MB")
          ++too_large;
      });
  }

  CHECK(whole == 12);
  CHECK(too_large == 12);
}

TEST_CASE("curl http: a name leads where `resolve` says, and is judged by that address") {
  HttpServer server;
  server.answer("/", {.body = "hello"});
  const std::string port = server.url("").substr(server.url("").rfind(':') + 1);
  const CurlOptions options{.user_agent = "earshot-test",
                            .allow_private = true,
                            .resolve = {fmt::format("feeds.example:{}:127.0.0.1", port),
                                        fmt::format("*:{}:127.0.0.1", port)}};
  CurlOptions guarded = options;
  guarded.allow_private = false;
  const std::string named = fmt::format("http://feeds.example:{}/", port);

  const auto one = make_curl_http(options)->get({.url = named});
  const auto any = make_curl_http(options)->get({.url = fmt::format("http://b.example:{}/", port)});
  const auto refused = make_curl_http(guarded)->get({.url = named});

  REQUIRE(one);
  CHECK(one->body == "hello");
  CHECK(server.requests()[0].header("host") == "feeds.example:" + port);
  CHECK(any);
  CHECK(
      error_of(refused) ==
      named +
          ": refuses to connect to the private address 127.0.0.1 (allow it with --allow-private)");
}

TEST_CASE("curl http: a private address that is allowed is connected to, its neighbours are not") {
  HttpServer server;
  server.answer("/", {.body = "ours"});
  const auto range = parse_address_range("127.0.0.0/31");
  REQUIRE(range);
  const auto client = make_curl_http({.user_agent = "earshot-test", .allowed = {*range}});
  std::string beside = server.url("/");
  beside.replace(beside.find("127.0.0.1"), 9, "127.0.0.2");

  const auto allowed = client->get({.url = server.url("/")});

  REQUIRE(allowed);
  CHECK(allowed->body == "ours");
  CHECK(error_of(client->get({.url = beside}))
            .find("refuses to connect to the private address 127.0.0.2") != std::string::npos);
}

TEST_CASE("curl http: a request may name its own proxy") {
  HttpServer proxy;
  HttpServer other;
  proxy.answer("http://feeds.example/x", {.body = "by its own"});
  other.answer("http://feeds.example/x", {.body = "by the client's"});
  const auto client = make_curl_http({.user_agent = "earshot-test", .proxy = other.url("")});

  const auto own = client->get({.url = "http://feeds.example/x", .proxy = proxy.url("")});
  const auto common = client->get({.url = "http://feeds.example/x"});

  REQUIRE(own);
  CHECK(own->body == "by its own");
  REQUIRE(common);
  CHECK(common->body == "by the client's");
}

TEST_CASE("curl http: no proxy is asked for a private address, in whatever spelling") {
  HttpServer proxy;
  proxy.redirect("http://feeds.example/x", 302, "http://127.0.0.1/internal");
  const auto client = make_curl_http({.user_agent = "earshot-test", .proxy = proxy.url("")});

  for (const char* host :
       {"127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "localhost",
        "LOCALHOST.", "x.localhost", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254"})
    CHECK_MESSAGE(error_of(client->get({.url = fmt::format("http://{}/", host)}))
                          .find("refuses to connect to the private address") != std::string::npos,
                  host);
  CHECK(proxy.connections() == 0);
  CHECK(
      error_of(client->get({.url = "http://feeds.example/x"})) ==
      "http://feeds.example/x: redirected to http://127.0.0.1/internal: refuses to connect to the "
      "private address 127.0.0.1 (allow it with --allow-private)");
  CHECK(proxy.requests().size() == 1);
}

TEST_CASE("http: a URL is shown without what could be secret, and on one line") {
  CHECK(shown_url("https://u:p@Example.org:8443/a/b?key=1#frag") ==
        "https://Example.org:8443/a/b?...");
  CHECK(shown_url("https://u:p@x@h/") == "https://h/");
  CHECK(shown_url("http://h?token=1") == "http://h?...");
  CHECK(shown_url("http://h/a\nb\x1b[31m") == "http://h/a?b?[31m");
  CHECK(shown_url("http://h/" + std::string(300, 'a')).size() == 200);
  CHECK(origin_of("HTTPS://u:p@Example.org:8443/a") == "https://example.org:8443");
  CHECK(origin_of("feed.xml").empty());
  CHECK(server_of("https://u:p@Example.org:8443/a") == "example.org");
  CHECK(server_of("http://[::1]:80/") == "[::1]");
  CHECK(server_of("feed.xml").empty());
}
