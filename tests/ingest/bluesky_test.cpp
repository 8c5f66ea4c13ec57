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
const std::string feed =
    "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=nell.example&limit=100&"
    "filter=posts_with_replies";
const std::string search =
    "https://bsky.social/xrpc/app.bsky.feed.searchPosts?q=beans&sort=latest&limit=100";
const std::string session = "https://bsky.social/xrpc/com.atproto.server.createSession";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "sky";
  config.type = "bluesky";
  config.url = options.contains("search") ? "https://bsky.social" : "https://public.api.bsky.app";
  config.options = std::move(options);
  return config;
}

SourceConfig searching() {
  auto config = config_with({{"search", "beans"}, {"login", "me.example"}});
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

Page fetched(Source& source, HttpClient& http, const std::string& cursor = {}) {
  auto page = source.fetch(http, {.cursor = cursor, .token = "app-pass\"word"}, now);
  REQUIRE(page);
  return std::move(*page);
}

std::string view(int minute, const std::string& more = {}) {
  return fmt::format(
      R"({{"uri":"at://did:plc:a/app.bsky.feed.post/{0}","author":{{"did":"did:plc:a","handle":"a.example"}},)"
      R"("record":{{"text":"post {0}","createdAt":"2026-08-01T10:{0:02}:00Z"}},"indexedAt":"2026-08-01T10:{0:02}:00Z"{1}}})",
      minute, more);
}

/// An author feed of posts of these minutes after ten.
HttpResponse feed_of(const std::vector<int>& minutes, const std::string& cursor = {}) {
  std::string items;
  for (const int minute : minutes)
    items += fmt::format("{}{{\"post\":{}}}", items.empty() ? "" : ",", view(minute));
  return ok(fmt::format(R"({{"feed":[{}]{}}})", items,
                        cursor.empty() ? "" : fmt::format(R"(,"cursor":"{}")", cursor)));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("bluesky")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("bluesky: posts are read again as the feed had them, 25 at a time") {
  const std::string at = "at%3A%2F%2Fdid%3Aplc%3Aa%2Fapp.bsky.feed.post%2F";
  ScriptedHttp http;
  http.answer(feed, feed_of({1, 2}));
  http.answer("https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts?uris=" + at +
                  "1&uris=" + at + "2&uris=" + at + "3",
              ok(fmt::format(R"({{"posts":[{},{}]}})", view(2, R"(,"likeCount":7)"),
                             view(1, R"(,"likeCount":5)"))));
  const auto source = source_of(config_with({{"account", "nell.example"}}));
  const auto first = fetched(*source, http);
  const std::string did = "at://did:plc:a/app.bsky.feed.";
  const std::string ids[] = {did + "post/1", did + "post/2", did + "post/3"};

  const auto page = source->reread(http, {}, posts_called({ids[0], ids[1], ids[2]}), now);

  CHECK(source->rereads() == 25);
  CHECK(source->can_reread({.native_id = ids[0]}));
  CHECK_FALSE(source->can_reread({.native_id = "at://did:plc:a/app.bsky.feed.repost/9"}));
  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 2);
  CHECK(page->posts.posts[0].engagement.likes == 7);
  CHECK(content_hash(page->posts.posts[0]) == content_hash(first.posts.posts[1]));
  CHECK(content_hash(page->posts.posts[1]) == content_hash(first.posts.posts[0]));
  REQUIRE(page->missing.size() == 1);
  CHECK(page->missing[0].native_id == did + "post/3");
}

TEST_CASE("bluesky: what an account posts and shares becomes posts") {
  ScriptedHttp http;
  http.answer(feed, ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                  "/tests/fixtures/bluesky/author_feed.json")));

  const auto page = fetched(*source_of(config_with({{"account", "@nell.example"}})), http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& reply = page.posts.posts[0];
  CHECK(reply.network == "bluesky");
  CHECK(reply.native_id == "at://did:plc:nell/app.bsky.feed.post/3k3");
  CHECK(reply.channel == "bsky.app");
  CHECK(reply.author_id == "did:plc:nell");
  CHECK(reply.author_name == "nell.example");
  CHECK(reply.text == "Same here, @arlo.example");
  CHECK(reply.lang == "en");
  CHECK(reply.parent_id == "at://did:plc:arlo/app.bsky.feed.post/3k2");
  CHECK(reply.root_id == "at://did:plc:arlo/app.bsky.feed.post/3k0");
  CHECK(reply.url == "https://bsky.app/profile/nell.example/post/3k3");
  CHECK(reply.engagement == Engagement{5, 3, 1, {}, now});
  CHECK(format_instant(reply.posted_at) == "2026-08-01T10:03:00Z");
  CHECK_FALSE(reply.filtered);
  const Post& share = page.posts.posts[1];
  CHECK(share.repost);
  CHECK(share.native_id == "at://did:plc:arlo/app.bsky.feed.post/3k2#did:plc:nell");
  CHECK(share.author_id == "did:plc:nell");
  CHECK(share.text == "Beans!");
  CHECK(share.url == "https://bsky.app/profile/did:plc:arlo/post/3k2");
  CHECK(share.engagement == Engagement{});
  CHECK(format_instant(share.posted_at) == "2026-08-01T10:02:00Z");
  CHECK(page.posts.posts[2].text == "A box of wilted lettuce");
  CHECK(format_instant(page.posts.posts[2].posted_at) == "2026-08-01T10:01:00Z");
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 1);
  CHECK(page.bad.at(0).reason ==
        "at://did:plc:nell/app.bsky.feed.post/3k0: no date that can be read");
  CHECK(page.gapless);
}

