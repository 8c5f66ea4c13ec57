#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/robots.hpp"

/// The path is the first line, the file the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto path = bytes.substr(0, bytes.find('\n'));
  const auto rules = earshot::RobotsRules::parse(bytes.substr(path.size()), "earshot");
  if (!rules.allow("/robots.txt")) __builtin_trap();
  if (rules.allow(path) != rules.allow(path)) __builtin_trap();
  return 0;
}
