#include "ingest/collector.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <zlib.h>

#include "store/base/curl_http.hpp"
#include "store/memory_post_store.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/packed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using Manner = ServerAnswer::Manner;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant noon = from_unix(1'800'000'000);
const Window all_time{Instant{}, Instant::max()};

/// An RSS document of `count` items, numbered from `first`.
std::string rss(int first, int count) {
  std::string items;
  for (int i = first; i < first + count; ++i)
    items += fmt::format(
        "<item><guid>item-{0}</guid><title>Title {0}</title><description>Text number "
        "{0}</description>"
        "<pubDate>Sun, 22 Nov 2026 03:{1:02}:00 GMT</pubDate></item>",
        i, i % 60);
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>" + items +
         "</channel></rss>";
}

/// Cuts the time-out of every request, so that a hang costs a test one second.
class Hasty final : public HttpClient {
 public:
  explicit Hasty(CurlOptions options) : client_{make_curl_http(options)} {}
  Result<HttpResponse> get(const HttpRequest& request) override {
    HttpRequest hasty = request;
    hasty.timeout = seconds{1};
    return client_->get(hasty);
  }

 private:
  std::unique_ptr<HttpClient> client_;
};

/// A store, the real HTTP client and a server of ours; each `collect` is one run.
struct Bench {
  HttpServer server;
  std::unique_ptr<PostStore> store = make_memory_store();
  Hasty http{{.user_agent = "earshot-test/1", .allow_private = true}};
  CollectorOptions options{.now = noon, .host_gap = milliseconds{0}};
  std::vector<SourceConfig> sources;
  std::vector<CollectProgress> steps;
  std::function<bool()> stop;

  void add_feed(const std::string& name, const std::string& path) {
    sources.push_back({.name = name, .type = "feed", .url = server.url(path)});
  }

  void add_archive(const std::string& name, const std::string& type, const std::string& path) {
    sources.push_back({.name = name, .type = type, .path = path, .mapping = default_mapping()});
  }

  std::vector<SourceOutcome> run() {
    steps.clear();
    auto outcomes = collect(
        *store, http, sources, options, [&](const CollectProgress& step) { steps.push_back(step); },
        stop);
    REQUIRE(outcomes);
    REQUIRE(outcomes->size() == sources.size());
    return *outcomes;
  }

  std::uint64_t stored_posts() const { return store->counters()->posts; }
  std::vector<Poll> polls() const { return *store->polls(all_time); }
};

/// A CSV archive of `count` rows in the default layout, numbered from `first`.
std::string csv(int first, int count, const std::string& padding = {}) {
  std::string rows = "id,author,text,created_at\n";
  for (int i = first; i < first + count; ++i)
    rows += fmt::format(
        "{0},user{1},\"Post number {0}, with a comma {4}\",2026-11-22T03:{2:02}:{3:02}Z\n", i,
        i % 7, i / 60 % 60, i % 60, padding);
  return rows;
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace

TEST_CASE("collector: a feed is polled, asked for changes only, and left alone until it is due") {
  Bench bench;
  bench.server.answer("/feed", {.headers = {{"ETag", "W/\"v 1\""},
                                            {"Last-Modified", "Sun, 22 Nov 2026 03:00:00 GMT"}},
                                .body = rss(0, 3),
                                .check_etag = true});
  bench.add_feed("news", "/feed");

  const auto first = bench.run();
  bench.options.now = noon + minutes{30};
  const auto early = bench.run();
  bench.options.now = noon + hours{1};
  const auto second = bench.run();

  CHECK(first[0].polled);
  CHECK(first[0].posts.added == 3);
  CHECK(first[0].state.etag == "W/\"v 1\"");
  CHECK_FALSE(early[0].polled);
  CHECK(early[0].state == first[0].state);
  CHECK(second[0].polled);
  CHECK(second[0].posts.repeated == 0);
  const auto requests = bench.server.requests("/feed");
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].header("If-None-Match").empty());
  CHECK(requests[1].header("If-None-Match") == "W/\"v 1\"");
  CHECK(requests[1].header("If-Modified-Since") == "Sun, 22 Nov 2026 03:00:00 GMT");
  CHECK(bench.polls() ==
        std::vector<Poll>{{.source = "news", .at = noon, .ok = true, .posts = 3},
                          {.source = "news", .at = noon + hours{1}, .ok = true, .posts = 0}});
}

TEST_CASE("collector: the same body without validators is known as unchanged") {
  Bench bench;
  bench.server.answer("/feed", {.body = rss(0, 3)});
  bench.add_feed("news", "/feed");
  bench.run();
  bench.options.now = noon + hours{1};

  const auto second = bench.run();

  CHECK(second[0].polled);
  CHECK(second[0].rows == 0);
  CHECK(second[0].posts.repeated == 0);
  CHECK(bench.polls().back().ok);
}

