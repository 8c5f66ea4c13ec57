#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/feed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto feed = earshot::parse_feed(bytes, {.url = "https://example.org/feed", .links = true},
                                        {.source = "fuzz"});
  if (!feed) return 0;
  for (const auto& post : feed->posts.posts)
    if (post.text.empty() || post.native_id.empty() || post.network != "feed:example.org/feed")
      __builtin_trap();
  return 0;
}
