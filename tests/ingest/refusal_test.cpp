#include "ingest/refusal.hpp"

#include <doctest/doctest.h>

using namespace earshot;
using std::chrono::seconds;

namespace {

const Instant now = from_unix(1'785'542'400);  // 2026-08-01T00:00:00Z

Page refused(int status, const HttpHeaders& headers = {},
             std::string_view url = "https://example.org/feed") {
  return refused_page(status, headers, url, now);
}

}  // namespace

TEST_CASE("refusal: Retry-After is seconds or a date; a date that has gone by is no wait") {
  CHECK(refused(503, {{"retry-after", "120"}}).wait == seconds{120});
  CHECK(refused(429, {{"retry-after", "Sat, 01 Aug 2026 00:05:00 GMT"}}).wait == seconds{300});
  CHECK(refused(429, {{"retry-after", "Fri, 31 Jul 2026 23:00:00 GMT"}}).wait == seconds{0});
  CHECK(refused(429, {{"retry-after", "0"}}).wait == seconds{0});
  CHECK_FALSE(refused(429, {{"retry-after", "soon"}}).wait);
  CHECK_FALSE(refused(503).wait);
}

TEST_CASE("refusal: a 403 with signs of a limit is one") {
  CHECK(refused(403).refused_status == 403);
  CHECK(refused(403, {{"retry-after", "60"}}).refused_status == 429);
  CHECK(
      refused(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "30"}}).refused_status ==
      429);
  CHECK(refused(403, {{"x-ratelimit-remaining", "5"}}).refused_status == 403);
  CHECK(refused(404, {{"retry-after", "60"}}).refused_status == 404);
}

TEST_CASE("refusal: Reddit's 403 is a limit, but not that of its API") {
  CHECK(refused(403, {}, "https://www.reddit.com/r/x/new/.rss").refused_status == 429);
  CHECK(refused(403, {}, "https://reddit.com/r/x/.rss").refused_status == 429);
  CHECK(refused(403, {}, "https://oauth.reddit.com/r/x/new").refused_status == 403);
  CHECK(refused(403, {}, "https://notreddit.com/").refused_status == 403);
  CHECK(refused(404, {}, "https://www.reddit.com/r/x/new/.rss").refused_status == 404);
}

TEST_CASE("refusal: a challenge by Cloudflare is named, and is no limit") {
  const auto page = refused(403, {{"cf-mitigated", "challenge"}, {"retry-after", "60"}});

  CHECK(page.refused_status == 403);
  CHECK(page.refused_reason ==
        "a challenge by Cloudflare (cf-mitigated) that only a browser passes");
  CHECK(refused(403, {{"cf-mitigated", "no"}}).refused_reason.empty());
}
