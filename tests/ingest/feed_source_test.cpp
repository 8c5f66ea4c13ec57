#include <map>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

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
  CHECK(page.fresh == std::chrono::minutes{10});
  CHECK(page.wish == std::chrono::minutes{30});
  CHECK_FALSE(page.wait);
  CHECK_FALSE(page.unchanged);
  CHECK_FALSE(page.more);
}

TEST_CASE("an answer is fresh for max-age, else until Expires; what the feed wishes is its own") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .headers = {{"expires", "Sat, 01 Aug 2026 02:00:00 GMT"}},
                 .body = "<rss><channel/></rss>"};
  CHECK(fetched(http).fresh == std::chrono::hours{2});
  http.answer.headers = {{"cache-control", "max-age=60"},
                         {"expires", "Sat, 01 Aug 2026 02:00:00 GMT"}};
  CHECK(fetched(http).fresh == std::chrono::seconds{60});
  http.answer.headers = {{"expires", "0"}};
  CHECK_FALSE(fetched(http).fresh.has_value());
  CHECK_FALSE(fetched(http).wish.has_value());
  http.answer.body =
      "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
      "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
      "</channel></rss>";
  CHECK(fetched(http).wish == std::chrono::hours{6});
}

TEST_CASE("hours and days to be skipped are read from the channel, and nowhere else") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .body =
                     "<rss><channel><skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour>"
                     "<hour>99</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day>"
                     "<day>saturday</day><day>Someday</day></skipDays><item><guid>1</guid>"
                     "<title>t</title><hour>5</hour><day>Monday</day></item></channel></rss>"};

  const auto page = fetched(http);

  CHECK(page.skip_hours == (1U << 23 | 1U << 0));
  CHECK(page.skip_days == (1U << 6 | 1U << 0));
  CHECK(page.posts.posts.size() == 1);
}

TEST_CASE("a date of change that is still to come is not kept, nor sent again") {
  OneAnswer http;
  http.answer = {
      .status = 200, .headers = {{"last-modified", "Sat, 01 Aug 2026 01:00:00 GMT"}}, .body = body};
  CHECK(fetched(http).last_modified.empty());
  http.answer.headers = {{"last-modified", "Sat, 01 Aug 2026 00:02:00 GMT"}};
  CHECK(fetched(http).last_modified == "Sat, 01 Aug 2026 00:02:00 GMT");
  http.answer = {.status = 304};
  const auto kept =
      fetched(http, {.etag = "\"1\"", .last_modified = "Fri, 01 Jan 2038 00:00:00 GMT"});
  CHECK(kept.last_modified.empty());
  CHECK(kept.etag == "\"1\"");
}

TEST_CASE("a 304 that nobody asked for is an error, not a good poll") {
  OneAnswer http;
  http.answer.status = 304;
  const auto page = feed_at("https://example.org/feed?key=s3cr3t")->fetch(http, {}, now);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::network);
  CHECK(page.error().message ==
        "https://example.org/feed?...: HTTP 304, but nothing was named to compare with");
}

TEST_CASE("what could be secret in a feed's address is in none of its posts") {
  OneAnswer http;
  http.answer = {.status = 200,
                 .body =
                     "<rss><channel><item><title>a</title></item><item><title>b</title>"
                     "<link>#b</link></item><item><title>c</title><link>c?d=1</link></item>"
                     "</channel></rss>",
                 .url = "https://example.org/dir/feed?key=s3cr3t"};
  const auto page =
      feed_at("https://nell:s3cr3t@example.org/dir/feed?key=s3cr3t")->fetch(http, {}, now);
  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 3);
  for (const auto& post : page->posts.posts) {
    CHECK(post.network == "feed:example.org/dir/feed");
    CHECK(post.url.find("s3cr3t") == std::string::npos);
    CHECK(post.native_id.find("s3cr3t") == std::string::npos);
  }
  CHECK(page->posts.posts[2].url == "https://example.org/dir/c?d=1");
}

