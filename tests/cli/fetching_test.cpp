// What several processes owe to a server together.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "tests/cli/run_earshot.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/socks_server.hpp"
#include "tests/support/tls_servers.hpp"

using namespace earshot;
using earshot::test::run_earshot;
using earshot::test::start_earshot;
using earshot::test::wait_for;
using std::chrono::milliseconds;

namespace {

const std::string rss =
    "<rss version='2.0'><channel><title>News</title><item><guid>1</guid><title>late box</title>"
    "</item></channel></rss>";

/// A project with one feed.
struct Project : TemporaryFolder {
  explicit Project(const std::string& url, const std::string& fetch = {}) {
    write("earshot.toml", fmt::format("[brand]\nquery = 'box'\n[fetch]\n{}\n[[source]]\n"
                                      "name = 'news'\ntype = 'feed'\nurl = '{}'\n",
                                      fetch, url));
  }
};

}  // namespace

TEST_CASE("fetching: while one process polls, another exits with 11 and asks nobody") {
  HttpServer server;
  server.answer("/feed", {.body = rss, .pause = milliseconds{1500}});
  const Project project{server.url("/feed")};
  const TemporaryFolder capture;
  const pid_t first = start_earshot(project, capture, {"ingest", "--allow-private"});
  while (server.requests().empty()) std::this_thread::sleep_for(milliseconds{10});

  const auto second = run_earshot(project, {"run", "--allow-private"});

  CHECK(second.exit_code == 11);
  CHECK(second.err == "");
  CHECK(wait_for(first) == 0);
  CHECK(server.requests().size() == 1);
}

TEST_CASE(
    "fetching: of processes that start at the same moment one polls, and the others exit with 11") {
  HttpServer server;
  server.answer("/feed", {.body = rss, .pause = milliseconds{1500}});
  const Project project{server.url("/feed")};
  const TemporaryFolder captures[4];
  std::vector<pid_t> processes;
  for (const auto& capture : captures)
    processes.push_back(start_earshot(project, capture, {"run", "--allow-private"}));

  std::vector<int> codes;
  for (const pid_t process : processes) codes.push_back(wait_for(process));

  std::ranges::sort(codes);
  CHECK(codes == std::vector<int>{0, 11, 11, 11});
  for (const auto& capture : captures) CHECK(capture.read("stderr") == "");
  CHECK(server.requests().size() == 1);
}

TEST_CASE("fetching: a process that was killed locks nobody out") {
  HttpServer server;
  server.answer("/feed", {.manner = ServerAnswer::Manner::hang});
  server.answer("/feed", {.body = rss});
  const Project project{server.url("/feed")};
  const TemporaryFolder capture;
  const pid_t first = start_earshot(project, capture, {"ingest", "--allow-private"});
  while (server.requests().empty()) std::this_thread::sleep_for(milliseconds{10});
  kill(first, SIGKILL);
  CHECK(wait_for(first) == 128 + SIGKILL);

  const auto second = run_earshot(project, {"ingest", "--allow-private"});

  CHECK(second.exit_code == 0);
  CHECK(second.out == "news: 1 row, 1 new, 0 repeats\n");
}

TEST_CASE("fetching: what a server asked one process for, the next ones obey") {
  HttpServer server;
  server.answer("/feed", {.status = 429, .headers = {{"Retry-After", "7200"}}});
  server.answer("/feed", {.body = rss});
  const Project project{server.url("/feed")};
  const auto ingest = [&](const std::string& now) {
    return run_earshot(project, {"ingest", "--all", "--allow-private", "--now", now});
  };

  const auto refused = ingest("2026-08-01T10:00:00Z");
  project.write("earshot.toml", fmt::format("[brand]\nquery = 'box'\n[[source]]\nname = 'other'\n"
                                            "type = 'feed'\nurl = '{}'\n",
                                            server.url("/feed")));
  const auto early = ingest("2026-08-01T11:59:00Z");
  const auto late = ingest("2026-08-01T12:00:01Z");

  CHECK(refused.err ==
        "earshot: news: HTTP 429, asked to wait 7200 s; next try 2026-08-01T12:00:00Z\n");
  CHECK(refused.exit_code == 3);
  CHECK(early.out == "");
  CHECK(early.exit_code == 0);
  CHECK(late.out == "other: 1 row, 1 new, 0 repeats\n");
  CHECK(server.requests().size() == 2);
}

