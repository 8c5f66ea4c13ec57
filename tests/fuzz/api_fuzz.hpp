#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/source.hpp"

/// Polls a source whose server answers `bytes` to everything but a log-in, a few pages deep, and
/// traps on a post that lacks what every post has.
inline void poll_api(const earshot::SourceConfig& config, std::string_view bytes,
                     std::string_view token = {}) {
  using namespace earshot;
  struct SameAnswer final : HttpClient {
    std::string body;
    Result<HttpResponse> get(const HttpRequest& request) override {
      const std::string session = R"({"access_token":"key"})";
      return HttpResponse{
          .status = 200, .body = request.post.empty() ? body : session, .url = request.url};
    }
  };
  auto source = find_source_type(config.type)->make(config);
  if (!source) abort();
  SameAnswer http;
  http.body = bytes;
  std::string cursor;
  for (int pages = 0; pages < 8; ++pages) {
    auto page = (*source)->fetch(http, {.cursor = cursor, .token = token}, Instant{});
    if (!page) return;
    if (page->rows < page->posts.posts.size() + page->bad_rows) __builtin_trap();
    for (const auto& post : page->posts.posts)
      if (post.native_id.empty() || post.network.empty()) __builtin_trap();
    if (!page->more) return;
    cursor = page->next_cursor;
  }
}
