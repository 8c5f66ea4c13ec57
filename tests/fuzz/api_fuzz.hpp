#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "ingest/api.hpp"
#include "ingest/reread.hpp"
#include "ingest/source.hpp"

/// Polls a source whose server answers `bytes` to everything but a log-in, a few pages deep, lets
/// it read posts again, and traps on a post that lacks what every post has.
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
  const auto check = [](const Page& page) {
    if (page.rows < page.posts.posts.size() + page.bad_rows) __builtin_trap();
    for (const auto& post : page.posts.posts)
      if (post.native_id.empty() || post.network.empty()) __builtin_trap();
  };
  std::string cursor;
  PostBatch known;
  const std::size_t room = (*source)->rereads();
  for (int pages = 0; pages < 8; ++pages) {
    auto page = (*source)->fetch(http, {.cursor = cursor, .token = token}, Instant{});
    if (!page) break;
    check(*page);
    for (const auto& post : page->posts.posts)
      if (known.posts.size() < room && (*source)->can_reread(post))
        add_post(known, to_reread(post));
    if (!page->more) break;
    cursor = page->next_cursor;
  }
  if (known.posts.empty()) return;
  cursor.clear();
  for (std::size_t steps = 0;; ++steps) {
    auto page = (*source)->reread(http, {.cursor = cursor, .token = token}, known.posts, Instant{});
    if (!page) break;
    check(*page);
    if (!page->more) break;
    if (steps > 2 * room + 2) __builtin_trap();  // it does not come to an end
    cursor = page->next_cursor;
  }
}
