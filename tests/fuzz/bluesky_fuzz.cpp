#include <cstddef>
#include <cstdint>

#include "tests/fuzz/api_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  earshot::SourceConfig config;
  config.name = "fuzz";
  config.type = "bluesky";
  config.url = "https://public.api.bsky.app";
  for (const auto* wish : {"account", "thread"}) {
    config.options = {{wish, "at://nell.example/app.bsky.feed.post/1"}, {"since", "2026-08-01"}};
    poll_api(config, {reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
