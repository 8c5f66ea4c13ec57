#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/source.hpp"

namespace {

/// All that is asked is posted, and answered with the same bytes.
struct SameAnswer final : earshot::HttpClient {
  std::string body;
  earshot::Result<earshot::HttpResponse> get(const earshot::HttpRequest& request) override {
    return earshot::HttpResponse{.status = 200, .body = body, .url = request.url};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  earshot::SourceConfig config;
  config.name = "fuzz";
  config.type = "github_discussions";
  config.url = "https://api.github.com";
  config.options = {{"repository", "greenbasket/shop"}, {"since", "2026-08-01"}};
  const auto source = earshot::find_source_type(config.type)->make(config);
  SameAnswer http;
  http.body.assign(reinterpret_cast<const char*>(data), size);
  std::string cursor;
  for (int pages = 0; pages < 8; ++pages) {
    auto page = (*source)->fetch(http, {.cursor = cursor, .token = "t"}, earshot::Instant{});
    if (!page || page->refused_status != 0) return 0;
    if (page->rows != page->posts.posts.size() + page->bad_rows) __builtin_trap();
    for (const auto& post : page->posts.posts)
      if (post.native_id.empty() || post.text.empty()) __builtin_trap();
    if (!page->more) return 0;
    cursor = page->next_cursor;
  }
  return 0;
}
