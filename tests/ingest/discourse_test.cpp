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
const std::string forum = "https://forum.example";
const std::string latest = forum + "/posts.json";
const std::string search = forum + "/search.json?q=late%20boxes%20order%3Alatest";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "forum";
  config.type = "discourse";
  config.url = forum + "/";
  config.options = std::move(options);
  return config;
}

Page fetched(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  auto page = source_of(config)->fetch(http, {.cursor = cursor}, now);
  REQUIRE(page);
  return std::move(*page);
}

std::string post(int id, int topic = 1, int number = 2) {
  return fmt::format(
      R"({{"id":{},"created_at":"2026-08-01T{:02}:00:00Z","cooked":"<p>words</p>","topic_id":{},"post_number":{},"category_id":7}})",
      id, id % 24, topic, number);
}

HttpResponse posts(const std::vector<int>& ids) {
  std::string list;
  for (const int id : ids) list += (list.empty() ? "" : ",") + post(id, 1, id);
  return ok(R"({"latest_posts":[)" + list + "]}");
}

HttpResponse found(const std::string& list, bool more) {
  return ok(fmt::format(
      R"({{"posts":[{}],"topics":[],"grouped_search_result":{{"more_full_page_results":{}}}}})",
      list, more ? "true" : "null"));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("discourse")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

HttpResponse fixture() {
  return answer_of_fixture("discourse/posts.json");
}

}  // namespace

TEST_CASE("discourse: the posts of a forum are read with all that they say") {
  ScriptedHttp http;
  http.answer(latest, fixture());

  const auto page = fetched(config_with({}), http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& reply = page.posts.posts[0];
  CHECK(reply.network == "forum.example");
  CHECK(reply.native_id == "11/3");
  CHECK(reply.channel == "forum.example/c/7");
  CHECK(reply.author_id == "5");
  CHECK(reply.author_name == "arlo");
  CHECK(reply.parent_id == "11/2");
  CHECK(reply.root_id == "11/1");
  CHECK(reply.url == "https://forum.example/t/late-boxes/11/3");
  CHECK(reply.source == "forum");
  CHECK(format_instant(reply.posted_at) == "2026-08-01T10:03:00Z");
  CHECK(format_instant(reply.edited_at) == "2026-08-01T11:00:00Z");
  CHECK(reply.engagement == Engagement{4, {}, 0, {}, now});
  CHECK_FALSE(reply.filtered);
  const Post& first = page.posts.posts[1];
  CHECK(first.native_id == "11/1");
  CHECK(first.text == "Late boxes\nAnyone & everyone?");
  CHECK(first.parent_id.empty());
  CHECK(first.root_id.empty());
  CHECK(first.edited_at == Instant{});
  CHECK(first.engagement == Engagement{0, {}, 1, {}, now});
  const Post& picture = page.posts.posts[2];
  CHECK(picture.text == "a wilted lettuce");
  CHECK(picture.parent_id == "13/1");
  CHECK(picture.url == "https://forum.example/t/13/9");
  CHECK(picture.engagement == Engagement{{}, {}, {}, {}, now});
  CHECK(page.rows == 7);
  CHECK(page.bad_rows == 2);
  CHECK(page.bad.at(0).reason == "13/2: no date that can be read");
  CHECK(page.bad.at(1).reason == "a post without topic or number");
}

TEST_CASE("discourse: posts are read again as the forum's list had them") {
  const auto topic = [](std::string posts) {
    const std::string before = R"("latest_posts": [)";
    const auto at = posts.find(before);
    posts = posts.substr(at + before.size(), posts.rfind("]}") - at - before.size());
    for (const std::string_view own :
         {R"("topic_title": "Late boxes", )", R"("topic_title": "Late  boxes", )",
          R"("category_id": 7, )"})
      for (auto found = posts.find(own); found != std::string::npos; found = posts.find(own))
        posts.erase(found, own.size());
    return ok(R"({"title":"Late  boxes","category_id":7,"post_stream":{"posts":[)" + posts + "]}}");
  };
  ScriptedHttp http;
  http.answer(latest, fixture());
  for (const int number : {1, 2, 3, 8})
    http.answer(fmt::format("{}/t/11/{}.json", forum, number), topic(fixture().body));
  const auto first = fetched(config_with({}), http);
  const auto source = source_of(config_with({}));
  const auto again = [&](const Post& post) {
    auto page = source->reread(http, {}, {&post, 1}, now);
    REQUIRE(page);
    return std::move(*page);
  };

  CHECK(source->rereads() == 1);
  for (const std::size_t i : {0, 1}) {
    const Post& known = first.posts.posts[i];
    CHECK(source->can_reread(known));
    CHECK_FALSE(source->can_reread({.native_id = known.url}));
    const auto page = again(known);
    REQUIRE(page.posts.posts.size() == 1);
    CHECK(content_hash(page.posts.posts[0]) == content_hash(known));
    CHECK(page.posts.posts[0].engagement == known.engagement);
    CHECK(page.missing.empty());
  }
  const auto deleted = again({.native_id = "11/2"});
  CHECK(deleted.removed.size() == 1);
  CHECK(deleted.missing.empty());
  const auto missing = again({.native_id = "11/8"});
  REQUIRE(missing.missing.size() == 1);
  CHECK(missing.missing[0].network == "forum.example");
  CHECK(missing.missing[0].native_id == "11/8");
}

TEST_CASE("discourse: a topic that is not shown has no posts, a limit says nothing of them") {
  const std::string url = forum + "/t/11/3.json";
  ScriptedHttp http;
  http.answer(url, {.status = 403});
  http.answer(url, {.status = 429, .headers = {{"retry-after", "7"}}});
  http.answer(url, ok("{}"));
  const auto source = source_of(config_with({}));
  const auto asked = posts_called({"11/3"});

  const auto hidden = source->reread(http, {}, asked, now);
  const auto refused = source->reread(http, {}, asked, now);
  const auto broken = source->reread(http, {}, asked, now);

  REQUIRE(hidden);
  CHECK(hidden->refused_status == 0);
  CHECK(hidden->missing.size() == 1);
  REQUIRE(refused);
  CHECK(refused->refused_status == 429);
  CHECK(refused->missing.empty());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message == "https://forum.example/t/11/3.json: not a list of posts");
}

