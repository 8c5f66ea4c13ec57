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
const std::string server = "https://elm.example";
const std::string tag_list = server + "/api/v1/timelines/tag/beans?limit=40";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "masto";
  config.type = "mastodon";
  config.url = server + "/";
  config.options = std::move(options);
  return config;
}

/// Polls as the collector does, until there is no more. Adds the addresses asked to `asked`.
struct Polled {
  std::vector<Page> pages;
  std::string cursor;

  std::vector<Post> posts() const {
    std::vector<Post> all;
    for (const Page& page : pages)
      all.insert(all.end(), page.posts.posts.begin(), page.posts.posts.end());
    return all;
  }
};

Polled poll(Source& source, HttpClient& http, std::string cursor = {}, std::string token = {}) {
  Polled polled{.pages = {}, .cursor = std::move(cursor)};
  for (bool more = true; more && polled.pages.size() < 50;) {
    auto page = source.fetch(http, {.cursor = polled.cursor, .token = token}, now);
    REQUIRE(page);
    REQUIRE(page->refused_status == 0);
    polled.cursor = page->next_cursor;
    more = page->more;
    polled.pages.push_back(std::move(*page));
  }
  return polled;
}

std::vector<std::string> asked(const ScriptedHttp& http) {
  std::vector<std::string> urls;
  for (const auto& request : http.requests()) urls.push_back(request.url);
  return urls;
}

std::string status(int id, const std::string& more = {}) {
  return fmt::format(
      R"({{"id":"{0}","uri":"https://elm.example/s/{0}","created_at":"2026-08-01T10:00:00Z","content":"post {0}"{1}}})",
      id, more);
}

