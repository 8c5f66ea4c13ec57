#include <cstddef>
#include <cstdint>
#include <string>

#include "ingest/mail_text.hpp"
#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  if (earshot::own_words(text).size() > size || earshot::within_mail_limits(text).size() > size + 1)
    __builtin_trap();
  read_archive("mbox", "From a@b.example Mon Aug  3 09:15:00 2026\n" + text);
  return 0;
}
