// How many posts a second the archive sources and the feed parser read; input made here, from a
// fixed seed.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include "ingest/date_text.hpp"
#include "ingest/feed.hpp"
#include "ingest/source.hpp"
#include "store/base/parallel.hpp"

namespace {

using namespace earshot;

struct NoHttp final : HttpClient {
  Result<HttpResponse> get(const HttpRequest&) override {
    return Error{Error::Kind::network, "no network here"};
  }
};

/// A file that goes when the benchmark does.
struct MadeFile {
  std::filesystem::path path;
  explicit MadeFile(std::string_view text)
      : path{std::filesystem::temp_directory_path() / fmt::format("ingest_bench.{}", getpid())} {
    std::ofstream{path, std::ios::binary} << text;
  }
  ~MadeFile() { std::filesystem::remove(path); }
};

std::string made_text(std::mt19937_64& random) {
  static constexpr std::string_view words[] = {
      "the", "delivery", "was",     "late",  "again",     "and", "nobody", "answers",
      "😂",   "great",    "service", "would", "recommend", "box", "#fresh", "@greenbasket"};
  std::string text;
  for (auto left = 15 + random() % 35; left > 0; --left)
    text.append(words[random() % std::size(words)]).append(" ");
  return text;
}

/// About 380 bytes a line, in the members of the default layout.
std::string made_lines(std::int64_t posts) {
  std::mt19937_64 random{1};
  std::string lines;
  for (std::int64_t i = 0; i < posts; ++i)
    lines += fmt::format(
        R"({{"id":"{}","channel":"forum","author":"someone_{}","followers":{},"text":"{}","created_at":"2024-0{}-1{}T0{}:32:59Z",)"
        R"("in_reply_to":"{}","likes":{},"shares":{},"replies":0,"url":"https://forum.example/status/{}","lang":"en"}})"
        "\n",
        1741663785451520000 + i, random() % 5000, random() % 2000, made_text(random),
        1 + random() % 9, random() % 10, random() % 10, 1741663785451520000 + i / 2, random() % 50,
        random() % 9, i);
  return lines;
}

std::string made_rows(std::int64_t posts) {
  std::mt19937_64 random{1};
  std::string rows =
      "id,channel,author,followers,text,created_at,in_reply_to,likes,shares,replies,url,lang\n";
  for (std::int64_t i = 0; i < posts; ++i)
    rows += fmt::format(
        "{},forum,someone_{},{},\"{}\",2024-0{}-1{}T0{}:32:59Z,{},{},{},0,https://forum.example/"
        "status/{},en\n",
        1741663785451520000 + i, random() % 5000, random() % 2000, made_text(random),
        1 + random() % 9, random() % 10, random() % 10, 1741663785451520000 + i / 2, random() % 50,
        random() % 9, i);
  return rows;
}

std::string made_feed(std::int64_t items) {
  std::mt19937_64 random{1};
  std::string feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Made</title>";
  for (std::int64_t i = 0; i < items; ++i)
    feed += fmt::format(
        "<item><guid>{0}</guid><link>https://feed.example/{0}</link><title>Item {0}</title>"
        "<pubDate>Mon, 01 Jan 2024 03:32:59 "
        "+0000</pubDate><description>&lt;p&gt;{1}&lt;/p&gt;</description></item>\n",
        i, made_text(random));
  return feed + "</channel></rss>";
}

void read_archive(benchmark::State& state, std::string_view type, const std::string& text) {
  const MadeFile file{text};
  SourceConfig config;
  config.name = "made";
  config.path = file.path.string();
  config.mapping = default_mapping();
  set_thread_count(static_cast<unsigned>(state.range(1)));
  NoHttp http;
  for (auto _ : state) {
    auto source = find_source_type(type)->make(config);
    if (!source) return state.SkipWithError(source.error().message.c_str());
    std::string cursor;
    for (bool more = true; more;) {
      auto page = (*source)->fetch(http, {.cursor = cursor}, Instant{});
      if (!page) return state.SkipWithError(page.error().message.c_str());
      benchmark::DoNotOptimize(page->posts.posts.data());
      cursor = page->next_cursor;
      more = page->more;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void jsonl_source(benchmark::State& state) {
  read_archive(state, "jsonl", made_lines(state.range(0)));
}
BENCHMARK(jsonl_source)
    ->ArgNames({"posts", "threads"})
    ->ArgsProduct({{100'000}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void csv_source(benchmark::State& state) {
  read_archive(state, "csv", made_rows(state.range(0)));
}
BENCHMARK(csv_source)
    ->ArgNames({"posts", "threads"})
    ->ArgsProduct({{100'000}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void feed_document(benchmark::State& state) {
  const auto feed = made_feed(state.range(0));
  for (auto _ : state) {
    auto parsed = parse_feed(feed, {.url = "https://feed.example/rss"}, {});
    if (!parsed) return state.SkipWithError(parsed.error().message.c_str());
    benchmark::DoNotOptimize(parsed->posts.posts.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(feed.size()));
}
BENCHMARK(feed_document)->ArgName("items")->Arg(1000)->Unit(benchmark::kMillisecond);

void dates(benchmark::State& state, std::string_view format, std::string_view text) {
  const auto compiled = *DateFormat::compile(format);
  for (auto _ : state) benchmark::DoNotOptimize(compiled.parse(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(dates, rfc3339, "rfc3339", "2024-01-01T03:32:59Z");
BENCHMARK_CAPTURE(dates, rfc3339_offset, "rfc3339", "2024-01-01 03:32:59.125+01:00");
BENCHMARK_CAPTURE(dates, rfc822, "rfc822", "Mon, 01 Jan 2024 03:32:59 +0000");
BENCHMARK_CAPTURE(dates, pattern, "%a %b %d %H:%M:%S %z %Y", "Tue Oct 31 22:10:47 +0000 2017");

}  // namespace
