#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_archive("twitter_archive", "window.YTD.tweets.part0 = [" +
                                      std::string{reinterpret_cast<const char*>(data), size});
  return 0;
}
