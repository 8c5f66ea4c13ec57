#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/source.hpp"
#include "store/base/file.hpp"
#include "store/base/http.hpp"

namespace earshot {

// What tests of sources that are polled have in common.

/// The source that a config describes.
inline std::unique_ptr<Source> source_of(const SourceConfig& config) {
  auto source = find_source_type(config.type)->make(config);
  REQUIRE(source);
  return std::move(*source);
}

inline HttpResponse ok(std::string body, HttpHeaders headers = {}) {
  return {.status = 200, .headers = std::move(headers), .body = std::move(body)};
}

/// A file of tests/fixtures as an answer.
inline HttpResponse answer_of_fixture(const std::string& name) {
  const auto bytes = read_file(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/" + name);
  REQUIRE(bytes);
  return ok(*bytes);
}

/// Posts that are to be read again and of which no more is known than their ids, which must live
/// as long.
inline std::vector<Post> posts_called(std::initializer_list<std::string_view> ids) {
  std::vector<Post> posts;
  for (const std::string_view id : ids) posts.push_back({.native_id = id});
  return posts;
}

}  // namespace earshot
