#include <cstdint>

#include "analyze/advocacy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static earshot::AdvocacyScratch scratch;
  if (size == 0) return 0;
  const auto sentiment = static_cast<earshot::Sentiment>(bytes[0] % 3 - 1);
  earshot::label_advocacy({reinterpret_cast<const char*>(bytes) + 1, size - 1}, sentiment, scratch);
  return 0;
}
