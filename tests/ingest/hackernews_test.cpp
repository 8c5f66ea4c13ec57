#include <string>
#include <tuple>
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
const std::string algolia = "https://hn.algolia.com";
const std::string firebase = "https://hacker-news.firebaseio.com/v0/";
const std::string search =
    algolia +
    "/api/v1/search_by_date?query=beanbox&tags=%28story%2Ccomment%2Cpoll%29&hitsPerPage=1000";

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "hn";
  config.type = "hackernews";
  config.url = options.contains("follow") ? "https://hacker-news.firebaseio.com" : algolia;
  config.options = std::move(options);
  return config;
}

Page fetched(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  auto page = source_of(config)->fetch(http, {.cursor = cursor}, now);
  REQUIRE(page);
  return std::move(*page);
}

/// Hits of these times, as many found as `found` says.
HttpResponse hits(const std::vector<int>& times, std::size_t found) {
  std::string list;
  for (const int time : times)
    list += fmt::format(R"({0}{{"objectID":"{1}","author":"a","title":"t","created_at_i":{1}}})",
                        list.empty() ? "" : ",", time);
  return ok(fmt::format(R"({{"hits":[{}],"nbHits":{}}})", list, found));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("hackernews")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("hackernews: stories and comments that a search finds become posts") {
  ScriptedHttp http;
  http.answer(search, ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                    "/tests/fixtures/hackernews/search.json")));

  const auto page = fetched(config_with({{"search", "beanbox"}}), http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& comment = page.posts.posts[0];
  CHECK(comment.network == "hackernews");
  CHECK(comment.native_id == "903");
  CHECK(comment.channel == "Hacker News");
  CHECK(comment.author_id == "arlo");
  CHECK(comment.author_name == "arlo");
  CHECK(comment.text == "I use Beanbox daily.\nIt \"just works\": https://beanbox.example/x");
  CHECK(comment.parent_id == "902");
  CHECK(comment.root_id == "901");
  CHECK(comment.url == "https://news.ycombinator.com/item?id=903");
  CHECK(comment.source == "hn");
  CHECK(format_instant(comment.posted_at) == "2026-08-01T10:02:00Z");
  CHECK(comment.engagement == Engagement{{}, {}, {}, {}, now});
  CHECK(comment.filtered);
  const Post& story = page.posts.posts[1];
  CHECK(story.text == "Show HN: Beanbox\nhttps://beanbox.example/");
  CHECK(story.parent_id.empty());
  CHECK(story.root_id.empty());
  CHECK(story.engagement == Engagement{12, {}, 2, {}, now});
  CHECK(page.posts.posts[2].text == "Ask HN: Late boxes?\nAnyone else?");
  CHECK(page.rows == 4);
  CHECK(page.bad_rows == 1);
  CHECK(page.bad.at(0).reason == "item 899: no date that can be read");
  CHECK(page.next_cursor == "newest=1785578520\n");
  CHECK(page.gapless);
  CHECK_FALSE(page.more);
}

