#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string key_url = "https://www.reddit.com/api/v1/access_token";
const std::string api = "https://oauth.reddit.com";
const std::string submissions = api + "/r/beans/new?limit=100&raw_json=1";
const std::string comments = api + "/r/beans/comments?limit=100&raw_json=1";
const std::string search = api + "/search?q=green%20basket&type=link&sort=new&limit=100&raw_json=1";
const std::string thread = api + "/comments/aa3?sort=new&limit=500&raw_json=1";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "red";
  config.type = "reddit";
  config.url = api;
  config.options = std::move(options);
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

HttpResponse fixture(const std::string& name) {
  return answer_of_fixture("reddit/" + name);
}

void give_key(ScriptedHttp& http) {
  http.answer(key_url, ok(R"({"access_token":"key-1","token_type":"bearer","expires_in":86400})"));
}

Result<Page> tried(Source& source, HttpClient& http, const std::string& cursor = {}) {
  return source.fetch(http, {.cursor = cursor, .token = "app-id:se-cret"}, now);
}

Page fetched(Source& source, HttpClient& http, const std::string& cursor = {}) {
  auto page = tried(source, http, cursor);
  REQUIRE(page);
  return std::move(*page);
}

/// The pages of one poll, without the one that logs in.
std::vector<Page> polled(Source& source, HttpClient& http, std::string cursor = {}) {
  std::vector<Page> pages;
  for (int i = 0; i < 40; ++i) {
    auto page = fetched(source, http, cursor);
    cursor = page.next_cursor;
    const bool more = page.more;
    const bool logged_in = i == 0 && page.rows == 0 && more;
    if (!logged_in) pages.push_back(std::move(page));
    if (!more) return pages;
  }
  FAIL("the poll does not end");
  return pages;
}