TEST_CASE("a feed that moved is asked where it went, and keeps its ids") {
  OneAnswer http;
  http.answer = {.status = 200, .body = body, .url = "https://example.org/new"};
  const auto page = fetched(http, {.address = "https://example.org/new"});
  CHECK(http.asked.url == "https://example.org/new");
  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].network == "feed:example.org/feed");
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

TEST_CASE("what tells the posts of a feed apart is the config's to say") {
  const auto id_with = [](std::map<std::string, std::string, std::less<>> options) {
    SourceConfig config;
    config.type = "feed";
    config.url = "https://example.org/feed";
    config.options = std::move(options);
    const auto source = find_source_type("feed")->make(config);
    REQUIRE(source);
    OneAnswer http;
    http.answer = {.status = 200,
                   .body =
                       "<rss><channel><item><guid>https://example.org/1?sid=77</guid>"
                       "<link>https://example.org/a?sid=77&amp;page=2</link><title>hello</title>"
                       "<pubDate>Sat, 01 Aug 2026 00:00:00 GMT</pubDate></item></channel></rss>"};
    const auto page = (*source)->fetch(http, {}, now);
    REQUIRE(page);
    REQUIRE(page->posts.posts.size() == 1);
    CHECK(page->posts.posts[0].url == "https://example.org/a?sid=77&page=2");
    return std::string{page->posts.posts[0].native_id};
  };

  CHECK(id_with({}) == "https://example.org/1?sid=77");
  CHECK(id_with({{"id", "guid"}, {"id_without", "sid"}}) == "https://example.org/1");
  CHECK(id_with({{"id", "link"}}) == "https://example.org/a?sid=77&page=2");
  CHECK(id_with({{"id", "link"}, {"id_without", "sid"}}) == "https://example.org/a?page=2");
  CHECK(id_with({{"id", "title"}}).size() == 16);
}

TEST_CASE("an unknown way to tell posts apart is a config error") {
  SourceConfig config;
  config.url = "https://example.org/feed";
  config.options.emplace("id", "slug");
  const auto source = find_source_type("feed")->make(config);
  REQUIRE_FALSE(source);
  CHECK(source.error().message == "'id' is guid, link or title, and not 'slug'");
}

namespace {

/// A feed of one page a day: items of these hours of 31 July 2026, newest first.
std::string page_of_hours(const std::vector<int>& hours, const std::string& links) {
  std::string items;
  for (const int hour : hours)
    items += fmt::format(
        "<item><guid>{0}</guid><title>hour {0}</title>"
        "<pubDate>Fri, 31 Jul 2026 {0:02}:00:00 GMT</pubDate></item>",
        hour);
  return fmt::format(
      "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><title>T</title>{}{}"
      "</channel></rss>",
      links, items);
}

/// Polls as the collector does, until the source has no more; the ids of each page.
std::vector<std::vector<std::string>> walked(Source& source, HttpClient& http,
                                             std::string& cursor) {
  std::vector<std::vector<std::string>> pages;
  for (bool more = true; more && pages.size() < 30;) {
    const auto page = source.fetch(http, {.cursor = cursor}, now);
    REQUIRE(page);
    auto& ids = pages.emplace_back();
    for (const Post& post : page->posts.posts) ids.emplace_back(post.native_id);
    cursor = page->next_cursor;
    more = page->more;
  }
  return pages;
}

using Pages = std::vector<std::vector<std::string>>;
const std::string first_page = "https://example.org/feed";

}  // namespace

TEST_CASE("older pages of a feed are read as far back as what is known, and no further") {
  ScriptedHttp http;
  http.answer(first_page, ok(page_of_hours({9, 8}, "<a:link rel='prev-archive' href='/july'/>")));
  http.answer(first_page, ok(page_of_hours({13, 12}, "<a:link rel='next' href='?page=2'/>")));
  http.answer(first_page + "?page=2",
              ok(page_of_hours({11, 10}, "<a:link rel='next' href='?page=3'/>")));
  http.answer(first_page + "?page=3",
              ok(page_of_hours({9, 8}, "<a:link rel='next' href='?page=4'/>")));
  const auto source = feed_at(first_page);
  std::string cursor;

  CHECK(walked(*source, http, cursor) == Pages{{"9", "8"}});
  CHECK(cursor == "newest=1785488400\n");
  CHECK(walked(*source, http, cursor) == Pages{{"13", "12"}, {"11", "10"}, {"9", "8"}});
  CHECK(cursor == "newest=1785502800\n");
  CHECK(walked(*source, http, cursor) == Pages{{"13", "12"}});
}

