#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/digest_state.hpp"

/// What is read can be written, and reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto state = earshot::parse_digest_state({reinterpret_cast<const char*>(bytes), size});
  if (!state) return 0;
  const auto again = earshot::parse_digest_state(earshot::format_digest_state(*state));
  if (!again || *again != *state) __builtin_trap();
  return 0;
}
