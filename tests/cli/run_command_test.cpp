// What `earshot run` says where nobody is watching.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/http_server.hpp"

namespace earshot::test {
namespace {

std::string feed(const std::string& items) {
  return "<rss version='2.0'><channel><title>Town</title>" + items + "</channel></rss>";
}

std::string item(const std::string& id) {
  return "<item><guid>" + id + "</guid><title>The box " + id + "</title></item>";
}

/// A config with one feed, polled every hour.
struct Town : TemporaryFolder {
  earshot::HttpServer server;

  Town() {
    write("earshot.toml",
          "[brand]\nquery = 'box'\n[[source]]\nname = 'news'\ntype = 'feed'\nurl = '" +
              server.url("/feed") + "'\n");
  }

  Ran run(const std::string& now) const {
    return run_earshot(*this, {"run", "--allow-private", "--now", now});
  }
};

}  // namespace

TEST_CASE("run: a failing feed is named at the third failure, once a day, and when it is back") {
  Town town;
  for (int i = 0; i < 6; ++i) town.server.answer("/feed", {.status = 404});
  town.server.answer("/feed", {.body = feed(item("1"))});

  const auto says = [&](const std::string& now, int exit_code, const std::string& err) {
    const auto ran = town.run(now);
    CHECK(ran.exit_code == exit_code);
    CHECK(ran.out == "");
    CHECK_MESSAGE(ran.err == err, now);
  };
  says("2026-09-01T00:00:00Z", 3, "");
  says("2026-09-01T00:30:00Z", 0, "");  // not due
  says("2026-09-01T04:00:00Z", 3, "");
  const auto third = town.run("2026-09-01T12:00:00Z");
  CHECK(third.exit_code == 3);
  CHECK(third.err.starts_with(
      "earshot: news: HTTP 404; 3rd failure since 2026-09-01T00:00:00Z, next try 2026-09-01T"));
  says("2026-09-01T23:59:00Z", 3, "");
  const auto next_day = town.run("2026-09-03T00:00:00Z");
  CHECK(next_day.err.starts_with(
      "earshot: news: HTTP 404; 5th failure since 2026-09-01T00:00:00Z, next try 2026-09-0"));
  const auto day_after = town.run("2026-09-04T01:00:00Z");
  CHECK(day_after.err.starts_with("earshot: news: HTTP 404; 6th failure since "));
  says("2026-09-05T02:00:00Z", 0, "earshot: news: answers again after 6 failures\n");
  says("2026-09-05T04:00:00Z", 0, "");
}

TEST_CASE("run: one failure or two are not worth a line, nor is the end of them") {
  Town town;
  town.server.answer("/feed", {.status = 503});
  town.server.answer("/feed", {.body = feed(item("1"))});
  CHECK(town.run("2026-09-01T00:00:00Z").err == "");
  CHECK(town.run("2026-09-01T04:00:00Z").err == "");
  CHECK(town.server.requests("/feed").size() == 2);
}

TEST_CASE("run: items that can't be read are named once a day, not at each poll") {
  Town town;
  for (int i = 1; i <= 3; ++i)
    town.server.answer("/feed",
                       {.body = feed(item(std::to_string(i)) + "<item><guid>x</guid></item>")});
  CHECK(town.run("2026-09-01T00:00:00Z").err == "earshot: news: item 2 has no text\n");
  CHECK(town.run("2026-09-01T04:00:00Z").err == "");
  CHECK(town.run("2026-09-02T04:00:00Z").err == "earshot: news: item 2 has no text\n");
}

TEST_CASE("run: a feed that has fallen silent is named once, in the first run of a day") {
  Town town;
  std::string items;
  for (int i = 0; i < 7; ++i) {
    items += item(std::to_string(i));
    town.server.answer("/feed", {.body = feed(items)});
  }
  for (int i = 0; i < 7; ++i)
    REQUIRE(town.run("2026-09-01T0" + std::to_string(i) + ":00:00Z").err == "");
  CHECK(town.run("2026-09-01T10:00:00Z").err == "");
  CHECK(town.run("2026-09-02T00:00:00Z").err ==
        "earshot: news: nothing new since 2026-09-01T06:00:00Z; it used to have something within 1 "
        "h\n");
  CHECK(town.run("2026-09-02T04:00:00Z").err == "");
  CHECK(town.run("2026-09-03T00:00:00Z").err == "");
  const auto failing = run_earshot(town, {"sources", "--failing", "--now", "2026-09-03T00:00:00Z"});
  CHECK(failing.out.find("news    feed    silent") != std::string::npos);
}

TEST_CASE("run: a post that its service has no more is in no report, until it is found again") {
  HttpServer server;
  const auto item = [](int id) {
    return fmt::format(R"({{"objectID":"{0}","id":{0},"type":"story","author":"ann{0}",)"
                       R"("title":"The box {0}","created_at_i":1788255000}})",
                       id);  // 2026-09-01T09:30:00Z
  };
  const std::string search = "/api/v1/search_by_date", items = "/api/v1/items/";
  server.answer(search, {.body = R"({"hits":[)" + item(1) + "," + item(2) + "]}"});
  server.answer(search, {.body = R"({"hits":[]})"});
  server.answer(items + "1", {.status = 404});
  server.answer(items + "1", {.body = item(1)});
  server.answer(items + "2", {.body = item(2)});
  const TemporaryFolder folder;
  folder.write("earshot.toml",
               "[brand]\nquery = 'box'\n[[source]]\nname = 'hn'\ntype = 'hackernews'\n"
               "search = 'box'\nurl = '" +
                   server.url("") + "'\n");
  const auto shown_after = [&](const std::string& now) {
    const auto ran = run_earshot(folder, {"run", "--allow-private", "--now", now});
    CHECK(ran.err == "");
    CHECK(ran.exit_code == 0);
    const auto report = run_earshot(folder, {"report", "--metric", "listening_volume", "--since",
                                             "2026-09-01", "--until", "2026-09-02", "--evidence"});
    CHECK(report.exit_code == 0);
    const auto found = run_earshot(folder, {"search", "box", "--format", "jsonl"}).out;
    return std::pair{report.out, std::ranges::count(found, '\n')};
  };

  const std::string both = "Listening volume  2      2", one = "Listening volume  1      1";
  const auto [before, found_before] = shown_after("2026-09-01T10:00:00Z");
  const auto [hidden, found_hidden] = shown_after("2026-09-01T11:00:00Z");
  const auto [again, found_again] = shown_after("2026-09-01T15:40:00Z");

  CHECK(before.find(both) != std::string::npos);
  CHECK(hidden.find(one) != std::string::npos);
  CHECK(hidden.find("hackernews:2") != std::string::npos);
  CHECK(hidden.find("hackernews:1") == std::string::npos);
  CHECK(again.find(both) != std::string::npos);
  CHECK(std::vector{found_before, found_hidden, found_again} ==
        std::vector<std::ptrdiff_t>{2, 1, 2});
}

}  // namespace earshot::test