TEST_CASE("bluesky: a first poll takes a page, the next ones walk back to what is known") {
  ScriptedHttp http;
  http.answer(feed, feed_of({20, 19}, "older"));
  http.answer(feed, feed_of({40, 39}, "c1"));
  http.answer(feed + "&cursor=c1", feed_of({30, 20, 10}, "c2"));
  const auto source = source_of(config_with({{"account", "nell.example"}}));

  const auto first = fetched(*source, http);
  const auto second = fetched(*source, http, first.next_cursor);
  const auto third = fetched(*source, http, second.next_cursor);

  CHECK_FALSE(first.more);
  CHECK(first.next_cursor == "newest=1785579600\n");  // 10:20
  CHECK(second.more);
  CHECK(second.next_cursor == "newest=1785579600\ntop=1785580800\npage=c1\n");
  CHECK_FALSE(third.more);
  CHECK(third.next_cursor == "newest=1785580800\n");  // 10:40
}

TEST_CASE("bluesky: with 'since' the first poll walks back to that day, or to the end") {
  ScriptedHttp http;
  http.answer(feed, feed_of({20, 19}, "c1"));
  http.answer(feed + "&cursor=c1", feed_of({18}));
  const auto source =
      source_of(config_with({{"account", "nell.example"}, {"since", "2026-07-01"}}));

  const auto first = fetched(*source, http);
  const auto second = fetched(*source, http, first.next_cursor);

  CHECK(first.more);
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785579600\n");
}

TEST_CASE("bluesky: a search logs in once a run, and asks for what is new") {
  ScriptedHttp http;
  http.answer(session, ok(R"({"accessJwt":"jwt-1","did":"did:plc:me"})"));
  http.answer(search + "&since=2026-08-01T10%3A10%3A00Z",
              ok(R"({"posts":[)" + view(30) + "," + view(25) + R"(],"cursor":"2"})"));
  http.answer(search + "&since=2026-08-01T10%3A10%3A00Z&cursor=2", ok(R"({"posts":[]})"));
  const auto source = source_of(searching());

  const auto login = fetched(*source, http, "newest=1785579600\n");
  const auto first = fetched(*source, http, login.next_cursor);
  const auto second = fetched(*source, http, first.next_cursor);

  CHECK(login.posts.posts.empty());
  CHECK(login.more);
  CHECK(login.next_cursor == "newest=1785579600\n");
  CHECK(first.posts.posts.size() == 2);
  CHECK(first.posts.posts[0].filtered);
  CHECK(first.more);
  CHECK_FALSE(second.more);
  CHECK(second.next_cursor == "newest=1785580200\n");  // 10:30
  const auto requests = http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].post == R"({"identifier":"me.example","password":"app-pass\"word"})");
  CHECK(request_header(requests[0].headers, "Authorization").empty());
  CHECK(request_header(requests[1].headers, "Authorization") == "Bearer jwt-1");
  CHECK(requests[1].post.empty());
}

TEST_CASE("bluesky: a login that fails is a refusal, and one without a session an error") {
  ScriptedHttp http;
  http.answer(session, {.status = 401, .body = R"({"error":"AuthenticationRequired"})"});
  http.answer(session, ok("{}"));
  const auto source = source_of(searching());

  CHECK(fetched(*source, http).refused_status == 401);
  const auto page = source->fetch(http, {.token = "x"}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().message == session + ": no session");
}

