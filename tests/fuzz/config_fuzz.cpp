// A config or a mapping that somebody else wrote: any bytes give a value or one line of error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/config.hpp"
#include "cli/mapping_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto config = earshot::parse_config(text, "fuzz.toml");
  if (!config && !config.error().message.starts_with("fuzz.toml")) std::abort();
  (void)earshot::parse_mapping(text, "fuzz.toml").has_value();
  return 0;
}