std::string fixture() {
  return *read_file(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/mastodon/timeline.json");
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("mastodon")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("mastodon: a status becomes a post with all that it says") {
  ScriptedHttp http;
  http.answer(tag_list, ok(fixture()));
  http.answer(server + "/api/v1/statuses?id[]=300",
              ok(R"([{"id":"300","uri":"https://oak.example/users/arlo/statuses/3"}])"));
  const auto source = source_of(config_with({{"tag", "#beans"}}));

  const auto polled = poll(*source, http);

  const auto posts = polled.posts();
  REQUIRE(posts.size() == 4);
  const Post& reply = posts[1];
  CHECK(reply.network == "mastodon");
  CHECK(reply.native_id == "https://oak.example/users/arlo/statuses/12");
  CHECK(reply.channel == "elm.example");
  CHECK(reply.author_id == "arlo@oak.example");
  CHECK(reply.author_name == "arlo");
  CHECK(reply.text == "@nell same here");
  CHECK(reply.lang == "en");
  CHECK(reply.parent_id == "https://elm.example/users/nell/statuses/502");
  CHECK(reply.url == "https://oak.example/@arlo/12");
  CHECK(reply.source == "masto");
  CHECK(format_instant(reply.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(format_instant(reply.edited_at) == "2026-08-01T10:30:00Z");
  CHECK(reply.engagement == Engagement{4, 3, 0, 250, now});
  CHECK(reply.dated);
  CHECK(reply.filtered);
  CHECK_FALSE(reply.repost);

  const Post& poll_post = posts[2];
  CHECK(poll_post.text == "late boxes\nWieder zu spät.\nWer noch?\nja\nnein");
  CHECK(poll_post.author_id == "nell@elm.example");
  CHECK(poll_post.parent_id == "https://oak.example/users/arlo/statuses/3");
  CHECK(poll_post.edited_at == Instant{});
  CHECK(posts[3].text == "A box of wilted lettuce");
  CHECK(posts[3].engagement == Engagement{{}, {}, {}, {}, now});
}

namespace {

const std::string nells = server + "/users/nell/statuses/";

/// A status of a server that calls it by its number, as Mastodon does.
std::string own_status(int id, int likes, const std::string& more = {}) {
  return fmt::format(
      R"({{"id":"{0}","uri":"{1}{0}","created_at":"2026-08-01T10:00:00Z","content":"post {0}","favourites_count":{2}{3}}})",
      id, nells, likes, more);
}

}  // namespace

TEST_CASE("mastodon: what was written on the server is read again as the timeline had it") {
  const std::string again = server + "/api/v1/statuses?id[]=502&id[]=501&id[]=7&id[]=8";
  ScriptedHttp http;
  http.answer(tag_list, ok(fixture()));
  http.answer(server + "/api/v1/statuses?id[]=300",
              ok(R"([{"id":"300","uri":"https://oak.example/users/arlo/statuses/3"}])"));
  http.answer(again, ok(fixture()));
  const auto first_source = source_of(config_with({{"tag", "beans"}}));
  const auto first = poll(*first_source, http);
  const auto known = first.posts();
  const Post& answer = known[2];
  const Post& picture = known[3];
  const auto source = source_of(config_with({{"tag", "beans"}}));
  const std::string ids[] = {nells + "7", nells + "8"};
  const Post asked[] = {answer, picture, {.native_id = ids[0]}, {.native_id = ids[1]}};

  const auto page = source->reread(http, {}, asked, now);

  CHECK(source->rereads() == 20);
  CHECK(source->can_reread(answer));
  CHECK_FALSE(source->can_reread(known[0]));  // shared
  CHECK_FALSE(source->can_reread(known[1]));  // of another server
  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 2);
  CHECK(page->posts.posts[0].parent_id == "https://oak.example/users/arlo/statuses/3");
  CHECK(content_hash(page->posts.posts[0]) == content_hash(answer));
  CHECK(page->posts.posts[0].engagement == answer.engagement);
  CHECK(content_hash(page->posts.posts[1]) == content_hash(picture));
  REQUIRE(page->missing.size() == 2);
  CHECK(page->missing[0].network == "mastodon");
  CHECK(page->missing[0].native_id == ids[0]);
  CHECK_FALSE(page->more);
}

TEST_CASE("mastodon: an older server is asked for statuses one by one") {
  const std::string one = server + "/api/v1/statuses/";
  ScriptedHttp http;
  http.answer(server + "/api/v1/statuses?id[]=1&id[]=2&id[]=3&id[]=4", {.status = 404});
  http.answer(one + "1", ok(own_status(1, 5)));
  http.answer(one + "2", {.status = 404});
  http.answer(one + "3", ok(R"({"id":"3","uri":"https://elm.example/notes/x","content":"x"})"));
  http.answer(one + "4", {.status = 503});
  const auto source = source_of(config_with({{"public", "local"}}));
  const std::string ids[] = {nells + "1", nells + "2", nells + "3", nells + "4"};
  std::vector<Post> asked;
  for (const std::string& id : ids) asked.push_back({.native_id = id});
  std::vector<Page> pages;
  std::string cursor;
  do {
    auto page = source->reread(http, {.cursor = cursor}, asked, now);
    REQUIRE(page);
    cursor = page->next_cursor;
    pages.push_back(std::move(*page));
  } while (pages.back().more && pages.size() < 9);

  REQUIRE(pages.size() == 5);
  REQUIRE(pages[1].posts.posts.size() == 1);
  CHECK(pages[1].posts.posts[0].engagement.likes == 5);
  REQUIRE(pages[2].missing.size() == 1);
  CHECK(pages[2].missing[0].native_id == ids[1]);
  CHECK(pages[2].refused_status == 0);
  CHECK(pages[3].posts.posts.empty());  // the number is another status's
  CHECK(pages[3].missing.empty());
  CHECK(pages[4].refused_status == 503);
  CHECK(source->rereads() == 1);
}

TEST_CASE("mastodon: to be asked for statuses again may be refused") {
  ScriptedHttp http;
  http.answer(server + "/api/v1/statuses?id[]=1", {.status = 401});
  const auto source = source_of(config_with({{"public", "local"}}));
  const std::string id = nells + "1";

  const auto page = source->reread(http, {}, posts_called({id}), now);

  REQUIRE(page);
  CHECK(page->refused_status == 401);
  CHECK_FALSE(page->more);
}

TEST_CASE("mastodon: a bare share is a repost by who shared it") {
  ScriptedHttp http;
  http.answer(tag_list, ok(fixture()));
  http.answer(server + "/api/v1/statuses?id[]=300", ok("[]"));

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}})), http);

  const auto posts = polled.posts();
  REQUIRE(posts.size() == 4);
  CHECK(posts[0].repost);
  CHECK(posts[0].native_id == "https://elm.example/users/nell/statuses/504/activity");
  CHECK(posts[0].author_id == "nell@elm.example");
  CHECK(posts[0].text == "Fresh beans");
  CHECK(posts[0].lang == "en");
  CHECK(posts[0].url == "https://oak.example/@arlo/9");
  CHECK(posts[0].engagement == Engagement{{}, {}, {}, 31, now});
}

TEST_CASE("mastodon: a private status is left out, and one that can't be read costs itself") {
  ScriptedHttp http;
  http.answer(tag_list, ok(fixture()));
  http.answer(server + "/api/v1/statuses?id[]=300", ok("[]"));

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}})), http);

  const Page& page = polled.pages.back();
  CHECK(page.rows == 6);
  CHECK(page.bad_rows == 1);
  REQUIRE(page.bad.size() == 1);
  CHECK(page.bad[0].reason ==
        "https://elm.example/users/nell/statuses/499: no date that can be read");
}

