#include "ingest/robots.hpp"

#include <doctest/doctest.h>

#include "tests/support/scripted_http.hpp"

using namespace earshot;

namespace {

bool allows(std::string_view robots, std::string_view path) {
  return RobotsRules::parse(robots, "earshot").allow(path);
}

}  // namespace

TEST_CASE("robots: the rules for us go before those for all, in groups that are joined") {
  constexpr auto robots =
      "User-agent: *\nDisallow: /\n\n"
      "user-agent: Other\nUSER-AGENT: EarShot/1.0 # us\nAllow: /feed\nDisallow: /private\n\n"
      "User-agent: another\nDisallow: /feed\n\n"
      "User-agent: earshot\nDisallow: /also\n";
  CHECK(allows(robots, "/anything"));
  CHECK(allows(robots, "/feed"));
  CHECK_FALSE(allows(robots, "/private/x"));
  CHECK_FALSE(allows(robots, "/also"));
  CHECK_FALSE(RobotsRules::parse(robots, "nobody").allow("/feed"));
}

TEST_CASE("robots: the longest rule decides, and of two as long the one that allows") {
  constexpr auto robots =
      "User-agent: *\nDisallow: /blog\nAllow: /blog/feed\nDisallow: /same\nAllow: /same\n";
  CHECK_FALSE(allows(robots, "/blog/post"));
  CHECK(allows(robots, "/blog/feed.xml"));
  CHECK(allows(robots, "/same/x"));
  CHECK(allows(robots, "/"));
}

TEST_CASE("robots: stars and the dollar sign") {
  constexpr auto robots =
      "User-agent: *\nDisallow: /*.json$\nDisallow: /a*b*c\nDisallow: *print=\nAllow: /a*bc$\n";
  CHECK_FALSE(allows(robots, "/feed.json"));
  CHECK(allows(robots, "/feed.json?x"));
  CHECK_FALSE(allows(robots, "/a--b--c--"));
  CHECK_FALSE(allows(robots, "/page?print=1"));
  CHECK(allows(robots, "/a-bxbc"));
  CHECK(allows(robots, "/b--c"));
}

TEST_CASE("robots: a path is the same however it is encoded") {
  CHECK_FALSE(allows("User-agent: *\nDisallow: /caf\xC3\xA9", "/caf%c3%a9"));
  CHECK_FALSE(allows("User-agent: *\nDisallow: /%7Eann", "/~ann"));
  CHECK(allows("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
  CHECK_FALSE(allows("User-agent: *\nDisallow: /a%2Fb", "/a%2fb"));
}

TEST_CASE("robots: lines that mean nothing, and none at all") {
  CHECK(allows("", "/x"));
  CHECK(allows("<html>not found</html>", "/x"));
  CHECK(allows("Disallow: /x\n", "/x"));
  CHECK(allows("User-agent: *\nDisallow:\n", "/x"));
  CHECK(allows("User-agent: *\nDisallow: x\n", "/x"));
  CHECK_FALSE(
      allows("\xEF\xBB\xBFUser-agent : *\r\nSitemap: /s\r\nDisallow\t: /x # here\r\n", "/x"));
  CHECK(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
}

TEST_CASE("robots: a server is asked once; without a robots.txt it is open, when it fails closed") {
  ScriptedHttp http;
  http.answer("https://a.example/robots.txt",
              {.status = 200, .body = "User-agent: *\nDisallow: /x"});
  http.answer("https://b.example/robots.txt", {.status = 404});
  http.answer("https://c.example/robots.txt", {.status = 503});
  http.answer("https://d.example/robots.txt", {.status = 429});
  RobotsGate gate{http};

  CHECK(gate.allow("https://a.example"));
  CHECK(gate.allow("https://a.example/y?u=/x"));
  CHECK_FALSE(gate.allow("https://a.example/x#top"));
  CHECK(gate.allow("https://b.example/x"));
  CHECK_FALSE(gate.allow("https://c.example/x"));
  CHECK_FALSE(gate.allow("https://d.example/x"));
  CHECK_FALSE(gate.allow("https://silent.example/x"));
  CHECK_FALSE(gate.allow("nothing"));
  CHECK(http.requests().size() == 5);
}