/// A listing of comments of these minutes after ten.
HttpResponse listing(const std::vector<int>& minutes, const std::string& after = {}) {
  std::string children;
  for (const int minute : minutes)
    children += fmt::format(
        R"({}{{"kind":"t1","data":{{"id":"m{}","body":"b","author":"a","subreddit":"beans","link_id":"t3_a","parent_id":"t3_a","created_utc":{}.0}}}})",
        children.empty() ? "" : ",", minute, 1'785'578'400 + 60 * minute);
  return ok(fmt::format(R"({{"kind":"Listing","data":{{"children":[{}],"after":{}}}}})", children,
                        after.empty() ? "null" : "\"" + after + "\""));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("reddit")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("reddit: submissions of a subreddit become posts, and what was deleted is told") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, fixture("new.json"));
  http.answer(comments, listing({}));

  const auto pages = polled(*source_of(config_with({{"subreddit", "r/beans"}})), http);

  REQUIRE(pages.size() == 2);
  const Page& page = pages[0];
  REQUIRE(page.posts.posts.size() == 2);
  const Post& post = page.posts.posts[0];
  CHECK(post.network == "reddit");
  CHECK(post.native_id == "t3_aa3");
  CHECK(post.channel == "beans");
  CHECK(post.author_id == "t2_n1");
  CHECK(post.author_name == "nell");
  CHECK(post.text == "Late again?\nMine was three days late & wilted.");
  CHECK(post.url == "https://www.reddit.com/r/beans/comments/aa3/late_again/");
  CHECK(post.source == "red");
  CHECK(format_instant(post.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(format_instant(post.edited_at) == "2026-08-01T11:00:00Z");
  CHECK(post.engagement == Engagement{12, 2, 3, {}, now});
  CHECK_FALSE(post.filtered);
  CHECK(page.posts.posts[1].text == "Beanbox opens a shop\nhttps://beanbox.example/shop");
  CHECK(page.posts.posts[1].engagement == Engagement{{}, 0, 0, {}, now});  // its score is hidden
  REQUIRE(page.removed.size() == 1);
  CHECK(page.removed[0].network == "reddit");
  CHECK(page.removed[0].native_id == "t3_aa1");
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 1);
  CHECK(page.bad.at(0).reason == "t3_aa0: no date that can be read");
  CHECK(page.gapless);
  CHECK(pages[1].posts.posts.empty());
  CHECK(pages[1].next_cursor == "newest0=1785578580\n");
}

TEST_CASE("reddit: posts are read again as the lists had them, and what was deleted is told") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, fixture("new.json"));
  http.answer(comments, listing({7}));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));
  const auto pages = polled(*source, http);
  const Post& late = pages[0].posts.posts[0];
  const Post& comment = pages[1].posts.posts[0];
  const std::string info = api + "/api/info?id=t3_aa3%2Ct1_m7%2Ct3_x1%2Ct3_x2%2Ct1_x3&raw_json=1";
  const std::string gone =
      R"({"kind":"t3","data":{"name":"t3_x1","title":"[deleted by user]","selftext":"[removed]",)"
      R"("author":"[deleted]","created_utc":1785578460.0,"removed_by_category":"deleted"}})";
  const std::string held =
      R"({"kind":"t3","data":{"name":"t3_x2","title":"x","selftext":"x","created_utc":1785578460,)"
      R"("removed_by_category":"automod_filtered"}})";
  const std::string again =
      R"({"kind":"t3","data":{"id":"aa3","name":"t3_aa3","subreddit":"beans","author":"nell",)"
      R"("author_fullname":"t2_n1","title":"Late again?",)"
      R"("selftext":"Mine was *three* days late &amp; wilted.","is_self":true,)"
      R"("permalink":"/r/beans/comments/aa3/late_again/","created_utc":1785578580.0,)"
      R"("edited":1785582000.0,"score":90,"num_comments":8,"num_crossposts":2}})";
  const auto comment_again = listing({7}).body;
  const auto from = comment_again.find(R"({"kind":"t1")");
  const auto to = comment_again.find("],");
  http.answer(info, ok(fmt::format(R"({{"data":{{"children":[{},{},{},{}]}}}})", held, gone,
                                   comment_again.substr(from, to - from), again)));

  const auto page =
      source->reread(http, {}, posts_called({"t3_aa3", "t1_m7", "t3_x1", "t3_x2", "t1_x3"}), now);

  CHECK(source->rereads() == 100);
  CHECK(source->can_reread(late));
  CHECK_FALSE(source->can_reread({.native_id = "https://www.reddit.com/r/beans"}));
  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 2);
  CHECK(content_hash(page->posts.posts[0]) == content_hash(comment));
  CHECK(content_hash(page->posts.posts[1]) == content_hash(late));
  CHECK(page->posts.posts[1].engagement == Engagement{90, 2, 8, {}, now});
  REQUIRE(page->removed.size() == 1);
  CHECK(page->removed[0].native_id == "t3_x1");
  REQUIRE(page->missing.size() == 1);
  CHECK(page->missing[0].network == "reddit");
  CHECK(page->missing[0].native_id == "t1_x3");
  CHECK(page->rows == 4);
  CHECK(request_header(http.requests().back().headers, "Authorization") == "Bearer key-1");
}

TEST_CASE("reddit: to be asked for posts again may be refused") {
  const std::string info = api + "/api/info?id=t3_a&raw_json=1";
  ScriptedHttp http;
  http.answer(info, {.status = 429, .headers = {{"retry-after", "60"}}});
  http.answer(info, ok(R"({"data":{}})"));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto refused = source->reread(http, {}, posts_called({"t3_a"}), now);
  const auto broken = source->reread(http, {}, posts_called({"t3_a"}), now);

  REQUIRE(refused);
  CHECK(refused->refused_status == 429);
  CHECK(refused->missing.empty());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().kind == Error::Kind::format);
  CHECK(broken.error().message == "https://oauth.reddit.com/api/info?...: not a listing");
}