TEST_CASE(
    "fetching: a budget that one process used up is used up for the next ones, whatever they ask") {
  HttpServer server;
  server.answer(
      "/api/v1/timelines/tag/box",
      {.headers = {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "2026-08-01T10:30:00Z"}},
       .body = "[]"});
  server.answer("/feed", {.body = rss});
  const TemporaryFolder project;
  const std::string brand = "[brand]\nquery = 'box'\n";
  const auto feed =
      fmt::format("[[source]]\nname = 'news'\ntype = 'feed'\nurl = '{}'\n", server.url("/feed"));
  const auto ingest = [&](const std::string& now) {
    return run_earshot(project, {"ingest", "--all", "--allow-private", "--now", now}).out;
  };
  project.write("earshot.toml",
                fmt::format("{}[[source]]\nname = 'tag'\ntype = 'mastodon'\ntag = 'box'\n"
                            "url = '{}'\n",
                            brand, server.url("")));
  ingest("2026-08-01T10:00:00Z");
  project.write("earshot.toml", brand + feed);

  const auto early = ingest("2026-08-01T10:29:00Z");
  const auto late = ingest("2026-08-01T10:31:00Z");

  CHECK(early == "");
  CHECK(late == "news: 1 row, 1 new, 0 repeats\n");
  CHECK(server.requests("/api/v1/timelines/tag/box").size() == 1);
  CHECK(server.requests("/feed").size() == 1);
}

TEST_CASE("fetching: a host is asked once a second, by one process after the other too") {
  HttpServer server;
  server.answer("/feed", {.body = rss});
  const Project project{server.url("/feed")};

  for (int i = 0; i < 3; ++i)
    CHECK(run_earshot(project, {"ingest", "--all", "--allow-private"}).exit_code == 0);

  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[1].at - requests[0].at >= milliseconds{999});
  CHECK(requests[2].at - requests[1].at >= milliseconds{999});
}

TEST_CASE("fetching: a server is told who asks, and a source may go by a proxy of its own") {
  HttpServer proxy;
  proxy.answer("http://feeds.example/feed", {.body = rss});
  const Project project{"http://feeds.example/feed",
                        "contact = 'mailto:nell@box.example'\nproxy = '" + proxy.url("") + "'"};

  const auto ran = run_earshot(project, {"ingest"});

  CHECK(ran.out == "news: 1 row, 1 new, 0 repeats\n");
  REQUIRE(proxy.requests().size() == 1);
  const auto agent = proxy.requests()[0].header("User-Agent");
  CHECK(agent.starts_with("earshot/"));
  CHECK(agent.ends_with(" (self-hosted feed reader; mailto:nell@box.example)"));
}

TEST_CASE("fetching: a source's own proxy and User-Agent win over those of all") {
  HttpServer internet;
  internet.answer("/feed", {.body = rss});
  SocksServer own{internet.port()};
  HttpServer common;
  common.answer("http://feeds.example/other", {.body = rss});
  const Project project{"http://feeds.example/other", "proxy = '" + common.url("") + "'"};
  project.write("earshot.toml", project.read("earshot.toml") +
                                    fmt::format("[[source]]\nname = 'far'\ntype = 'feed'\n"
                                                "url = 'http://far.example/feed'\nproxy = '{}'\n"
                                                "headers = {{User-Agent = 'box/1'}}\n",
                                                own.url("socks5h")));

  const auto ran = run_earshot(project, {"ingest"});

  CHECK(ran.err == "");
  CHECK(own.asked() == std::vector<SocksServer::Asked>{{"far.example", true, 80}});
  REQUIRE(internet.requests().size() == 1);
  CHECK(internet.requests()[0].header("User-Agent") == "box/1");
  REQUIRE(common.requests().size() == 1);
  CHECK(common.requests()[0].header("User-Agent").starts_with("earshot/"));
}

TEST_CASE("fetching: a feed that is led from https to http is read, and has not moved for good") {
  TlsServers tls;
  if (tls.good_port() == 0) {
    MESSAGE("skipped: there is no openssl");
    return;
  }
  HttpServer plain;
  plain.answer("/feed", {.body = rss});
  tls.answer("feed", fmt::format("HTTP/1.0 301 Moved\r\nLocation: http://good.example:{}/feed\r\n"
                                 "\r\n",
                                 plain.port()));
  const Project project{fmt::format("https://good.example:{}/feed", tls.good_port()),
                        fmt::format("resolve = ['good.example:{}:127.0.0.1', "
                                    "'good.example:{}:127.0.0.1']\nca_file = '{}'",
                                    tls.good_port(), plain.port(), tls.ca_file())};
  std::string said;
  for (int hour = 10; hour < 15; ++hour)
    said += run_earshot(project, {"ingest", "--all", "--allow-private", "--now",
                                  fmt::format("2026-08-05T{}:00:00Z", hour)})
                .err;

  CHECK(said == "");
  CHECK(plain.requests().size() == 5);
}

