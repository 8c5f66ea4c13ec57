#include <cstddef>
#include <cstdint>

#include "tests/fuzz/api_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  earshot::SourceConfig config;
  config.name = "fuzz";
  config.type = "hackernews";
  config.url = "https://hn.algolia.com";
  config.options = {{"search", "beans"}, {"since", "2026-08-01"}};
  poll_api(config, {reinterpret_cast<const char*>(data), size});
  config.options = {{"follow", "true"}};
  poll_api(config, {reinterpret_cast<const char*>(data), size});
  return 0;
}
