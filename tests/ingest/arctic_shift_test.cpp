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
const std::string api = "https://arctic-shift.photon-reddit.com/api/";

/// The address of a list of r/beans, from a time on; 0: the newest.
std::string list(const std::string& name, long from = 0) {
  const std::string end = from == 0 ? "desc" : fmt::format("asc&after={}", from - 1);
  return fmt::format("{}{}/search?subreddit=beans&limit=100&sort={}", api, name, end);
}

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "arc";
  config.type = "arctic_shift";
  config.url = "https://arctic-shift.photon-reddit.com";
  config.options = std::move(options);
  return config;
}

Result<Page> tried(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  const auto source = find_source_type("arctic_shift")->make(config);
  REQUIRE(source);
  return (*source)->fetch(http, {.cursor = cursor}, now);
}

Page fetched(const SourceConfig& config, HttpClient& http, const std::string& cursor = {}) {
  auto page = tried(config, http, cursor);
  REQUIRE_MESSAGE(page, page.error().message);
  return std::move(*page);
}

SourceConfig listening() {
  return config_with({{"subreddit", "r/beans"}});
}

/// `count` comments, a second apart, the last at `last`.
HttpResponse comments(long last, int count) {
  std::string things;
  for (int i = count - 1; i >= 0; --i)
    things += fmt::format(
        R"({}{{"id":"c{}","body":"b","author":"a","subreddit":"beans","link_id":"t3_a","created_utc":{}}})",
        things.empty() ? "" : ",", last - i, last - i);
  return ok(fmt::format(R"({{"data":[{}]}})", things));
}

std::string error_of(const SourceConfig& config) {
  const auto made = find_source_type("arctic_shift")->make(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("arctic_shift: submissions become the posts that Reddit itself would give") {
  ScriptedHttp http;
  http.answer(list("posts"), ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                           "/tests/fixtures/arctic_shift/posts.json")));

  const auto page = fetched(listening(), http);

  REQUIRE(page.posts.posts.size() == 1);
  const Post& post = page.posts.posts[0];
  CHECK(post.network == "reddit");
  CHECK(post.native_id == "t3_aa1");
  CHECK(post.channel == "beans");
  CHECK(post.author_id == "t2_n1");
  CHECK(post.author_name == "nell");
  CHECK(post.text == "Late & cold\nThree days");
  CHECK(post.url == "https://www.reddit.com/r/beans/comments/aa1/late/");
  CHECK(post.source == "arc");
  CHECK(format_instant(post.posted_at) == "2026-08-01T10:00:00Z");
  CHECK(post.engagement == Engagement{9, {}, 2, {}, from_unix(1'785'708'015)});
  CHECK_FALSE(post.filtered);
  REQUIRE(page.removed.size() == 1);
  CHECK(page.removed[0].native_id == "t3_aa2");
  CHECK(page.rows == 3);
  CHECK(page.bad.at(0).reason == "t3_aa3: no date that can be read");
  CHECK(page.more);
  CHECK(page.gapless);
  CHECK(page.next_cursor == "newest0=1785578460\nlist=1\ndeep=1785600000\n");
}

TEST_CASE("arctic_shift: a first poll takes a page of each list, the next ones go on from there") {
  ScriptedHttp http;
  http.answer(list("posts"), comments(1'785'590'000, 100));
  http.answer(list("comments"), comments(1'785'599'000, 3));
  http.answer(list("posts", 1'785'586'400), comments(1'785'586'499, 100));
  http.answer(list("posts", 1'785'586'499), comments(1'785'591'000, 2));
  http.answer(list("comments", 1'785'595'400), comments(1'785'599'000, 3));

  std::string cursor;
  std::vector<std::string> cursors;
  for (int i = 0; i < 5; ++i) {
    const auto page = fetched(listening(), http, cursor);
    CHECK(page.more == (i != 1 && i != 4));
    cursor = page.next_cursor;
    cursors.push_back(cursor);
  }

  CHECK(cursors[0] == "newest0=1785590000\nlist=1\ndeep=1785600000\n");
  CHECK(cursors[1] == "newest0=1785590000\nnewest1=1785599000\ndeep=1785600000\n");
  CHECK(cursors[2] ==
        "newest0=1785590000\nfrom0=1785586499\nnewest1=1785599000\ndeep=1785600000\n");
  CHECK(cursors[3] == "newest0=1785591000\nnewest1=1785599000\nlist=1\ndeep=1785600000\n");
  CHECK(cursors[4] == "newest0=1785591000\nnewest1=1785599000\ndeep=1785600000\n");
}

TEST_CASE("arctic_shift: once a day the walks go back three days, for what was revised") {
  ScriptedHttp http;
  http.answer(list("posts", 1'785'330'800), comments(1'785'590'000, 2));
  http.answer(list("comments", 1'785'339'800), comments(1'785'599'000, 2));
  const std::string before = "newest0=1785590000\nnewest1=1785599000\ndeep=1785513600\n";

  const auto posts = fetched(listening(), http, before);
  const auto rest = fetched(listening(), http, posts.next_cursor);

  CHECK(posts.next_cursor ==
        "newest0=1785590000\nnewest1=1785599000\nlist=1\ndeep=1785513600\ntoday=1785600000\n");
  CHECK_FALSE(rest.more);
  CHECK(rest.next_cursor == "newest0=1785590000\nnewest1=1785599000\ndeep=1785600000\n");
}

TEST_CASE("arctic_shift: a second with more things than a page does not stop the walk") {
  ScriptedHttp http;
  std::string things;
  for (int i = 0; i < 100; ++i)
    things += fmt::format(
        R"({}{{"id":"d{}","body":"b","subreddit":"beans","link_id":"t3_a","created_utc":500}})",
        i == 0 ? "" : ",", i);
  http.answer(list("posts", 500), ok(R"({"data":[)" + things + "]}"));

  const auto page = fetched(listening(), http, "newest0=500\nfrom0=500\ndeep=1785600000\n");

  CHECK(page.more);
  CHECK(page.next_cursor == "newest0=500\nfrom0=501\ndeep=1785600000\n");
}

TEST_CASE("arctic_shift: an account is walked from the day that was asked for") {
  ScriptedHttp http;
  http.answer(api + "posts/search?author=nell&limit=100&sort=asc&after=1785542399", comments(5, 1));
  const auto config = config_with({{"account", "u/nell"}, {"since", "2026-08-01"}});

  const auto page = fetched(config, http);

  CHECK(page.posts.posts.size() == 1);
}

TEST_CASE("arctic_shift: a refusal is a page, an answer without things a format error") {
  ScriptedHttp http;
  http.answer(list("posts"), {.status = 422, .body = R"({"data":null,"error":"Timeout"})"});
  http.answer(list("posts"), ok(R"({"data":null,"error":"hm"})"));

  const auto refused = fetched(listening(), http);
  const auto broken = tried(listening(), http);

  CHECK(refused.refused_status == 422);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message ==
        "https://arctic-shift.photon-reddit.com/api/posts/search?...: not a list of things");
}

TEST_CASE("arctic_shift: what the options can't mean is told") {
  CHECK(error_of(config_with({})) == "arctic_shift needs 'subreddit', 'account' or both");
  CHECK(error_of(config_with({{"account", "a"}, {"since", "x"}})) ==
        "'since' is a day like 2026-08-01, and not 'x'");
}