TEST_CASE("a first poll reads older pages as far back as it is told to, in a JSON Feed too") {
  const auto page = [](int hour, const std::string& next) {
    return ok(fmt::format(
        R"({{"version":"https://jsonfeed.org/version/1.1","title":"T",{0}"items":[)"
        R"({{"id":"{1}","content_text":"x","date_published":"2026-07-31T{1:02}:00:00Z"}}]}})",
        next, hour));
  };
  ScriptedHttp http;
  http.answer(first_page, page(9, R"("next_url":"/feed/2",)"));
  http.answer("https://example.org/feed/2", page(8, R"("next_url":"/feed/3",)"));
  http.answer("https://example.org/feed/3", page(7, ""));
  SourceConfig config{.name = "news", .type = "feed", .url = first_page};
  config.options["since"] = "2026-07-01";
  std::string cursor;

  CHECK(walked(*source_of(config), http, cursor) == Pages{{"9"}, {"8"}, {"7"}});
  config.options["since"] = "July";
  CHECK_FALSE(find_source_type("feed")->make(config));
}

TEST_CASE("older pages are left alone where they can't be trusted to help") {
  const auto pages_after = [](const std::string& first, const std::string& second) {
    ScriptedHttp http;
    http.answer(first_page, ok(first));
    http.answer("https://example.org/2", ok(second));
    http.answer("https://other.example/2", ok(second));
    std::string cursor = "newest=1785400000\n";
    return walked(*feed_at(first_page), http, cursor).size();
  };
  const std::string older = "<a:link rel='next' href='/2'/>";
  const auto second = page_of_hours({3}, "");
  CHECK(pages_after(page_of_hours({9}, older), second) == 2);
  CHECK(pages_after(page_of_hours({9}, "<a:link rel='next' href='https://other.example/2'/>"),
                    second) == 1);
  CHECK(pages_after(page_of_hours({9}, "<a:link rel='next' href='/feed'/>"), second) == 1);
  CHECK(pages_after(page_of_hours({}, older), second) == 1);
  CHECK(pages_after("<rss xmlns:a='http://www.w3.org/2005/Atom'><channel>" + older +
                        "<item><guid>1</guid><title>undated</title></item></channel></rss>",
                    second) == 1);
  CHECK(pages_after(page_of_hours({9}, older), page_of_hours({9}, older)) == 2);  // itself again
}

TEST_CASE("pages without end, and those that can't be read, end the walk and not the source") {
  ScriptedHttp http;
  http.answer(first_page, ok(page_of_hours({9}, "<a:link rel='next' href='/0'/>")));
  for (int i = 0; i < 40; ++i)
    http.answer(fmt::format("https://example.org/{}", i),
                ok(page_of_hours({9}, fmt::format("<a:link rel='next' href='/{}'/>", i + 1))));
  std::string cursor = "newest=1785400000\n";
  CHECK(walked(*feed_at(first_page), http, cursor).size() == 20);
  CHECK(cursor == "newest=1785488400\n");

  http.answer("https://example.org/0", {.status = 404});
  http.answer("https://example.org/0", {.status = 429});
  const std::string walking =
      "newest=1785400000\ntop=1785488400\npages=1\nolder=https://example.org/0\n";
  const auto source = feed_at(first_page);
  const auto lost = source->fetch(http, {.cursor = walking}, now);
  const auto spared = source->fetch(http, {.cursor = walking}, now);
  REQUIRE(lost);
  CHECK(lost->refused_status == 0);
  CHECK(lost->bad_rows == 1);
  CHECK(lost->bad[0].reason == "https://example.org/0: an older page could not be read: HTTP 404");
  CHECK(lost->next_cursor == "newest=1785488400\n");
  REQUIRE(spared);
  CHECK(spared->refused_status == 429);
}