TEST_CASE("hackernews: a first search without a day takes what one query gives") {
  ScriptedHttp http;
  http.answer(search, hits({5000, 4000}, 90'000));

  const auto page = fetched(config_with({{"search", "beanbox"}}), http);

  CHECK_FALSE(page.more);
  CHECK(page.next_cursor == "newest=5000\n");
}

TEST_CASE("hackernews: later searches walk back by time to what is known, minutes further") {
  ScriptedHttp http;
  http.answer(search + "&numericFilters=created_at_i%3E%3D4400", hits({9000, 8000}, 4));
  http.answer(search + "&numericFilters=created_at_i%3E%3D4400%2Ccreated_at_i%3C%3D8000",
              hits({8000, 7000}, 3));
  http.answer(search + "&numericFilters=created_at_i%3E%3D4400%2Ccreated_at_i%3C%3D7000",
              hits({7000}, 1));
  const auto config = config_with({{"search", "beanbox"}});

  const auto first = fetched(config, http, "newest=5000\n");
  const auto second = fetched(config, http, first.next_cursor);
  const auto third = fetched(config, http, second.next_cursor);

  CHECK(first.next_cursor == "newest=5000\ntop=9000\nback=8000\n");
  CHECK(first.more);
  CHECK(second.more);
  CHECK_FALSE(third.more);
  CHECK(third.next_cursor == "newest=9000\n");
}

TEST_CASE("hackernews: a second with more hits than a query gives does not stop the walk") {
  ScriptedHttp http;
  const std::string floor = "&numericFilters=created_at_i%3E%3D1785542400";
  http.answer(search + floor + "%2Ccreated_at_i%3C%3D1785550000",
              hits({1785550000, 1785550000}, 3));
  const auto config = config_with({{"search", "beanbox"}, {"since", "2026-08-01"}});

  const auto page = fetched(config, http, "top=1785560000\nback=1785550000\n");

  CHECK(page.more);
  CHECK(page.next_cursor == "top=1785560000\nback=1785549999\n");
}

TEST_CASE("hackernews: nothing found leaves the place where it was") {
  ScriptedHttp http;
  http.answer(search + "&numericFilters=created_at_i%3E%3D4400", hits({}, 0));

  const auto page = fetched(config_with({{"search", "beanbox"}}), http, "newest=5000\n");

  CHECK(page.posts.posts.empty());
  CHECK(page.next_cursor == "newest=5000\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("hackernews: an answer without hits is a format error, a refusal a page") {
  ScriptedHttp http;
  http.answer(search, {.status = 429});
  http.answer(search, ok("[]"));
  const auto source = source_of(config_with({{"search", "beanbox"}}));

  const auto refused = source->fetch(http, {}, now);
  const auto broken = source->fetch(http, {}, now);

  REQUIRE(refused);
  CHECK(refused->refused_status == 429);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message ==
        "https://hn.algolia.com/api/v1/search_by_date?...: not a list of hits");
}

TEST_CASE("hackernews: following walks item by item, and what was deleted is told") {
  ScriptedHttp http;
  http.answer(firebase + "maxitem.json", ok("503"));
  http.answer(
      firebase + "item/501.json",
      ok(R"({"by":"nell","id":501,"time":1785578400,"title":"Beans","type":"story","score":3,)"
         R"("descendants":1,"url":"https://beans.example/"})"));
  http.answer(firebase + "item/502.json", ok(R"({"id":502,"deleted":true,"time":1785578401})"));
  http.answer(firebase + "item/503.json",
              ok(R"({"by":"arlo","id":503,"parent":501,"text":"Fresh&#x2F;good","time":1785578402,)"
                 R"("type":"comment"})"));

  const auto page = fetched(config_with({{"follow", "true"}}), http, "item=500\n");

  REQUIRE(page.posts.posts.size() == 2);
  CHECK(page.posts.posts[0].text == "Beans\nhttps://beans.example/");
  CHECK(page.posts.posts[0].engagement == Engagement{3, {}, 1, {}, now});
  CHECK(page.posts.posts[1].text == "Fresh/good");
  CHECK(page.posts.posts[1].parent_id == "501");
  CHECK_FALSE(page.posts.posts[1].filtered);
  REQUIRE(page.removed.size() == 1);
  CHECK(page.removed[0].network == "hackernews");
  CHECK(page.removed[0].native_id == "502");
  CHECK(page.rows == 3);
  CHECK(page.next_cursor == "item=503\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("hackernews: items are read again as the search had found them") {
  ScriptedHttp http;
  http.answer(search, ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                    "/tests/fixtures/hackernews/search.json")));
  const auto source = source_of(config_with({{"search", "beanbox"}}));
  const auto first = source->fetch(http, {}, now);
  REQUIRE(first);
  const auto& [comment, story, question] =
      std::tie(first->posts.posts[0], first->posts.posts[1], first->posts.posts[2]);
  const std::string items = "https://hn.algolia.com/api/v1/items/";
  http.answer(
      items + "901",
      ok(R"({"id":901,"created_at_i":1785578400,"author":"nell","type":"story","points":99,)"
         R"("title":"Show HN: Beanbox","url":"https://beanbox.example/","text":null,)"
         R"("parent_id":null,"story_id":901,"children":[{"id":902,"children":[{"id":903}]}]})"));
  http.answer(items + "903",
              ok(R"({"id":903,"created_at_i":1785578520,"author":"arlo","type":"comment",)"
                 R"("text":"I use <i>Beanbox</i> daily.<p>It &quot;just works&quot;: )"
                 R"(<a href=\"https://beanbox.example/x\">https://beanbox.example/x</a>",)"
                 R"("points":null,"parent_id":902,"story_id":901,"children":[]})"));
  http.answer(items + "900",
              ok(R"({"id":900,"created_at_i":1785578300,"author":"nell","type":"story","points":4,)"
                 R"("title":"Ask HN: Late boxes?","text":"Anyone else?","children":[]})"));
  http.answer(items + "7", {.status = 404});
  http.answer(items + "8", {.status = 503});
  const auto again = [&](std::string_view id) {
    auto page = source->reread(http, {}, posts_called({id}), now);
    REQUIRE(page);
    return std::move(*page);
  };

  for (const auto& [known, engagement] : {std::pair{&story, Engagement{99, {}, 2, {}, now}},
                                          std::pair{&comment, Engagement{{}, {}, {}, {}, now}},
                                          std::pair{&question, Engagement{4, {}, 0, {}, now}}}) {
    const auto page = again(known->native_id);
    REQUIRE(page.posts.posts.size() == 1);
    CHECK(content_hash(page.posts.posts[0]) == content_hash(*known));
    CHECK(page.posts.posts[0].engagement == engagement);
  }
  const auto gone = again("7");
  REQUIRE(gone.missing.size() == 1);
  CHECK(gone.missing[0].network == "hackernews");
  CHECK(gone.missing[0].native_id == "7");
  CHECK(gone.refused_status == 0);
  CHECK(again("8").refused_status == 503);
}

TEST_CASE("hackernews: followed items are read again, and what was deleted is told") {
  ScriptedHttp http;
  http.answer(firebase + "item/501.json",
              ok(R"({"by":"nell","id":501,"time":1785578400,"title":"Beans","score":30})"));
  http.answer(firebase + "item/502.json", ok(R"({"id":502,"deleted":true})"));
  http.answer(firebase + "item/503.json", ok("<html>"));
  const auto source = source_of(config_with({{"follow", "true"}}));

  const auto page = source->reread(http, {}, posts_called({"501", "502", "503"}), now);

  REQUIRE(page);
  REQUIRE(page->posts.posts.size() == 1);
  CHECK(page->posts.posts[0].engagement.likes == 30);
  REQUIRE(page->removed.size() == 1);
  CHECK(page->removed[0].native_id == "502");
  CHECK(page->bad_rows == 1);
}

TEST_CASE("hackernews: following waits for what is not there yet, and keeps what it has") {
  const std::string story = R"({"by":"a","id":501,"time":1785578400,"title":"Beans"})";
  ScriptedHttp http;
  http.answer(firebase + "maxitem.json", ok("503"));
  http.answer(firebase + "item/501.json", ok(story));
  http.answer(firebase + "item/502.json", ok("null"));
  http.answer(firebase + "item/502.json", {.status = 500});
  const auto config = config_with({{"follow", "true"}});

  const auto fresh = fetched(config, http, "item=500\n");
  const auto failed = fetched(config, http, "item=500\n");
  const auto refused = fetched(config, http, "item=501\n");

  CHECK(fresh.next_cursor == "item=501\n");
  CHECK_FALSE(fresh.more);
  CHECK(failed.posts.posts.size() == 1);
  CHECK(failed.next_cursor == "item=501\n");
  CHECK(refused.refused_status == 500);
}

TEST_CASE("hackernews: a first poll begins a page back, and long gaps are walked page by page") {
  const std::string item = R"({"by":"a","id":1,"time":1785578400,"title":"t"})";
  ScriptedHttp http;
  http.answer(firebase + "maxitem.json", ok("1000"));
  for (int i = 1; i <= 1000; ++i) http.answer(fmt::format("{}item/{}.json", firebase, i), ok(item));
  const auto config = config_with({{"follow", "true"}});

  const auto first = fetched(config, http);
  const auto behind = fetched(config, http, "item=500\n");

  CHECK(first.rows == 100);
  CHECK(first.next_cursor == "item=1000\n");
  CHECK_FALSE(first.more);
  CHECK(behind.rows == 100);
  CHECK(behind.next_cursor == "item=600\n");
  CHECK(behind.more);
}

TEST_CASE("hackernews: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "hackernews needs either 'search' or 'follow'");
  CHECK(error_of(config_with({{"search", "a"}, {"follow", "true"}})) ==
        "hackernews needs either 'search' or 'follow'");
  CHECK(error_of(config_with({{"follow", "true"}, {"since", "2026-08-01"}})) ==
        "'since' is for a 'search'");
  CHECK(error_of(config_with({{"search", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}

TEST_CASE("hackernews: recorded items are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const auto read = [&](const std::string& id) {
    ScriptedHttp http;
    http.answer(firebase + "maxitem.json", ok(id));
    http.answer(firebase + "item/" + id + ".json",
                ok(*read_file(data + "/payloads/hackernews/item_" + id + ".json")));
    return fetched(config_with({{"follow", "true"}}), http,
                   fmt::format("item={}\n", std::stoi(id) - 1));
  };

  const auto story = read("8863");
  REQUIRE(story.posts.posts.size() == 1);
  CHECK(story.posts.posts[0].text ==
        "My YC app: Dropbox - Throw away your USB drive\n"
        "http://www.getdropbox.com/u/2/screencast.html");
  CHECK(story.posts.posts[0].author_id == "dhouston");
  CHECK(story.posts.posts[0].engagement == Engagement{111, {}, 71, {}, now});
  CHECK(format_instant(story.posts.posts[0].posted_at) == "2007-04-04T19:16:40Z");
  const auto comment = read("2921983");
  REQUIRE(comment.posts.posts.size() == 1);
  CHECK(comment.posts.posts[0].parent_id == "2921506");
  CHECK(comment.posts.posts[0].author_id == "norvig");
  CHECK(comment.posts.posts[0].text.starts_with(
      "Aw shucks, guys ... you make me blush with your compliments.\nTell you what"));
  const auto question = read("126809");
  REQUIRE(question.posts.posts.size() == 1);
  CHECK(question.posts.posts[0].text ==
        "Poll: What would happen if News.YC had explicit support for polls?");
  CHECK(question.posts.posts[0].engagement.likes == Count{46});
  CHECK(read("160705").posts.posts.empty());  // a choice of a poll
  CHECK(read("192327").posts.posts.size() == 1);
  CHECK(read("121003").posts.posts.size() == 1);
}
