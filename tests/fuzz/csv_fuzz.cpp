#include <cstddef>
#include <cstdint>

#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The header is given, so that the fuzzer spends its time on records.
  read_archive(
      "csv", "id,created_at,text,likes\n" + std::string{reinterpret_cast<const char*>(data), size});
  return 0;
}
