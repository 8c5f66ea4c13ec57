// What a host is owed to which redirects lead, on real connections.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "ingest/collector.hpp"
#include "ingest/polite_http.hpp"
#include "store/base/curl_http.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/http_server.hpp"

using namespace earshot;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Instant noon = from_unix(1'800'000'000);
const std::string rss =
    "<rss><channel><title>T</title><item><guid>1</guid><title>box</title></item></channel></rss>";

/// A host that all others lead to, and a project of feeds.
struct Bench {
  HttpServer target;
  std::vector<std::unique_ptr<HttpServer>> hosts;
  std::unique_ptr<PostStore> store = make_memory_store();
  std::atomic<bool> stopped{false};
  std::unique_ptr<HttpClient> client =
      make_curl_http({.user_agent = "earshot-test", .allow_private = true, .stopped = [this] {
                        return stopped.load();
                      }});
  CollectorOptions options{.now = noon, .host_gap = milliseconds{0}};
  std::vector<SourceConfig> sources;

  void feed(const std::string& url) {
    sources.push_back({.name = fmt::format("feed-{}", sources.size()), .type = "feed", .url = url});
  }
  /// A feed on a host of its own.
  HttpServer& host() {
    hosts.push_back(std::make_unique<HttpServer>(fmt::format("127.0.0.{}", hosts.size() + 2)));
    feed(hosts.back()->url("/feed"));
    return *hosts.back();
  }
  /// One that leads to `path` of the target, after a pause in which others can be there first.
  void led(const std::string& path, milliseconds pause = milliseconds{0}) {
    host().answer("/feed",
                  {.status = 302, .headers = {{"Location", target.url(path)}}, .pause = pause});
  }

  std::vector<SourceOutcome> run() {
    auto outcomes =
        collect(*store, *client, sources, options, {}, [this] { return stopped.load(); });
    REQUIRE(outcomes);
    return std::move(*outcomes);
  }
};

/// Counts who asks at the same time. Hosts called "led..." lead to one target.
class Crowd final : public HttpClient {
 public:
  std::atomic<int> most{0};

  Result<HttpResponse> get(const HttpRequest& request) override {
    most = std::max(most.load(), ++at_once_);
    const bool leads = request.chain.url.empty() && server_of(request.url).starts_with("led");
    std::this_thread::sleep_for(milliseconds{20});
    --at_once_;
    if (leads) return HttpResponse{.status = 302, .led = {"http://target.example/", 1, false}};
    return HttpResponse{.status = 200, .body = rss, .url = request.url};
  }

 private:
  std::atomic<int> at_once_{0};
};

}  // namespace

TEST_CASE("redirect: the host at its end is asked once at a time and keeps its gap") {
  Bench bench;
  bench.options.host_gap = milliseconds{200};
  bench.target.answer("/feed", {.body = rss, .pause = milliseconds{50}});
  for (int i = 0; i < 3; ++i) bench.led("/feed");
  bench.feed(bench.target.url("/feed"));

  const auto outcomes = bench.run();

  for (const auto& outcome : outcomes) CHECK_FALSE(outcome.error);
  const auto requests = bench.target.requests();
  REQUIRE(requests.size() == 4);
  for (std::size_t i = 1; i < requests.size(); ++i)
    CHECK(requests[i].at - requests[i - 1].at >= milliseconds{249});
  CHECK(bench.target.most_at_once() == 1);
  const auto hosts = *bench.store->hosts();  // the gap holds between runs too
  CHECK(std::ranges::find(hosts, "127.0.0.1", &HostState::host) != hosts.end());
}

TEST_CASE("redirect: a host that asks for rest gets it from those that are led there") {
  Bench bench;
  bench.target.answer("/feed", {.status = 429, .headers = {{"Retry-After", "7200"}}});
  bench.led("/feed");
  bench.led("/feed");
  bench.feed(bench.target.url("/feed"));
  bench.options.due_only = false;

  const auto first = bench.run();
  bench.options.now = noon + hours{1};
  const auto second = bench.run();
  const auto hosts = *bench.store->hosts();

  CHECK(bench.target.requests().size() == 1);
  for (const auto& outcomes : {first, second})
    for (const auto& outcome : {outcomes[0], outcomes[1]}) {
      REQUIRE(outcome.error);
      CHECK(outcome.error->message.starts_with("HTTP 429, asked to wait "));
      CHECK(outcome.state.next_try >= noon + hours{2});
      CHECK(outcome.state.next_try <= noon + hours{2} + seconds{5});
    }
  CHECK_FALSE(second[2].polled);
  const auto target = std::ranges::find(hosts, "127.0.0.1", &HostState::host);
  REQUIRE(target != hosts.end());
  CHECK(target->free_at >= noon + hours{2});
  CHECK(target->free_at <= noon + hours{2} + seconds{5});
}

