// Servers of APIs that always say that there is more.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "ingest/collector.hpp"
#include "store/base/curl_http.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/http_server.hpp"

using namespace earshot;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
constexpr unsigned pages_per_poll = 12;

/// What one path answers, in turn and over again.
struct Endless {
  std::string type;
  std::map<std::string, std::string, std::less<>> options;
  std::string path;
  std::vector<std::string> bodies;
  HttpHeaders headers = {};
};

std::string bluesky_page(const std::string& cursor) {
  return R"({"cursor":")" + cursor +
         R"(","feed":[{"post":{"uri":"at://did:plc:a/app.bsky.feed.post/1","indexedAt":)"
         R"("2026-08-01T12:00:00Z","author":{"did":"did:plc:a","handle":"a.example"},)"
         R"("record":{"text":"box","createdAt":"2026-08-01T12:00:00Z"}}}]})";
}

std::string youtube_page(const std::string& token) {
  return R"({"nextPageToken":")" + token +
         R"(","items":[{"id":"c1","snippet":{"videoId":"aaaaaaaaaaa","topLevelComment":{"id":"c1",)"
         R"("snippet":{"textOriginal":"box","publishedAt":"2026-08-01T12:00:00Z"}}}}]})";
}

std::string mastodon_page(const std::string& id) {
  return R"([{"id":")" + id + R"(","uri":"https://m.example/)" + id +
         R"(","created_at":"2026-08-01T12:00:00Z","content":"box","account":{"id":"1","acct":"a"}}])";
}

std::string lemmy_page(const std::string& next) {
  return R"({"next_page":")" + next +
         R"(","posts":[{"post":{"id":7,"name":"box","ap_id":"https://l.example/post/7",)"
         R"("published":"2026-08-01T12:00:00Z"},"creator":{"name":"a"},)"
         R"("community":{"name":"c","actor_id":"https://l.example/c/c"}}]})";
}

std::string many(const std::string& item, int count) {
  std::string list = item;
  for (int i = 1; i < count; ++i) list += "," + item;
  return list;
}

/// One run of one source whose server never comes to an end.
struct Bench {
  HttpServer server;
  std::unique_ptr<PostStore> store = make_memory_store();
  std::unique_ptr<HttpClient> client =
      make_curl_http({.user_agent = "earshot-test", .allow_private = true});
  std::vector<SourceConfig> sources;

  explicit Bench(const Endless& endless) {
    setenv("EARSHOT_ENDLESS", "id:secret", 1);
    for (int i = 0; i < 50; ++i)
      for (const auto& body : endless.bodies)
        server.answer(endless.path, {.headers = endless.headers, .body = body});
    sources.push_back({.name = "api",
                       .type = endless.type,
                       .url = server.url(""),
                       .options = endless.options,
                       .token = {TokenPlace::Kind::environment, "EARSHOT_ENDLESS"}});
  }

  SourceOutcome run(Instant at) {
    const CollectorOptions options{
        .now = at, .host_gap = milliseconds{0}, .pages_per_poll = pages_per_poll};
    auto outcomes = collect(*store, *client, sources, options, {}, {});
    REQUIRE(outcomes);
    return outcomes->at(0);
  }
};

}  // namespace