TEST_CASE("mastodon: a parent that the server does not show is called by its number there") {
  ScriptedHttp http;
  http.answer(tag_list, ok(fixture()));
  http.answer(server + "/api/v1/statuses?id[]=300", ok("[]"));

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}})), http);

  CHECK(polled.posts()[2].parent_id == "elm.example/300");
}

TEST_CASE("mastodon: a server that gives no list of statuses is asked for parents one by one") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(3, R"(,"in_reply_to_id":"1")") + "," +
                           status(4, R"(,"in_reply_to_id":"2")") + "]"));
  http.answer(server + "/api/v1/statuses?id[]=1&id[]=2", {.status = 404, .body = "{}"});
  http.answer(server + "/api/v1/statuses/1", ok(status(1)));
  http.answer(server + "/api/v1/statuses/2", {.status = 404, .body = "{}"});

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}})), http);

  REQUIRE(polled.posts().size() == 2);
  CHECK(polled.posts()[0].parent_id == "https://elm.example/s/1");
  CHECK(polled.posts()[1].parent_id == "elm.example/2");
}

TEST_CASE("mastodon: a page that waits for parents is not passed before it is stored") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(3, R"(,"in_reply_to_id":"1")") + "]"));
  http.answer(server + "/api/v1/statuses?id[]=1", ok("[" + status(1) + "]"));
  const auto source = source_of(config_with({{"tag", "beans"}}));

  const auto first = source->fetch(http, {}, now);
  const auto second = source->fetch(http, {.cursor = first->next_cursor}, now);

  REQUIRE(first);
  CHECK(first->posts.posts.empty());
  CHECK(first->more);
  CHECK(first->next_cursor.empty());
  REQUIRE(second);
  CHECK(second->posts.posts.size() == 1);
  CHECK(second->next_cursor == "newest=3\n");
  CHECK_FALSE(second->more);
}

TEST_CASE("mastodon: a first poll takes a page, the next ones catch up from old to new") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(5) + "," + status(4) + "]"));
  HttpResponse newer = ok("[" + status(7) + "," + status(6) + "]");
  newer.headers = {{"link",
                    "<https://elm.example/api/v1/timelines/tag/beans?max_id=6>; rel=\"next\", "
                    "<https://elm.example/api/v1/timelines/tag/beans?min_id=7>; rel=\"prev\""}};
  http.answer(tag_list + "&min_id=5", newer);
  http.answer(tag_list + "&min_id=7", ok("[]"));
  const auto config = config_with({{"tag", "beans"}});

  const auto first = poll(*source_of(config), http);
  const auto second = poll(*source_of(config), http, first.cursor);
  const auto third = poll(*source_of(config), http, second.cursor);

  CHECK(first.posts().size() == 2);
  CHECK(first.cursor == "newest=5\n");
  CHECK(second.posts().size() == 2);
  CHECK(second.cursor == "newest=7\n");
  CHECK(third.posts().empty());
  CHECK(third.cursor == "newest=7\n");
  CHECK(third.pages[0].gapless);
  CHECK(asked(http) == std::vector<std::string>{tag_list, tag_list + "&min_id=5",
                                                tag_list + "&min_id=7", tag_list + "&min_id=7"});
}

TEST_CASE("mastodon: with 'since' the first poll walks back to that day, also over several runs") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(5) + "," + status(4) + "]"));
  http.answer(tag_list + "&max_id=4", ok("[" + status(3) + "]"));
  http.answer(tag_list + "&max_id=3",
              ok(R"([{"id":"2","uri":"u2","created_at":"2026-07-01T00:00:00Z","content":"old"}])"));
  const auto config = config_with({{"tag", "beans"}, {"since", "2026-08-01"}});

  const auto first = source_of(config)->fetch(http, {}, now);
  REQUIRE(first);
  CHECK(first->next_cursor == "top=5\nback=4\n");
  CHECK(first->more);
  const auto rest = poll(*source_of(config), http, first->next_cursor);

  CHECK(rest.posts().size() == 2);
  CHECK(rest.cursor == "newest=5\n");
}

