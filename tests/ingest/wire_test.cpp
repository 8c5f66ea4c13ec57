// Rules of the fetcher that show on the wire, by runs of the collector with a clock of the test's.
#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "ingest/collector.hpp"
#include "store/base/curl_http.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/http_server.hpp"

using namespace earshot;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using Manner = ServerAnswer::Manner;

namespace {

const Instant noon = from_unix(1'800'000'000);
const std::string rss =
    "<rss><channel><title>T</title><item><guid>1</guid><title>box</title></item></channel></rss>";

struct Bench {
  HttpServer server;
  std::unique_ptr<PostStore> store = make_memory_store();
  std::unique_ptr<HttpClient> client =
      make_curl_http({.user_agent = "earshot-test", .allow_private = true});
  const std::vector<SourceConfig> sources{
      {.name = "news", .type = "feed", .url = server.url("/feed")}};

  SourceOutcome run(Instant now) {
    const CollectorOptions options{.now = now, .host_gap = milliseconds{0}};
    auto outcomes = collect(*store, *client, sources, options, {}, {});
    REQUIRE(outcomes);
    return outcomes->at(0);
  }
};

}  // namespace

TEST_CASE("wire: validators go back byte for byte, through a 304 too") {
  Bench bench;
  const std::string etag = "W/\"a, 'b' \xE2\x82\xAC \\ %41\"";
  const std::string date = "Sat,  01-Aug-2020 10:00:00 +0000";
  bench.server.answer("/feed", {.headers = {{"ETag", etag}, {"Last-Modified", date}}, .body = rss});
  bench.server.answer("/feed", {.status = 304});

  const auto first = bench.run(noon);
  const auto second = bench.run(noon + hours{1});
  bench.run(noon + hours{2});

  CHECK(first.rows == 1);
  CHECK_FALSE(second.error);
  CHECK(second.rows == 0);
  const auto requests = bench.server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].header("If-None-Match").empty());
  for (std::size_t i = 1; i < requests.size(); ++i) {
    CHECK(requests[i].header("If-None-Match") == etag);
    CHECK(requests[i].header("If-Modified-Since") == date);
  }
}

TEST_CASE("wire: the same body without validators is not read again, another one is") {
  Bench bench;
  std::string other = rss;
  other.replace(other.find("box"), 3, "bag");
  bench.server.answer("/feed", {.body = rss});
  bench.server.answer("/feed", {.body = rss});
  bench.server.answer("/feed", {.body = other});

  CHECK(bench.run(noon).rows == 1);
  CHECK(bench.run(noon + hours{1}).rows == 0);
  CHECK(bench.run(noon + hours{2}).rows == 1);
  CHECK(bench.server.requests()[1].header("If-None-Match").empty());
}

TEST_CASE("wire: forty refusals of all kinds are backed off from, and the next good answer heals") {
  Bench bench;
  for (int i = 0; i < 10; ++i) {
    bench.server.answer("/feed", {.status = 404});
    bench.server.answer("/feed", {.status = 500});
    bench.server.answer("/feed", {.status = 503});
    bench.server.answer("/feed", {.body = rss, .manner = Manner::cut});
  }
  bench.server.answer("/feed", {.body = rss});
  Instant now = noon;
  hours full{1};

  for (int i = 1; i <= 40; ++i) {
    const auto failed = bench.run(now);
    const auto early = bench.run(failed.state.next_try - minutes{1});
    full = std::min(2 * full, hours{24});

    CHECK(failed.error);
    CHECK(failed.state.failures == static_cast<std::uint32_t>(i));
    CHECK_FALSE(failed.state.gone);
    CHECK(failed.state.next_try - now <= full);
    CHECK(failed.state.next_try - now >= full * 3 / 4);
    CHECK_FALSE(early.polled);
    now = failed.state.next_try;
  }
  const auto healed = bench.run(now);

  CHECK_FALSE(healed.error);
  CHECK(healed.state.failures == 0);
  CHECK(healed.state.next_try == now + hours{1});
  CHECK(bench.server.requests().size() == 41);
}

TEST_CASE("wire: 410 ends it at once, and it is not asked again") {
  Bench bench;
  bench.server.answer("/feed", {.status = 410});

  const auto gone = bench.run(noon);
  bench.run(noon + hours{24 * 365});

  CHECK(gone.state.gone);
  CHECK(bench.server.requests().size() == 1);
}
