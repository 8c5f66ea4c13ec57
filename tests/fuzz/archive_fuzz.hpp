#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "ingest/source.hpp"

/// Reads `bytes` as an archive of that type, to its end, and traps on a post that lacks what every
/// post has. A record of a mapped archive is a post or bad; others may have records of other kinds,
/// and a message of mail may be a digest of several.
inline void read_archive(std::string_view type, std::string_view bytes) {
  using namespace earshot;
  struct NoHttp final : HttpClient {
    Result<HttpResponse> get(const HttpRequest&) override {
      return Error{Error::Kind::network, "none"};
    }
  };
  static const int file = memfd_create("archive", 0);
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    abort();
  SourceConfig config;
  config.name = "fuzz";
  config.path = "/proc/self/fd/" + std::to_string(file);
  config.mapping = default_mapping();
  auto source = find_source_type(type)->make(config);
  if (!source) abort();
  NoHttp http;
  std::string cursor;
  const bool mapped = find_source_type(type)->details.mapped;
  for (bool more = true; more;) {
    auto page = (*source)->fetch(http, {.cursor = cursor}, Instant{});
    if (!page) return;
    const auto told = page->posts.posts.size() + page->bad_rows;
    if (mapped ? page->rows != told : page->rows < told && type != "mbox") __builtin_trap();
    for (const auto& post : page->posts.posts)
      if (post.native_id.empty() || (mapped && post.text.empty())) __builtin_trap();
    cursor = page->next_cursor;
    more = page->more;
  }
}