TEST_CASE("mastodon: an account is looked up once, and its number kept") {
  const std::string list = server + "/api/v1/accounts/77/statuses?limit=40";
  ScriptedHttp http;
  http.answer(server + "/api/v1/accounts/lookup?acct=nell%40oak.example", ok(R"({"id":"77"})"));
  http.answer(list, ok("[" + status(5) + "]"));
  http.answer(list + "&min_id=5", ok("[]"));
  const auto config = config_with({{"account", "@nell@oak.example"}});

  const auto first = poll(*source_of(config), http);
  const auto second = poll(*source_of(config), http, first.cursor);

  CHECK(first.cursor == "account=77\nnewest=5\n");
  CHECK(first.posts().size() == 1);
  CHECK_FALSE(first.posts()[0].filtered);
  CHECK(second.cursor == first.cursor);
  CHECK(http.requests().size() == 3);
}

TEST_CASE("mastodon: the public timeline is local, remote or of all") {
  const auto asked_for = [](const std::string& which) {
    ScriptedHttp http;
    const auto source = source_of(config_with({{"public", which}}));
    const auto page = source->fetch(http, {}, now);
    CHECK_FALSE(page);
    return http.requests().at(0).url;
  };

  CHECK(asked_for("federated") == server + "/api/v1/timelines/public?limit=40");
  CHECK(asked_for("local") == server + "/api/v1/timelines/public?local=true&limit=40");
  CHECK(asked_for("remote") == server + "/api/v1/timelines/public?remote=true&limit=40");
}

TEST_CASE("mastodon: a search walks from new to old down to what it knows, with its token") {
  const std::string list = server + "/api/v2/search?q=green%20basket&type=statuses&limit=40";
  const auto found = [](const std::string& statuses) {
    return ok(R"({"accounts":[],"statuses":[)" + statuses + "]}");
  };
  ScriptedHttp http;
  http.answer(list, found(status(5)));
  http.answer(list + "&min_id=5", found(status(9) + "," + status(8)));
  http.answer(list + "&min_id=5&max_id=8", found(status(7)));
  http.answer(list + "&min_id=5&max_id=7", found(""));
  auto config = config_with({{"search", "green basket"}});
  config.token = {TokenPlace::Kind::environment, "X"};

  const auto first = poll(*source_of(config), http, {}, "s3cr3t");
  const auto second = poll(*source_of(config), http, first.cursor, "s3cr3t");

  CHECK(first.cursor == "newest=5\n");
  CHECK(second.posts().size() == 3);
  CHECK(second.cursor == "newest=9\n");
  for (const auto& request : http.requests())
    CHECK(request_header(request.headers, "Authorization") == "Bearer s3cr3t");
}

TEST_CASE("mastodon: with 'threads' the conversations around the posts are read as well") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(6, R"(,"in_reply_to_id":"5")") + "," +
                           status(5, R"(,"replies_count":2)") + "," + status(4) + "]"));
  const std::string api = server + "/api/v1/statuses/";
  http.answer(api + "6/context", ok(R"({"ancestors":[)" + status(5) + R"(],"descendants":[)" +
                                    status(7, R"(,"in_reply_to_id":"6")") + "]}"));
  http.answer(api + "5/context", {.status = 404, .body = R"({"error":"Record not found"})"});
  const auto config = config_with({{"tag", "beans"}, {"threads", "true"}});

  const auto first = source_of(config)->fetch(http, {}, now);
  REQUIRE(first);
  CHECK(first->next_cursor ==
        "newest=6\nthread0=6 https://elm.example/s/6\nthread1=5 https://elm.example/s/5\n");
  http.answer(tag_list + "&min_id=6", ok("[]"));
  const auto rest = poll(*source_of(config), http, first->next_cursor);

  REQUIRE(rest.posts().size() == 2);
  CHECK(rest.posts()[0].native_id == "https://elm.example/s/5");
  CHECK(rest.posts()[1].native_id == "https://elm.example/s/7");
  CHECK(rest.posts()[1].parent_id == "https://elm.example/s/6");
  CHECK(rest.cursor == "newest=6\n");
}

TEST_CASE("mastodon: a conversation that came with another is not asked for again") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[" + status(5, R"(,"replies_count":1)") + "," +
                           status(6, R"(,"replies_count":1)") + "]"));
  http.answer(server + "/api/v1/statuses/5/context",
              ok(R"({"ancestors":[],"descendants":[)" + status(6) + "]}"));

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}, {"threads", "true"}})), http);

  CHECK(http.requests().size() == 2);
  CHECK(polled.cursor == "newest=5\n");
}

TEST_CASE("mastodon: a refusal is handed on, and a used-up budget asks for a pause") {
  ScriptedHttp http;
  http.answer(tag_list, {.status = 429, .headers = {{"retry-after", "60"}}});
  HttpResponse last = ok("[" + status(3, R"(,"in_reply_to_id":"1")") + "]");
  last.headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "2026-08-01T16:05:00.1Z"}};
  http.answer(tag_list, last);
  const auto source = source_of(config_with({{"tag", "beans"}}));

  const auto refused = source->fetch(http, {}, now);
  const auto page = source->fetch(http, {}, now);

  REQUIRE(refused);
  CHECK(refused->refused_status == 429);
  CHECK(refused->wait == seconds{60});
  REQUIRE(page);
  CHECK(page->wait == seconds{300});
  CHECK(page->posts.posts.size() == 1);  // its parent is not asked for
}