TEST_CASE("reddit: the app's id and secret get a key, and go nowhere else") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, listing({}));
  http.answer(comments, listing({}));
  auto config = config_with({{"subreddit", "beans"}});
  config.headers = {{"User-Agent", "linux:earshot:1 (by /u/nell)"}, {"X-Own", "1"}};

  polled(*source_of(config), http);

  const auto requests = http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].url == key_url);
  CHECK(requests[0].post == "grant_type=client_credentials");
  CHECK(request_header(requests[0].headers, "Authorization") == "Basic YXBwLWlkOnNlLWNyZXQ=");
  CHECK(request_header(requests[0].headers, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(request_header(requests[0].headers, "User-Agent") == "linux:earshot:1 (by /u/nell)");
  CHECK(request_header(requests[0].headers, "X-Own").empty());
  CHECK(requests[1].post.empty());
  CHECK(request_header(requests[1].headers, "Authorization") == "Bearer key-1");
  CHECK(request_header(requests[1].headers, "User-Agent") == "linux:earshot:1 (by /u/nell)");
  CHECK(request_header(requests[1].headers, "X-Own") == "1");
}

TEST_CASE("reddit: a refresh token gets a key too, and a token without an id is told") {
  ScriptedHttp http;
  give_key(http);
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto refused = source->fetch(http, {.token = "no-colon"}, now);
  const auto page = source->fetch(http, {.cursor = "newest0=5\n", .token = "id::re+fresh"}, now);

  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::config);
  CHECK(refused.error().message ==
        "the token for reddit is 'id:secret' of an app, or 'id:secret:refresh_token'");
  REQUIRE(page);
  CHECK(page->more);
  CHECK(page->next_cursor == "newest0=5\n");
  REQUIRE(http.requests().size() == 1);
  CHECK(http.requests()[0].post == "grant_type=refresh_token&refresh_token=re%2Bfresh");
  CHECK(request_header(http.requests()[0].headers, "Authorization") == "Basic aWQ6");
}

TEST_CASE("reddit: a key that is refused, missing or used up") {
  ScriptedHttp http;
  http.answer(key_url, {.status = 401});
  http.answer(key_url, ok(R"({"error":"invalid_grant"})"));
  http.answer(key_url, ok(R"({"access_token":"key-1"})"));
  http.answer(submissions, {.status = 401});
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto refused = fetched(*source, http);
  const auto missing = tried(*source, http);
  const auto logged_in = fetched(*source, http);
  const auto used_up = fetched(*source, http);
  const auto again = fetched(*source, http);

  CHECK(refused.refused_status == 401);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Error::Kind::format);
  CHECK(missing.error().message == "https://www.reddit.com/api/v1/access_token: no access token");
  CHECK(logged_in.more);
  CHECK(used_up.refused_status == 401);
  CHECK(again.more);
  CHECK(http.requests().back().url == key_url);
}

TEST_CASE(
    "reddit: a first poll takes a page of each list, the next ones walk back to what is known") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, listing({20, 19}, "t3_m19"));
  http.answer(comments, listing({30, 29}, "t1_m29"));
  http.answer(submissions, listing({21, 20}, "t3_m20"));
  http.answer(submissions + "&after=t3_m20", listing({19, 9}, "t3_m9"));
  http.answer(comments, listing({50, 49}, "t1_m49"));
  http.answer(comments + "&after=t1_m49", listing({48, 19}, "t1_m19"));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto first = polled(*source, http);
  const auto second = polled(*source, http, first.back().next_cursor);

  REQUIRE(first.size() == 2);
  CHECK(first[0].next_cursor == "newest0=1785579600\nlist=1\n");              // 10:20
  CHECK(first[1].next_cursor == "newest0=1785579600\nnewest1=1785580200\n");  // and 10:30
  REQUIRE(second.size() == 4);
  CHECK(second[0].next_cursor ==
        "newest0=1785579600\ntop0=1785579660\npage0=t3_m20\nnewest1=1785580200\n");
  CHECK(second[1].next_cursor == "newest0=1785579660\nnewest1=1785580200\nlist=1\n");
  CHECK(second[2].next_cursor ==
        "newest0=1785579660\nnewest1=1785580200\ntop1=1785581400\npage1=t1_m49\nlist=1\n");
  CHECK(second[3].next_cursor == "newest0=1785579660\nnewest1=1785581400\n");
  CHECK(second[3].gapless);
}

