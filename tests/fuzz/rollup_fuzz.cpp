#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/rocks/columns.hpp"
#include "store/rocks/rollups.hpp"

using namespace earshot;
using namespace earshot::rocks;

/// Rollups and inboxes, as damaged as they come: the input is what zstd would hold. What can be
/// read must come back the same after it is written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  std::string stored(16, '\x80');
  compress(input, stored);
  if (const auto rollup = decode_rollup({}, stored)) {
    std::string once, twice;
    encode_rollup(*rollup, once);
    const auto again = decode_rollup({}, once);
    if (!again) __builtin_trap();
    encode_rollup(*again, twice);
    if (once != twice) __builtin_trap();
  }
  if (const auto rows = decode_inbox({}, {}, std::string_view{stored}.substr(16))) {
    std::string once, twice;
    encode_inbox({}, *rows, once);
    const auto again = decode_inbox({}, {}, once);
    if (!again) __builtin_trap();
    encode_inbox({}, *again, twice);
    if (once != twice) __builtin_trap();
  }
  decode_rollup({}, input);
  return 0;
}
