#include <doctest/doctest.h>

#include "ingest/source.hpp"

using namespace earshot;

namespace {

/// Gives one answer and remembers what it was asked.
struct OneAnswer final : HttpClient {
  HttpResponse answer;
  HttpRequest asked;
  Result<HttpResponse> get(const HttpRequest& request) override {
    asked = request;
    return answer;
  }
  std::string_view sent(std::string_view name) const {
    for (const auto& [key, value] : asked.headers)
      if (key == name) return value;
    return "(not sent)";
  }
};

const Instant now = from_unix(1'785'542'400);  // 2026-08-01T00:00:00Z
const std::string body =
    "<rss><channel><title>T</title><ttl>30</ttl><item><guid>1</guid><title>hello</title></item></"
    "channel></rss>";

std::unique_ptr<Source> feed_at(const std::string& url, const std::string& path = {}) {
  SourceConfig config;
  config.name = "news";
  config.url = url;
  config.path = path;
  auto source = find_source_type("feed")->make(config);
  REQUIRE(source);
  return std::move(*source);
}

Page fetched(OneAnswer& http, const FetchState& state = {}) {
  auto page = feed_at("https://example.org/feed")->fetch(http, state, now);
  REQUIRE(page);
  return std::move(*page);
}

}  // namespace

TEST_CASE("a feed is asked for with the stored validators, byte for byte") {
  OneAnswer http;
  http.answer.status = 304;
  const auto page =
      fetched(http, {.etag = "W/\"x y\"", .last_modified = "Sat, 1 aug", .body_hash = "abc"});
  CHECK(http.asked.url == "https://example.org/feed");
  CHECK(http.sent("If-None-Match") == "W/\"x y\"");
  CHECK(http.sent("If-Modified-Since") == "Sat, 1 aug");
  CHECK(page.unchanged);
  CHECK(page.etag == "W/\"x y\"");
  CHECK(page.last_modified == "Sat, 1 aug");
  CHECK(page.body_hash == "abc");
}

TEST_CASE("a first fetch sends no validators and brings posts, validators and the server's wish") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .headers = {{"etag", "\"1\""},
                             {"last-modified", "then"},
                             {"cache-control", "public, max-age=600"}},
                 .body = body,
                 .moved_to = "https://example.org/new"};
  const auto page = fetched(http);
  CHECK(http.sent("If-None-Match") == "(not sent)");
  CHECK(http.sent("If-Modified-Since") == "(not sent)");
  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].network == "feed:example.org/feed");
  CHECK(page.posts.posts[0].source == "news");
  CHECK(page.etag == "\"1\"");
  CHECK(page.last_modified == "then");
  CHECK(page.moved_to == "https://example.org/new");
  CHECK(page.wait == std::chrono::minutes{30});
  CHECK_FALSE(page.unchanged);
  CHECK_FALSE(page.more);
}

TEST_CASE("the wish is max-age, else Expires, or the feed's own if that is longer") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .headers = {{"expires", "Sat, 01 Aug 2026 02:00:00 GMT"}},
                 .body = "<rss><channel/></rss>"};
  CHECK(fetched(http).wait == std::chrono::hours{2});
  http.answer.headers = {{"cache-control", "max-age=60"},
                         {"expires", "Sat, 01 Aug 2026 02:00:00 GMT"}};
  CHECK(fetched(http).wait == std::chrono::seconds{60});
  http.answer.headers = {{"expires", "0"}};
  CHECK_FALSE(fetched(http).wait.has_value());
  http.answer.body =
      "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
      "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
      "</channel></rss>";
  CHECK(fetched(http).wait == std::chrono::hours{6});
}

TEST_CASE("relative addresses are seen from where the answer came, ids from where it was asked") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .body =
                     "<rss><channel><item><guid>1</guid><link>p</link><title>t</title></item>"
                     "</channel></rss>",
                 .url = "https://cdn.example/a/feed"};
  const auto page = fetched(http);
  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].url == "https://cdn.example/a/p");
  CHECK(page.posts.posts[0].network == "feed:example.org/feed");
}

TEST_CASE("a JSON Feed is a feed, and what the transport says of it is believed") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .headers = {{"content-type", "application/feed+json"},
                             {"content-location", "/blog/feed.json"},
                             {"content-language", "de"}},
                 .body = R"({"version":"https://jsonfeed.org/version/1.1","title":"Acker",
                     "items":[{"id":7,"url":"7","content_html":"<p>eins<p>zwei"}]})"};
  const auto page = fetched(http);
  REQUIRE(page.posts.posts.size() == 1);
  const auto& post = page.posts.posts[0];
  CHECK(post.native_id == "7");
  CHECK(post.url == "https://example.org/blog/7");
  CHECK(post.text == "eins\nzwei");
  CHECK(post.lang == "de");
  CHECK(post.channel == "Acker");
}

TEST_CASE("the same body again costs no parse") {
  OneAnswer http;
  http.answer = {.status = 200, .body = body};
  const auto first = fetched(http);
  const auto second = fetched(http, {.body_hash = first.body_hash});
  CHECK(second.unchanged);
  CHECK(second.posts.posts.empty());
  CHECK(second.body_hash == first.body_hash);
}

TEST_CASE("a refusal is a page with its status and Retry-After") {
  OneAnswer http;
  http.answer = {.status = 429, .headers = {{"retry-after", "120"}}};
  CHECK(fetched(http).refused_status == 429);
  CHECK(fetched(http).wait == std::chrono::seconds{120});
  http.answer = {.status = 503, .headers = {{"retry-after", "Sat, 01 Aug 2026 00:05:00 GMT"}}};
  CHECK(fetched(http).wait == std::chrono::seconds{300});
  http.answer = {.status = 404, .body = body};
  const auto page = fetched(http);
  CHECK(page.refused_status == 404);
  CHECK(page.posts.posts.empty());
  CHECK_FALSE(page.wait.has_value());
}

TEST_CASE("an answer that is no feed is a format error that names the address") {
  OneAnswer http;
  http.answer = {.status = 200, .body = "<html></html>"};
  const auto page = feed_at("https://example.org/feed")->fetch(http, {}, now);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message ==
        "https://example.org/feed: neither RSS nor Atom: the document is <html>");
}

TEST_CASE("the charset of the Content-Type is used") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .headers = {{"content-type", "application/rss+xml; Charset=\"Windows-1251\""}},
                 .body = "<rss><channel><item><title>\xCF\xF0\xE8</title></item></channel></rss>"};
  const auto page = fetched(http);
  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].text == "При");
}

TEST_CASE("a saved document is read from its file") {
  OneAnswer http;
  const auto path = std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/feed/rss.xml";
  auto page = feed_at("", path)->fetch(http, {}, now);
  REQUIRE(page);
  CHECK(http.asked.url.empty());
  CHECK(page->posts.posts.size() == 2);
  CHECK(page->posts.posts[0].network == "feed:paddock.example/feed");
  CHECK(page->rows == 3);
  CHECK(page->bytes_total == page->bytes_read);
  const auto missing = feed_at("", "/nowhere/feed.xml")->fetch(http, {}, now);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "/nowhere/feed.xml: no such file");
}

TEST_CASE("a feed without an address is a config error") {
  SourceConfig config;
  config.name = "news";
  const auto source = find_source_type("feed")->make(config);
  REQUIRE_FALSE(source);
  CHECK(source.error().message == "feed 'news' has no url");
}
