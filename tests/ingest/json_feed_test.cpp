#include "ingest/json_feed.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

FeedDocument read(std::string_view json, const FeedOrigin& origin = {}) {
  auto feed = read_feed(json, origin);
  REQUIRE(feed);
  return std::move(*feed);
}

FeedEntry item(const std::string& members) {
  auto feed = read(R"({"version":"https://jsonfeed.org/version/1.1","items":[{)" + members + "}]}",
                   {.url = "https://x.example/feed.json", .links = true});
  REQUIRE(feed.entries.size() == 1);
  return std::move(feed.entries[0]);
}

}  // namespace

TEST_CASE("a JSON Feed fills the fields of a feed") {
  const auto feed = read(R"({"version":"https://jsonfeed.org/version/1.1","title":"T  &amp; t",
      "home_page_url":"https://x.example/","feed_url":"https://x.example/feed.json",
      "description":"D","language":"en_AU","authors":[{"name":"Ann","url":"https://x.example/ann"}],
      "items":[{"id":"1","content_text":"c"}]})");
  CHECK(feed.version == "json11");
  CHECK(feed.encoding == "utf-8");
  CHECK(feed.title == "T &amp; t");
  CHECK(feed.link == "https://x.example/");
  CHECK(feed.self == "https://x.example/feed.json");
  CHECK(feed.summary == "D");
  CHECK(feed.lang == "en-AU");
  CHECK(feed.author.name == "Ann");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].author.url == "https://x.example/ann");
  CHECK(feed.entries[0].lang == "en-AU");
}

TEST_CASE("an item of a JSON Feed fills the fields of an entry") {
  const auto one = item(R"("id":42,"url":"/1","title":"t","summary":"s",
      "content_html":"<p>a<br>b</p><a href='2'>c</a>","date_published":"2023-05-01T23:00:00-05:00",
      "date_modified":"2023-05-02T06:30:00.5+01:00","author":{"name":"Bob"},"tags":["x",1,"y"],
      "language":"de","attachments":[{"url":"a.mp3","mime_type":"audio/mpeg","size_in_bytes":12}])");
  CHECK(one.id == "42");
  CHECK(one.link == "https://x.example/1");
  CHECK(one.title == "t");
  CHECK(one.summary == "s");
  CHECK(one.content == "a\nb\nc");
  CHECK(one.links == std::vector<std::string>{"https://x.example/2"});
  CHECK(format_instant(one.published.value()) == "2023-05-02T04:00:00Z");
  CHECK(format_instant(one.updated.value()) == "2023-05-02T05:30:00Z");
  CHECK(one.author.name == "Bob");
  CHECK(one.tags == std::vector<std::string>{"x", "y"});
  CHECK(one.lang == "de");
  REQUIRE(one.enclosures.size() == 1);
  CHECK(one.enclosures[0].url == "https://x.example/a.mp3");
  CHECK(one.enclosures[0].length == "12");
}

TEST_CASE("the first author counts, in either version, and may be just a name") {
  CHECK(item(R"("authors":[{"name":"Ann"},{"name":"Bob"}])").author.name == "Ann");
  CHECK(item(R"("author":"Ann")").author.name == "Ann");
  CHECK(item(R"("authors":[null,"Bob"])").author.name == "Bob");
  CHECK(item(R"("author":{"url":"/ann"})").author.url == "https://x.example/ann");
}

TEST_CASE("text stays as it is, and HTML goes before it") {
  CHECK(item(R"("content_text":"1 < 2 &amp; <b>3</b>")").content == "1 < 2 &amp; <b>3</b>");
  CHECK(item(R"("content_html":"<b>h</b>","content_text":"t")").content == "h");
  CHECK(item(R"("external_url":"https://other.example/")").link == "https://other.example/");
}

TEST_CASE("members of the wrong kind count as absent") {
  const auto one = item(R"("id":["x"],"title":null,"url":7,"tags":"a","authors":{},"attachments":3,
      "content_text":{"a":1},"summary":"s","date_published":true)");
  CHECK(one.id == "");
  CHECK(one.title == "");
  CHECK(one.link == "");
  CHECK(one.content == "");
  CHECK(one.summary == "s");
  CHECK_FALSE(one.published.has_value());
  CHECK(read(R"({"version":"https://jsonfeed.org/version/1","items":{}})").version == "json1");
}

TEST_CASE("a text that is no Unicode costs that member alone") {
  const auto one = item(R"("title":"\ud800","content_text":"c")");
  CHECK(one.title == "");
  CHECK(one.content == "c");
}

TEST_CASE("of a document that breaks off the items before are kept") {
  const auto feed = read(R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[
      {"id":"1","content_text":"a"},{"id":"2","content_text":"b"},{"id":"3","cont)");
  REQUIRE(feed.entries.size() >= 2);
  CHECK(feed.entries[1].content == "b");
}

TEST_CASE("a JSON document that is no feed is a format error") {
  for (const auto* json : {"{}", "{\"items\":[1,2]}", "{\"a\":", "{", "{\"version\":\"2\"}"}) {
    CAPTURE(json);
    const auto feed = read_feed(json, {});
    REQUIRE_FALSE(feed);
    CHECK(feed.error().kind == Error::Kind::format);
    CHECK(feed.error().message == "neither a JSON Feed nor XML");
  }
}

TEST_CASE("a JSON Feed may begin with a byte order mark, and past 10,000 items are counted") {
  std::string json = "\xEF\xBB\xBF {\"items\":[";
  for (int i = 0; i < 10'002; ++i) json += i == 0 ? "{\"id\":1}" : ",{\"id\":1}";
  const auto feed = read(json + "]}");
  CHECK(feed.entries.size() == 10'000);
  CHECK(feed.items == 10'002);
}
