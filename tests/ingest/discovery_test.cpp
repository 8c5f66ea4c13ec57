#include "ingest/discovery.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/scripted_http.hpp"

using namespace earshot;

namespace {

constexpr auto rss =
    "<rss version='2.0'><channel><title>Town Hall</title><item><guid>1</guid>"
    "<title>t</title></item></channel></rss>";

constexpr Instant now{};

/// A server whose robots.txt allows all, and whose page is this.
struct Site {
  ScriptedHttp http;

  explicit Site(const std::string& html, const std::string& page = "https://town.example/") {
    http.answer("https://town.example/robots.txt", {.status = 404});
    http.answer(page, {.status = 200, .headers = {{"content-type", "text/html"}}, .body = html});
  }

  std::vector<std::string> asked() const {
    std::vector<std::string> urls;
    for (const auto& request : http.requests()) urls.push_back(request.url);
    return urls;
  }
};

Discovery discover(HttpClient& http, std::string_view typed) {
  auto discovery = discover_sources(http, typed, now);
  REQUIRE(discovery);
  return std::move(*discovery);
}

Error fault(HttpClient& http, std::string_view typed) {
  auto discovery = discover_sources(http, typed, now);
  REQUIRE_FALSE(discovery);
  return discovery.error();
}

}  // namespace

TEST_CASE("discovery: feeds that a page names, in its order, those of comments last") {
  Site site{
      "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>"
      "<LINK REL='Alternate feed' TYPE='application/atom+xml; charset=utf-8' href='a?x=1&amp;y=2'>"
      "<link rel='alternate' type='application/json' href='/wp-json/1'>"
      "<link rel='alternate' type='application/json' title='J' href='/feed.json'>"
      "<link rel='alternate' type='text/xml+oembed' href='/oembed'>"
      "<link rel='alternate stylesheet' type='text/xml' href='/s.xsl'>"
      "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>"
      "<link rel='alternate' hreflang='de' href='/de'>"};

  const auto found = discover(site.http, "town.example/").found;

  REQUIRE(found.size() == 3);
  CHECK(found[0].source.type == "feed");
  CHECK(found[0].source.url == "https://town.example/a?x=1&y=2");
  CHECK(found[1].source.url == "https://town.example/feed.json");
  CHECK(found[1].title == "J");
  CHECK(found[2].source.url == "https://town.example/comments/feed/");
  CHECK(site.asked() ==
        std::vector<std::string>{"https://town.example/", "https://town.example/robots.txt"});
}

TEST_CASE("discovery: addresses are seen from the base of the page, or from where it was moved") {
  ScriptedHttp http;
  http.answer("https://old.example/",
              {.status = 200,
               .body = "<link rel=alternate type=application/rss+xml href=f>",
               .url = "https://town.example/blog/"});
  http.answer("https://town.example/robots.txt", {.status = 404});
  CHECK(discover(http, "https://old.example/").found[0].source.url ==
        "https://town.example/blog/f");
  const auto hints = read_page_hints(
      "<base href='/sub/'><link rel=alternate type=application/rss+xml href=f>"
      "<a href='javascript:feed'>x</a><a href='rss.xml#a'>x</a><a href='/sitemap.xml'>x</a>",
      "https://town.example/blog/");
  CHECK(hints.named.at(0).source.url == "https://town.example/sub/f");
  CHECK(hints.anchors == std::vector<std::string>{"https://town.example/sub/rss.xml"});
}

TEST_CASE("discovery: an address that is a feed, or has moved to one") {
  ScriptedHttp http;
  http.answer("https://town.example/f", {.status = 200, .body = rss});
  http.answer("https://old.example/f", {.status = 200,
                                        .body = rss,
                                        .url = "https://town.example/f",
                                        .moved_to = "https://town.example/f"});
  const auto feed = discover(http, "https://town.example/f").found;
  REQUIRE(feed.size() == 1);
  CHECK(feed[0].source.url == "https://town.example/f");
  CHECK(feed[0].title == "Town Hall");
  CHECK(discover(http, "https://old.example/f").found[0].source.url == "https://town.example/f");
}

TEST_CASE("discovery: without a named feed, links that look like one, then the usual addresses") {
  Site linked{"<a href='/about'>x</a><a href='/news/rss.xml'>x</a><a href='/news/atom/'>x</a>"};
  linked.http.answer("https://town.example/.well-known/nodeinfo", {.status = 404});
  linked.http.answer("https://town.example/news/rss.xml", {.status = 200, .body = "<html></html>"});
  linked.http.answer("https://town.example/news/atom/", {.status = 200, .body = rss});
  CHECK(discover(linked.http, "https://town.example/").found[0].source.url ==
        "https://town.example/news/atom/");

  Site bare{"<p>news</p>", "https://town.example/news?x"};
  bare.http.answer("https://town.example/index.xml", {.status = 200, .body = rss});
  const auto found = discover(bare.http, "https://town.example/news?x").found;
  REQUIRE(found.size() == 1);
  CHECK(found[0].source.url == "https://town.example/index.xml");
  const auto asked = bare.asked();
  CHECK(std::ranges::count(asked, "https://town.example/news/feed") == 1);
  CHECK(std::ranges::count(asked, "https://town.example/feed.xml") == 0);
}