TEST_CASE("discourse: what is quoted, and the size of a picture, are not the author's words") {
  ScriptedHttp http;
  http.answer(latest, fixture());

  const auto page = fetched(config_with({}), http);

  CHECK(page.posts.posts.at(0).text == "Mine was fresh :smile: Really.");
}

TEST_CASE("discourse: what its author deleted is told, and notes of the site are no posts") {
  ScriptedHttp http;
  http.answer(latest, fixture());

  const auto page = fetched(config_with({}), http);

  REQUIRE(page.removed.size() == 1);
  CHECK(page.removed[0].network == "forum.example");
  CHECK(page.removed[0].native_id == "11/2");
}

TEST_CASE("discourse: with a category only its posts are kept") {
  ScriptedHttp http;
  http.answer(latest, fixture());

  const auto page = fetched(config_with({{"category", "8"}}), http);

  REQUIRE(page.posts.posts.size() == 1);
  CHECK(page.posts.posts[0].native_id == "13/9");
  CHECK(page.next_cursor == "newest=30\n");
}

TEST_CASE("discourse: a first poll takes a page, later ones walk back to what is known") {
  ScriptedHttp http;
  http.answer(latest, posts({50, 49}));
  const auto first = fetched(config_with({}), http);
  CHECK(first.next_cursor == "newest=50\n");
  CHECK_FALSE(first.more);

  ScriptedHttp later;
  later.answer(latest, posts({90, 80}));
  later.answer(latest + "?before=80", posts({80, 60}));
  later.answer(latest + "?before=60", posts({55, 50}));
  const auto second = fetched(config_with({}), later, first.next_cursor);
  const auto third = fetched(config_with({}), later, second.next_cursor);
  const auto fourth = fetched(config_with({}), later, third.next_cursor);

  CHECK(second.next_cursor == "newest=50\ntop=90\nback=80\n");
  CHECK(second.more);
  CHECK(third.next_cursor == "newest=50\ntop=90\nback=60\n");
  CHECK(fourth.next_cursor == "newest=90\n");
  CHECK_FALSE(fourth.more);
  CHECK(fourth.gapless);
}

TEST_CASE("discourse: fifty hidden posts in a row do not end the walk of an older server") {
  ScriptedHttp http;
  http.answer(latest + "?before=200", posts({}));
  http.answer(latest + "?before=150", posts({150}));
  http.answer(latest + "?before=149", posts({}));
  const auto config = config_with({});

  const auto empty = fetched(config, http, "newest=90\ntop=250\nback=200\n");
  const auto same = fetched(config, http, "newest=90\ntop=250\nback=150\n");
  const auto end = fetched(config, http, "newest=110\ntop=250\nback=149\n");

  CHECK(empty.next_cursor == "newest=90\ntop=250\nback=150\n");
  CHECK(empty.more);
  CHECK(same.next_cursor == "newest=90\ntop=250\nback=149\n");
  CHECK(end.next_cursor == "newest=250\n");
  CHECK_FALSE(end.more);
}

