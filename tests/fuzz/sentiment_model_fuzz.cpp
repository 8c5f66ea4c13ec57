#include <cstdint>

#include "analyze/sentiment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto model =
      earshot::SentimentModel::parse({reinterpret_cast<const char*>(bytes), size}, "model");
  return model || !model.error().message.empty() ? 0 : 1;
}
