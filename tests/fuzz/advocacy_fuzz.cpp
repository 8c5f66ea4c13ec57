#include <cstdint>
#include <string>

#include "analyze/advocacy.hpp"
#include "analyze/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static earshot::AdvocacyScratch scratch;
  static std::string normalised;
  static earshot::TokenisedText tokenised;
  if (size == 0) return 0;
  const earshot::SentimentScore feeling{static_cast<earshot::Sentiment>(bytes[0] % 3 - 1), 900, 50,
                                        50};
  const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  earshot::normalise(text, normalised);
  tokenised.read(normalised);
  earshot::label_advocacy(tokenised, feeling, scratch);
  tokenised.read(text);
  earshot::label_advocacy(tokenised, feeling, scratch);
  return 0;
}
