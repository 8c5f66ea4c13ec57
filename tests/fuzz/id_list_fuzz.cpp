#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/id_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto ids = earshot::parse_id_list({reinterpret_cast<const char*>(data), size}, "ids");
  if (!ids) return 0;
  for (const auto& id : *ids)
    if (earshot::posts_shown_as(id).empty()) __builtin_trap();  // each line names some post
  return 0;
}
