#include "ingest/feed.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace earshot;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string fixture(const std::string& name) {
  return read_file(fs::path{EARSHOT_SOURCE_DIR} / "tests/fixtures/feed" / name);
}

const Instant now = from_unix(1'785'542'400);

ParsedFeed parsed(std::string_view bytes,
                  std::string_view url = "https://paddock.example/feed?format=rss") {
  auto feed = parse_feed(bytes, {.url = url}, {.source = "talk", .now = now});
  REQUIRE(feed);
  return std::move(*feed);
}

std::string rss(const std::string& items) {
  return "<rss version='2.0'><channel><title>T</title>" + items + "</channel></rss>";
}

}  // namespace

TEST_CASE("an RSS item fills the fields of a post") {
  const auto feed = parsed(fixture("rss.xml"));
  REQUIRE(feed.posts.posts.size() == 2);
  const auto& post = feed.posts.posts[0];
  CHECK(post.network == "feed:paddock.example/feed");
  CHECK(post.native_id == "pt-1");
  CHECK(post.source == "talk");
  CHECK(post.channel == "Paddock Talk");
  CHECK(post.text == "Box was late & soggy\nThird week running.\nNever again — sorry.");
  CHECK(post.author_name == "Rosie");
  CHECK(post.author_id == "Rosie");
  CHECK(post.url == "https://paddock.example/posts/1");
  CHECK(post.lang == "en-AU");
  CHECK(post.parent_id == "pt-0");
  CHECK(post.place == "-27.47,153.02");
  CHECK(post.engagement.replies == 12U);
  CHECK_FALSE(post.engagement.likes.has_value());
  CHECK(post.engagement.observed_at == now);
  CHECK(format_instant(post.posted_at) == "2026-07-31T23:30:00Z");
  CHECK(post.dated);
  CHECK(feed.title == "Paddock Talk");
  CHECK(feed.link == "https://paddock.example/");
  CHECK(feed.self == "https://paddock.example/feed?format=rss");
  CHECK(feed.ttl == std::chrono::minutes{90});
}

TEST_CASE(
    "an item without a date is dated now and says so; a permalink is its link; a title is not said "
    "twice") {
  const auto feed = parsed(fixture("rss.xml"));
  REQUIRE(feed.posts.posts.size() == 2);
  const auto& post = feed.posts.posts[1];
  CHECK_FALSE(post.dated);
  CHECK(post.posted_at == now);
  CHECK(post.url == "https://paddock.example/posts/2");
  CHECK(post.author_name == "Bob");
  CHECK(post.text == "Carrots are in: twelve dollars");
  CHECK_FALSE(post.engagement.replies.has_value());
}

TEST_CASE("an item without any text is a bad one") {
  const auto feed = parsed(fixture("rss.xml"));
  CHECK(feed.items == 3);
  CHECK(feed.bad_items == 1);
  REQUIRE(feed.bad.size() == 1);
  CHECK(feed.bad[0].reason == "item 3 has no text");
}

TEST_CASE("an Atom entry fills the fields of a post, the feed's author where it has none") {
  const auto feed = parsed(fixture("atom.xml"), "");
  REQUIRE(feed.posts.posts.size() == 2);
  const auto& first = feed.posts.posts[0];
  CHECK(first.network == "feed:news.example/atom.xml");
  CHECK(first.native_id == "tag:news.example,2026:1");
  CHECK(first.channel == "The Daily Furrow");
  CHECK(first.text == "Farmers & friends\nUn deux\ntrois <quatre>");
  CHECK(first.author_name == "Ada");
  CHECK(first.author_id == "https://news.example/ada");
  CHECK(first.url == "https://news.example/1");
  CHECK(first.lang == "fr");
  CHECK(format_instant(first.posted_at) == "2026-08-01T09:30:00Z");
  CHECK(format_instant(first.edited_at) == "2026-08-02T10:00:00Z");
  const auto& second = feed.posts.posts[1];
  CHECK(second.text == "1 < 2\nplain <b> text");
  CHECK(second.author_name == "The Editors");
  CHECK(second.lang == "en");
  CHECK(format_instant(second.posted_at) == "2026-08-03T00:00:00Z");
}

