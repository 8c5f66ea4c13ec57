#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto line_end = bytes.find('\n');
  const auto decoded = earshot::decode_text(
      line_end == bytes.npos ? bytes : bytes.substr(line_end + 1), bytes.substr(0, line_end));
  if (!earshot::is_utf8(decoded.text) || decoded.encoding.empty()) __builtin_trap();
  return 0;
}
