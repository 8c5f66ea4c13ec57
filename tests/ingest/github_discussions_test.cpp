#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/json.hpp"
#include "ingest/source.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api = "https://api.github.com/graphql";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "talk";
  config.type = "github_discussions";
  config.url = "https://api.github.com";
  config.options = std::move(options);
  config.token = {TokenPlace::Kind::environment, "X"};
  return config;
}

const SourceConfig shop = config_with({{"repository", "greenbasket/shop"}});

Page fetched(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  auto page = source_of(config)->fetch(http, {.cursor = cursor, .token = "s3cr3t"}, now);
  REQUIRE(page);
  return std::move(*page);
}

HttpResponse fixture() {
  return answer_of_fixture("github_discussions/discussions.json");
}

/// A page with one discussion that was changed on this day.
HttpResponse changed(int number, const std::string& day, const std::string& next) {
  return ok(fmt::format(
      R"({{"data":{{"repository":{{"discussions":{{"pageInfo":{{"hasNextPage":{},"endCursor":"{}"}},)"
      R"("nodes":[{{"id":"D","number":{},"title":"t","createdAt":"2026-01-01T00:00:00Z",)"
      R"("updatedAt":"{}T00:00:00Z"}}]}}}}}}}})",
      next.empty() ? "false" : "true", next, number, day));
}

/// A variable of the query that was asked last; empty if it is null.
std::string asked_for(const ScriptedHttp& http, const std::string& variable) {
  const auto json = JsonDocument::parse(http.requests().back().post);
  REQUIRE(json);
  return std::string{json->root().at("variables." + variable).text()};
}

}  // namespace

