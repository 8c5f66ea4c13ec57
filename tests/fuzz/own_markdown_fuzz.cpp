#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/own_markdown.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view markdown{reinterpret_cast<const char*>(data), size};
  const auto text = earshot::own_markdown_text(markdown);
  // A quote mark may get a space, a named character more bytes than its name.
  if (text.size() > 2 * markdown.size() + 2) __builtin_trap();
  return 0;
}