TEST_CASE("discourse: with 'since' the first poll walks back to that day") {
  const auto on = [](int id, const std::string& day) {
    return ok(fmt::format(
        R"({{"latest_posts":[{{"id":{},"created_at":"{}T00:00:00Z","cooked":"x","topic_id":1,"post_number":2}}]}})",
        id, day));
  };
  ScriptedHttp http;
  http.answer(latest, on(50, "2026-07-20"));
  http.answer(latest + "?before=50", on(40, "2026-07-09"));
  const auto config = config_with({{"since", "2026-07-10"}});

  const auto first = fetched(config, http);
  const auto second = fetched(config, http, first.next_cursor);

  CHECK(first.next_cursor == "top=50\nback=50\n");
  CHECK(second.next_cursor == "newest=50\n");
  CHECK_FALSE(second.more);
}

TEST_CASE("discourse: posts that a search finds are read whole, one topic after another") {
  const auto topic = [](const std::string& list) {
    return ok(R"({"id":1,"title":"Late boxes","category_id":7,"post_stream":{"posts":[)" + list +
              "]}}");
  };
  ScriptedHttp http;
  http.answer(search, found(post(19, 5, 1) + "," + post(18, 5, 4) + "," + post(17, 6, 2), true));
  http.answer(forum + "/t/5/1.json",
              topic(post(19, 5, 1) + "," + post(20, 5, 2) + "," + post(18, 5, 4)));
  http.answer(forum + "/t/6/2.json", {.status = 404, .body = "{}"});
  const auto config = config_with({{"search", "late boxes"}});

  const auto list = fetched(config, http);
  const auto first = fetched(config, http, list.next_cursor);
  const auto gone = fetched(config, http, first.next_cursor);

  CHECK(list.posts.posts.empty());
  CHECK(list.next_cursor == "newest=19\npost0=5/1\npost1=5/4\npost2=6/2\n");
  CHECK(list.more);
  REQUIRE(first.posts.posts.size() == 2);
  CHECK(first.posts.posts[0].text == "Late boxes\nwords");
  CHECK(first.posts.posts[0].channel == "forum.example/c/7");
  CHECK(first.posts.posts[0].filtered);
  CHECK(first.posts.posts[1].native_id == "5/4");
  CHECK(first.next_cursor == "newest=19\npost0=6/2\n");
  CHECK(gone.refused_status == 0);
  CHECK(gone.next_cursor == "newest=19\n");
  CHECK_FALSE(gone.more);
}

TEST_CASE("discourse: with 'threads' what stands around a found post comes along") {
  ScriptedHttp http;
  http.answer(forum + "/t/5/4.json", ok(R"({"title":"t","post_stream":{"posts":[)" +
                                        post(19, 5, 1) + "," + post(18, 5, 4) + "]}}"));
  const auto config = config_with({{"search", "late boxes"}, {"threads", "true"}});

  const auto page = fetched(config, http, "newest=19\npost0=5/4\n");

  CHECK(page.posts.posts.size() == 2);
}

TEST_CASE("discourse: a later search goes from page to page, down to what is known") {
  ScriptedHttp http;
  http.answer(search, found(post(30, 8, 1), true));
  http.answer(search + "&page=2", found(post(19, 5, 1), true));
  const auto config = config_with({{"search", "late boxes"}});

  const auto first = fetched(config, http, "newest=19\n");
  const auto second = fetched(config, http, "newest=19\ntop=30\nback=2\n");

  CHECK(first.next_cursor == "newest=19\ntop=30\nback=2\npost0=8/1\n");
  CHECK(second.next_cursor == "newest=30\n");
  CHECK_FALSE(second.more);
}

