#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/html_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view html{reinterpret_cast<const char*>(data), size};
  const auto text = earshot::html_text(html);
  // Text is never longer than the markup that it comes from.
  if (text.size() > html.size()) __builtin_trap();
  return 0;
}