TEST_CASE("redirect: hosts that lead in a circle cost themselves an error") {
  Bench bench;
  bench.led("/back");
  bench.target.redirect("/back", 302, bench.hosts[0]->url("/feed"));
  bench.host().answer("/feed", {.body = rss});

  const auto outcomes = bench.run();

  REQUIRE(outcomes[0].error);
  CHECK(outcomes[0].error->message == bench.hosts[0]->url("/feed") + ": more than 10 redirects");
  CHECK_FALSE(outcomes[1].error);
}

TEST_CASE("redirect: who waits for a host keeps nobody else waiting") {
  Bench bench;
  bench.options.connections = 3;
  bench.target.answer("/slow", {.body = rss, .pause = milliseconds{700}});
  bench.target.answer("/feed", {.body = rss});
  bench.feed(bench.target.url("/slow"));
  for (int i = 0; i < 4; ++i) bench.led("/feed", milliseconds{100});
  HttpServer& quick = bench.host();
  quick.answer("/feed", {.body = rss});

  const auto outcomes = bench.run();

  for (const auto& outcome : outcomes) CHECK_FALSE(outcome.error);
  const auto slow = bench.target.requests("/slow");
  REQUIRE(slow.size() == 1);
  REQUIRE(quick.requests().size() == 1);
  CHECK(quick.requests()[0].at - slow[0].at < milliseconds{600});
  CHECK(bench.target.most_at_once() == 1);
}

TEST_CASE("redirect: who waited takes the place of who stepped in") {
  Bench bench;
  Crowd crowd;
  bench.options.connections = 4;
  for (int i = 0; i < 30; ++i) {
    bench.feed(fmt::format("http://led{}.example/", i));
    bench.feed(fmt::format("http://h{}.example/", i));
  }

  const auto outcomes = collect(*bench.store, crowd, bench.sources, bench.options, {}, {});

  REQUIRE(outcomes);
  for (const auto& outcome : *outcomes) CHECK_FALSE(outcome.error);
  CHECK(crowd.most <= 5);
}

TEST_CASE("redirect: a stop ends the wait for a host, and nobody has failed") {
  Bench bench;
  bench.target.answer("/hang", {.manner = ServerAnswer::Manner::hang});
  bench.feed(bench.target.url("/hang"));
  bench.led("/feed", milliseconds{200});
  std::jthread stopper{[&] {
    while (bench.target.requests().empty() || bench.hosts[0]->requests().empty())
      std::this_thread::sleep_for(milliseconds{10});
    std::this_thread::sleep_for(milliseconds{100});
    bench.stopped = true;
  }};
  const auto start = std::chrono::steady_clock::now();

  const auto outcomes = bench.run();

  CHECK(std::chrono::steady_clock::now() - start < seconds{5});
  for (const auto& outcome : outcomes) {
    CHECK_FALSE(outcome.polled);
    CHECK_FALSE(outcome.error);
  }
  CHECK(bench.target.requests().size() == 1);
}

TEST_CASE("redirect: also where a person waits, a host is asked a gap after it was") {
  HttpServer first;
  HttpServer second{"127.0.0.2"};
  first.redirect("/feed", 301, second.url("/feed"));
  second.answer("/feed", {.body = rss});
  const auto client = make_curl_http({.user_agent = "earshot-test", .allow_private = true});
  PoliteHttp http{*client, milliseconds{200}};

  REQUIRE(http.get({.url = second.url("/feed")}));
  const auto led = http.get({.url = first.url("/feed")});

  REQUIRE(led);
  CHECK(led->body == rss);
  CHECK(led->moved_to == second.url("/feed"));
  const auto requests = second.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[1].at - requests[0].at >= milliseconds{199});
  CHECK(http.exchanges().size() == 2);
  CHECK(http.exchanges()[1].answered == second.url("/feed"));
}
