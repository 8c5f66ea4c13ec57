#include <cstdint>
#include <string>
#include <vector>

#include "analyze/comparison.hpp"
#include "analyze/post_parts.hpp"

/// Every third word names one of three entities, two of them parties.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static earshot::WordSplitter splitter;
  static earshot::PostParts parts;
  static std::vector<earshot::Verdict> verdicts;
  const std::string text{reinterpret_cast<const char*>(bytes), size};
  const auto words = splitter.split(text);
  std::vector<earshot::Naming> namings;
  for (std::uint32_t i = 0; i < words.size(); i += 3)
    namings.push_back({static_cast<earshot::EntityIndex>(i % 7 % 3), i, i % 2 + 1});
  if (!namings.empty() && namings.back().first + namings.back().count > words.size())
    namings.back().count = 1;
  parts.cut(text, words, namings, 2);
  earshot::find_verdicts(parts, verdicts);
  return 0;
}
