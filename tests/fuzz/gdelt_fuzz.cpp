#include <cstddef>
#include <cstdint>

#include "tests/fuzz/api_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  earshot::SourceConfig config;
  config.name = "fuzz";
  config.type = "gdelt";
  config.url = "https://api.gdeltproject.org";
  config.options = {{"search", "beans"}, {"since", "2026-08-01"}};
  poll_api(config, {reinterpret_cast<const char*>(data), size});
  return 0;
}