TEST_CASE("reddit: a list that ends before what is known was reached may have lost something") {
  std::vector<int> many(100, 500);
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, listing({}));
  http.answer(comments, listing(many, "t1_p0"));
  for (int i = 0; i < 9; ++i)
    http.answer(fmt::format("{}&after=t1_p{}", comments, i),
                listing(many, i == 8 ? "" : fmt::format("t1_p{}", i + 1)));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto cut = polled(*source, http, "newest0=1785579600\nnewest1=1785580200\n");

  REQUIRE(cut.size() == 11);
  CHECK_FALSE(cut.back().gapless);
  CHECK(cut.back().next_cursor == "newest0=1785579600\nnewest1=1785608400\n");
}

TEST_CASE("reddit: a page whose first thing was deleted meanwhile is told as a hole") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, listing({}));
  http.answer(comments + "&after=t1_gone", listing({}));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));
  const std::string before = "newest1=1785580200\ntop1=1785581400\npage1=t1_gone\nlist=1\n";

  const auto pages = polled(*source, http, before);

  CHECK_FALSE(pages.back().gapless);
  CHECK(pages.back().next_cursor == "newest1=1785581400\n");
}

TEST_CASE("reddit: a small subreddit, shown whole, has no hole") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, listing({40, 39}));
  http.answer(comments, listing({}));
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  const auto pages = polled(*source, http, "newest0=1785578400\n");

  CHECK(pages.back().gapless);
}

TEST_CASE("reddit: what an account has pinned does not end the walk") {
  ScriptedHttp http;
  give_key(http);
  const std::string overview = api + "/user/nell/overview?sort=new&limit=100&raw_json=1";
  http.answer(overview, listing({-9000, 40, 39}, "t1_m39"));
  http.answer(overview + "&after=t1_m39", listing({38, 9}, "t1_m9"));
  const auto source = source_of(config_with({{"account", "nell"}}));

  const auto pages = polled(*source, http, "newest0=1785579600\n");  // 10:20

  REQUIRE(pages.size() == 2);
  CHECK(pages[1].next_cursor == "newest0=1785580800\n");
}

TEST_CASE("reddit: with 'since' the first poll walks back to that day, or to the end") {
  ScriptedHttp http;
  give_key(http);
  const std::string overview = api + "/user/nell/overview?sort=new&limit=100&raw_json=1";
  http.answer(overview, listing({20, 19}, "t1_m19"));
  http.answer(overview + "&after=t1_m19", listing({18}));
  const auto source = source_of(config_with({{"account", "u/nell"}, {"since", "2026-07-01"}}));

  const auto pages = polled(*source, http);

  REQUIRE(pages.size() == 2);
  CHECK(pages[1].next_cursor == "newest0=1785579600\n");
  CHECK(pages[1].gapless);
}

TEST_CASE("reddit: a search is filtered, and may be of one subreddit") {
  ScriptedHttp http;
  give_key(http);
  http.answer(search, fixture("new.json"));
  http.answer(api +
                  "/r/beans+peas/search?q=late&restrict_sr=true&type=link&sort=new&limit=100&"
                  "raw_json=1",
              listing({}));

  const auto everywhere = polled(*source_of(config_with({{"search", "green basket"}})), http);
  const auto there =
      polled(*source_of(config_with({{"search", "late"}, {"subreddit", "beans+peas"}})), http);

  REQUIRE(everywhere.size() == 1);
  CHECK(everywhere[0].posts.posts[0].filtered);
  CHECK(there.size() == 1);
}

