#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/rocks/codec.hpp"

using namespace earshot;
using namespace earshot::rocks;

namespace {

/// What can be decoded must come out of the encoder as it went in, or at least as something that
/// decodes to the same again.
template <class Record>
void check(std::string_view bytes, bool (*decode)(std::string_view, Record&),
           void (*encode)(const Record&, std::string&)) {
  Record record;
  if (!decode(bytes, record)) return;
  std::string once, twice;
  encode(record, once);
  Record again;
  if (!decode(once, again)) __builtin_trap();
  encode(again, twice);
  if (once != twice) __builtin_trap();
}

}  // namespace

/// The records of the store, as damaged as they come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view record{reinterpret_cast<const char*>(bytes), size};
  check(record, decode_head, encode_head);
  check<Post>(record, decode_texts, encode_texts);
  check(record, decode_row, encode_row);
  check<Labels>(record, decode_labels, encode_labels);
  check(record, decode_generation, encode_generation);
  check(record, decode_source, encode_source);
  check(record, decode_host, encode_host);
  check(record, decode_poll, encode_poll);
  check(record, decode_ledger, encode_ledger);
  return 0;
}
