// Servers that do what they should not, beside servers that do what they should, in one run.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/tls_servers.hpp"

using namespace earshot;
using Manner = ServerAnswer::Manner;
using std::chrono::milliseconds;

namespace {

std::string item(const std::string& id, const std::string& text) {
  return "<item><guid>" + id + "</guid><title>" + text + "</title></item>";
}

std::string rss(const std::string& items) {
  return "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>" + items +
         "</channel></rss>";
}

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// A zstd frame of `megabytes` zeros: blocks of 128 KB that say one byte each. `window` is its
/// window's descriptor: 0x38 is 128 KB, 0xA8 is 2 GB. Source: RFC 8878 section 3.1.1.
std::string zstd_bomb(std::size_t megabytes, char window) {
  std::string bytes{"\x28\xB5\x2F\xFD\0", 5};
  bytes.push_back(window);
  const std::size_t blocks = megabytes * 8;
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t header = (i + 1 == blocks ? 1U : 0U) | 1U << 1 | 131'072U << 3;
    for (const int shift : {0, 8, 16}) bytes.push_back(static_cast<char>(header >> shift & 0xFF));
    bytes.push_back('\0');
  }
  return bytes;
}

/// 20 MB of zeros, as the reference encoder packs them.
const std::string brotli_bomb{
    "\xcf\xff\xff\x7f\x00\x24\x00\xe2\xb1\x40\x72\xef\xff\xf3\x9f\x25\x06\x80\x04\x40\x1c\x16"
    "\x80\x2e\x49\x0c",
    26};

/// What a source does, and what the run says of it: a line on stderr that begins with its name, or
/// on stdout if it is no error after all. "URL" stands for its address, "..." for words of a
/// library's that may change.
struct Case {
  std::string name;
  std::string says;
};

/// A project of sources that each have a host of their own, and the servers behind them.
class Torment {
 public:
  Torment() {
    endless();
    packed();
    slow();
    redirects();
    broken();
    refusals();
    bodies();
    encrypted();
    for (int i = 0; i < healthy; ++i) {
      const std::string name = fmt::format("good-{}", i);
      std::string items;
      for (int n = 0; n < 10; ++n) items += item(fmt::format("{}-{}", name, n), "green box");
      add(name, {.body = rss(items)}, "10 rows, 10 new, 0 repeats");
    }
  }

  static constexpr int healthy = 200;

  void write_config(const TemporaryFolder& folder) const {
    std::string ports =
        fmt::format("'rebinding.example:{}:127.0.0.2', '*:{}:127.0.0.1', '*:1:127.0.0.1'",
                    server.port(), server.port());
    if (tls.good_port() != 0) ports += fmt::format(", '*:{}:127.0.0.1'", tls.good_port());
    for (const auto& one : tls.servers()) ports += fmt::format(", '*:{}:127.0.0.1'", one.port);
    folder.write("earshot.toml",
                 fmt::format("[brand]\nquery = 'box'\n[fetch]\ntimeout = '8s'\n"
                             "allow_private = ['127.0.0.1']\nresolve = [{}]\nca_file = '{}'\n{}",
                             ports, tls.ca_file(), sources_));
  }

  HttpServer server;
  HttpServer internal{"127.0.0.2"};
  TlsServers tls;
  std::vector<Case> cases;

 private:
  void source(const std::string& name, const std::string& url, const std::string& says) {
    sources_ += fmt::format("[[source]]\nname = '{}'\ntype = 'feed'\nurl = '{}'\n", name, url);
    cases.push_back({name, says});
  }
  void add(const std::string& name, ServerAnswer answer, const std::string& says) {
    server.answer("/" + name, std::move(answer));
    source(name, fmt::format("http://{}.example:{}/{}", name, server.port(), name), says);
  }
  void raw(const std::string& name, const std::string& bytes, const std::string& says) {
    add(name, {.body = bytes, .manner = Manner::garbage}, says);
  }
  void redirect(const std::string& name, const std::string& to, const std::string& says) {
    server.redirect("/" + name, 302, to);
    source(name, fmt::format("http://{}.example:{}/{}", name, server.port(), name), says);
  }