TEST_CASE("collector: new items are added, and a page of nothing but new ones is noted") {
  Bench bench;
  bench.server.answer("/feed", {.body = rss(0, 6)});
  bench.server.answer("/feed", {.body = rss(4, 6)});
  bench.server.answer("/feed", {.body = rss(20, 6)});
  bench.add_feed("news", "/feed");

  std::vector<std::uint64_t> added;
  for (int hour = 0; hour < 3; ++hour) {
    bench.options.now = noon + hours{hour};
    added.push_back(bench.run()[0].posts.added);
  }

  CHECK(added == std::vector<std::uint64_t>{6, 4, 6});
  REQUIRE(bench.polls().size() == 3);
  CHECK_FALSE(bench.polls()[0].overflow);
  CHECK_FALSE(bench.polls()[1].overflow);
  CHECK(bench.polls()[2].overflow);
  CHECK(bench.store->sources()->front().posts == 16);
}

TEST_CASE("collector: 404 backs off and heals, 410 ends, 429 is obeyed") {
  Bench bench;
  bench.server.answer("/moody", {.status = 404});
  bench.server.answer("/moody", {.body = rss(0, 1)});
  bench.server.answer("/gone", {.status = 410});
  bench.server.answer("/busy", {.status = 429, .headers = {{"Retry-After", "36000"}}});
  bench.add_feed("moody", "/moody");
  bench.add_feed("gone", "/gone");
  bench.add_feed("busy", "/busy");
  std::string& busy = bench.sources[2].url;  // another host, which is spared as a whole
  busy.replace(busy.find("127.0.0.1"), 9, "localhost");

  const auto failed = bench.run();
  bench.options.now = noon + hours{2};
  const auto later = bench.run();

  CHECK(failed[0].error->message == "HTTP 404");
  CHECK(failed[1].error->message == "HTTP 410: gone for good, not polled again");
  CHECK(failed[2].error->message == "HTTP 429, asked to wait 36000 s");
  CHECK(failed[2].state.next_try == noon + hours{10});
  CHECK(later[0].posts.added == 1);
  CHECK(later[0].state.failures == 0);
  CHECK_FALSE(later[1].polled);
  CHECK_FALSE(later[2].polled);
  bench.options.now = noon + hours{24 * 365};
  CHECK_FALSE(bench.run()[1].polled);
}

TEST_CASE("collector: when everything is asked for, neither a schedule nor 410 stands in the way") {
  Bench bench;
  bench.server.answer("/gone", {.status = 410});
  bench.server.answer("/gone", {.body = rss(0, 1)});
  bench.add_feed("back", "/gone");
  bench.run();
  bench.options.due_only = false;

  const auto outcomes = bench.run();

  CHECK(outcomes[0].posts.added == 1);
  CHECK_FALSE(outcomes[0].state.gone);
}

