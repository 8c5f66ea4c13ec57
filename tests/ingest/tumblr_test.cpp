#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api = "https://api.tumblr.com/v2/";

std::string tagged(const std::string& before = {}) {
  return fmt::format("{}tagged?tag=green%20basket&npf=true&limit=20{}&api_key=k-e-y", api,
                     before.empty() ? "" : "&before=" + before);
}

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "tum";
  config.type = "tumblr";
  config.url = "https://api.tumblr.com";
  config.options = std::move(options);
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

Result<Page> tried(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  return source_of(config)->fetch(http, {.cursor = cursor, .token = "k-e-y"}, now);
}

Page fetched(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  auto page = tried(config, http, cursor);
  REQUIRE_MESSAGE(page, page.error().message);
  return std::move(*page);
}

SourceConfig listening() {
  return config_with({{"tag", "#green basket"}});
}

/// Posts of these times.
HttpResponse posts_of(const std::vector<int>& times) {
  std::string list;
  for (const int time : times)
    list += fmt::format(
        R"({}{{"id_string":"{}","timestamp":{},"content":[{{"type":"text","text":"t"}}]}})",
        list.empty() ? "" : ",", time, time);
  return ok(fmt::format(R"({{"response":[{}]}})", list));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("tumblr")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("tumblr: posts with a tag are read from their blocks") {
  ScriptedHttp http;
  http.answer(tagged(), ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                      "/tests/fixtures/tumblr/tagged.json")));

  const auto page = fetched(listening(), http);

  REQUIRE(page.posts.posts.size() == 5);
  const Post& post = page.posts.posts[0];
  CHECK(post.network == "tumblr");
  CHECK(post.native_id == "804");
  CHECK(post.channel == "nell-eats");
  CHECK(post.author_id == "t:nell");
  CHECK(post.author_name == "nell-eats");
  CHECK(post.text ==
        "Late again\nThree days & wilted\nPhotos\nhttps://pics.example/1\n#green basket #late");
  CHECK(post.url == "https://nell-eats.tumblr.com/post/804");
  CHECK(post.source == "tum");
  CHECK(format_instant(post.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(post.engagement == Engagement{12, {}, {}, {}, now});
  CHECK(post.filtered);
  CHECK(page.posts.posts[3].text == "On Fridays");  // the rest was asked by somebody else
  CHECK(page.posts.posts[4].text == "Beans\nAn old post\n#beans");
  CHECK(page.posts.posts[4].native_id == "800");
  CHECK(page.rows == 6);
  CHECK(page.bad_rows == 1);
  CHECK(page.bad.at(0).reason == "799: no date that can be read");
  CHECK(page.next_cursor == "newest=1785578590\n");
  CHECK(page.gapless);
  CHECK_FALSE(page.more);
}

TEST_CASE("tumblr: a reblog with words is an answer, one without is a repost") {
  ScriptedHttp http;
  http.answer(tagged(), ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                      "/tests/fixtures/tumblr/tagged.json")));

  const auto page = fetched(listening(), http);

  REQUIRE(page.posts.posts.size() == 5);
  const Post& answer = page.posts.posts[1];
  CHECK(answer.text == "Mine was fine");
  CHECK(answer.parent_id == "700");
  CHECK(answer.root_id == "600");
  CHECK_FALSE(answer.repost);
  CHECK_FALSE(answer.engagement.likes);
  const Post& share = page.posts.posts[2];
  CHECK(share.text == "Green Basket, hm");
  CHECK(share.repost);
  CHECK(share.parent_id.empty());
}

