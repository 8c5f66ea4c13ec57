#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/encoding.hpp"
#include "ingest/utf16.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  earshot::Utf16Decoder decoder{data[0] % 2 == 0};
  std::span<const char> from{reinterpret_cast<const char*>(data) + 1, size - 1};
  std::string text;
  char room[7];
  for (std::size_t round = 0;; ++round) {
    std::size_t taken = 0, filled = 0;
    decoder.step(from, taken, {room, 1 + round % 7}, filled);
    text.append(room, filled);
    from = from.subspan(taken);
    if (filled == 0 && from.empty()) break;
  }
  // Whatever comes in, UTF-8 comes out, and nothing of a whole text is lost.
  if (!earshot::is_utf8(text) || text.size() > size / 2 * 3) __builtin_trap();
  return 0;
}