TEST_CASE("collector: a bad server costs its own source, and says why in one line") {
  Bench bench;
  bench.server.answer("/huge",
                      {.body = std::string(65'536, ' '), .manner = Manner::endless_chunks});
  bench.server.answer("/hang", {.manner = Manner::hang});
  bench.server.answer("/cut", {.body = rss(0, 50), .manner = Manner::cut});
  bench.server.redirect("/loop", 302, "/loop");
  bench.server.answer("/good", {.body = rss(0, 3)});
  for (const char* name : {"huge", "hang", "cut", "loop", "good"})
    bench.add_feed(name, std::string{"/"} + name);
  const auto start = std::chrono::steady_clock::now();

  const auto outcomes = bench.run();

  const auto message = [&](std::size_t i) {
    return outcomes[i].error ? outcomes[i].error->message : std::string{};
  };
  CHECK(message(0) == bench.server.url("/huge") + ": answer larger than 15 MB");
  CHECK(message(1) == bench.server.url("/hang") + ": no complete answer within 1 s");
  CHECK(message(2) == bench.server.url("/cut") + ": transferred a partial file");
  CHECK(message(3) == bench.server.url("/loop") + ": more than 10 redirects");
  CHECK(message(4).empty());
  CHECK(outcomes[4].posts.added == 3);
  CHECK(outcomes[1].state.last_error == message(1));
  CHECK(std::chrono::steady_clock::now() - start < seconds{10});
}

TEST_CASE("collector: a private address is refused, be it asked for or redirected to") {
  Bench bench;
  HttpServer allowed;  // trusted as a proxy is, so that the first hop of the second source succeeds
  setenv("http_proxy", allowed.url("").c_str(), 1);
  setenv("no_proxy", "127.0.0.1", 1);
  allowed.redirect("/feed", 302, bench.server.url("/internal"));
  bench.server.answer("/internal", {.body = rss(0, 1)});
  bench.add_feed("direct", "/internal");
  bench.sources.push_back({.name = "redirected", .type = "feed", .url = allowed.url("/feed")});
  const auto guarded = make_curl_http({.user_agent = "earshot-test/1"});

  const auto outcomes = collect(*bench.store, *guarded, bench.sources, bench.options, {}, {});
  unsetenv("http_proxy");
  unsetenv("no_proxy");

  REQUIRE(outcomes);
  const std::string refused =
      bench.server.url("/internal") +
      ": refuses to connect to the private address 127.0.0.1 (allow it with "
      "--allow-private)";
  REQUIRE((*outcomes)[0].error);
  REQUIRE((*outcomes)[1].error);
  CHECK((*outcomes)[0].error->message == refused);
  CHECK((*outcomes)[1].error->message == allowed.url("/feed") + ": redirected to " + refused);
  CHECK(allowed.requests().size() == 1);
  CHECK(bench.server.connections() == 0);
}

TEST_CASE("collector: another address under the same name starts anew") {
  Bench bench;
  bench.server.answer("/old", {.status = 410});
  bench.server.answer("/new", {.headers = {{"ETag", "\"n\""}}, .body = rss(0, 6)});
  bench.server.answer("/newer", {.body = rss(20, 6)});
  bench.add_feed("news", "/old");
  bench.run();

  bench.sources[0].url = bench.server.url("/new");
  const auto moved = bench.run();
  bench.sources[0].url = bench.server.url("/newer");
  const auto again = bench.run();

  CHECK(moved[0].posts.added == 6);
  CHECK(again[0].posts.added == 6);
  CHECK(bench.server.requests("/newer")[0].header("If-None-Match").empty());
  for (const Poll& poll : bench.polls()) CHECK_FALSE(poll.overflow);
}

TEST_CASE("collector: a shorter interval in the config counts at once") {
  Bench bench;
  bench.server.answer("/feed", {.body = rss(0, 1)});
  bench.add_feed("news", "/feed");
  bench.sources[0].interval = hours{24};
  bench.run();
  bench.sources[0].interval = hours{1};
  bench.options.now = noon + hours{2};

  CHECK(bench.run()[0].polled);
}

TEST_CASE(
    "collector: outcomes come in the order of the config, a wrong type is that source's error") {
  Bench bench;
  const TemporaryFolder folder;
  write(folder / "posts.csv", csv(0, 2));
  bench.server.answer("/feed", {.body = rss(0, 1)});
  bench.add_archive("archive", "csv", folder / "posts.csv");
  bench.sources.push_back({.name = "odd", .type = "mastodn"});
  bench.add_feed("feed", "/feed");

  const auto outcomes = bench.run();

  CHECK(outcomes[0].name == "archive");
  CHECK(outcomes[0].posts.added == 2);
  REQUIRE(outcomes[1].error);
  CHECK(outcomes[1].error->kind == Error::Kind::config);
  CHECK(outcomes[1].error->message == "unknown type of source 'mastodn'");
  CHECK(outcomes[2].posts.added == 1);
  CHECK(bench.store->sources()->size() == 2);
}

TEST_CASE("collector: an archive is read, again without doubling, and has no polls") {
  Bench bench;
  const TemporaryFolder folder;
  write(folder / "posts.csv", csv(0, 200));
  bench.add_archive("posts", "csv", folder / "posts.csv");

  const auto first = bench.run();
  const auto second = bench.run();

  CHECK(first[0].rows == 200);
  CHECK(first[0].posts.added == 200);
  CHECK(second[0].posts.added == 0);
  CHECK(second[0].posts.repeated == 200);
  CHECK(bench.stored_posts() == 200);
  CHECK(bench.polls().empty());
  CHECK(first[0].state.interval == seconds{0});
}

TEST_CASE(
    "collector: a feed that was saved to a file is read like an archive, without a schedule") {
  Bench bench;
  const TemporaryFolder folder;
  write(folder / "feed.xml", rss(0, 3));
  bench.add_archive("saved", "feed", folder / "feed.xml");

  const auto first = bench.run();
  const auto second = bench.run();

  CHECK(first[0].posts.added == 3);
  CHECK(first[0].state.interval == seconds{0});
  CHECK(second[0].posts.repeated == 3);
  CHECK(bench.polls().empty());
}

TEST_CASE("collector: an archive that was stopped is gone on with, to the same posts") {
  const TemporaryFolder folder;
  constexpr int rows = 20'000;
  const auto bytes = csv(0, rows, std::string(400, 'x'));  // several pages
  write(folder / "posts.csv", bytes);
  write(folder / "posts.zip", test::zip_of({{"readme.txt", "x"}, {"export/posts.csv", bytes}}));
  for (const auto& path :
       {folder / "posts.csv", folder / "posts.zip", folder / "posts.zip/export/posts.csv"}) {
    CAPTURE(path);
    Bench bench;
    bench.add_archive("posts", "csv", path);
    bench.stop = [&] { return !bench.steps.empty(); };

    const auto first = bench.run();
    bench.stop = {};
    const auto second = bench.run();

    CHECK(first[0].posts.added > 0);
    CHECK(first[0].posts.added < rows);
    CHECK_FALSE(first[0].state.cursor.empty());
    CHECK(first[0].posts.added + second[0].posts.added == rows);
    CHECK(second[0].posts.repeated == 0);
    CHECK(second[0].state.cursor.empty());
    CHECK(bench.stored_posts() == rows);
  }
}

TEST_CASE("collector: another file of a packed one is read from its start") {
  const TemporaryFolder folder;
  constexpr int rows = 20'000;
  const auto bytes = csv(0, rows, std::string(400, 'x'));
  write(folder / "posts.zip", test::zip_of({{"a.csv", bytes}, {"b.csv", bytes}}));
  Bench bench;
  bench.add_archive("posts", "csv", folder / "posts.zip/a.csv");
  bench.stop = [&] { return !bench.steps.empty(); };
  const auto first = bench.run();
  bench.stop = {};
  bench.sources[0].path = folder / "posts.zip/b.csv";

  const auto other = bench.run();

  CHECK(other[0].posts.repeated == first[0].posts.added);
}

TEST_CASE("collector: a gzip archive that is cut off gives what it has, then says so") {
  Bench bench;
  const TemporaryFolder folder;
  const std::string packed = gzip(csv(0, 5000));
  write(folder / "whole.csv.gz", packed);
  write(folder / "cut.csv.gz", packed.substr(0, packed.size() / 2));
  bench.add_archive("cut", "csv", folder / "cut.csv.gz");

  const auto cut = bench.run();
  bench.sources[0].path = folder / "whole.csv.gz";
  const auto whole = bench.run();

  REQUIRE(cut[0].error);
  CHECK(cut[0].error->kind == Error::Kind::format);
  CHECK(cut[0].error->message == fmt::format("{}: the gzip stream is cut off after {} bytes",
                                             folder / "cut.csv.gz", packed.size() / 2));
  CHECK(cut[0].posts.added > 1000);
  CHECK(cut[0].posts.added < 5000);
  CHECK_FALSE(whole[0].error);
  CHECK(bench.stored_posts() == 5000);
}

TEST_CASE("collector: bad lines cost themselves, and are counted and named") {
  Bench bench;
  const TemporaryFolder folder;
  write(folder / "posts.jsonl",
        "{\"id\":\"1\",\"text\":\"good\",\"created_at\":\"2026-11-22T03:00:00Z\"}\n"
        "{\"id\":\"2\",\"text\":\n"
        "{\"id\":\"3\",\"text\":\"good\",\"created_at\":\"2026-11-22T03:00:00Z\"}\n"
        "[]\n");
  bench.add_archive("posts", "jsonl", folder / "posts.jsonl");

  const auto outcomes = bench.run();

  CHECK_FALSE(outcomes[0].error);
  CHECK(outcomes[0].rows == 4);
  CHECK(outcomes[0].posts.added == 2);
  CHECK(outcomes[0].bad_rows == 2);
  REQUIRE(outcomes[0].bad.size() == 2);
  CHECK(outcomes[0].bad[0].line == 2);
  CHECK(outcomes[0].bad[1].line == 4);
  CHECK(outcomes[0].bad[1].reason == "not a JSON object");
}

TEST_CASE("collector: a missing archive is one error, and the next archive is read") {
  Bench bench;
  const TemporaryFolder folder;
  write(folder / "posts.csv", csv(0, 2));
  bench.add_archive("missing", "csv", folder / "nowhere.csv");
  bench.add_archive("posts", "csv", folder / "posts.csv");

  const auto outcomes = bench.run();

  REQUIRE(outcomes[0].error);
  CHECK(outcomes[0].error->kind == Error::Kind::io);
  CHECK(outcomes[0].error->message == folder / "nowhere.csv" + ": no such file");
  CHECK(outcomes[1].posts.added == 2);
  CHECK(bench.store->sources()->size() == 1);
}
