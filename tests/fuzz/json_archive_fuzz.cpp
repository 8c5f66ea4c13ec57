#include <cstddef>
#include <cstdint>

#include "ingest/archive_look.hpp"
#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto look = earshot::look_at_bytes(text);
  for (const auto& layout : look.layouts)
    if (look.count(layout) > layout.size()) __builtin_trap();
  read_archive("json", text);
  return 0;
}
