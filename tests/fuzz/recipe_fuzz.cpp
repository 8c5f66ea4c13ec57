#include <cstdint>

#include "cli/recipe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto request =
      earshot::parse_recipe({reinterpret_cast<const char*>(bytes), size}, "recipe.toml", "data");
  return request || !request.error().message.empty() ? 0 : 1;
}
