#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string server = "https://elm.example";
const std::string post_list = server + "/api/v3/post/list?type_=All&sort=New&limit=50";
const std::string comment_list = server + "/api/v3/comment/list?type_=All&sort=New&limit=50";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "lemmy";
  config.type = "lemmy";
  config.url = server + "/";
  config.options = std::move(options);
  return config;
}

Page next(Source& source, HttpClient& http, const std::string& cursor = {}) {
  auto page = source.fetch(http, {.cursor = cursor}, now);
  REQUIRE(page);
  return std::move(*page);
}

std::string fixture(const std::string& name) {
  return *read_file(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/lemmy/" + name);
}

std::string post(int id, const std::string& time = "2026-08-01T10:00:00Z") {
  return fmt::format(
      R"({{"post":{{"id":{0},"name":"p{0}","published":"{1}","ap_id":"https://elm.example/post/{0}"}}}})",
      id, time);
}

std::string comment(int id, const std::string& path) {
  return fmt::format(
      R"({{"comment":{{"id":{0},"content":"c{0}","published":"2026-08-01T10:00:00Z","path":"{1}","ap_id":"https://oak.example/comment/{0}"}},"post":{{"ap_id":"https://elm.example/post/1"}}}})",
      id, path);
}

HttpResponse posts(const std::string& list, const std::string& more = {}) {
  return ok(R"({"posts":[)" + list + "]" + more + "}");
}

HttpResponse comments(const std::string& list) {
  return ok(R"({"comments":[)" + list + "]}");
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("lemmy")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("lemmy: posts of the older API are read with all that they say") {
  ScriptedHttp http;
  http.answer(post_list, ok(fixture("posts_v3.json")));

  const auto page = next(*source_of(config_with({})), http);

  REQUIRE(page.posts.posts.size() == 2);
  const Post& late = page.posts.posts[0];
  CHECK(late.network == "lemmy");
  CHECK(late.native_id == "https://elm.example/post/40");
  CHECK(late.channel == "elm.example/c/beans");
  CHECK(late.author_id == "https://elm.example/u/nell");
  CHECK(late.author_name == "nell");
  CHECK(late.text == "Boxes come late\nMine was two days late.\nhttps://news.example/late");
  CHECK(late.parent_id.empty());
  CHECK(late.root_id.empty());
  CHECK(late.url == "https://elm.example/post/40");
  CHECK(late.source == "lemmy");
  CHECK(format_instant(late.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(format_instant(late.edited_at) == "2026-08-01T11:00:00Z");
  CHECK(late.engagement == Engagement{12, {}, 2, {}, now});
  CHECK_FALSE(late.filtered);
  CHECK(page.posts.posts[1].engagement == Engagement{{}, {}, 0, {}, now});  // below zero
  REQUIRE(page.removed.size() == 1);
  CHECK(page.removed[0].native_id == "https://oak.example/post/7");
  CHECK(page.rows == 5);
  CHECK(page.bad_rows == 2);
  CHECK(page.bad.at(0).reason == "https://oak.example/post/5: no date that can be read");
  CHECK(page.bad.at(1).reason == "a post without ap_id");
}

TEST_CASE("lemmy: comments of the newer API are read, and join what they answer") {
  const std::string api = server + "/api/v4/";
  ScriptedHttp http;
  http.answer(api + "post/list?type_=all&sort=new&limit=50",
              ok(R"({"items":[],"next_page":null})"));
  http.answer(api + "comment/list?type_=all&sort=new&limit=50", ok(fixture("comments_v4.json")));
  http.answer(
      api + "comment?id=71",
      ok(R"({"comment_view":{"comment":{"id":71,"ap_id":"https://ash.example/comment/9"}}})"));
  const auto source = source_of(config_with({{"api", "v4"}}));

  next(*source, http);
  const auto waits = next(*source, http);
  const auto page = next(*source, http, waits.next_cursor);

  CHECK(waits.posts.posts.empty());
  CHECK(waits.more);
  CHECK(waits.next_cursor.empty());
  REQUIRE(page.posts.posts.size() == 3);
  const Post& deep = page.posts.posts[0];
  CHECK(deep.native_id == "https://oak.example/comment/1");
  CHECK(deep.text == "Mine, too.");
  CHECK(deep.parent_id == "https://ash.example/comment/77");
  CHECK(deep.root_id == "https://elm.example/post/40");
  CHECK(deep.channel == "elm.example/c/beans");
  CHECK(deep.author_id == "https://oak.example/u/arlo");
  CHECK(deep.edited_at == Instant{});
  CHECK(deep.engagement == Engagement{5, {}, 1, {}, now});
  CHECK(page.posts.posts[1].parent_id == "https://ash.example/comment/9");
  CHECK(page.posts.posts[2].parent_id == "https://elm.example/post/40");
  CHECK(page.posts.posts[2].engagement == Engagement{{}, {}, {}, {}, now});
  CHECK(page.next_cursor == "comments=94\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("lemmy: what was written on the server is read again as the lists had it") {
  const std::string api = server + "/api/v3/";
  const std::string deep =
      R"({"comment":{"id":9,"content":"c9","published":"2026-08-01T10:00:00Z","path":"0.5.9",)"
      R"("ap_id":"https://elm.example/comment/9"},"post":{"ap_id":"https://elm.example/post/1"}})";
  const std::string liked =
      R"({"post":{"id":4,"name":"p4","published":"2026-08-01T10:00:00Z",)"
      R"("ap_id":"https://elm.example/post/4"},"counts":{"score":8,"comments":3}})";
  ScriptedHttp http;
  http.answer(post_list, posts(post(4)));
  http.answer(comment_list, comments(deep));
  http.answer(api + "comment?id=5", ok(R"({"comment_view":{"comment":{"id":5,)"
                                       R"("ap_id":"https://ash.example/comment/77"}}})"));
  http.answer(api + "post?id=4", ok(R"({"post_view":)" + liked + "}"));
  http.answer(api + "comment?id=9", ok(R"({"comment_view":)" + deep + "}"));
  const auto first_source = source_of(config_with({}));
  const auto one = next(*first_source, http);
  const auto waits = next(*first_source, http, one.next_cursor);
  const auto two = next(*first_source, http, one.next_cursor);
  const auto source = source_of(config_with({}));

  const auto post_again = source->reread(http, {}, one.posts.posts, now);
  const auto comment_again = source->reread(http, {}, two.posts.posts, now);

  CHECK(source->rereads() == 1);
  CHECK(source->can_reread(one.posts.posts[0]));
  CHECK_FALSE(source->can_reread({.native_id = "https://oak.example/post/4"}));
  REQUIRE(post_again);
  REQUIRE(post_again->posts.posts.size() == 1);
  CHECK(content_hash(post_again->posts.posts[0]) == content_hash(one.posts.posts[0]));
  CHECK(post_again->posts.posts[0].engagement == Engagement{8, {}, 3, {}, now});
  REQUIRE(comment_again);
  REQUIRE(comment_again->posts.posts.size() == 1);
  CHECK(comment_again->posts.posts[0].parent_id == "https://ash.example/comment/77");
  CHECK(content_hash(comment_again->posts.posts[0]) == content_hash(two.posts.posts[0]));
}

TEST_CASE("lemmy: of what is read again, what is deleted, unknown or refused is told apart") {
  const std::string url = server + "/api/v3/post?id=";
  ScriptedHttp http;
  http.answer(url + "1", ok(R"({"post_view":{"post":{"id":1,"name":"x","deleted":true,)"
                            R"("ap_id":"https://elm.example/post/1"}}})"));
  http.answer(url + "2", {.status = 404, .body = R"({"error":"couldnt_find_post"})"});
  http.answer(url + "3", {.status = 400, .body = R"({"error":"couldnt_find_post"})"});
  http.answer(url + "4", {.status = 400, .body = R"({"error":"rate_limit_error"})"});
  http.answer(url + "5", ok(R"({"post_view":{"post":{"ap_id":"https://oak.example/post/5"}}})"));
  const auto source = source_of(config_with({}));
  const auto again = [&](int id) {
    const std::string name = fmt::format("https://elm.example/post/{}", id);
    auto page = source->reread(http, {}, posts_called({name}), now);
    REQUIRE(page);
    CHECK(page->posts.posts.empty());
    return std::move(*page);
  };

  CHECK(again(1).removed.size() == 1);
  CHECK(again(2).missing.size() == 1);
  CHECK(again(3).missing.size() == 1);
  CHECK(again(3).refused_status == 0);
  CHECK(again(4).refused_status == 400);
  CHECK(again(4).missing.empty());
  CHECK(again(5).missing.empty());
}

TEST_CASE("lemmy: a first poll takes a page of posts and one of comments") {
  ScriptedHttp http;
  http.answer(post_list, posts(post(5) + "," + post(4), R"(,"next_page":"Px")"));
  http.answer(comment_list, comments(comment(9, "0.9")));
  const auto source = source_of(config_with({}));

  const auto first = next(*source, http);
  const auto second = next(*source, http, first.next_cursor);

  CHECK(first.next_cursor == "posts=5\n");
  CHECK(first.more);
  CHECK(second.next_cursor == "posts=5\ncomments=9\n");
  CHECK_FALSE(second.more);
  CHECK(second.gapless);
}

TEST_CASE("lemmy: later polls walk by the server's cursor until nothing is new") {
  ScriptedHttp http;
  http.answer(post_list, posts(post(8) + "," + post(2), R"(,"next_page":"Pb")"));
  http.answer(post_list + "&page_cursor=Pb",
              posts(post(5) + "," + post(7), R"(,"next_page":"Pc")"));
  http.answer(post_list + "&page_cursor=Pc", posts(post(4), R"(,"next_page":"Pd")"));
  const auto source = source_of(config_with({}));

  const auto first = next(*source, http, "posts=5\n");
  const auto second = next(*source, http, first.next_cursor);
  const auto third = next(*source, http, second.next_cursor);

  CHECK(first.next_cursor == "posts=5\nposts_top=8\nposts_page=Pb\n");
  CHECK(second.next_cursor == "posts=5\nposts_top=8\nposts_page=Pc\n");
  CHECK(third.next_cursor == "posts=8\n");
}

TEST_CASE("lemmy: where a server has no cursor, pages are counted") {
  ScriptedHttp http;
  http.answer(post_list, posts(""));
  http.answer(comment_list, comments(comment(30, "0.30")));
  http.answer(comment_list + "&page=2", comments(comment(20, "0.20")));
  http.answer(comment_list + "&page=3", comments(comment(9, "0.9")));
  const auto source = source_of(config_with({}));

  next(*source, http, "comments=9\n");
  const auto first = next(*source, http, "comments=9\n");
  const auto second = next(*source, http, first.next_cursor);
  const auto third = next(*source, http, second.next_cursor);

  CHECK(first.next_cursor == "comments=9\ncomments_top=30\ncomments_page=#=2\n");
  CHECK(second.next_cursor == "comments=9\ncomments_top=30\ncomments_page=#=3\n");
  CHECK(third.next_cursor == "comments=30\n");
  CHECK_FALSE(third.more);
}

TEST_CASE("lemmy: with 'since' the first poll walks back to that day") {
  ScriptedHttp http;
  http.answer(post_list, posts(post(5, "2026-07-20T00:00:00Z"), R"(,"next_page":"Pb")"));
  http.answer(post_list + "&page_cursor=Pb",
              posts(post(4, "2026-07-01T00:00:00Z"), R"(,"next_page":"Pc")"));
  const auto source = source_of(config_with({{"since", "2026-07-10"}}));

  const auto first = next(*source, http);
  const auto second = next(*source, http, first.next_cursor);

  CHECK(first.next_cursor == "posts_top=5\nposts_page=Pb\n");
  CHECK(second.next_cursor == "posts=5\n");
}

TEST_CASE("lemmy: a community, a search and what is local are asked for in both APIs") {
  const auto asked = [](std::map<std::string, std::string, std::less<>> options) {
    ScriptedHttp http;
    const auto page = source_of(config_with(std::move(options)))->fetch(http, {}, now);
    CHECK_FALSE(page);
    return http.requests().at(0).url;
  };

  CHECK(asked({{"community", "!beans@oak.example"}}) ==
        server +
            "/api/v3/post/list?type_=All&sort=New&community_name=beans%40oak.example&limit=50");
  CHECK(asked({{"search", "green basket"}, {"local", "true"}}) ==
        server +
            "/api/v3/search?q=green%20basket&type_=Posts&listing_type=Local&sort=New&limit=50");
  CHECK(asked({{"search", "a"}, {"community", "b"}, {"api", "v4"}}) ==
        server +
            "/api/v4/search?q=a&search_term=a&type_=posts&listing_type=all&sort=new"
            "&community_name=b&community_name_or_id=b&limit=50");
}

TEST_CASE("lemmy: what a search finds is marked as filtered") {
  const std::string search = server + "/api/v3/search?q=beans&type_=";
  const std::string rest = "&listing_type=All&sort=New&limit=50";
  ScriptedHttp http;
  http.answer(search + "Posts" + rest, ok(R"({"posts":[)" + post(3) + R"(],"comments":[]})"));
  http.answer(search + "Comments" + rest,
              ok(R"({"posts":[],"comments":[)" + comment(6, "0.6") + "]}"));
  const auto source = source_of(config_with({{"search", "beans"}}));

  const auto found = next(*source, http);
  const auto rests = next(*source, http, found.next_cursor);

  REQUIRE(found.posts.posts.size() == 1);
  CHECK(found.posts.posts[0].filtered);
  REQUIRE(rests.posts.posts.size() == 1);
  CHECK(rests.posts.posts[0].parent_id == "https://elm.example/post/1");
}

TEST_CASE("lemmy: a parent that the server does not show is called as one of its own") {
  ScriptedHttp http;
  http.answer(post_list, posts(""));
  http.answer(comment_list, comments(comment(9, "0.3.9")));
  http.answer(server + "/api/v3/comment?id=3", {.status = 404, .body = "{}"});
  const auto source = source_of(config_with({}));

  next(*source, http);
  next(*source, http);
  const auto page = next(*source, http);

  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].parent_id == "https://elm.example/comment/3");
}

TEST_CASE("lemmy: a comment that comes again does not ask for its parent again") {
  ScriptedHttp http;
  http.answer(post_list, posts(""));
  http.answer(comment_list, comments(comment(9, "0.3.9") + "," + comment(8, "0.8")));
  const auto source = source_of(config_with({}));

  next(*source, http, "comments=9\n");
  const auto page = next(*source, http, "comments=9\n");

  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].native_id == "https://oak.example/comment/8");
  CHECK(page.rows == 2);
  CHECK(page.bad_rows == 0);
  CHECK(http.requests().size() == 2);
}

TEST_CASE("lemmy: a refusal is handed on, also while parents are looked up") {
  ScriptedHttp http;
  http.answer(post_list, {.status = 429, .headers = {{"retry-after", "9"}}});
  http.answer(post_list, posts(""));
  http.answer(comment_list, comments(comment(9, "0.3.9")));
  http.answer(server + "/api/v3/comment?id=3", {.status = 429});
  const auto source = source_of(config_with({}));

  const auto refused = next(*source, http);
  next(*source, http);
  next(*source, http);
  const auto lookup = next(*source, http);

  CHECK(refused.refused_status == 429);
  CHECK(refused.wait == seconds{9});
  CHECK(lookup.refused_status == 429);
  CHECK(lookup.posts.posts.empty());
}

TEST_CASE("lemmy: an answer that is no list is a format error that names the address") {
  ScriptedHttp http;
  http.answer(post_list, ok(R"({"error":"rate_limit_error"})"));

  const auto page = source_of(config_with({}))->fetch(http, {}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message == "https://elm.example/api/v3/post/list?...: not a list of posts");
}

TEST_CASE("lemmy: what the options can't mean is told") {
  auto nowhere = config_with({});
  nowhere.url.clear();
  CHECK(error_of(nowhere) == "lemmy needs the 'url' of a server");
  CHECK(error_of(config_with({{"api", "v5"}})) == "'api' is v3 or v4, and not 'v5'");
  CHECK(error_of(config_with({{"since", "x"}})) == "'since' is a day like 2026-08-01, and not 'x'");
}
