#include <cstddef>
#include <cstdint>

#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_archive("outbox", {reinterpret_cast<const char*>(data), size});
  return 0;
}
