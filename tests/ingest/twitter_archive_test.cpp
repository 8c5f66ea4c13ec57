#include <doctest/doctest.h>

#include "ingest/archive_look.hpp"
#include "ingest/mapping.hpp"
#include "ingest/twitter_files.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

std::string fixture(const std::string& name) {
  return std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/" + name;
}

ReadArchive read(const std::string& path) {
  SourceConfig config;
  config.name = "tweets";
  config.path = path;
  config.mapping = default_mapping();
  return read_archive_as("twitter_archive", config);
}

}  // namespace

TEST_CASE("twitter_archive: the folder of an archive is read with all its parts") {
  const auto whole = read(fixture("twitter_archive"));

  REQUIRE(whole.posts.size() == 4);
  const Post& tweet = whole.post("925486700000000001");
  CHECK(tweet.network == "twitter");
  CHECK(tweet.channel == "twitter");
  CHECK(tweet.author_id == "4711");
  CHECK(tweet.author_name == "FarmNell");
  CHECK(tweet.text == "Beans & kale <3 https://farm.example/beans?a=1&b=2");
  CHECK(tweet.lang == "en");
  CHECK(tweet.url == "https://twitter.com/FarmNell/status/925486700000000001");
  CHECK(format_instant(tweet.posted_at) == "2017-10-31T22:10:47Z");
  CHECK(tweet.engagement.likes == 12U);
  CHECK(tweet.engagement.shares == 3U);
  CHECK_FALSE(tweet.engagement.replies.has_value());
  CHECK_FALSE(tweet.repost);

  const Post& retweet = whole.post("925486700000000002");
  CHECK(retweet.repost);
  CHECK(retweet.lang == "");
  CHECK_FALSE(retweet.engagement.shares.has_value());
  const Post& reply = whole.post("925486700000000003");
  CHECK(reply.text == "@ann Friday } ] \\ \"then\"");
  CHECK(reply.parent_id == "925486700000000000");
  CHECK(whole.post("925486700000000010").text == "part one");
  CHECK(whole.rows == 7);
  CHECK(whole.bad == std::vector<std::string>{
                         "40: 925486700000000004: no date that can be read (in tweets.js)",
                         "41: a tweet without id (in tweets.js)",
                         "3: 925486700000000011: no date that can be read (in tweets-part1.js)"});
}

TEST_CASE("twitter_archive: an import that was stopped goes on with the next part") {
  SourceConfig config;
  config.name = "tweets";
  config.path = fixture("twitter_archive");
  config.mapping = default_mapping();
  struct NoHttp final : HttpClient {
    Result<HttpResponse> get(const HttpRequest&) override {
      return Error{Error::Kind::network, "none"};
    }
  } http;

  const auto first = (*find_source_type("twitter_archive")->make(config))->fetch(http, {}, {});
  REQUIRE(first);
  CHECK(first->more);
  CHECK(first->next_cursor == "1");
  const auto second = (*find_source_type("twitter_archive")->make(config))
                          ->fetch(http, {.cursor = first->next_cursor}, {});
  REQUIRE(second);
  CHECK(second->posts.posts.size() == 1);
  CHECK_FALSE(second->more);
  CHECK(second->bytes_read == second->bytes_total);
}

TEST_CASE("twitter_archive: the months of an archive before 2019") {
  const auto whole = read(fixture("twitter_archive_2018"));

  REQUIRE(whole.posts.size() == 2);
  CHECK(whole.posts[0].text == "Beans & kale");
  CHECK(whole.posts[0].author_name == "FarmNell");
  CHECK(format_instant(whole.posts[0].posted_at) == "2017-10-31T22:10:47Z");
  CHECK(whole.posts[1].author_id == "4711");
  CHECK(whole.posts[1].parent_id == "925486700000000000");
}

TEST_CASE("twitter_archive: one file, with its account beside it or without") {
  const auto beside = read(fixture("twitter_archive/data/tweets-part1.js"));
  REQUIRE(beside.posts.size() == 1);
  CHECK(beside.posts[0].author_name == "FarmNell");
  CHECK(beside.bad == std::vector<std::string>{"3: 925486700000000011: no date that can be read"});

  const TemporaryFolder folder;
  const auto alone = read(
      folder.write("tweet.js", R"(window.YTD.tweet.part0 = [ { "id_str" : "7", "full_text" : "x",
                     "created_at" : "Tue Oct 31 22:10:47 +0000 2017" } ])"));
  REQUIRE(alone.posts.size() == 1);
  CHECK(alone.posts[0].author_id == "");
  CHECK(alone.posts[0].url == "https://twitter.com/i/status/7");
}

TEST_CASE("twitter_archive: what has no tweets is an error, and private messages are not read") {
  const auto messages = fixture("twitter_archive/data/direct-messages.js");
  CHECK(read(messages).error ==
        messages + ": no tweets in it; the file with them is called tweets.js or tweet.js");
  const TemporaryFolder folder;
  CHECK(read(folder.path()).error ==
        folder.path() + ": no tweets.js in it, nor in its folder data");
  CHECK(read(folder.write("empty.js", "")).error.ends_with("is called tweets.js or tweet.js"));
  CHECK(read(folder.write("cut.js", "window.YTD.tweets.part0 = [ { \"tweet\" : {")).bad ==
        std::vector<std::string>{"1: an object that is never closed"});
  CHECK(read("/nowhere").error == "/nowhere: no such file");
}

TEST_CASE("twitter_archive: files and folders are known by what they are") {
  CHECK(look_at_archive(fixture("twitter_archive")).type == "twitter_archive");
  CHECK(look_at_archive(fixture("twitter_archive_2018")).type == "twitter_archive");
  CHECK(look_at_archive(fixture("twitter_archive/data/tweets.js")).type == "twitter_archive");
  CHECK(look_at_archive(fixture("twitter_archive/data/direct-messages.js")).type == "");
  CHECK(look_at_archive(fixture("jsonl")).type == "");
  const TemporaryFolder folder;
  for (const auto* name : {"tweets-part10.js", "tweets-part2.js", "tweets.js", "tweets-part.js"})
    folder.write(name, "");
  CHECK(twitter_files(folder.path()) == std::vector<std::string>{folder / "tweets.js",
                                                                 folder / "tweets-part2.js",
                                                                 folder / "tweets-part10.js"});
}