  void endless() {
    const std::string blanks(65'536, ' ');
    add("endless-chunks", {.body = blanks, .manner = Manner::endless_chunks},
        "URL: answer larger than 15 MB");
    add("endless-length", {.body = blanks, .manner = Manner::endless_length},
        "URL: answer larger than 15 MB");
    add("header-flood",
        {.body = "HTTP/1.1 200 OK\r\nX-Flood: " + std::string(60'000, 'x') + "\r\n",
         .manner = Manner::endless_head},
        "URL: header without colon");
    add("endless-1xx",
        {.body = "HTTP/1.1 103 Early\r\nX: y\r\n\r\n", .manner = Manner::endless_head},
        "URL: too large response headers...");
    HttpHeaders cookies;
    for (int i = 0; i < 1500; ++i)
      cookies.emplace_back("Set-Cookie", fmt::format("c{}={}", i, std::string(100, 'x')));
    add("cookie-flood", {.headers = cookies, .body = rss(item("1", "box"))},
        "1 row, 1 new, 0 repeats");
  }

  void packed() {
    const std::string zeros(20'000'000, '\0');
    const std::string once = gzip(zeros);
    add("gzip-bomb", {.headers = {{"Content-Encoding", "gzip"}}, .body = once},
        "URL: answer larger than 15 MB");
    add("double-gzip-bomb", {.headers = {{"Content-Encoding", "gzip, gzip"}}, .body = gzip(once)},
        "URL: answer larger than 15 MB");
    add("brotli-bomb", {.headers = {{"Content-Encoding", "br"}}, .body = brotli_bomb},
        "URL: answer larger than 15 MB");
    add("zstd-bomb", {.headers = {{"Content-Encoding", "zstd"}}, .body = zstd_bomb(20, 0x38)},
        "URL: answer larger than 15 MB");
    add("zstd-window",
        {.headers = {{"Content-Encoding", "zstd"}}, .body = zstd_bomb(20, static_cast<char>(0xA8))},
        "URL: unrecognized or bad HTTP Content or Transfer-Encoding");
    add("corrupt-deflate",
        {.headers = {{"Content-Encoding", "deflate"}}, .body = "\x78\x9c\xff\xff\xff"},
        "URL: error while processing content unencoding: invalid stored block lengths");
  }

  void slow() {
    add("hang", {.manner = Manner::hang}, "URL: no complete answer within 8 s");
    add("slow-body",
        {.body = rss(item("1", "box")), .manner = Manner::slow, .pause = milliseconds{900}},
        "URL: no complete answer within 8 s");
    add("slower-than-fast",
        {.body = rss(item("1", std::string(3'000, 'x'))),
         .manner = Manner::slow,
         .pause = milliseconds{5}},
        "URL: no complete answer within 8 s");
    add("slow-headers", {.manner = Manner::slow_head, .pause = milliseconds{700}},
        "URL: no complete answer within 8 s");
    add("slow-but-good",
        {.body = rss(item("1", "box")), .manner = Manner::slow, .pause = milliseconds{5}},
        "1 row, 1 new, 0 repeats");
  }

  void redirects() {
    redirect("loop", "/loop", "URL: more than 10 redirects");
    for (int i = 0; i < 12; ++i)
      server.redirect(fmt::format("/chain-{}", i), 302, fmt::format("/chain-{}", i + 1));
    redirect("chain", "/chain-0", "URL: more than 10 redirects");
    redirect("to-file", "file:///etc/passwd",
             "URL: redirected to file:///etc/passwd: only http and https are fetched");
    redirect("to-gopher", "gopher://127.0.0.1:70/1",
             "URL: redirected to gopher://127.0.0.1:70/1: only http and https are fetched");
    const auto refused = [](const std::string& url, const std::string& address) {
      return fmt::format(
          "URL: redirected to {}: refuses to connect to the private address {} (allow "
          "it with --allow-private)",
          url, address);
    };
    const auto inside = internal.url("/");
    redirect("to-private", inside, refused(inside, "127.0.0.2"));
    redirect("to-number", fmt::format("http://2130706434:{}/", internal.port()),
             refused(inside, "127.0.0.2"));
    for (const auto& [name, host, address] :
         {std::tuple{"to-v6-loopback", "[::1]", "::1"}, std::tuple{"to-v6-any", "[::]", "::"},
          std::tuple{"to-v6-mapped", "[::ffff:127.0.0.2]", "::ffff:127.0.0.2"}}) {
      const auto url = fmt::format("http://{}:{}/", host, internal.port());
      redirect(name, url, refused(url, address));
    }
    add("rebinding", {.body = rss(item("1", "box"))},
        "URL: refuses to connect to the private address 127.0.0.2 (allow it with --allow-private)");
    source("refused", "http://refused.example:1/", "URL: couldn't connect to server");
    source("no-such-name", "http://no-such-name.invalid/", "URL: there is no host of that name");
  }

  void broken() {
    add("reset", {.manner = Manner::reset}, "URL: recv failure: Connection reset by peer");
    add("short-body", {.body = rss(item("1", "box")), .manner = Manner::cut},
        "URL: transferred a partial file");
    raw("bad-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss/>\r\n",
        "URL: illegal or missing hexadecimal sequence in chunked-encoding");
    raw("http-0.9", "<rss><channel><title>x</title></channel></rss>",
        "URL: the answer is not HTTP");
    raw("silence", "", "URL: server returned nothing (no headers, no data)");
    raw("negative-length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n<rss/>",
        "URL: invalid Content-Length: value");
    raw("two-lengths", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 60\r\n\r\n<rss/>",
        "URL: transferred a partial file");
    raw("crlf-etag", "HTTP/1.1 200 OK\r\nETag: \"a\rX-Injected: 1\"\r\nContent-Length: 0\r\n\r\n",
        "URL: no markup in it");
    raw("not-modified", "HTTP/1.1 304 Not Modified\r\n\r\n",
        "URL: HTTP 304, but nothing was named to compare with");
  }

  void refusals() {
    add("limit", {.status = 429, .headers = {{"Retry-After", "120"}}},
        "HTTP 429, asked to wait 120 s");
    add("down", {.status = 503, .headers = {{"Retry-After", "600"}}},
        "HTTP 503, asked to wait 600 s");
    add("absurd-limit", {.status = 429, .headers = {{"Retry-After", "999999999999"}}},
        "HTTP 429, asked to wait 31622400 s");
    add("past-limit",
        {.status = 429, .headers = {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}},
        "HTTP 429, asked to wait 0 s");
    add("limit-as-403", {.status = 403, .headers = {{"Retry-After", "60"}}},
        "HTTP 429, asked to wait 60 s");
    add("challenge", {.status = 403, .headers = {{"cf-mitigated", "challenge"}}, .body = "<html>"},
        "HTTP 403: a challenge by Cloudflare (cf-mitigated) that only a browser passes");
    add("gone", {.status = 410}, "HTTP 410: gone for good, not polled again");
    add("server-error", {.status = 500, .body = "oops"}, "HTTP 500");
    server.redirect("/moved-on", 301, "/good-0");
    source("moved-on", fmt::format("http://moved-on.example:{}/moved-on", server.port()),
           "10 rows, 10 new, 0 repeats");
  }

  void bodies() {
    add("login-page",
        {.headers = {{"Content-Type", "text/html"}},
         .body = "<!DOCTYPE html><html><body><form>Log in</form></body></html>"},
        "URL: neither RSS nor Atom: the document is <html>");
    add("empty", {}, "URL: no markup in it");
    add("json-error",
        {.headers = {{"Content-Type", "application/json"}}, .body = R"({"error":"no"})"},
        "URL: neither a JSON Feed nor XML");
    add("truncated", {.body = rss(item("1", "box")).substr(0, 110)}, "1 row, 1 new, 0 repeats");
    add("false-charset",
        {.headers = {{"Content-Type", "text/xml; charset=utf-16"}},
         .body = rss(item("1", "gr\xC3\xBCn"))},
        "1 row, 1 new, 0 repeats");
    add("long-etag",
        {.headers = {{"ETag", std::string(65'536, 'e')}}, .body = rss(item("1", "box"))},
        "1 row, 1 new, 0 repeats");
    add("same-ids", {.body = rss(item("1", "one") + item("1", "two") + item("1", "two"))},
        "3 rows, 1 new, 2 repeats");
    add("odd-dates",
        {.body = rss(
             "<item><guid>1</guid><title>a</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"
             "</item><item><guid>2</guid><title>b</title><pubDate>Wed, 01 Jan 2099 00:00:00 "
             "GMT</pubDate></item>")},
        "2 rows, 2 new, 0 repeats");
    std::string many;
    for (int i = 0; i < 100'000; ++i) many += item(std::to_string(i), "box");
    add("many-items", {.body = rss(many)}, "100,000 rows, 10,000 new, 0 repeats, 90,000 bad lines");
    add("long-item", {.body = rss(item("1", std::string(10'000'000, 'x')))},
        "1 row, 1 new, 0 repeats");
    add("bad-bytes", {.body = rss(item("1", std::string("b\0\xFF\xC0ox", 6)))},
        "1 row, 1 new, 0 repeats");
  }

  void encrypted() {
    static const std::map<std::string, std::string> says{
        {"expired", "URL: SSL certificate problem: certificate has expired"},
        {"wrong-host",
         "URL: SSL: no alternative certificate subject name matches target host name "
         "'wrong-host.example'"},
        {"self-signed", "URL: SSL certificate problem: self-signed certificate"},
        {"old", "URL: OpenSSL..."}};
    for (const auto& one : tls.servers())
      source("tls-" + one.name, fmt::format("https://{}.example:{}/", one.name, one.port),
             says.at(one.name));
    if (tls.good_port() == 0) return;
    tls.answer("feed",
               fmt::format("HTTP/1.0 302 Found\r\nLocation: http://good.example:{}/good-0\r\n"
                           "\r\n",
                           server.port()));
    source("tls-to-http", fmt::format("https://good.example:{}/feed", tls.good_port()),
           "10 rows, 10 new, 0 repeats");
  }

  std::string sources_;
};

/// The lines of a text by what stands before their first ": ".
std::map<std::string, std::string> by_name(const std::string& text) {
  std::map<std::string, std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (line.starts_with("earshot: ")) line.erase(0, 9);
    const auto colon = std::min(line.find(": "), line.size());
    auto& said = lines[line.substr(0, colon)];
    said += (said.empty() ? "" : "\n") + line.substr(std::min(colon + 2, line.size()));
    at = end + 1;
  }
  return lines;
}

#ifdef __SANITIZE_ADDRESS__
constexpr long most_kilobytes = 1024 * 1024;  // what is freed is kept for a while, to catch its use
#else
constexpr long most_kilobytes = 256 * 1024;
#endif

}  // namespace

TEST_CASE("hostile servers cost themselves one clear line each, and nobody else anything") {
  Torment torment;
  const TemporaryFolder project;
  const TemporaryFolder capture;
  torment.write_config(project);
  const auto start = std::chrono::steady_clock::now();

  const pid_t child = test::start_earshot(project, capture, {"ingest"});
  int status = 0;
  rusage usage{};
  REQUIRE(wait4(child, &status, 0, &usage) == child);
  const auto took = std::chrono::steady_clock::now() - start;

  auto said = by_name(capture.read("stdout"));
  said.merge(by_name(capture.read("stderr")));
  CHECK(WEXITSTATUS(status) == 3);
  for (const Case& one : torment.cases) {
    std::string line = said[one.name];
    line.erase(std::min(line.size(), line.find("; next try ")));
    if (one.says.starts_with("URL"))
      if (line.starts_with("http")) line.replace(0, line.find(": "), "URL");
    if (one.says.ends_with("...")) line = line.substr(0, one.says.size() - 3) + "...";
    CHECK_MESSAGE(line == one.says, one.name);
  }
  CHECK(torment.internal.connections() == 0);
  CHECK(took < std::chrono::seconds{30});
  CHECK(usage.ru_maxrss < most_kilobytes);
  const auto hostile = torment.cases.size() - Torment::healthy;
  const auto spent = std::chrono::duration_cast<milliseconds>(took).count();
  MESSAGE(fmt::format("{} hostile and {} healthy sources: {} ms, {} MB", hostile,
                      int{Torment::healthy}, spent, usage.ru_maxrss / 1024));
}
