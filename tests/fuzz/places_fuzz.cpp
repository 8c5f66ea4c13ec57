// Where people say they are, and the patterns for it: up to the first NUL a pattern a line, behind
// it the place.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/places.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto end = std::min(input.find('\0'), size);
  std::vector<earshot::PlaceRule> rules;
  for (std::string_view patterns = input.substr(0, end); !patterns.empty();) {
    const auto line = std::min(patterns.find('\n'), patterns.size());
    rules.push_back({std::string{patterns.substr(0, line)}, "somewhere"});
    patterns.remove_prefix(std::min(line + 1, patterns.size()));
  }
  const auto table = earshot::PlaceTable::create(rules);
  if (!table) return 0;
  earshot::PlaceTable::Scratch scratch;
  const auto found = table->find(input.substr(std::min(end + 1, size)), scratch);
  if (found && *found >= rules.size()) __builtin_trap();
  return 0;
}