TEST_CASE("reddit: the comments under what was found are read, also those that are only named") {
  ScriptedHttp http;
  give_key(http);
  http.answer(search, fixture("new.json"));
  http.answer(thread, fixture("thread.json"));
  http.answer(
      api + "/api/morechildren?api_type=json&link_id=t3_aa3&children=c3%2Cc4&raw_json=1",
      ok(R"({"json":{"errors":[],"data":{"things":[{"kind":"t1","data":{"id":"c3","body":"late","author":"bo",)"
         R"("subreddit":"beans","parent_id":"t1_c1","link_id":"t3_aa3","created_utc":1785578800.0}},)"
         R"({"kind":"more","data":{"children":["c4"],"count":1}}]}}})"));
  const auto source = source_of(config_with({{"search", "green basket"}, {"threads", "true"}}));

  const auto pages = polled(*source, http);

  REQUIRE(pages.size() == 3);
  CHECK(pages[0].next_cursor == "newest0=1785578580\nthread0=aa3\n");
  const auto& posts = pages[1].posts.posts;
  REQUIRE(posts.size() == 3);
  CHECK(posts[1].native_id == "t1_c1");
  CHECK(posts[1].text == "Same & cold");
  CHECK(posts[1].parent_id == "t3_aa3");
  CHECK(posts[1].root_id == "t3_aa3");
  CHECK(posts[1].author_id == "t2_a1");
  CHECK(posts[1].url == "https://www.reddit.com/r/beans/comments/aa3/late_again/c1/");
  CHECK(posts[1].engagement == Engagement{4, {}, {}, {}, now});
  CHECK(posts[2].native_id == "t1_c2");
  CHECK(posts[2].parent_id == "t1_c1");
  CHECK(posts[2].url == "https://www.reddit.com/comments/aa3/_/c2/");
  CHECK_FALSE(posts[2].engagement.likes);
  REQUIRE(pages[1].removed.size() == 1);
  CHECK(pages[1].removed[0].native_id == "t1_c5");
  REQUIRE(pages[2].posts.posts.size() == 1);
  CHECK(pages[2].posts.posts[0].native_id == "t1_c3");
  CHECK(pages[2].next_cursor == "newest0=1785578580\n");
}

TEST_CASE("reddit: a found thread that can't be shown is passed over, a limit is not") {
  ScriptedHttp http;
  give_key(http);
  http.answer(search, fixture("new.json"));
  http.answer(thread, {.status = 404});
  http.answer(thread, {.status = 429});
  const auto source = source_of(config_with({{"search", "green basket"}, {"threads", "true"}}));

  const auto passed = polled(*source, http);
  const auto waiting = fetched(*source, http, "");
  const auto limited = fetched(*source, http, waiting.next_cursor);

  REQUIRE(passed.size() == 2);
  CHECK(passed[1].next_cursor == "newest0=1785578580\n");
  CHECK(limited.refused_status == 429);
}

TEST_CASE("reddit: a thread is read by its address, every time") {
  ScriptedHttp http;
  give_key(http);
  http.answer(thread, fixture("thread.json"));
  http.answer(api + "/api/morechildren?api_type=json&link_id=t3_aa3&children=c3%2Cc4&raw_json=1",
              {.status = 500});
  http.answer(thread, {.status = 404});
  const auto source = source_of(
      config_with({{"thread", "https://www.reddit.com/r/beans/comments/aa3/late_again/?x=1"}}));

  const auto login = fetched(*source, http);
  const auto page = fetched(*source, http, login.next_cursor);
  const auto failed = fetched(*source, http, page.next_cursor);
  const auto gone = fetched(*source, http, page.next_cursor);

  CHECK(page.posts.posts.size() == 3);
  CHECK(page.more);
  CHECK(failed.refused_status == 500);
  CHECK(gone.refused_status == 404);
}

TEST_CASE("reddit: when the budget of requests is used up the poll waits for the next one") {
  ScriptedHttp http;
  give_key(http);
  auto answer = listing({20});
  answer.headers = {
      {"x-ratelimit-used", "100"}, {"x-ratelimit-remaining", "0.0"}, {"x-ratelimit-reset", "412"}};
  http.answer(submissions, answer);
  const auto source = source_of(config_with({{"subreddit", "beans"}}));

  fetched(*source, http);
  const auto page = fetched(*source, http);

  CHECK(page.wait == std::chrono::seconds{412});
}

