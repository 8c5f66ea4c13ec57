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

TEST_CASE("a reference is resolved as RFC 3986 has it, and nothing in it is encoded") {
  const std::string base = "http://a/b/c/d;p?q";
  CHECK(resolve_reference(base, "g") == "http://a/b/c/g");
  CHECK(resolve_reference(base, "./g/") == "http://a/b/c/g/");
  CHECK(resolve_reference(base, "../../../g?y#s") == "http://a/g?y#s");
  CHECK(resolve_reference(base, "g/./h/../i") == "http://a/b/c/g/i");
  CHECK(resolve_reference(base, "..") == "http://a/b/");
  CHECK(resolve_reference(base, ".") == "http://a/b/c/");
  CHECK(resolve_reference(base, "?y") == "http://a/b/c/d;p?y");
  CHECK(resolve_reference(base, "#s") == "http://a/b/c/d;p?q#s");
  CHECK(resolve_reference(base, "//g/x") == "http://g/x");
  CHECK(resolve_reference(base, "/À b") == "http://a/À b");
  CHECK(resolve_reference("http://a", "g") == "http://a/g");
}

TEST_CASE("a reference that is absolute, or has no base, stays as it is but for slips") {
  CHECK(resolve_reference("http://a/", "tag:x,2020:1") == "tag:x,2020:1");
  CHECK(resolve_reference("", "/relative") == "/relative");
  CHECK(resolve_reference("http://a/", " http:///example.org/x ") == "http://example.org/x");
  CHECK(resolve_reference("http://a/", "file:///x") == "file:///x");
  CHECK(resolve_reference("http://a/", "") == "");
}

TEST_CASE("an address that does something is not harmless") {
  CHECK(is_harmless_url("https://example.org/"));
  CHECK(is_harmless_url("MAILTO:a@example.org"));
  CHECK(is_harmless_url("page.html"));
  CHECK_FALSE(is_harmless_url("javascript:alert(1)"));
  CHECK_FALSE(is_harmless_url("data:text/html,x"));
  CHECK_FALSE(is_harmless_url("file:///etc/passwd"));
}

TEST_CASE("parts of an address") {
  CHECK(host_of("https://user:x@example.org:8080/feed") == "example.org");
  CHECK(host_of("https://[::1]:80/") == "[::1]");
  CHECK(host_of("feed.xml") == "");
  CHECK(without_scheme_and_query("https://example.org/feed?page=2#top") == "example.org/feed");
}

TEST_CASE("an address is left without the parameters that are named") {
  CHECK(without_parameters("https://a.example/p?id=1&sid=2#top", "sid") ==
        "https://a.example/p?id=1#top");
  CHECK(without_parameters("https://a.example/p?sid=2&id=1&sid=3", "utm_source sid") ==
        "https://a.example/p?id=1");
  CHECK(without_parameters("https://a.example/p?sid&sidney=2", "sid") ==
        "https://a.example/p?sidney=2");
  CHECK(without_parameters("https://a.example/p?sid=2#top", " sid ") == "https://a.example/p#top");
  CHECK(without_parameters("https://a.example/p?a=1&b=2", "*") == "https://a.example/p");
  CHECK(without_parameters("https://a.example/p?a=1&&b=2", "b") == "https://a.example/p?a=1&");
  CHECK(without_parameters("https://a.example/p?a=1", "") == "https://a.example/p?a=1");
  CHECK(without_parameters("tag:a,2026:1", "*") == "tag:a,2026:1");
}
