#include <cstdlib>
#include <string>

#include "analyze/features.hpp"
#include "analyze/language.hpp"
#include "analyze/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  std::string normalised;
  earshot::Features features;
  const earshot::TextStyle style = earshot::normalise(text, normalised);
  earshot::TokenisedText tokenised;
  tokenised.read(normalised);
  std::size_t done = 0;
  for (const earshot::Token& token : tokenised.tokens()) {
    if (token.begin < done || token.end <= token.begin || token.end > normalised.size())
      std::abort();
    done = token.end;
  }
  earshot::extract_features(tokenised, style, features);
  if (features.seen().size() > normalised.size()) std::abort();
  for (const std::uint32_t row : features.words())
    if (row >= earshot::feature_rows) std::abort();
  for (const std::uint32_t row : features.characters())
    if (row >= earshot::feature_rows) std::abort();
  earshot::detect_language(text, text.substr(0, 5));
  return 0;
}
