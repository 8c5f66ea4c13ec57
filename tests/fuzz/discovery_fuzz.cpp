#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/discovery.hpp"

/// A page, and the same bytes as an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto hints = earshot::read_page_hints(bytes, "https://example.org/page");
  for (const auto& feed : hints.named)
    if (feed.source.type != "feed" || feed.source.url.empty()) __builtin_trap();
  for (const auto& found : earshot::sources_of_site(bytes))
    if (earshot::find_source_type(found.source.type) == nullptr) __builtin_trap();
  for (const auto* software : {"mastodon", "lemmy", "discourse"})
    earshot::sources_of_software(software, bytes);
  earshot::looks_federated(bytes);
  earshot::usual_feed_addresses(bytes);
  return 0;
}
