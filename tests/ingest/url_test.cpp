#include "ingest/url.hpp"

#include <doctest/doctest.h>

using namespace earshot;

TEST_CASE("a relative address is resolved against its base") {
  CHECK(resolve_url("https://example.org/blog/feed.xml", "post/1") ==
        "https://example.org/blog/post/1");
  CHECK(resolve_url("https://example.org/blog/feed.xml", "/post/1?a=b") ==
        "https://example.org/post/1?a=b");
  CHECK(resolve_url("https://example.org/feed", "//cdn.example/x") == "https://cdn.example/x");
}

TEST_CASE("an absolute address stays as it is, and one that is no web address is none") {
  CHECK(resolve_url("https://example.org/", "HTTP://Other.example/a b") ==
        "HTTP://Other.example/a b");
  CHECK(resolve_url("https://example.org/", "javascript:alert(1)") == "");
  CHECK(resolve_url("https://example.org/", "mailto:a@example.org") == "");
  CHECK(resolve_url("", "post/1") == "");
  CHECK(resolve_url("https://example.org/", "") == "");
}

TEST_CASE("parts of an address") {
  CHECK(host_of("https://user:x@example.org:8080/feed") == "example.org");
  CHECK(host_of("https://[::1]:80/") == "[::1]");
  CHECK(host_of("feed.xml") == "");
  CHECK(without_scheme_and_query("https://example.org/feed?page=2#top") == "example.org/feed");
}
