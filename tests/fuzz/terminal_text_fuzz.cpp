#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "store/base/terminal_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto safe = earshot::printable({reinterpret_cast<const char*>(bytes), size});
  for (const char c : safe)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
  if (earshot::printable(safe) != safe) std::abort();  // safe text stays as it is
  earshot::display_width(safe);
  earshot::wrap_text(safe, 20);
  return 0;
}
