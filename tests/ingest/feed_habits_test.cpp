#include <string>

#include <doctest/doctest.h>

#include "ingest/feed.hpp"
#include "store/base/file.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z

ParsedFeed read_from(const std::string& file, const std::string& url, const std::string& network) {
  const auto bytes = read_file(file);
  REQUIRE(bytes);
  auto feed = parse_feed(*bytes, {.url = url},
                         {.source = "recipe", .network = network, .channel = {}, .now = now});
  REQUIRE(feed);
  return std::move(*feed);
}

ParsedFeed read(const std::string& name, const std::string& url, const std::string& network = {}) {
  return read_from(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/feed/" + name, url, network);
}

}  // namespace

TEST_CASE("feeds: a video of a YouTube channel has its own id, its description and its likes") {
  const auto feed = read(
      "youtube.xml", "https://www.youtube.com/feeds/videos.xml?channel_id=UCgreenbasket00000000000",
      "youtube");

  REQUIRE(feed.posts.posts.size() == 1);
  const Post& video = feed.posts.posts[0];
  CHECK(video.network == "youtube");
  CHECK(video.native_id == "vid00000001");
  CHECK(video.channel == "Green Basket");
  CHECK(video.author_name == "Green Basket");
  CHECK(video.text ==
        "What is in the box?\nNell opens one. Order: https://greenbasket.example/box");
  CHECK(video.url == "https://www.youtube.com/watch?v=vid00000001");
  CHECK(format_instant(video.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(video.engagement == Engagement{31, {}, {}, {}, now});
}

TEST_CASE("feeds: a comment of WordPress is its author's words, and answers its post") {
  const auto feed = read("wordpress_comments.xml", "https://farm.example/comments/feed/");

  REQUIRE(feed.posts.posts.size() == 2);
  const Post& comment = feed.posts.posts[0];
  CHECK(comment.native_id == "https://farm.example/?p=7#comment-42");
  CHECK(comment.author_name == "Nell");
  CHECK(comment.text == "Mine came on Monday & was cold.");
  CHECK(comment.parent_id == "https://farm.example/?p=7");
  CHECK(comment.root_id == "https://farm.example/?p=7");
  CHECK(comment.url == "https://farm.example/2026/08/late/#comment-42");
  CHECK(feed.posts.posts[1].text == "Same");
  CHECK(feed.posts.posts[1].author_name == "Arlo");
}

TEST_CASE("feeds: Google News says a headline once, and the paper is its author") {
  const auto feed = read("google_news.xml",
                         "https://news.google.com/rss/search?q=%22green+basket%22&hl=en-AU&gl=AU");

  REQUIRE(feed.posts.posts.size() == 2);
  const Post& story = feed.posts.posts[0];
  CHECK(story.native_id == "CBMiAAA");
  CHECK(story.text == "Green Basket boxes late - again");
  CHECK(story.author_name == "The Valley Paper");
  CHECK(story.author_id == "https://valley.example");
  CHECK(story.url == "https://news.google.com/rss/articles/CBMiAAA?oc=5");
  CHECK(story.lang == "en-AU");
  CHECK(feed.posts.posts[1].text == "Two stories");
}

TEST_CASE("feeds: a review of Apple's shop keeps its number on every page, and its app is none") {
  const auto feed = read(
      "apple_reviews.xml",
      "https://itunes.apple.com/au/rss/customerreviews/page=1/id=123456789/sortby=mostrecent/xml",
      "apple");

  REQUIRE(feed.posts.posts.size() == 1);
  const Post& review = feed.posts.posts[0];
  CHECK(review.native_id == "11223344556");
  CHECK(review.author_name == "nell_77");
  CHECK(review.author_id == "https://itunes.apple.com/au/reviews/id998877");
  CHECK(review.text == "Late box, nice app\nIt crashes when I track my box. Support was kind.");
  CHECK(format_instant(review.posted_at) == "2026-07-31T10:05:00Z");
  CHECK(review.engagement == Engagement{3, {}, {}, {}, now});
  CHECK(feed.items == 2);
  CHECK(feed.bad_items == 0);
}

TEST_CASE("feeds: Reddit's Atom gives the same posts as its API") {
  const auto feed = read("reddit.xml", "https://www.reddit.com/r/beans/new/.rss", "reddit");

  REQUIRE(feed.posts.posts.size() == 3);
  const Post& submission = feed.posts.posts[0];
  CHECK(submission.network == "reddit");
  CHECK(submission.native_id == "t3_aa3");
  CHECK(submission.author_id == "nell");
  CHECK(submission.author_name == "nell");
  CHECK(submission.text == "Late again?\nMine was three days late.\nNever again.");
  CHECK(submission.url == "https://www.reddit.com/r/beans/comments/aa3/late_again/");
  CHECK(feed.posts.posts[1].text == "Beanbox opens");
  const Post& comment = feed.posts.posts[2];
  CHECK(comment.native_id == "t1_c1");
  CHECK(comment.text == "Same here");
  CHECK(comment.root_id == "t3_aa3");
  CHECK(comment.parent_id.empty());
}

TEST_CASE("feeds: what looks like a habit is left alone elsewhere") {
  const std::string item =
      "<rss version='2.0'><channel><title>T</title><item><title>Comment on us - Paper</title>"
      "<link>https://blog.example/a</link><guid isPermaLink='false'>t1_x</guid>"
      "<description>submitted by me [comments]</description>"
      "<source url='https://paper.example/'>Paper</source></item></channel></rss>";

  const auto feed = parse_feed(item, {.url = "https://blog.example/feed"}, {.now = now});

  REQUIRE(feed);
  REQUIRE(feed->posts.posts.size() == 1);
  CHECK(feed->posts.posts[0].native_id == "t1_x");
  CHECK(feed->posts.posts[0].text == "Comment on us - Paper\nsubmitted by me [comments]");
  CHECK(feed->posts.posts[0].author_name.empty());
}

TEST_CASE("feeds: recorded feeds of YouTube and Reddit are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const std::string real = data + "/feeds/real/feed-rs/atom/";

  const auto videos = read_from(real + "atom_mediarss_youtube_1.xml",
                                "https://www.youtube.com/feeds/videos.xml", "youtube");
  const auto homelab = read_from(real + "atom_mediarss_reddit_1.xml",
                                 "https://www.reddit.com/r/homelab/new/.rss", "reddit");

  REQUIRE(videos.posts.posts.size() == 1);
  CHECK(videos.posts.posts[0].native_id == "0A1ouV7iD8o");
  CHECK(videos.posts.posts[0].text.starts_with(
      "Navigating with Quantum Entanglement\nCheck Out Weathered on PBS Terra"));
  CHECK(videos.posts.posts[0].engagement.likes == std::uint64_t{15020});
  REQUIRE_FALSE(homelab.posts.posts.empty());
  const Post& first = homelab.posts.posts[0];
  CHECK(first.native_id == "t3_157kyrd");
  CHECK(first.author_name == "Remarkable_Housing61");
  CHECK(first.text.starts_with(
      "Any reason to keep 1G connections to my servers?\nHello all, I recently acquired"));
  CHECK(first.text.find("submitted by") == std::string_view::npos);
}
