#include "ingest/source_trial.hpp"

#include <doctest/doctest.h>

#include "tests/support/scripted_http.hpp"

using namespace earshot;

namespace {

constexpr Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};

SourceConfig feed() {
  SourceConfig config;
  config.name = "town";
  config.type = "feed";
  config.url = "https://town.example/feed";
  return config;
}

SourceTrial trial_of(const SourceConfig& config, HttpClient& http) {
  PoliteHttp polite{http, std::chrono::milliseconds{0}};
  return try_source(config, polite, now);
}

}  // namespace

TEST_CASE("trial: a feed shows its posts, its format, the server's wish and its faults") {
  ScriptedHttp http;
  http.answer(
      "https://town.example/feed",
      {.status = 200,
       .headers = {{"content-type", "application/rss+xml"}, {"cache-control", "max-age=7200"}},
       .body = "<rss version='2.0'><channel><title>Town</title>"
               "<item><guid>1</guid><title>a</title><pubDate>Mon, 31 Aug 2026 10:00:00 "
               "GMT</pubDate></item><item><guid>2</guid><title>b</title></item>"
               "</channel></rss>",
       .url = "https://new.example/feed",
       .moved_to = "https://new.example/feed"});

  const auto trial = trial_of(feed(), http);

  CHECK_FALSE(trial.error);
  CHECK(trial.posts() == 2);
  CHECK(trial.format == "rss20, utf-8");
  CHECK(trial.title == "Town");
  CHECK(trial.faults ==
        std::vector<std::string>{"1 of 2 posts have no date: they get that of their first poll"});
  CHECK(format_instant(trial.state.next_try) == "2026-09-01T02:00:00Z");
  REQUIRE(trial.exchanges.size() == 1);
  CHECK(trial.exchanges[0].status == 200);
  CHECK(trial.exchanges[0].answered == "https://new.example/feed");
  CHECK(trial.exchanges[0].moved_to == "https://new.example/feed");
  CHECK(trial.exchanges[0].content_type == "application/rss+xml");
}

TEST_CASE("trial: a refusal, no feed and no answer fail as a poll would") {
  ScriptedHttp http;
  http.answer("https://town.example/feed", {.status = 429, .headers = {{"retry-after", "7200"}}});
  http.answer("https://town.example/feed", {.status = 200, .body = "<html><p>x</p></html>"});
  http.fail("https://town.example/feed", "https://u:p@town.example/feed?key=1: timed out");

  const auto refused = trial_of(feed(), http);
  REQUIRE(refused.error);
  CHECK(refused.error->message == "HTTP 429, asked to wait 7200 s");
  CHECK(format_instant(refused.state.next_try) == "2026-09-01T02:00:00Z");
  CHECK(trial_of(feed(), http).error->kind == Error::Kind::format);
  const auto silent = trial_of(feed(), http);
  CHECK(silent.error->message == "https://town.example/feed?...: timed out");
  CHECK(silent.exchanges.at(0).status == 0);
}

TEST_CASE("trial: a source that needs several requests is asked until it brings a post") {
  ScriptedHttp http;
  SourceConfig config;
  config.name = "ann";
  config.type = "mastodon";
  config.url = "https://elm.example";
  config.options = {{"account", "ann"}};
  http.answer("https://elm.example/api/v1/accounts/lookup?acct=ann",
              {.status = 200, .body = R"({"id":"7"})"});
  http.answer(
      "https://elm.example/api/v1/accounts/7/statuses?limit=40",
      {.status = 200,
       .body = R"([{"id":"1","uri":"https://elm.example/1","content":"<p>hello</p>",)"
               R"("created_at":"2026-08-30T00:00:00Z","account":{"id":"7","acct":"ann"}}])"});

  const auto trial = trial_of(config, http);

  CHECK_FALSE(trial.error);
  CHECK(trial.posts() == 1);
  CHECK(trial.exchanges.size() == 2);
  CHECK(trial.pages.back().posts.posts.at(0).text == "hello");
}

TEST_CASE("trial: a token that can't be read, and a type that there is not") {
  ScriptedHttp http;
  auto config = feed();
  config.token = {TokenPlace::Kind::environment, "EARSHOT_TEST_NOT_SET"};
  CHECK(trial_of(config, http).error->message ==
        "token_env: the variable that it names is not set");
  config.type = "gopher";
  CHECK(trial_of(config, http).error->message == "unknown type of source 'gopher'");
  CHECK(http.requests().empty());
}

TEST_CASE("polite requests: those to one host are apart, others are not") {
  ScriptedHttp http;
  for (const auto* url : {"https://a.example/1", "https://A.example/2", "https://b.example/"})
    http.answer(url, {.status = 200, .body = "x"});
  PoliteHttp polite{http, std::chrono::milliseconds{80}};
  const auto began = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::steady_clock::now() - began; };

  REQUIRE(polite.get({.url = "https://a.example/1"}));
  REQUIRE(polite.get({.url = "https://b.example/"}));
  REQUIRE(polite.get({.url = "https://A.example/2"}));

  CHECK(elapsed() >= std::chrono::milliseconds{80});
  CHECK(polite.exchanges().size() == 3);
  CHECK(polite.last_body() == "x");
}