TEST_CASE("endless: a poll has so many pages and no more, and the next one goes on") {
  const std::string day = "2026-01-01";
  const std::vector<Endless> apis{
      {"arctic_shift",
       {{"subreddit", "box"}, {"since", day}},
       "/api/posts/search",
       {R"({"data":[)" +
        many(R"({"id":"a","created_utc":1785500000,"title":"box","subreddit":"box","author":"a"})",
             100) +
        "]}"}},
      {"discourse",
       {{"since", day}},
       "/posts.json",
       {R"({"latest_posts":[{"id":5000,"topic_id":1,"post_number":2,"cooked":"<p>box</p>",)"
        R"("created_at":"2026-08-01T12:00:00Z","username":"a","topic_slug":"t"}]})"}},
      {"github",
       {{"repository", "o/r"}, {"since", day}},
       "/repos/o/r/issues",
       {R"([{"url":"https://api.github.com/repos/o/r/issues/1","title":"box","user":{"id":1},)"
        R"("created_at":"2026-08-01T12:00:00Z","updated_at":"2026-08-01T12:00:00Z"}])"},
       {{"Link", "<https://api.github.com/x?page=2>; rel=\"next\""}}},
      {"stackexchange",
       {{"site", "cooking"}, {"tag", "box"}, {"since", day}},
       "/questions",
       {R"({"has_more":true,"items":[{"question_id":1,"title":"box","answer_count":0,)"
        R"("creation_date":1785500000,"last_activity_date":1785500000}]})"}},
  };
  for (const Endless& api : apis) {
    CAPTURE(api.type);
    Bench bench{api};

    const auto first = bench.run(now);
    const auto asked = bench.server.requests().size();
    const auto second = bench.run(now + hours{2});

    CHECK_MESSAGE(!first.error, first.error.value_or(Error{}).message);
    CHECK(first.posts.added == 1);
    CHECK(asked == pages_per_poll);
    CHECK(bench.server.requests().size() == 2 * pages_per_poll);
    CHECK(second.state.cursor != first.state.cursor);
  }
}

TEST_CASE("endless: pages that lead in circles end the poll, and are called so") {
  const std::string day = "2026-01-01";
  const std::vector<Endless> apis{
      {"bluesky",
       {{"account", "a.example"}, {"since", day}},
       "/xrpc/app.bsky.feed.getAuthorFeed",
       {bluesky_page("x"), bluesky_page("y")}},
      {"youtube",
       {{"video", "aaaaaaaaaaa"}, {"since", day}},
       "/youtube/v3/commentThreads",
       {youtube_page("x"), youtube_page("y")}},
      {"mastodon",
       {{"tag", "box"}, {"since", day}},
       "/api/v1/timelines/tag/box",
       {mastodon_page("8"), mastodon_page("7")}},
      {"lemmy", {{"since", day}}, "/api/v3/post/list", {lemmy_page("x"), lemmy_page("y")}},
      {"hackernews",
       {{"search", "box"}, {"since", day}},
       "/api/v1/search_by_date",
       {R"({"nbHits":1000,"hits":[{"objectID":"1","created_at_i":1785500000,"title":"box",)"
        R"("author":"a"}]})"}},
  };
  for (const Endless& api : apis) {
    CAPTURE(api.type);
    Bench bench{api};

    const auto outcome = bench.run(now);

    REQUIRE(outcome.error);
    CHECK(outcome.error->kind == Error::Kind::format);
    CHECK(outcome.error->message.starts_with("its pages lead in circles; given up after "));
    CHECK(outcome.posts.added >= 1);
    CHECK(bench.server.requests(api.path).size() < pages_per_poll);
    CHECK(outcome.state.failures == 1);
  }
}

TEST_CASE("endless: a server that names the same place again has said that this is all") {
  const std::string day = "2026-01-01";
  const std::vector<Endless> apis{
      {"bluesky",
       {{"account", "a.example"}, {"since", day}},
       "/xrpc/app.bsky.feed.getAuthorFeed",
       {bluesky_page("x")}},
      {"youtube",
       {{"video", "aaaaaaaaaaa"}, {"since", day}},
       "/youtube/v3/commentThreads",
       {youtube_page("x")}},
      {"mastodon",
       {{"tag", "box"}, {"since", day}},
       "/api/v1/timelines/tag/box",
       {mastodon_page("8")}},
      {"lemmy", {{"since", day}}, "/api/v3/post/list", {lemmy_page("x")}},
      {"tumblr",
       {{"tag", "box"}, {"since", day}},
       "/v2/tagged",
       {R"({"response":[{"id_string":"1","timestamp":1785500000,"content":[{"type":"text",)"
        R"("text":"box"}]}]})"}},
  };
  for (const Endless& api : apis) {
    CAPTURE(api.type);
    Bench bench{api};
    bench.server.answer("/api/v3/comment/list", {.body = R"({"comments":[]})"});

    const auto outcome = bench.run(now);

    CHECK_MESSAGE(!outcome.error, outcome.error.value_or(Error{}).message);
    CHECK(outcome.posts.added == 1);
    CHECK(bench.server.requests(api.path).size() <= 3);
    CHECK(outcome.state.next_try == now + hours{1});
  }
}
