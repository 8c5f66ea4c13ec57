#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/feed_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string json = "{" + std::string{reinterpret_cast<const char*>(data), size};
  const auto feed =
      earshot::read_feed(json, {.url = "https://example.org/feed.json", .links = true});
  if (feed && feed->entries.size() > feed->items) __builtin_trap();
  return 0;
}
