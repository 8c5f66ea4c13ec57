#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "tests/support/polled_source.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'600'000);  // 2026-08-01T16:00:00Z
const std::string api =
    "https://api.gdeltproject.org/api/v2/doc/doc?query=%22green%20basket%22&mode=artlist"
    "&format=json&maxrecords=250&sort=";
const std::string newest = api + "datedesc";

std::string window(const std::string& begin) {
  return api + "dateasc&startdatetime=" + begin + "&enddatetime=20260801160000";
}

SourceConfig config_with(std::map<std::string, std::string, std::less<>> options) {
  SourceConfig config;
  config.name = "press";
  config.type = "gdelt";
  config.url = "https://api.gdeltproject.org";
  config.options = std::move(options);
  return config;
}

const SourceConfig search = config_with({{"search", "\"green basket\""}});

Page next(Source& source, HttpClient& http, const std::string& cursor = {}) {
  auto page = source.fetch(http, {.cursor = cursor}, now);
  REQUIRE(page);
  return std::move(*page);
}

/// As many articles, all but the last seen at `first`.
HttpResponse articles(int count, const std::string& first, const std::string& last) {
  std::string list;
  for (int i = 1; i <= count; ++i)
    list += fmt::format(R"({}{{"url":"https://news.example/{}","title":"t","seendate":"{}"}})",
                        i == 1 ? "" : ",", i, i == count ? last : first);
  return ok(R"({"articles":[)" + list + "]}");
}

std::string error_of(std::map<std::string, std::string, std::less<>> options) {
  const auto made = find_source_type("gdelt")->make(config_with(std::move(options)));
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::config);
  return made.error().message;
}

}  // namespace

TEST_CASE("gdelt: articles that a search finds become posts with their titles") {
  ScriptedHttp http;
  http.answer(newest, ok(*read_file(std::string{EARSHOT_SOURCE_DIR} +
                                    "/tests/fixtures/gdelt/articles.json")));

  const auto page = next(*source_of(search), http);

  REQUIRE(page.posts.posts.size() == 3);
  const Post& late = page.posts.posts[0];
  CHECK(late.network == "gdelt");
  CHECK(late.native_id == "https://news.example/late-boxes");
  CHECK(late.channel == "news.example");
  CHECK(late.author_id.empty());
  CHECK(late.text == "Green Basket boxes come late , again & again");
  CHECK(late.lang == "en");
  CHECK(late.place == "Australia");
  CHECK(late.url == "https://news.example/late-boxes");
  CHECK(late.source == "press");
  CHECK(format_instant(late.posted_at) == "2026-08-01T10:15:00Z");
  CHECK(late.engagement == Engagement{});
  CHECK(late.filtered);
  CHECK(page.posts.posts[1].lang == "de");
  CHECK(page.posts.posts[1].text == "Grüne Kisten zu spät");
  CHECK(page.posts.posts[2].lang.empty());
  CHECK(page.rows == 6);
  CHECK(page.bad_rows == 3);
  CHECK(page.bad.at(0).reason == "https://news.example/undated: no date that can be read");
  CHECK(page.bad.at(1).reason == "https://news.example/untitled?...: no title");
  CHECK(page.bad.at(2).reason == "an article without address");
  CHECK(page.next_cursor == "seen=1785581100\n");
  CHECK(page.gapless);
  CHECK_FALSE(page.more);
}

TEST_CASE("gdelt: the languages of the service have their codes") {
  const std::vector<std::pair<std::string, std::string>> languages{
      {"Afrikaans", "af"},  {"Chinese", "zh"}, {"NORWEGIAN", "no"},
      {"Portuguese", "pt"}, {"Turkish", "tr"}, {"Vietnamese", "vi"},
      {"Welsh", "cy"},      {"Zzz", ""},       {"", ""}};
  for (const auto& [name, code] : languages) {
    ScriptedHttp http;
    http.answer(newest, ok(R"({"articles":[{"url":"https://a.example/","title":"t",)"
                           R"("seendate":"20260801T101500Z","language":")" +
                           name + "\"}]}"));

    const auto page = next(*source_of(search), http);

    REQUIRE(page.posts.posts.size() == 1);
    CHECK_MESSAGE(page.posts.posts[0].lang == code, name);
  }
}