TEST_CASE("fetching: an allowed private address needs no switch, and names can be given one") {
  HttpServer server;
  server.answer("/feed", {.body = rss});
  const auto port = server.url("").substr(server.url("").rfind(':') + 1);
  const Project project{
      "http://feeds.example:" + port + "/feed",
      "allow_private = ['127.0.0.1']\nresolve = ['feeds.example:" + port + ":127.0.0.1']"};

  CHECK(run_earshot(project, {"ingest"}).out == "news: 1 row, 1 new, 0 repeats\n");
}

TEST_CASE("fetching: after three runs that were led elsewhere for good, the feed is asked there") {
  HttpServer server;
  server.redirect("/old", 301, "/new");
  server.answer("/new", {.body = rss});
  const Project project{server.url("/old")};
  std::string said;
  for (int hour = 10; hour < 15; ++hour)
    said += run_earshot(project, {"ingest", "--all", "--allow-private", "--now",
                                  fmt::format("2026-08-05T{}:00:00Z", hour)})
                .err;

  CHECK(said == "earshot: news: has moved for good: asked at " + server.url("/new") +
                    " from now on; put that into the config\n");
  CHECK(server.requests("/old").size() == 3);
  CHECK(server.requests("/new").size() == 5);
}

TEST_CASE("fetching: secrets in addresses and headers go to their server, and stand nowhere else") {
  HttpServer server;
  HttpServer other;
  server.answer("/missing", {.status = 404});
  server.answer("/limit", {.status = 429, .headers = {{"Retry-After", "60"}}});
  server.answer("/hang", {.manner = ServerAnswer::Manner::hang});
  server.answer("/page", {.body = "<html></html>"});
  server.answer("/cut", {.body = rss, .manner = ServerAnswer::Manner::cut});
  server.answer("/old", {.body = "canary", .manner = ServerAnswer::Manner::garbage});
  server.answer("/unasked", {.status = 304});
  server.redirect("/moved", 301, "/good?key=canary");
  server.redirect("/away", 302, other.url("/x?key=canary"));
  server.redirect("/loop", 302, "/loop?key=canary");
  server.answer("/good", {.body = rss});
  std::string toml = "[brand]\nquery = 'box'\n[fetch]\ntimeout = '1s'\nresolve = ['*:" +
                     std::to_string(server.port()) + ":127.0.0.1']\n";
  const std::vector<std::string> paths{"missing", "limit", "hang", "page", "cut",  "old",
                                       "unasked", "moved", "away", "loop", "good", "refused"};
  for (const auto& path : paths)
    toml += fmt::format(
        "[[source]]\nname = '{0}'\ntype = 'feed'\nheaders = {{X-Key = 'canary'}}\n"
        "url = 'http://canary:canary@{0}.example:{1}/{0}?key=canary#canary'\n",
        path, path == "refused" ? 1 : server.port());
  const TemporaryFolder folder;
  folder.write("earshot.toml", toml);

  std::string said;
  for (const int hour : {10, 16, 23}) {
    const auto now = fmt::format("2026-08-05T{}:00:00Z", hour);
    const auto ran = run_earshot(folder, {"ingest", "-v", "--all", "--allow-private", "--now", now,
                                          "--summary-file", "summary.json"});
    CHECK(ran.exit_code == 3);
    said += ran.out + ran.err;
  }
  said += run_earshot(folder, {"sources", "--format", "json"}).out;
  said += run_earshot(folder, {"verify"}).out;

  CHECK(server.requests("/missing").at(0).header("Authorization") == "Basic Y2FuYXJ5OmNhbmFyeQ==");
  CHECK(server.requests("/missing").at(0).header("X-Key") == "canary");
  CHECK(other.requests("/x").at(0).header("X-Key").empty());
  CHECK(other.requests("/x").at(0).header("Authorization").empty());
  CHECK_MESSAGE(said.find("canary") == std::string::npos, said);
  for (const auto& file : std::filesystem::recursive_directory_iterator{folder.path()}) {
    const auto name = std::filesystem::relative(file.path(), folder.path()).string();
    if (!file.is_regular_file() || name == "earshot.toml") continue;
    CHECK_MESSAGE(folder.read(name).find("canary") == std::string::npos, name);
  }
}
