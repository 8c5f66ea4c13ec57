#include <cstddef>
#include <cstdint>

#include "ingest/csv.hpp"
#include "tests/fuzz/archive_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  // A whole archive is slow under the sanitizers: one input in eight. The header is given.
  if (size % 8 == 0) read_archive("csv", "id,created_at,text,likes\n" + std::string{text});
  std::vector<std::string_view> fields;
  while (!text.empty()) {
    const auto record = earshot::find_csv_record(text, ',');
    if (record.size > record.next || record.next == 0) __builtin_trap();
    earshot::TextArena unquoted;
    earshot::split_csv_record(text.substr(0, record.size), ',', fields, unquoted);
    std::size_t length = 0;
    for (const auto field : fields) length += field.size();
    // Fields hold no more than the record, and only the last line of a text may be open.
    if (fields.empty() || length > record.size || (!record.complete && record.next != text.size()))
      __builtin_trap();
    text.remove_prefix(record.next);
  }
  return 0;
}