TEST_CASE("bluesky: a thread is read above and below, without what is gone") {
  const std::string uri =
      "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?uri="
      "at%3A%2F%2Fnell.example%2Fapp.bsky.feed.post%2F3k5&depth=50&parentHeight=50";
  ScriptedHttp http;
  http.answer(
      uri, ok(R"({"thread":{"$type":"app.bsky.feed.defs#threadViewPost","post":)" + view(5) +
              R"(,"parent":{"post":)" + view(4) +
              R"(,"parent":{"uri":"at://x","notFound":true}},"replies":[{"post":)" + view(6) +
              R"(,"replies":[{"post":)" + view(7) + R"(}]},{"uri":"at://y","blocked":true}]}})"));
  const auto source =
      source_of(config_with({{"thread", "https://bsky.app/profile/nell.example/post/3k5?x=1"}}));

  const auto page = fetched(*source, http);

  std::vector<std::string> texts;
  for (const auto& post : page.posts.posts) texts.emplace_back(post.text);
  CHECK(texts == std::vector<std::string>{"post 4", "post 5", "post 6", "post 7"});
  CHECK_FALSE(page.more);
}

TEST_CASE("bluesky: a refusal is handed on; an answer without a list is a format error") {
  ScriptedHttp http;
  http.answer(feed, {.status = 400, .body = R"({"error":"InvalidRequest"})"});
  http.answer(feed, ok(R"({"error":"oops"})"));
  const auto source = source_of(config_with({{"account", "nell.example"}}));

  CHECK(fetched(*source, http).refused_status == 400);
  const auto page = source->fetch(http, {}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().message ==
        "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?...: not a list of posts");
}

TEST_CASE("bluesky: an empty feed is nothing new") {
  ScriptedHttp http;
  http.answer(feed, feed_of({}));

  const auto page =
      fetched(*source_of(config_with({{"account", "nell.example"}})), http, "newest=1785579600\n");

  CHECK(page.rows == 0);
  CHECK_FALSE(page.more);
  CHECK(page.next_cursor == "newest=1785579600\n");
}

TEST_CASE("bluesky: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "bluesky needs one of 'account', 'thread' and 'search'");
  CHECK(error_of(config_with({{"account", "a"}, {"thread", "at://b"}})) ==
        "bluesky needs one of 'account', 'thread' and 'search'");
  CHECK(error_of(config_with({{"thread", "3k5"}})) ==
        "'thread' is the address of a post, https://bsky.app/profile/... or at://..., and not "
        "'3k5'");
  CHECK(error_of(config_with({{"search", "a"}})) ==
        "'search' needs a 'login' and its app password; see token_env");
  CHECK(error_of(config_with({{"account", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("bluesky: recorded answers are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto recorded = [&](const std::string& name) {
    return ok(*read_file(data + "/payloads/bluesky/" + name + ".json"));
  };
  ScriptedHttp http;
  http.answer(feed, recorded("autfeed_0"));
  http.answer(session, ok(R"({"accessJwt":"j"})"));
  http.answer(search, recorded("search_0"));
  http.answer(
      "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?uri=at%3A%2F%2Fx&depth=50&"
      "parentHeight=50",
      recorded("postthread_0"));

  const auto page = fetched(*source_of(config_with({{"account", "nell.example"}})), http);
  REQUIRE(page.posts.posts.size() == 50);
  CHECK(page.bad_rows == 0);
  const Post& first = page.posts.posts[0];
  CHECK(first.native_id ==
        "at://did:plc:wpe35pganb6d4pg4ekmfy6u5/app.bsky.feed.post/3lof7sovfok2h");
  CHECK(first.author_name == "chriskenny.bsky.social");
  CHECK(first.parent_id ==
        "at://did:plc:z4cp3uwgxiioi7uaxn2boq47/app.bsky.feed.post/3lobj4swhjo2x");
  CHECK(format_instant(first.posted_at) == "2025-05-05T01:30:17Z");
  CHECK(first.engagement == Engagement{0, 0, 1, {}, now});
  CHECK(page.posts.posts[1].engagement == Engagement{3, 2, 0, {}, now});
  CHECK(page.posts.posts[6].repost);
  CHECK(format_instant(page.posts.posts[6].posted_at) == "2025-04-25T18:43:12Z");
  CHECK(std::ranges::count_if(page.posts.posts, &Post::repost) == 7);

  const auto searcher = source_of(searching());
  fetched(*searcher, http);
  const auto found = fetched(*searcher, http);
  REQUIRE(found.posts.posts.size() == 25);
  CHECK(found.posts.posts[1].author_name == "cjtackett.bsky.social");
  CHECK(found.posts.posts[1].engagement.likes == Count{4});
  CHECK(found.posts.posts[1].engagement.shares == Count{3});

  const auto thread = fetched(*source_of(config_with({{"thread", "at://x"}})), http);
  REQUIRE(thread.posts.posts.size() == 1);
  CHECK(thread.posts.posts[0].engagement == Engagement{4, 0, 0, {}, now});
  CHECK(thread.posts.posts[0].text.starts_with("Excited to be a speaker for the \n@rstatsai"));
}
