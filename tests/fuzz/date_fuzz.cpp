#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/date_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto line_end = text.find('\n');
  for (const auto format : {std::string_view{"rfc3339"}, std::string_view{"rfc822"},
                            std::string_view{"unix"}, std::string_view{"unix_ms"},
                            std::string_view{"%a %b %d %H:%M:%S %z %Y"}, text.substr(0, line_end)})
    if (const auto compiled = earshot::DateFormat::compile(format)) {
      const auto at = compiled->parse(line_end == text.npos ? text : text.substr(line_end + 1));
      // Whatever was read is a date that can be written and read again.
      if (at && *at >= earshot::from_unix(-62167219200) &&
          *at <= earshot::from_unix(253402300799) &&
          earshot::parse_rfc3339(earshot::format_instant(*at)) != at)
        __builtin_trap();
    }
  return 0;
}
