#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/opml.hpp"

/// What a list said once it says again after a round trip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = earshot::parse_opml({reinterpret_cast<const char*>(data), size});
  if (!list) return 0;
  for (const auto& feed : list->feeds)
    if (!feed.url.starts_with("http") && !feed.url.starts_with("HTTP") && feed.url.size() < 8)
      __builtin_trap();
  const auto again = earshot::parse_opml(earshot::write_opml(list->feeds, list->title));
  if (!list->feeds.empty() && (!again || again->feeds.size() != list->feeds.size()))
    __builtin_trap();
  return 0;
}