TEST_CASE("gdelt: later polls begin an hour before what is known") {
  ScriptedHttp http;
  http.answer(window("20260801091500"), articles(2, "20260801T101500Z", "20260801T110000Z"));

  const auto page = next(*source_of(search), http, "seen=1785579300\n");

  CHECK(page.posts.posts.size() == 2);
  CHECK(page.next_cursor == "seen=1785582000\n");
  CHECK_FALSE(page.more);
}

TEST_CASE("gdelt: behind a full answer the next window begins with its last article") {
  ScriptedHttp http;
  http.answer(window("20260801091500"), articles(250, "20260801T093000Z", "20260801T100000Z"));
  http.answer(window("20260801100000"), articles(3, "20260801T100000Z", "20260801T101500Z"));
  const auto source = source_of(search);

  const auto first = next(*source, http, "seen=1785579300\n");
  const auto second = next(*source, http, first.next_cursor);

  CHECK(first.more);
  CHECK(first.next_cursor == "seen=1785579300\nseen_from=1785578400\n");
  CHECK(second.next_cursor == "seen=1785579300\n");
  CHECK_FALSE(second.more);
  CHECK(second.gapless);
}

TEST_CASE("gdelt: more at one time than an answer holds is passed, and no poll without gaps") {
  ScriptedHttp http;
  http.answer(window("20260801100000"), articles(250, "20260801T100000Z", "20260801T100000Z"));
  http.answer(window("20260801100001"), articles(1, "", "20260801T101500Z"));
  http.answer(window("20260801091500"), ok("{}"));
  const auto source = source_of(search);

  const auto full = next(*source, http, "seen=1785579300\nseen_from=1785578400\n");
  const auto rest = next(*source, http, full.next_cursor);
  const auto later = next(*source, http, rest.next_cursor);

  CHECK(full.next_cursor == "seen=1785579300\nseen_from=1785578401\n");
  CHECK_FALSE(full.gapless);
  CHECK_FALSE(rest.gapless);
  CHECK(later.gapless);
}

TEST_CASE("gdelt: with 'since' the first poll begins at that day, as far as the index goes") {
  const auto asked = [](const std::string& since) {
    ScriptedHttp http;
    const auto source = source_of(config_with({{"search", "\"green basket\""}, {"since", since}}));
    CHECK_FALSE(source->fetch(http, {}, now));
    return http.requests().at(0).url;
  };

  CHECK(asked("2026-07-01") == window("20260701000000"));
  CHECK(asked("2020-01-01") == window("20260503160000"));
}

TEST_CASE("gdelt: nothing found leaves the place where it was") {
  ScriptedHttp http;
  http.answer(window("20260801091500"), ok("{}"));

  const auto page = next(*source_of(search), http, "seen=1785579300\n");

  CHECK(page.posts.posts.empty());
  CHECK(page.next_cursor == "seen=1785579300\n");
}

TEST_CASE("gdelt: a refusal is handed on, and what is no list is a format error") {
  ScriptedHttp http;
  http.answer(newest, {.status = 429, .body = "Please limit requests to one every 5 seconds"});
  http.answer(newest, ok("Your query was too short or too long."));
  http.answer(newest, ok(R"({"articles":"none"})"));
  const auto source = source_of(search);

  const auto refused = next(*source, http);
  const auto words = source->fetch(http, {}, now);
  const auto broken = source->fetch(http, {}, now);

  CHECK(refused.refused_status == 429);
  REQUIRE_FALSE(words);
  CHECK(words.error().kind == Error::Kind::format);
  CHECK(words.error().message ==
        "https://api.gdeltproject.org/api/v2/doc/doc?...: GDELT says 'Your query was too short or "
        "too long.'");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message ==
        "https://api.gdeltproject.org/api/v2/doc/doc?...: not a list of articles");
}

TEST_CASE(
    "gdelt: what the options can't mean is told, and the service gets the pause it asks for") {
  CHECK(error_of({}) == "gdelt needs a 'search'");
  CHECK(error_of({{"search", "a"}, {"since", "x"}}) ==
        "'since' is a day like 2026-08-01, and not 'x'");
  CHECK(find_source_type("gdelt")->details.gap == seconds{5});
}
