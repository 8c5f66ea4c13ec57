#include "cli/id_list.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::vector<std::pair<std::string, std::string>> readings(std::string_view id) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& post : posts_shown_as(id)) pairs.emplace_back(post.network, post.native_id);
  return pairs;
}

}  // namespace

TEST_CASE("id list: an id is a network and a native id with a colon between them") {
  CHECK(is_post_id("mastodon:123"));
  CHECK(is_post_id("feed:town.example/rss:https://town.example/1"));
  for (const auto* none : {"", ":", "123", "mastodon:", ":123", "::"}) {
    CAPTURE(none);
    CHECK_FALSE(is_post_id(none));
    CHECK(posts_shown_as(none).empty());
  }
}

TEST_CASE("id list: an id with several colons can be shown for several posts") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(readings("mastodon:123") == Pairs{{"mastodon", "123"}});
  CHECK(readings("feed:town.example/rss:9") ==
        Pairs{{"feed", "town.example/rss:9"}, {"feed:town.example/rss", "9"}});
  CHECK(readings("a::b:") == Pairs{{"a", ":b:"}, {"a:", "b:"}});
}

TEST_CASE("id list: one id a line, whatever the ends of lines, without blanks around them") {
  const auto ids = parse_id_list(
      "\xEF\xBB\xBF"
      "a:1\r\n\r\n  b:2 \n \t\nc:3 4",
      "ids.txt");

  REQUIRE(ids);
  CHECK(*ids == std::vector<std::string>{"a:1", "b:2", "c:3 4"});
  CHECK(parse_id_list("", "ids.txt")->empty());
}

TEST_CASE("id list: what is no id is named with its line") {
  const auto ids = parse_id_list("a:1\n\n4711\nb:2\n", "ids.txt");

  REQUIRE_FALSE(ids);
  CHECK(ids.error().kind == Error::Kind::usage);
  CHECK(ids.error().message == "ids.txt:3: '4711' is not the id of a post, as in mastodon:123");
}