TEST_CASE("discovery: robots.txt is asked about all that was not typed") {
  Site site{
      "<link rel=alternate type=application/rss+xml href=/private/f>"
      "<link rel=alternate type=application/rss+xml href=https://feeds.example/f>"};
  ScriptedHttp closed;
  closed.answer("https://town.example/",
                {.status = 200,
                 .body = "<link rel=alternate type=application/rss+xml href=/private/f>"
                         "<link rel=alternate type=application/rss+xml "
                         "href=https://feeds.example/f>"});
  closed.answer("https://town.example/robots.txt",
                {.status = 200, .body = "User-agent: *\nDisallow: /private\n"});
  closed.answer("https://feeds.example/robots.txt", {.status = 404});
  const auto discovery = discover(closed, "https://town.example/");
  REQUIRE(discovery.found.size() == 1);
  CHECK(discovery.found[0].source.url == "https://feeds.example/f");
  CHECK(discovery.passed ==
        std::vector<std::string>{
            "https://town.example/private/f: its robots.txt asks to leave it alone"});
  CHECK(discover(site.http, "https://town.example/").found[0].source.url ==
        "https://town.example/private/f");
}

TEST_CASE("discovery: software with an API is known by NodeInfo or by the page's generator") {
  Site site{
      "<link rel=alternate type='application/activity+json' href=/users/ann>"
      "<link rel=alternate type='application/rss+xml' href=/@ann.rss>",
      "https://town.example/@ann"};
  site.http.answer("https://town.example/.well-known/nodeinfo",
                   {.status = 200,
                    .body = R"({"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0",)"
                            R"("href":"https://town.example/nodeinfo/2.0"}]})"});
  site.http.answer("https://town.example/nodeinfo/2.0",
                   {.status = 200, .body = R"({"software":{"name":"Mastodon","version":"4.3"}})"});
  const auto found = discover(site.http, "https://town.example/@ann").found;
  REQUIRE(found.size() == 2);
  CHECK(found[0].source.type == "mastodon");
  CHECK(found[0].source.option("account") == "ann");
  CHECK(found[1].source.url == "https://town.example/@ann.rss");

  Site forum{"<meta name='generator' content='Discourse 3.4.0 - https://github.com/discourse'>",
             "https://town.example/latest"};
  const auto posts = discover(forum.http, "https://town.example/latest").found;
  REQUIRE(posts.size() == 2);
  CHECK(posts[0].source.type == "discourse");
  CHECK(posts[0].source.url == "https://town.example");
  CHECK(posts[1].source.url == "https://town.example/posts.rss");
  CHECK(forum.asked() == std::vector<std::string>{"https://town.example/latest"});
}

TEST_CASE("discovery: the channel of a page of YouTube") {
  ScriptedHttp http;
  http.answer("https://www.youtube.com/@ann",
              {.status = 200,
               .body = "<link rel='canonical' href='https://www.youtube.com/channel/UC1_-2'>"});
  http.answer("https://www.youtube.com/robots.txt", {.status = 404});
  CHECK(discover(http, "www.youtube.com/@ann").found[0].source.url ==
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC1_-2");
}

TEST_CASE("discovery: no address, no answer, a refusal, nothing there") {
  ScriptedHttp http;
  CHECK(fault(http, "").kind == Error::Kind::usage);
  CHECK(fault(http, "ftp://town.example/").message ==
        "'ftp://town.example/' is not an address like https://example.org, nor an account like "
        "@name@server");
  CHECK(fault(http, "@ann").kind == Error::Kind::usage);
  CHECK(http.requests().empty());
  CHECK(fault(http, "silent.example").message ==
        "https://silent.example: nothing is scripted for it");

  http.answer("https://town.example/x",
              {.status = 503, .headers = {{"retry-after", "60"}}, .body = "busy"});
  CHECK(fault(http, "https://town.example/x").message ==
        "https://town.example/x: HTTP 503, asked to wait 60 s");

  Site empty{"<p>nothing</p>"};
  const auto nothing = fault(empty.http, "https://town.example/");
  CHECK(nothing.kind == Error::Kind::format);
  CHECK(nothing.message ==
        "https://town.example/: no feed: the page names none, and none of 7 addresses where feeds "
        "usually are has one");
}