TEST_CASE("tumblr: a first poll takes a page, the next ones walk back to what is known") {
  ScriptedHttp http;
  http.answer(tagged(), posts_of({2000, 1900}));
  http.answer(tagged(), posts_of({3000, 2900}));
  http.answer(tagged("2901"), posts_of({2900, 2500}));
  http.answer(tagged("2501"), posts_of({2500, 1950}));

  const auto first = fetched(listening(), http);
  const auto second = fetched(listening(), http, first.next_cursor);
  const auto third = fetched(listening(), http, second.next_cursor);
  const auto fourth = fetched(listening(), http, third.next_cursor);

  CHECK_FALSE(first.more);
  CHECK(first.next_cursor == "newest=2000\n");
  CHECK(second.more);
  CHECK(second.next_cursor == "newest=2000\ntop=3000\nback=2901\n");
  CHECK(third.next_cursor == "newest=2000\ntop=3000\nback=2501\n");
  CHECK_FALSE(fourth.more);
  CHECK(fourth.next_cursor == "newest=3000\n");
}

TEST_CASE(
    "tumblr: a page within one second, and a server that does not move on, end no poll badly") {
  ScriptedHttp http;
  http.answer(tagged("2501"), posts_of({2500, 2500}));
  http.answer(tagged("2500"), posts_of({2500, 2500}));

  const auto crowded = fetched(listening(), http, "newest=2000\ntop=3000\nback=2501\n");
  const auto stuck = fetched(listening(), http, crowded.next_cursor);

  CHECK(crowded.more);
  CHECK(crowded.next_cursor == "newest=2000\ntop=3000\nback=2500\n");
  CHECK_FALSE(stuck.more);
  CHECK(stuck.next_cursor == "newest=3000\n");
}

TEST_CASE("tumblr: a blog is walked to the day that was asked for, and its pinned post passed by") {
  ScriptedHttp http;
  const std::string url =
      api + "blog/greenbasket.tumblr.com/posts?npf=true&reblog_info=true&limit=20";
  http.answer(
      url + "&api_key=k-e-y",
      ok(R"({"response":{"posts":[)"
         R"({"id_string":"1","timestamp":1000,"is_pinned":true,"content":[{"type":"text","text":"Hi"}]},)"
         R"({"id_string":"9","timestamp":1785578400,"content":[{"type":"text","text":"New"}]}]}})"));
  http.answer(url + "&before=1785578401&api_key=k-e-y", ok(R"({"response":{"posts":[]}})"));
  const auto config =
      config_with({{"account", "https://www.tumblr.com/greenbasket?x=1"}, {"since", "2026-07-01"}});

  const auto first = fetched(config, http);
  const auto second = fetched(config, http, first.next_cursor);

  CHECK(first.posts.posts.size() == 2);
  CHECK_FALSE(first.posts.posts[0].filtered);
  CHECK(first.more);
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785578400\n");
}

TEST_CASE("tumblr: the budget of a day or an hour is waited for, also after a refusal") {
  ScriptedHttp http;
  auto answer = posts_of({});
  answer.headers = {{"x-ratelimit-perday-remaining", "4000"},
                    {"x-ratelimit-perhour-remaining", "0"},
                    {"x-ratelimit-perhour-reset", "720"}};
  http.answer(tagged(), answer);
  http.answer(tagged(), {.status = 429,
                         .headers = {{"x-ratelimit-perday-remaining", "0"},
                                     {"x-ratelimit-perday-reset", "3600"}}});

  const auto used_up = fetched(listening(), http);
  const auto refused = fetched(listening(), http);

  CHECK(used_up.wait == std::chrono::seconds{720});
  CHECK(refused.refused_status == 429);
  CHECK(refused.wait == std::chrono::seconds{3600});
}

TEST_CASE("tumblr: an answer without posts is a format error that does not show the key") {
  ScriptedHttp http;
  http.answer(tagged(), ok(R"({"response":{}})"));

  const auto page = tried(listening(), http);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message == "https://api.tumblr.com/v2/tagged?...: not a list of posts");
}

TEST_CASE("tumblr: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "tumblr needs either 'tag' or 'account'");
  CHECK(error_of(config_with({{"tag", "a"}, {"account", "b"}})) ==
        "tumblr needs either 'tag' or 'account'");
  CHECK(error_of(config_with({{"tag", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}
