// A week of cron, as the servers see it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "ingest/collector.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/scripted_http.hpp"

using namespace earshot;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant monday = from_unix(1'785'715'200);  // 2026-08-03T00:00:00Z

/// A server that notes when it was asked, and answers by a rule.
class Server final : public HttpClient {
 public:
  struct Asked {
    Instant at;
    bool conditional;
  };
  Instant now;
  std::map<std::string, std::vector<Asked>> asked;

  Result<HttpResponse> get(const HttpRequest& request) override {
    const std::scoped_lock lock{mutex_};
    const std::string etag = request_header(request.headers, "if-none-match");
    auto& times = asked[request.url];
    times.push_back({now, !etag.empty()});
    HttpResponse response{.status = 200, .headers = {{"etag", "\"v1\""}}, .body = body};
    if (request.url.find("/busy") != std::string::npos && times.size() % 5 == 0)
      response = {.status = 429, .headers = {{"retry-after", "20000"}}};
    if (request.url.find("/fresh") != std::string::npos)
      response.headers.emplace_back("cache-control", "max-age=14400");
    if (request.url.find("/down") != std::string::npos) response = {.status = 503};
    if (etag == "\"v1\"" && response.status == 200) response.status = 304;
    return response;
  }

 private:
  static constexpr const char* body =
      "<rss><channel><title>T</title><item><guid>1</guid><title>box</title></item></channel></rss>";
  std::mutex mutex_;
};

}  // namespace

TEST_CASE(
    "polite: a week of runs every ten minutes asks once an hour, and takes no for an answer") {
  Server server;
  const auto store = make_memory_store();
  std::vector<SourceConfig> sources;
  for (const char* name : {"plain", "busy", "fresh", "down"})
    for (int i = 0; i < 5; ++i)
      sources.push_back({.name = fmt::format("{}-{}", name, i),
                         .type = "feed",
                         .url = fmt::format("https://{}{}.example/{}", name, i, name)});
  CollectorOptions options{.host_gap = std::chrono::milliseconds{0}};

  for (Instant now = monday; now < monday + hours{7 * 24}; now += minutes{10}) {
    server.now = options.now = now;
    REQUIRE(collect(*store, server, sources, options, {}, {}));
  }

  std::size_t most = 0;
  for (const auto& [url, times] : server.asked) {
    most = std::max(most, times.size());
    const bool busy = url.find("/busy") != url.npos;
    const bool fresh = url.find("/fresh") != url.npos;
    const bool down = url.find("/down") != url.npos;
    std::size_t whole = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!times[i].conditional) ++whole;
      if (i == 0) continue;
      const auto pause = times[i].at - times[i - 1].at;
      CHECK_MESSAGE(pause >= hours{1}, url);
      if (busy && i % 5 == 0) CHECK_MESSAGE(pause >= seconds{20'000}, url);
      if (fresh) CHECK_MESSAGE(pause >= hours{4}, url);
    }
    if (down) CHECK_MESSAGE(times.size() <= 12, url);
    if (!down) CHECK_MESSAGE(whole <= 3, url);  // the first, and once a week
    if (!busy && !fresh && !down) CHECK_MESSAGE(times.size() >= 160, url);
  }
  CHECK(server.asked.size() == sources.size());
  CHECK(most <= 7 * 24);
}

TEST_CASE("polite: sources that fail together do not come back together") {
  Server server;
  const auto store = make_memory_store();
  std::vector<SourceConfig> sources;
  for (int i = 0; i < 60; ++i)
    sources.push_back({.name = fmt::format("s{}", i),
                       .type = "feed",
                       .url = fmt::format("https://h{}.example/down", i)});
  CollectorOptions options{.host_gap = std::chrono::milliseconds{0}};
  for (Instant now = monday; now < monday + hours{6}; now += minutes{1}) {
    server.now = options.now = now;
    REQUIRE(collect(*store, server, sources, options, {}, {}));
  }

  std::map<Instant, int> second_tries;
  for (const auto& [url, times] : server.asked) {
    REQUIRE(times.size() >= 2);
    ++second_tries[times[1].at];
  }
  CHECK(second_tries.size() >= 15);
}
