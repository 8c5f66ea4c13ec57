#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/refusal.hpp"
#include "ingest/source.hpp"

using namespace earshot;

/// The headers of an answer, one a line after a byte for its status: no wish that they speak of is
/// in the past, or further away than a year.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  struct OneAnswer final : HttpClient {
    HttpResponse answer;
    Result<HttpResponse> get(const HttpRequest&) override { return answer; }
  };
  constexpr std::string_view names[] = {
      "retry-after",           "cache-control",     "expires",     "last-modified",
      "x-ratelimit-remaining", "x-ratelimit-reset", "cf-mitigated"};
  constexpr int statuses[] = {200, 304, 403, 404, 429, 503};
  if (size == 0) return 0;
  OneAnswer http;
  http.answer = {.status = statuses[*data % 6], .body = "<rss><channel/></rss>"};
  std::string_view rest{reinterpret_cast<const char*>(data + 1), size - 1};
  for (const auto name : names) {
    const auto end = std::min(rest.find('\n'), rest.size());
    http.answer.headers.emplace_back(name, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const Instant now = from_unix(1'800'000'000);
  SourceConfig config;
  config.name = "news";
  config.url = "https://feeds.example/";
  const auto source = find_source_type("feed")->make(config);
  const auto page = (*source)->fetch(http, {.etag = "\"1\""}, now);
  if (!page) return 0;
  constexpr std::chrono::seconds year{366 * 86'400};
  for (const auto& wish : {page->wait, page->fresh})
    if (wish && (wish->count() < 0 || *wish > year)) __builtin_trap();
  return 0;
}