TEST_CASE("mastodon: an answer that is no list is a format error that names the address") {
  ScriptedHttp http;
  http.answer(tag_list, ok(R"({"error":"This method requires an authenticated user"})"));

  const auto page = source_of(config_with({{"tag", "beans"}}))->fetch(http, {}, now);

  REQUIRE_FALSE(page);
  CHECK(page.error().kind == Error::Kind::format);
  CHECK(page.error().message ==
        "https://elm.example/api/v1/timelines/tag/beans?...: not a list of statuses");
}

TEST_CASE("mastodon: an empty timeline is nothing new") {
  ScriptedHttp http;
  http.answer(tag_list, ok("[]"));

  const auto polled = poll(*source_of(config_with({{"tag", "beans"}})), http);

  CHECK(polled.pages.size() == 1);
  CHECK(polled.cursor.empty());
  CHECK(polled.pages[0].rows == 0);
}

TEST_CASE("mastodon: what the options can't mean is told") {
  CHECK(error_of(config_with({})) ==
        "mastodon needs one of 'tag', 'public', 'account' and 'search'");
  CHECK(error_of(config_with({{"tag", "a"}, {"account", "b"}})) ==
        "mastodon needs one of 'tag', 'public', 'account' and 'search'");
  CHECK(error_of(config_with({{"public", "all"}})) ==
        "'public' is local, remote or federated, and not 'all'");
  CHECK(error_of(config_with({{"search", "a"}})) ==
        "'search' needs a token of an account on that server; see token_env");
  CHECK(error_of(config_with({{"tag", "a"}, {"since", "lately"}})) ==
        "'since' is a day like 2026-08-01, and not 'lately'");
}

TEST_CASE("mastodon: recorded answers of a real server are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto recorded = [&](const std::string& name) {
    return *read_file(data + "/payloads/mastodon/" + name + ".json");
  };
  const auto read = [&](const std::string& body) {
    ScriptedHttp http;
    http.answer("http://localhost:3000/api/v1/timelines/tag/hoot?limit=40", ok(body));
    http.answer("http://localhost:3000/api/v1/statuses?id[]=117020583245459824",
                ok("[" + recorded("reply_0") + "]"));
    auto config = config_with({{"tag", "hoot"}});
    config.url = "http://localhost:3000";
    return poll(*source_of(config), http);
  };
  const std::string users = "http://localhost:3000/ap/users/";

  const auto timeline = read(recorded("public_timeline_1"));
  REQUIRE(timeline.posts().size() == 8);
  const Post jeep = timeline.posts()[4];
  CHECK(jeep.native_id == users + "117020565693913441/statuses/117020588169351887");
  CHECK(jeep.text == "@mastodonpy_test beep beep I'm a jeep");
  CHECK(jeep.author_id == "admin@localhost");
  CHECK(jeep.engagement == Engagement{0, 0, 0, 1, now});
  CHECK(format_instant(jeep.posted_at) == "2026-08-01T13:54:30Z");

  const auto edited = read("[" + recorded("edited_status_3") + "]");
  REQUIRE(edited.posts().size() == 1);
  CHECK(edited.posts()[0].text ==
        "the best editor? why, of course it is the KDE Advanced Text Editor, Kate");
  CHECK(edited.posts()[0].lang == "ja");
  CHECK(format_instant(edited.posts()[0].edited_at) == "2026-08-01T13:54:00Z");

  const auto reply = read("[" + recorded("reply_2") + "]");
  REQUIRE(reply.posts().size() == 1);
  CHECK(reply.posts()[0].parent_id == users + "117020566092212359/statuses/117020583245459824");
  CHECK(reply.posts()[0].text == "@mastodonpy_test_2 same!");

  const auto poll_post = read("[" + recorded("poll_0") + "]");
  REQUIRE(poll_post.posts().size() == 1);
  CHECK(poll_post.posts()[0].text == "nice\nfour twenty\nsixty-nine");
  CHECK(poll_post.posts()[0].url == "http://localhost:3000/@admin/117020582690282017");

  const auto tagged = read(recorded("hashtag_timeline_1"));
  REQUIRE(tagged.posts().size() == 1);
  CHECK(tagged.posts()[0].text == "#hoot (hashtag toot)");
}
