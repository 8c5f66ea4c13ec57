// A sheet that somebody filled in, and the file of audits: any bytes give rows or one line of
// error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/audit_file.hpp"
#include "cli/audit_sheet.hpp"
#include "cli/audit_writers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto sheet = earshot::parse_audit_sheet(input, "fuzz.csv");
  if (!sheet && !sheet.error().message.starts_with("fuzz.csv:")) __builtin_trap();
  if (sheet && earshot::match_audit_sheet(*sheet, {})) __builtin_trap();

  const auto audits = earshot::parse_audits(input);
  if (!audits) return 0;
  const auto again = earshot::parse_audits(earshot::format_audits(*audits));
  if (!again || *again != *audits) __builtin_trap();
  return 0;
}