TEST_CASE("discourse: a search that finds nothing leaves the place where it was") {
  ScriptedHttp http;
  http.answer(search, ok(R"({"grouped_search_result":{"term":"late boxes"}})"));

  const auto page = fetched(config_with({{"search", "late boxes"}}), http, "newest=19\n");

  CHECK(page.next_cursor == "newest=19\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("discourse: a refusal is handed on with its wish to be left alone") {
  ScriptedHttp http;
  http.answer(latest, {.status = 429, .headers = {{"retry-after", "17"}}});
  http.answer(forum + "/t/5/4.json", {.status = 429});

  const auto page = fetched(config_with({}), http);
  const auto topic = fetched(config_with({{"search", "a"}}), http, "newest=19\npost0=5/4\n");

  CHECK(page.refused_status == 429);
  CHECK(page.wait == seconds{17});
  CHECK(topic.refused_status == 429);
}

TEST_CASE("discourse: an answer that is no list of posts is a format error") {
  ScriptedHttp http;
  http.answer(latest, ok(R"({"errors":["not allowed"]})"));
  http.answer(search, ok("[]"));
  http.answer(forum + "/t/5/4.json", ok("{}"));
  const auto error = [&](std::map<std::string, std::string, std::less<>> options,
                         const std::string& cursor) {
    const auto page =
        source_of(config_with(std::move(options)))->fetch(http, {.cursor = cursor}, now);
    REQUIRE_FALSE(page);
    CHECK(page.error().kind == Error::Kind::format);
    return page.error().message;
  };

  CHECK(error({}, "") == "https://forum.example/posts.json: not a list of posts");
  CHECK(error({{"search", "late boxes"}}, "") ==
        "https://forum.example/search.json?...: not a list of posts");
  CHECK(error({{"search", "late boxes"}}, "post0=5/4\n") ==
        "https://forum.example/t/5/4.json: not a list of posts");
}

TEST_CASE("discourse: what the options can't mean is told") {
  auto nowhere = config_with({});
  nowhere.url.clear();
  CHECK(error_of(nowhere) == "discourse needs the 'url' of a forum");
  CHECK(error_of(config_with({{"category", "support"}})) ==
        "'category' is the number in its address, /c/NAME/7, and not 'support'");
  CHECK(error_of(config_with({{"threads", "true"}})) ==
        "'threads' is for a 'search'; without one all posts are read");
  CHECK(error_of(config_with({{"since", "x"}})) == "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("discourse: recorded answers are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto recorded = [&](const std::string& name) {
    return *read_file(data + "/payloads/discourse/" + name + ".json");
  };
  const auto read = [&](const std::string& name) {
    ScriptedHttp http;
    http.answer(latest, ok(recorded(name)));
    return fetched(config_with({}), http);
  };

  const auto newest = read("posts_latest");
  REQUIRE(newest.posts.posts.size() == 4);
  CHECK(newest.bad_rows == 0);
  const Post& holla = newest.posts.posts[0];
  CHECK(holla.native_id == "11/2");
  CHECK(holla.text == "holla bullhonky.");
  CHECK(holla.author_name == "johndoe");
  CHECK(holla.author_id == "1");
  CHECK(holla.parent_id == "11/1");
  CHECK(format_instant(holla.posted_at) == "2020-01-25T02:10:07Z");
  CHECK(holla.url == "https://forum.example/t/this-is-an-uncategorized-title/11/2");
  const Post& hi = newest.posts.posts[1];
  CHECK(hi.native_id == "11/1");
  CHECK(hi.text == "This is an uncategorized title\nhi there. hi there. hi there.");
  CHECK(hi.engagement == Engagement{0, {}, 0, {}, now});
  CHECK(newest.posts.posts[3].text.starts_with(
      "About the Site Feedback category\nDiscussion about this site"));
  CHECK(newest.posts.posts[3].channel == "forum.example/c/3");
  CHECK(newest.next_cursor == "newest=15\n");
  CHECK(read("posts_before").posts.posts.size() == 3);

  ScriptedHttp http;
  http.answer(forum + "/t/57/14.json", ok(recorded("topic")));
  const auto topic = fetched(config_with({{"search", "a"}, {"threads", "true"}}), http,
                             "newest=226\npost0=57/14\n");
  REQUIRE(topic.posts.posts.size() == 3);  // and a moderator's note
  CHECK(topic.rows == 4);
  CHECK(topic.posts.posts[0].text.starts_with(
      "THIS SITE IS A SANDBOX -- it is reset every day\nWelcome!\nTry is a sandbox"));
  CHECK(format_instant(topic.posts.posts[0].edited_at) == "2013-04-30T18:33:37Z");
  CHECK(topic.posts.posts[2].native_id == "57/14");
  CHECK(topic.posts.posts[2].author_name == "splattne");
  CHECK(topic.posts.posts[2].engagement.likes == Count{5});
  CHECK(topic.posts.posts[2].text.starts_with("What? So I have to post this every day?"));
}
