#include "ingest/opml.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

OpmlList read(std::string_view bytes) {
  auto list = parse_opml(bytes);
  REQUIRE(list);
  return std::move(*list);
}

/// The feeds of a body.
std::vector<OpmlFeed> feeds_of(const std::string& outlines) {
  return read("<opml version='2.0'><head/><body>" + outlines + "</body></opml>").feeds;
}

}  // namespace

TEST_CASE("opml: feeds with their titles, sites and nested folders, in their order") {
  const auto list = read(R"(<?xml version="1.0"?>
    <opml version="1.0"><head><title>My  feeds</title></head><body>
      <outline text="News" title="News">
        <outline text="Local">
          <outline type="rss" text="Town Hall" xmlUrl="https://town.example/feed"
                   htmlUrl="https://town.example/"/>
        </outline>
        <outline type="rss" text="World" xmlUrl="http://world.example/rss"/>
      </outline>
      <outline type="atom" text="Alone" xmlUrl="https://alone.example/atom"/>
    </body></opml>)");

  CHECK(list.title == "My feeds");
  CHECK(list.left_out.empty());
  const std::vector<OpmlFeed> expected{
      {"Town Hall", "https://town.example/feed", "https://town.example/", "News / Local"},
      {"World", "http://world.example/rss", "", "News"},
      {"Alone", "https://alone.example/atom", "", ""}};
  CHECK(list.feeds == expected);
}

TEST_CASE("opml: attributes in any spelling, types missing, an address under another name") {
  const auto feeds = feeds_of(
      "<outline text='a' xmlURL='https://a.example/'/><outline TITLE='b' XMLURL=' "
      "https://b.example/ '/><outline text='c' type='rss' url='https://c.example/'/>");
  REQUIRE(feeds.size() == 3);
  CHECK(feeds[0].url == "https://a.example/");
  CHECK(feeds[1].title == "b");
  CHECK(feeds[1].url == "https://b.example/");
  CHECK(feeds[2].url == "https://c.example/");
}

TEST_CASE("opml: text goes before title, and markup in it is read") {
  const auto feeds = feeds_of(
      "<outline text='Mine' title='Theirs' xmlUrl='https://a.example/'/>"
      "<outline text='' title='Tom &amp;amp; &lt;b&gt;Ann&lt;/b&gt;\n 2' "
      "xmlUrl='https://b.example/'/>"
      "<outline xmlUrl='https://c.example/'/>");
  REQUIRE(feeds.size() == 3);
  CHECK(feeds[0].title == "Mine");
  CHECK(feeds[1].title == "Tom & Ann 2");
  CHECK(feeds[2].title == "");
}

TEST_CASE("opml: without a folder the first category is one") {
  const auto feeds = feeds_of(
      "<outline text='a' category='/Food/Farms,/later' xmlUrl='https://a.example/'/>"
      "<outline text='F'><outline text='b' category='/x' xmlUrl='https://b.example/'/></outline>");
  REQUIRE(feeds.size() == 2);
  CHECK(feeds[0].folder == "Food / Farms");
  CHECK(feeds[1].folder == "F");
}

TEST_CASE("opml: feed: addresses are http, others are left out by name") {
  const auto list = read(
      "<opml><body><outline text='a' xmlUrl='feed://a.example/f'/>"
      "<outline text='b' xmlUrl='feed:https://b.example/f'/>"
      "<outline text='c' xmlUrl='file:///etc/passwd'/>"
      "<outline text='d' type='HTML+XPath' xmlUrl='https://d.example/'/>"
      "<outline text='e' xmlUrl='https://'/></body></opml>");
  REQUIRE(list.feeds.size() == 2);
  CHECK(list.feeds[0].url == "http://a.example/f");
  CHECK(list.feeds[1].url == "https://b.example/f");
  const std::vector<std::string> left_out{
      "c: not an http address: file:///etc/passwd",
      "d: a page that is read as html+xpath, not a feed",
      "e: not an http address: https://",
  };
  CHECK(list.left_out == left_out);
}

TEST_CASE("opml: a feed that has outlines in it is a feed, and so are they") {
  const auto feeds = feeds_of(
      "<outline text='F'><outline text='a' xmlUrl='https://a.example/'>"
      "<outline text='b' xmlUrl='https://b.example/'/></outline></outline>"
      "<outline text='c' xmlUrl='https://c.example/'/>");
  REQUIRE(feeds.size() == 3);
  CHECK(feeds[1].folder == "F");
  CHECK(feeds[2].folder == "");
}

TEST_CASE("opml: broken XML and other encodings are read as far as they go") {
  const auto cut = read(
      "<opml><body><outline text='Caf\xE9 & Bar' xmlUrl='https://a.example/?x=1&y=2'>"
      "<outline text='b' xmlUrl='https://b.example/'");
  REQUIRE(cut.feeds.size() >= 1);
  CHECK(cut.feeds[0].title == "Café & Bar");
  CHECK(cut.feeds[0].url == "https://a.example/?x=1&y=2");

  const auto latin = read(
      "<?xml version='1.0' encoding='ISO-8859-1'?><opml><body>"
      "<outline text='Z\xFCrich' xmlUrl='https://z.example/'/></body></opml>");
  CHECK(latin.feeds.at(0).title == "Zürich");
}

TEST_CASE("opml: what has no outline is an error, an empty list is not") {
  const auto page = parse_opml("<html><body><p>no</p></body></html>");
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message == "not a list of feeds: there is no outline in it");
  CHECK_FALSE(parse_opml("no markup"));
  CHECK(read("<opml><body><outline text='empty folder'/></body></opml>").feeds.empty());
}

TEST_CASE("opml: what was written is read back the same") {
  const std::vector<OpmlFeed> feeds{
      {"Top \"quoted\" <1 & 2>", "https://a.example/?q=1&b=2", "https://a.example/", ""},
      {"b", "https://b.example/", "", "News / Local"},
      {"c", "https://c.example/", "", "News / Local"},
      {"d", "https://d.example/", "", "News"},
      {"e", "https://e.example/", "", "Farms"}};

  const auto written = write_opml(feeds, "Tom & Ann");

  const auto list = read(written);
  CHECK(list.title == "Tom & Ann");
  CHECK(list.feeds == feeds);
  CHECK(list.left_out.empty());
  CHECK(
      written.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"));
  CHECK(write_opml({feeds.data() + 1, 2}, "") ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<opml version=\"2.0\">\n"
        "  <head>\n"
        "  </head>\n"
        "  <body>\n"
        "    <outline text=\"News\">\n"
        "      <outline text=\"Local\">\n"
        "        <outline type=\"rss\" text=\"b\" xmlUrl=\"https://b.example/\"/>\n"
        "        <outline type=\"rss\" text=\"c\" xmlUrl=\"https://c.example/\"/>\n"
        "      </outline>\n"
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n");
}