TEST_CASE("reddit: an answer that is no listing is a format error") {
  ScriptedHttp http;
  give_key(http);
  http.answer(submissions, ok(R"({"message":"hm"})"));
  http.answer(thread, ok("{}"));
  const auto list = source_of(config_with({{"subreddit", "beans"}}));
  const auto single = source_of(config_with({{"thread", "t3_aa3"}}));

  fetched(*list, http);
  const auto no_list = tried(*list, http);
  fetched(*single, http);
  const auto no_thread = tried(*single, http);

  REQUIRE_FALSE(no_list);
  CHECK(no_list.error().message == "https://oauth.reddit.com/r/beans/new?...: not a listing");
  REQUIRE_FALSE(no_thread);
  CHECK(no_thread.error().message == "https://oauth.reddit.com/comments/aa3?...: not a thread");
}

TEST_CASE("reddit: what the options can't mean is told") {
  CHECK(error_of(config_with({})) ==
        "reddit needs one of 'subreddit', 'search', 'account' and 'thread'");
  CHECK(error_of(config_with({{"search", "a"}, {"account", "b"}})) ==
        "reddit needs one of 'subreddit', 'search', 'account' and 'thread'");
  CHECK(error_of(config_with({{"subreddit", "a"}, {"account", "b"}})) ==
        "'subreddit' goes alone or with 'search'");
  CHECK(error_of(config_with({{"thread", "https://beans.example/"}})) ==
        "'thread' is the address of a submission, https://www.reddit.com/r/..., and not "
        "'https://beans.example/'");
  CHECK(error_of(config_with({{"subreddit", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("reddit: recorded listings are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto read = [&](const std::string& name) {
    ScriptedHttp http;
    give_key(http);
    http.answer(submissions, ok(*read_file(data + "/payloads/reddit/" + name + ".json")));
    const auto source = source_of(config_with({{"subreddit", "beans"}}));
    return fetched(*source, http, fetched(*source, http).next_cursor);
  };
  struct Count {
    const char* file;
    std::size_t posts;
  };
  for (const auto& recorded :
       {Count{"comment_stream_0", 100}, Count{"comment_stream_1", 99}, Count{"domain_new_0", 100},
        Count{"listing_pages_0", 100}, Count{"listing_pages_1", 100}, Count{"listing_pages_2", 100},
        Count{"subreddit_comments_0", 100}, Count{"subreddit_hot_0", 102},
        Count{"subreddit_new_0", 100}, Count{"subreddit_search_0", 6},
        Count{"user_comments_0", 100}}) {
    CAPTURE(recorded.file);
    const auto page = read(recorded.file);
    CHECK(page.posts.posts.size() == recorded.posts);
    CHECK(page.bad_rows == 0);
  }

  const auto fresh = read("subreddit_new_0");
  const Post& post = fresh.posts.posts.at(0);
  CHECK(post.native_id == "t3_48fbm9");
  CHECK(post.channel == "AskReddit");
  CHECK(post.author_name == "RedHeadQc");
  CHECK(post.text ==
        "[Serious] Parents of Reddit, what's the biggest lie about yourself you've told your "
        "kids?");
  CHECK(post.url ==
        "https://www.reddit.com/r/AskReddit/comments/48fbm9/"
        "serious_parents_of_reddit_whats_the_biggest_lie/");
  CHECK(format_instant(post.posted_at) == "2016-03-01T08:37:38Z");
  CHECK(post.engagement == Engagement{{}, {}, 1, {}, now});

  const auto said = read("subreddit_comments_0");
  const Post& comment = said.posts.posts.at(0);
  CHECK(comment.native_id == "t1_d4y8bdp");
  CHECK(comment.parent_id == "t3_4r4inc");
  CHECK(comment.root_id == "t3_4r4inc");
  CHECK(comment.author_id == "preppypuppy");
  CHECK(comment.text ==
        "great, life is so much better when you can do what you enjoy for a living");
  CHECK(comment.url == "https://www.reddit.com/comments/4r4inc/_/d4y8bdp/");
  CHECK(format_instant(comment.posted_at) == "2016-07-04T00:04:50Z");

  const auto by_spez = read("listing_pages_0");
  const Post& hello = by_spez.posts.posts.at(0);
  CHECK(hello.native_id == "t1_csz1fte");
  CHECK(hello.text.starts_with("Ok, Hi!\nIt's Steve. I'm super excited to be back.\nIt's been"));
  CHECK(hello.engagement.likes == std::uint64_t{6648});
  CHECK(format_instant(hello.edited_at) == "2015-07-11T04:43:48Z");

  const auto linked = read("domain_new_0");
  CHECK(linked.posts.posts.at(0).text ==
        "Watch Dogs 2 DLC Gameplay - THE ULTIMATE PACK!! ALL SKINS / OUTFITS / CARS on PS4 PRO!!\n"
        "https://www.youtube.com/watch?v=J8VSHDDKMas");
  CHECK(linked.next_cursor == "newest0=1479277023\nlist=1\n");
  const auto found = read("subreddit_search_0");
  CHECK(found.posts.posts.at(0).url ==
        "https://www.reddit.com/r/redditdev/comments/3gpbiu/"
        "prawoauth2util_problem_using_get_banned_raise/");
}

TEST_CASE("reddit: recorded threads are read, and their folded comments") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto body = [&](const std::string& name) {
    return ok(*read_file(data + "/payloads/reddit/" + name + ".json"));
  };
  ScriptedHttp http;
  give_key(http);
  http.answer(api + "/comments/3hahrw?sort=new&limit=500&raw_json=1", body("comment_tree_0"));
  http.answer(api +
                  "/api/morechildren?api_type=json&link_id=t3_3hahrw&children="
                  "cu5uxqk%2Ccu5uvq3%2Ccu637g6%2Ccu694c2%2Ccu5w3gc%2Ccu5uh2p%2Ccu5um6y%2Ccu5ugwp%2C"
                  "cu5t5fm%2Ccu62hcz%2Ccu5tlgk%2Ccu5t6gf%2Ccu5pg2h%2Ccu5w0qp%2Ccu5rnda%2Ccu5tt8h%2C"
                  "cu5v9yd%2Ccu5twf5%2Ccu5tkk4%2Ccu5tead%2Ccu5rxpy%2Ccu5oufs%2Ccu5tpek%2Ccu5pbdh&"
                  "raw_json=1",
              body("comment_tree_1"));
  const auto source = source_of(config_with({{"thread", "t3_3hahrw"}}));

  const auto tree = fetched(*source, http, fetched(*source, http).next_cursor);
  const auto folded = fetched(*source, http, tree.next_cursor);

  CHECK(tree.posts.posts.size() == 471);
  CHECK(tree.removed.size() == 6);
  CHECK(tree.rows == 477);
  CHECK(tree.bad_rows == 0);
  CHECK(tree.more);
  const Post& post = tree.posts.posts.at(0);
  CHECK(post.text == "Ba Dum Tsss\nhttp://i.imgur.com/eoF76hj.gifv");
  CHECK(post.engagement == Engagement{11702, {}, 543, {}, now});
  const Post& comment = tree.posts.posts.at(1);
  CHECK(comment.native_id == "t1_cu5pebp");
  CHECK(comment.text == "Man I am glad there isn't someone on a drum set every time I fall over.");
  CHECK(comment.engagement.likes == std::uint64_t{1136});
  CHECK(format_instant(comment.posted_at) == "2015-08-17T08:45:51Z");
  REQUIRE(folded.posts.posts.size() == 11);
  CHECK(folded.posts.posts[1].native_id == "t1_cu5pjjs");
  CHECK(folded.posts.posts[1].text == "Be more original.");
  CHECK(folded.posts.posts[1].parent_id == "t1_cu5pg2h");
  CHECK_FALSE(folded.posts.posts[0].engagement.likes);  // -142
  CHECK_FALSE(folded.more);
}