TEST_CASE("an RSS 1.0 item is named by rdf:about") {
  const auto feed = parsed(fixture("rdf.xml"), "https://forum.example/rss");
  REQUIRE(feed.posts.posts.size() == 1);
  const auto& post = feed.posts.posts[0];
  CHECK(post.native_id == "https://forum.example/t/1");
  CHECK(post.text == "Frage\nWo ist mein Paket?");
  CHECK(post.author_name == "Jan");
  CHECK(post.lang == "de");
  CHECK(format_instant(post.posted_at) == "2026-08-01T07:30:00Z");
}

TEST_CASE("a damaged feed gives every item that can be told") {
  const auto feed = parsed(fixture("damaged.xml"));
  REQUIRE(feed.posts.posts.size() == 3);
  CHECK(feed.posts.posts[0].text == "Unclosed bold\n5 < 6 & so on\xC2\xA0…");
  CHECK(feed.posts.posts[1].native_id == "2");
  CHECK(feed.posts.posts[2].text == "Behind the end");
  CHECK(feed.title == "Broken & proud");
}

TEST_CASE("an id is the guid, else the link, else made of title and date") {
  const auto feed =
      parsed(rss("<item><title>a</title><link>https://x.example/1</link></item><item><title>b</"
                 "title></item>"));
  REQUIRE(feed.posts.posts.size() == 2);
  CHECK(feed.posts.posts[0].native_id == "https://x.example/1");
  CHECK(feed.posts.posts[1].native_id.size() == 16);
  const auto again = parsed(rss("<item><title>b</title></item>"));
  CHECK(again.posts.posts[0].native_id == feed.posts.posts[1].native_id);
}

TEST_CASE("items that share a guid within a document are told apart by their links") {
  const auto feed =
      parsed(rss("<item><guid>g</guid><title>a</title><link>https://x.example/1</link></item>"
                 "<item><guid>g</guid><title>b</title><link>https://x.example/2</link></item>"));
  REQUIRE(feed.posts.posts.size() == 2);
  CHECK(feed.posts.posts[0].native_id == "g https://x.example/1");
  CHECK(feed.posts.posts[1].native_id == "g https://x.example/2");
}

TEST_CASE("past 10,000 items the rest is counted and dropped") {
  std::string items;
  for (int i = 0; i < 10'005; ++i) items += fmt::format("<item><title>{}</title></item>", i);
  const auto feed = parsed(rss(items));
  CHECK(feed.posts.posts.size() == 10'000);
  CHECK(feed.items == 10'005);
  CHECK(feed.bad_items == 5);
  CHECK(feed.bad.back().reason == "5 items past the first 10000");
}

TEST_CASE("a document that is no feed says what it is") {
  const auto page = parse_feed("<!DOCTYPE html><html><body>404</body></html>", {}, {});
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message == "neither RSS nor Atom: the document is <html>");
}

TEST_CASE("every real feed gives its items") {
  const char* const folder = std::getenv("EARSHOT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("skipped: EARSHOT_TEST_DATA is not set");
    return;
  }
  int feeds = 0;
  for (const auto& entry : fs::recursive_directory_iterator{fs::path{folder} / "feeds/real"}) {
    const auto bytes = entry.is_regular_file() ? read_file(entry.path()) : std::string{};
    const bool has_items =
        bytes.find("<item") != std::string::npos || bytes.find("<entry") != std::string::npos;
    if (entry.path().extension() != ".xml" || !has_items)
      continue;  // a catalogue, a feed without items
    CAPTURE(entry.path().string());
    const auto feed = parse_feed(bytes, {.url = "https://example.org/feed"}, {.now = now});
    REQUIRE(feed);
    CHECK(feed->posts.posts.size() > 0);
    ++feeds;
  }
  CHECK(feeds > 60);
}

TEST_CASE("items that share an id are told apart by what of their links lasts") {
  const auto items = [](const std::string& token) {
    std::string both;
    for (const char* name : {"a", "b"})
      both += fmt::format(
          "<item><guid>same</guid><title>{}</title><link>https://paddock.example/{}?s={}</link></"
          "item>",
          name, name, token);
    return rss(both);
  };
  const auto ids = [](const std::string& bytes) {
    const auto feed = parse_feed(bytes, {}, {.now = now, .id_without = "s"});
    REQUIRE(feed);
    std::string all;
    for (const auto& post : feed->posts.posts) all.append(post.native_id).append("|");
    return all;
  };
  CHECK(ids(items("1")) == "same https://paddock.example/a|same https://paddock.example/b|");
  CHECK(ids(items("2")) == ids(items("1")));
}
