#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/feed_date.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto at = earshot::parse_feed_date({reinterpret_cast<const char*>(data), size});
  // What was read can be written and read again.
  if (at && *at >= earshot::from_unix(-62167219200) && *at <= earshot::from_unix(253402300799) &&
      earshot::parse_feed_date(earshot::format_instant(*at)) != at)
    __builtin_trap();
  return 0;
}
