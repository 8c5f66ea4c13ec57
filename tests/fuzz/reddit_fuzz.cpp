#include <cstddef>
#include <cstdint>

#include "tests/fuzz/api_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  earshot::SourceConfig config;
  config.name = "fuzz";
  config.type = "reddit";
  config.url = "https://oauth.reddit.com";
  for (const auto* wish : {"subreddit", "search", "thread"}) {
    config.options = {{wish, "beans"}, {"threads", "true"}, {"since", "2026-08-01"}};
    poll_api(config, {reinterpret_cast<const char*>(data), size}, "id:secret");
  }
  return 0;
}
