#include "analyze/links.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {
std::string canonical(std::string_view link) {
  std::string out = "what was there before";
  return canonical_link(link, out) ? out : "no link" + out;
}
}  // namespace

TEST_CASE("links: scheme, www, case of the host and fragment make no other page") {
  CHECK(canonical("https://acme.com/Box") == "acme.com/Box");
  CHECK(canonical("HTTP://WWW.Acme.COM/Box#top") == "acme.com/Box");
  CHECK(canonical("www.acme.com") == "acme.com");
  CHECK(canonical("https://acme.com/") == "acme.com");
  CHECK(canonical("https://acme.com/box//?id=1") == "acme.com/box?id=1");
}

TEST_CASE("links: parameters of campaigns are dropped, others kept in their order") {
  CHECK(canonical("https://acme.com/a?utm_source=x&b=2&UTM_Medium=y&a=1&") == "acme.com/a?b=2&a=1");
  CHECK(canonical("https://acme.com/a?utm_source=x") == "acme.com/a");
  CHECK(canonical("https://acme.com?utm=1") == "acme.com?utm=1");
}

TEST_CASE("links: punctuation around the link is the sentence's") {
  CHECK(canonical("https://acme.com/box).") == "acme.com/box");
  CHECK(canonical("https://acme.com/box_(fruit)") == "acme.com/box_(fruit)");
  CHECK(canonical("https://acme.com/box_(fruit)),") == "acme.com/box_(fruit)");
  CHECK(canonical("https://acme.com/box]!?") == "acme.com/box");
  CHECK(canonical("https://acme.com/?") == "acme.com");
}

TEST_CASE("links: without a host there is no link") {
  CHECK(canonical("https://") == "no link");
  CHECK(canonical("https:///x") == "no link");
  CHECK(canonical("") == "no link");
}
