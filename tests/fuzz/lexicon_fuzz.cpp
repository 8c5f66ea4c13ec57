#include <cstdint>
#include <cstdlib>

#include "analyze/lexicon.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto file =
      earshot::parse_lexicon({reinterpret_cast<const char*>(bytes), size}, "lexicon.tsv");
  if (!file) return 0;
  const auto slots = earshot::make_lexicon_slots(file->words);
  if (!earshot::are_lexicon_slots(slots)) std::abort();
  for (const earshot::LexiconWord& word : file->words) {
    const earshot::WordSeen seen{word.hash, false};
    const auto sums = earshot::Lexicon{slots}.sum({&seen, 1});
    if (sums.positive < 0 || sums.negative < 0) std::abort();
  }
  return 0;
}
