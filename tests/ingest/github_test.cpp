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
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api = "https://api.github.com";
const std::string shop = api + "/repos/greenbasket/shop/issues";
const std::string newest_issues = shop + "?state=all&sort=updated&direction=desc&per_page=100";
const std::string newest_comments = shop + "/comments?sort=updated&direction=desc&per_page=100";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "code";
  config.type = "github";
  config.url = api;
  config.options = std::move(options);
  return config;
}

const SourceConfig repository = config_with({{"repository", "greenbasket/shop"}});

Page next(Source& source, HttpClient& http, const FetchState& state = {}) {
  auto page = source.fetch(http, state, now);
  REQUIRE(page);
  return std::move(*page);
}

HttpResponse with_next(std::string body) {
  return ok(std::move(body),
            {{"etag", "\"part\""}, {"link", "<https://x.example/?page=2>; rel=\"next\""}});
}

std::string fixture(const std::string& name) {
  return *read_file(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/github/" + name);
}

std::string list_url(const std::string& since, const std::string& more = {}) {
  return shop + "?state=all&sort=updated&direction=asc&since=" + since + "&per_page=100" + more;
}

std::string issue(int number, const std::string& updated) {
  return fmt::format(
      R"({{"url":"{}/repos/greenbasket/shop/issues/{}","title":"t","created_at":"2026-08-01T00:00:00Z","updated_at":"{}"}})",
      api, number, updated);
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("github")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("github: issues and pull requests become posts") {
  ScriptedHttp http;
  http.answer(newest_issues, ok(fixture("issues.json")));

  const auto page = next(*source_of(repository), http);

  REQUIRE(page.posts.posts.size() == 2);
  const Post& late = page.posts.posts[0];
  CHECK(late.network == "github");
  CHECK(late.native_id == "greenbasket/shop#7");
  CHECK(late.channel == "greenbasket/shop");
  CHECK(late.author_id == "31");
  CHECK(late.author_name == "nell");
  CHECK(late.text == "Boxes come late\nWhat\nMine was two days late & wilted.");
  CHECK(late.parent_id.empty());
  CHECK(late.root_id.empty());
  CHECK(late.url == "https://github.com/greenbasket/shop/issues/7");
  CHECK(late.source == "code");
  CHECK(format_instant(late.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(format_instant(late.edited_at) == "2026-08-01T12:30:00Z");
  CHECK(late.engagement == Engagement{3, {}, 2, {}, now});
  CHECK_FALSE(late.filtered);
  const Post& pull = page.posts.posts[1];
  CHECK(pull.native_id == "greenbasket/shop#8");
  CHECK(pull.text == "Show the day");
  CHECK(pull.author_id.empty());
  CHECK(pull.edited_at == Instant{});
  CHECK(pull.engagement == Engagement{{}, {}, 0, {}, now});
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 2);
  CHECK(page.bad.at(0).reason == "greenbasket/shop#9: no date that can be read");
  CHECK(page.bad.at(1).reason == "an issue or comment without address");
}

TEST_CASE("github: comments follow the issues and join them") {
  ScriptedHttp http;
  http.answer(newest_issues, ok(fixture("issues.json")));
  http.answer(newest_comments, ok(fixture("comments.json")));
  const auto source = source_of(repository);

  const auto issues = next(*source, http);
  const auto comments = next(*source, http, {.cursor = issues.next_cursor});

  CHECK(issues.more);
  CHECK(issues.next_cursor == "issues=1785588060\n");
  REQUIRE(comments.posts.posts.size() == 1);
  const Post& comment = comments.posts.posts[0];
  CHECK(comment.native_id == "greenbasket/shop#issuecomment-987");
  CHECK(comment.parent_id == issues.posts.posts[0].native_id);
  CHECK(comment.root_id == issues.posts.posts[0].native_id);
  CHECK(comment.text == "Same here https://arlo.example/.");
  CHECK(comment.engagement == Engagement{1, {}, {}, {}, now});
  CHECK_FALSE(comments.more);
  CHECK(comments.gapless);
  CHECK(comments.next_cursor == "issues=1785588060\ncomments=1785587400\n");
}

TEST_CASE("github: issues and comments are read again as the lists had them") {
  const auto element = [](const std::string& list, std::size_t from, std::string_view end) {
    const auto begin = list.find('{', from);
    return list.substr(begin, list.find(end, begin) + end.size() - begin);
  };
  ScriptedHttp http;
  http.answer(newest_issues, ok(fixture("issues.json")));
  http.answer(newest_comments, ok(fixture("comments.json")));
  http.answer(shop + "/7", ok(element(fixture("issues.json"), 0, "[1, 2]}}")));
  http.answer(shop + "/comments/987",
              ok(element(fixture("comments.json"), 0, R"("total_count": 1}})")));
  const auto source = source_of(repository);
  const auto issues = next(*source, http);
  const auto comments = next(*source, http, {.cursor = issues.next_cursor});

  for (const Post& known : {issues.posts.posts[0], comments.posts.posts[0]}) {
    CHECK(source->can_reread(known));
    const auto page = source->reread(http, {.etag = "\"e\"", .token = "t"}, {&known, 1}, now);
    REQUIRE(page);
    REQUIRE(page->posts.posts.size() == 1);
    CHECK(page->posts.posts[0].native_id == known.native_id);
    CHECK(content_hash(page->posts.posts[0]) == content_hash(known));
    CHECK(page->posts.posts[0].engagement == known.engagement);
    CHECK(page->missing.empty());
    CHECK(request_header(http.requests().back().headers, "If-None-Match").empty());
    CHECK(request_header(http.requests().back().headers, "Authorization") == "Bearer t");
  }
  CHECK(source->rereads() == 1);
  for (const std::string_view id : {"greenbasket/shop#x", "greenbasket/shop#issuecomment-",
                                    "shop#7", "greenbasket/shop", "a/b#../7"})
    CHECK_FALSE(source->can_reread({.native_id = id}));
}

TEST_CASE("github: of issues read again, those are missing that are gone, not those that moved") {
  ScriptedHttp http;
  http.answer(shop + "/1", {.status = 404});
  http.answer(shop + "/2", {.status = 410});
  http.answer(shop + "/3", ok(issue(9, "2026-08-01T00:00:00Z")));  // led on to where it went
  http.answer(shop + "/4", {.status = 403, .headers = {{"retry-after", "60"}}});
  const auto source = source_of(repository);
  const auto again = [&](std::string_view id) {
    auto page = source->reread(http, {}, posts_called({id}), now);
    REQUIRE(page);
    return std::move(*page);
  };

  for (const std::string_view id : {"greenbasket/shop#1", "greenbasket/shop#2"}) {
    const auto gone = again(id);
    CHECK(gone.refused_status == 0);
    REQUIRE(gone.missing.size() == 1);
    CHECK(gone.missing[0].network == "github");
    CHECK(gone.missing[0].native_id == id);
  }
  const auto moved = again("greenbasket/shop#3");
  CHECK(moved.posts.posts.empty());
  CHECK(moved.missing.empty());
  const auto refused = again("greenbasket/shop#4");
  CHECK(refused.refused_status != 0);
  CHECK(refused.missing.empty());
}

TEST_CASE("github: later polls walk from old to new, some minutes further back than they must") {
  ScriptedHttp http;
  http.answer(list_url("2026-08-01T09%3A58%3A00Z"),
              with_next("[" + issue(1, "2026-08-01T10:00:00Z") + "," +
                        issue(2, "2026-08-01T11:00:00Z") + "]"));
  http.answer(list_url("2026-08-01T11%3A00%3A00Z"),
              ok("[" + issue(2, "2026-08-01T11:00:00Z") + "]"));
  const auto source = source_of(repository);

  const auto first = next(*source, http, {.cursor = "issues=1785578400\n"});
  const auto second = next(*source, http, {.cursor = first.next_cursor});

  CHECK(first.more);
  CHECK(first.etag.empty());  // of a part of the list
  CHECK(first.next_cursor == "issues=1785582000\nissues_from=1785582000\n");
  CHECK(second.more);  // the comments
  CHECK(second.next_cursor == "issues=1785582000\n");
}

TEST_CASE("github: more changes in one second than a page holds are read by page") {
  const std::string second = "2026-08-01T11:00:00Z";
  ScriptedHttp http;
  http.answer(list_url("2026-08-01T11%3A00%3A00Z"), with_next("[" + issue(1, second) + "]"));
  http.answer(list_url("2026-08-01T11%3A00%3A00Z", "&page=2"), ok("[" + issue(2, second) + "]"));
  const auto source = source_of(repository);

  const auto first = next(*source, http, {.cursor = "issues=1785582000\nissues_from=1785582000\n"});
  const auto rest = next(*source, http, {.cursor = first.next_cursor});

  CHECK(first.next_cursor == "issues=1785582000\nissues_from=1785582000\nissues_page=2\n");
  CHECK(rest.posts.posts.size() == 1);
  CHECK(rest.next_cursor == "issues=1785582000\n");
}

TEST_CASE("github: with 'since' the first poll begins at that day") {
  ScriptedHttp http;
  http.answer(list_url("2026-07-01T00%3A00%3A00Z"), ok("[]"));
  const auto config = config_with({{"repository", "greenbasket/shop"}, {"since", "2026-07-01"}});

  const auto page = next(*source_of(config), http);

  CHECK(page.posts.posts.empty());
  CHECK(page.more);
  CHECK(page.next_cursor.empty());
}

TEST_CASE("github: what has not changed costs no parse, and the comments are still asked for") {
  ScriptedHttp http;
  http.answer(list_url("2026-08-01T09%3A58%3A00Z"),
              {.status = 304, .headers = {{"etag", "\"e1\""}}});
  http.answer(shop + "/comments?sort=updated&direction=desc&per_page=100", ok("[]"));
  const auto source = source_of(repository);

  const auto page = next(*source, http, {.cursor = "issues=1785578400\n", .etag = "\"e1\""});
  const auto comments = next(*source, http, {.cursor = page.next_cursor});

  CHECK(request_header(http.requests().at(0).headers, "If-None-Match") == "\"e1\"");
  CHECK(page.unchanged);
  CHECK(page.etag == "\"e1\"");
  CHECK(page.more);
  CHECK(page.next_cursor == "issues=1785578400\n");
  CHECK(request_header(http.requests().at(1).headers, "If-None-Match").empty());
  CHECK_FALSE(comments.more);
}

TEST_CASE("github: a search is read by the time of change, with its token") {
  const std::string search = api + "/search/issues?q=late%20boxes";
  ScriptedHttp http;
  http.answer(search + "&sort=updated&order=desc&per_page=100",
              ok(R"({"total_count":1,"incomplete_results":false,"items":[)" +
                 issue(5, "2026-08-01T10:00:00Z") + "]}"));
  http.answer(search +
                  "%20updated%3A%3E%3D2026-08-01T09%3A58%3A00Z"
                  "&sort=updated&order=asc&per_page=100",
              ok(R"({"total_count":0,"incomplete_results":false,"items":[]})"));
  auto config = config_with({{"search", "late boxes"}});
  config.token = {TokenPlace::Kind::environment, "X"};
  const auto source = source_of(config);

  const auto first = next(*source, http, {.token = "s3cr3t"});
  const auto second = next(*source, http, {.cursor = first.next_cursor, .token = "s3cr3t"});

  REQUIRE(first.posts.posts.size() == 1);
  CHECK(first.posts.posts[0].filtered);
  CHECK_FALSE(first.more);
  CHECK(second.posts.posts.empty());
  CHECK(second.next_cursor == "issues=1785578400\n");
  for (const auto& request : http.requests()) {
    CHECK(request_header(request.headers, "Authorization") == "Bearer s3cr3t");
    CHECK(request_header(request.headers, "X-GitHub-Api-Version") == "2022-11-28");
  }
}

TEST_CASE("github: a search that GitHub did not finish is an error, and not read as the end") {
  ScriptedHttp http;
  http.answer(api + "/search/issues?q=a&sort=updated&order=desc&per_page=100",
              ok(R"({"incomplete_results":true,"items":[]})"));

  const auto page = source_of(config_with({{"search", "a"}}))->fetch(http, {}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::network);
  CHECK(page.error().message ==
        "https://api.github.com/search/issues?...: GitHub gave up the search before its end; ask "
        "for less");
}

TEST_CASE("github: a refusal is handed on, a used-up budget is a limit") {
  ScriptedHttp http;
  http.answer(newest_issues, {.status = 404});
  http.answer(newest_issues,
              {.status = 403,
               .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785603600"}}});
  http.answer(newest_issues,
              ok("[]", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1785600060"}}));
  const auto source = source_of(repository);

  const auto missing = next(*source, http);
  const auto limited = next(*source, http);
  const auto last = next(*source, http);

  CHECK(missing.refused_status == 404);
  CHECK(limited.refused_status == 429);
  CHECK(limited.wait == seconds{3600});
  CHECK(last.refused_status == 0);
  CHECK(last.wait == seconds{60});
}

TEST_CASE("github: an answer that is no list is a format error that names the address") {
  ScriptedHttp http;
  http.answer(newest_issues, ok(R"({"message":"hello"})"));
  http.answer(newest_issues, ok("[{"));
  const auto source = source_of(repository);

  const auto page = source->fetch(http, {}, now);
  const auto cut = source->fetch(http, {}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message ==
        "https://api.github.com/repos/greenbasket/shop/issues?...: not a list of issues");
  REQUIRE_FALSE(cut);
  CHECK(cut.error().message ==
        "https://api.github.com/repos/greenbasket/shop/issues?...: not JSON: cut off");
}

TEST_CASE("github: a server of one's own is an id space of its own") {
  ScriptedHttp http;
  http.answer(
      "https://git.example/api/v3/repos/a/b/issues?state=all&sort=updated&direction=desc"
      "&per_page=100",
      ok(R"([{"url":"https://git.example/api/v3/repos/a/b/issues/1","title":"t",)"
         R"("created_at":"2026-08-01T00:00:00Z"}])"));
  auto config = config_with({{"repository", "a/b"}});
  config.url = "https://git.example/api/v3/";

  const auto page = next(*source_of(config), http);

  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].network == "git.example");
  CHECK(page.posts.posts[0].native_id == "a/b#1");
}

TEST_CASE("github: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "github needs either 'repository' or 'search'");
  CHECK(error_of(config_with({{"repository", "a/b"}, {"search", "c"}})) ==
        "github needs either 'repository' or 'search'");
  for (const std::string name : {"shop", "a/b/c", "/b", "a/", "a/b?c"})
    CHECK(error_of(config_with({{"repository", name}})) ==
          "'repository' is owner/name, and not '" + name + "'");
  CHECK(error_of(config_with({{"search", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("github: recorded lists of issues are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto recorded = [&](const std::string& name) {
    return *read_file(data + "/payloads/github/" + name + ".json");
  };
  const auto read = [&](const std::string& name) {
    ScriptedHttp http;
    http.answer(newest_issues, ok(recorded(name)));
    return next(*source_of(repository), http);
  };
  const std::string pages =
      "octokit-fixture-org/tmp-scenario-paginate-issues-20220719043836917-izyoe";

  std::size_t posts = 0;
  for (const int i : {0, 1, 2, 3}) {
    const auto page = read(fmt::format("paginate-issues_{}", i));
    CHECK(page.bad_rows == 0);
    posts += page.posts.posts.size();
  }
  CHECK(posts == 12);
  const auto first = read("paginate-issues_0");
  const Post& thirteen = first.posts.posts.at(0);
  CHECK(thirteen.native_id == pages + "#13");
  CHECK(thirteen.channel == pages);
  CHECK(thirteen.text == "Test issue 13");
  CHECK(thirteen.author_id == "31898046");
  CHECK(format_instant(thirteen.posted_at) == "2022-07-19T04:39:16Z");
  CHECK(thirteen.edited_at == Instant{});
  CHECK(thirteen.engagement == Engagement{0, {}, 0, {}, now});

  ScriptedHttp http;
  http.answer(api + "/search/issues?q=sesame&sort=updated&order=desc&per_page=100",
              ok(recorded("search-issues_0")));
  const auto found = next(*source_of(config_with({{"search", "sesame"}})), http);
  REQUIRE(found.posts.posts.size() == 2);
  CHECK(found.posts.posts[0].text ==
        "Sesame seeds split without a pop!\nI’ve waited all year long, but there was no pop 😭");
  CHECK(found.posts.posts[0].author_name == "octokit-fixture-user-b");
  CHECK(found.posts.posts[0].url ==
        "https://github.com/octokit-fixture-org/"
        "tmp-scenario-search-issues-20220719044045959-jlcli/issues/2");
  CHECK(found.posts.posts[1].text ==
        "The doors don’t open\nI tried \"open sesame\" as seen on Wikipedia but no luck!");
  CHECK(format_instant(found.posts.posts[1].posted_at) == "2022-07-19T04:40:49Z");
}