TEST_CASE("github discussions: discussions, comments and replies become posts that join") {
  ScriptedHttp http;
  http.answer(api, fixture());

  const auto page = fetched(shop, http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& discussion = page.posts.posts[0];
  CHECK(discussion.network == "github");
  CHECK(discussion.native_id == "GreenBasket/shop#21");
  CHECK(discussion.channel == "GreenBasket/shop");
  CHECK(discussion.author_id == "31");
  CHECK(discussion.author_name == "nell");
  CHECK(discussion.text == "Which box for two?\nWe never finish.");
  CHECK(discussion.parent_id.empty());
  CHECK(discussion.root_id.empty());
  CHECK(discussion.url == "https://github.com/GreenBasket/shop/discussions/21");
  CHECK(discussion.source == "talk");
  CHECK(format_instant(discussion.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(format_instant(discussion.edited_at) == "2026-08-01T10:30:00Z");
  CHECK(discussion.engagement == Engagement{3, {}, 61, {}, now});
  const Post& comment = page.posts.posts[1];
  CHECK(comment.native_id == "GreenBasket/shop#discussioncomment-901");
  CHECK(comment.text == "The small one.");
  CHECK(comment.parent_id == discussion.native_id);
  CHECK(comment.root_id == discussion.native_id);
  CHECK(comment.edited_at == Instant{});
  CHECK(comment.engagement == Engagement{1, {}, 1, {}, now});
  const Post& reply = page.posts.posts[2];
  CHECK(reply.parent_id == comment.native_id);
  CHECK(reply.root_id == discussion.native_id);
  CHECK(reply.author_name.empty());
  CHECK(page.rows == 6);
  CHECK(page.bad_rows == 3);
  CHECK(page.bad.at(0).reason == "a comment without databaseId");
  CHECK(page.bad.at(1).reason == "greenbasket/shop#20: no date that can be read");
  CHECK(page.bad.at(2).reason == "a discussion without number");
  CHECK(page.gapless);
}

TEST_CASE("github discussions: what is asked is one query, with the token") {
  ScriptedHttp http;
  http.answer(api, fixture());

  fetched(shop, http);

  const auto request = http.requests().at(0);
  CHECK(request_header(request.headers, "Authorization") == "Bearer s3cr3t");
  CHECK(request_header(request.headers, "Content-Type") == "application/json");
  CHECK(asked_for(http, "owner") == "greenbasket");
  CHECK(asked_for(http, "name") == "shop");
  CHECK(asked_for(http, "after").empty());
  const auto json = JsonDocument::parse(request.post);
  REQUIRE(json);
  const std::string query{json->root().at("query").text()};
  CHECK(query.find("discussions(first: 25, after: $after, orderBy: {field: UPDATED_AT, "
                   "direction: DESC})") != std::string::npos);
  CHECK(std::ranges::count(query, '{') == std::ranges::count(query, '}'));
}

TEST_CASE("github discussions: comments that did not come along are read next") {
  ScriptedHttp http;
  http.answer(api, fixture());
  const auto first = fetched(shop, http);

  ScriptedHttp later;
  later.answer(
      api,
      ok(R"({"data":{"node":{"id":"D_1","number":21,"comments":{"pageInfo":{"hasNextPage":false,)"
         R"("endCursor":"x"},"nodes":[{"databaseId":903,"body":"Me, too.",)"
         R"("createdAt":"2026-08-01T12:10:00Z"}]}}}})"));
  const auto rest = fetched(shop, later, first.next_cursor);

  CHECK(first.next_cursor == "newest=1785585600\nthread0=D_1 Q29t\n");
  CHECK(first.more);
  CHECK(asked_for(later, "id") == "D_1");
  CHECK(asked_for(later, "after") == "Q29t");
  REQUIRE(rest.posts.posts.size() == 1);
  CHECK(rest.posts.posts[0].parent_id == "greenbasket/shop#21");
  CHECK(rest.next_cursor == "newest=1785585600\n");
  CHECK_FALSE(rest.more);
}

TEST_CASE("github discussions: a discussion that is gone is passed over") {
  ScriptedHttp http;
  http.answer(api,
              ok(R"({"data":{"node":null},"errors":[{"type":"NOT_FOUND","message":"gone"}]})"));

  const auto page = fetched(shop, http, "newest=1785585600\nthread0=D_1 Q29t\n");

  CHECK(page.next_cursor == "newest=1785585600\n");
}

TEST_CASE("github discussions: later polls walk back to what is known") {
  ScriptedHttp http;
  http.answer(api, changed(9, "2026-08-01", "c1"));
  http.answer(api, changed(8, "2026-07-31", "c2"));
  http.answer(api, changed(7, "2026-07-01", "c3"));

  const auto first = fetched(shop, http, "newest=1785369600\n");  // 30 July
  const auto second = fetched(shop, http, first.next_cursor);
  CHECK(asked_for(http, "after") == "c1");
  const auto third = fetched(shop, http, second.next_cursor);

  CHECK(first.next_cursor == "newest=1785369600\ntop=1785542400\npage=c1\n");
  CHECK(first.more);
  CHECK(second.next_cursor == "newest=1785369600\ntop=1785542400\npage=c2\n");
  CHECK(third.next_cursor == "newest=1785542400\n");
  CHECK_FALSE(third.more);
}

TEST_CASE("github discussions: a first poll takes a page, with 'since' it goes back to that day") {
  ScriptedHttp http;
  http.answer(api, changed(9, "2026-08-01", "c1"));
  const auto config = config_with({{"repository", "greenbasket/shop"}, {"since", "2026-07-10"}});

  const auto page = fetched(shop, http);
  const auto since = fetched(config, http);

  CHECK_FALSE(page.more);
  CHECK(page.next_cursor == "newest=1785542400\n");
  CHECK(since.more);
  CHECK(since.next_cursor == "top=1785542400\npage=c1\n");
}

TEST_CASE("github discussions: limits are limits, also with status 200") {
  ScriptedHttp http;
  http.answer(api,
              {.status = 200,
               .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785600090"}},
               .body = R"({"errors":[{"type":"RATE_LIMITED","message":"API rate limit"}]})"});
  http.answer(api, {.status = 401, .body = R"({"message":"Bad credentials"})"});

  const auto limited = fetched(shop, http);
  const auto refused = fetched(shop, http);

  CHECK(limited.refused_status == 429);
  CHECK(limited.wait == seconds{90});
  CHECK(refused.refused_status == 401);
}

TEST_CASE("github discussions: an error says what GitHub says") {
  ScriptedHttp http;
  http.answer(api, ok(R"({"data":{"repository":null},"errors":[{"type":"NOT_FOUND",)"
                      R"("message":"Could not resolve to a Repository"}]})"));
  http.answer(api, ok(R"({"data":{}})"));
  const auto source = source_of(shop);

  const auto missing = source->fetch(http, {.token = "t"}, now);
  const auto broken = source->fetch(http, {.token = "t"}, now);

  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Error::Kind::format);
  CHECK(missing.error().message ==
        "https://api.github.com/graphql: GitHub says 'Could not resolve to a Repository'");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message == "https://api.github.com/graphql: not a list of discussions");
}

TEST_CASE("github discussions: a server of one's own has them beside its REST API") {
  ScriptedHttp http;
  http.answer("https://git.example/api/graphql", changed(1, "2026-08-01", ""));
  auto config = shop;
  config.url = "https://git.example/api/v3/";

  const auto page = fetched(config, http);

  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].network == "git.example");
}

TEST_CASE("github discussions: what the options can't mean is told") {
  const auto error_of = [](std::map<std::string, std::string, std::less<>> options) {
    const auto made = find_source_type("github_discussions")->make(config_with(std::move(options)));
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == Error::Kind::config);
    return made.error().message;
  };

  for (const std::string name : {"", "shop", "a/b/c", "/b", "a/", "a/b?c"})
    CHECK(error_of({{"repository", name}}) == "'repository' is owner/name, and not '" + name + "'");
  CHECK(error_of({{"repository", "a/b"}, {"since", "x"}}) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}
