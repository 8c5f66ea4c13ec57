#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ingest/source.hpp"

namespace earshot {

/// All pages of an archive.
struct ReadArchive {
  std::vector<Page> pages;  ///< They keep the texts.
  std::vector<Post> posts;
  std::vector<std::string> removed;  ///< Native ids.
  std::vector<std::string> bad;      ///< "line: reason"
  std::uint64_t rows = 0, bad_rows = 0;
  std::string error;

  /// The post of that id; fails the test if there is none.
  const Post& post(std::string_view native_id) const {
    for (const auto& each : posts)
      if (each.native_id == native_id) return each;
    FAIL("no post " << native_id);
    return posts.front();
  }
};

/// Reads an archive to its end as a source of that type, or to its first error.
inline ReadArchive read_archive_as(std::string_view type, SourceConfig config) {
  struct NoHttp final : HttpClient {
    Result<HttpResponse> get(const HttpRequest&) override {
      return Error{Error::Kind::network, "none"};
    }
  };
  ReadArchive whole;
  if (config.name.empty()) config.name = "import";
  const auto source = find_source_type(type)->make(config);
  if (!source) return whole.error = source.error().message, std::move(whole);
  NoHttp http;
  std::string cursor;
  for (bool more = true; more;) {
    auto page = (*source)->fetch(http, {.cursor = cursor}, Instant{});
    if (!page) return whole.error = page.error().message, std::move(whole);
    whole.posts.insert(whole.posts.end(), page->posts.posts.begin(), page->posts.posts.end());
    for (const auto& bad : page->bad)
      whole.bad.push_back(fmt::format("{}: {}", bad.line, bad.reason));
    for (const auto& id : page->removed) whole.removed.emplace_back(id.native_id);
    whole.rows += page->rows;
    whole.bad_rows += page->bad_rows;
    cursor = page->next_cursor;
    more = page->more;
    whole.pages.push_back(std::move(*page));
  }
  return whole;
}

}  // namespace earshot
