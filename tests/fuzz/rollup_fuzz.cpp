#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/audience.hpp"
#include "store/rocks/authors.hpp"
#include "store/rocks/bytes.hpp"
#include "store/rocks/columns.hpp"
#include "store/rocks/dialogues.hpp"
#include "store/rocks/rollups.hpp"

using namespace earshot;
using namespace earshot::rocks;

/// Rollups, dialogues and what authors said, as damaged as they come: the input is what zstd would
/// hold. What can be read must come back the same after it is written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  std::string stored(16, '\x80');
  compress({std::string{input}}, stored);
  if (const auto rollup = decode_rollup({}, stored)) {
    std::string once, twice;
    encode_rollup(*rollup, once);
    const auto again = decode_rollup({}, once);
    if (!again) __builtin_trap();
    encode_rollup(*again, twice);
    if (once != twice) __builtin_trap();
  }
  std::string parts;
  for (int part = 0; part < 5; ++part) ByteWriter{parts}.text(std::string_view{stored}.substr(16));
  for (const auto table : {Table::waits, Table::answers, Table::activity, Table::own_posts})
    for (const bool early : {false, true}) {
      const auto dialogue = decode_dialogue({}, {}, {table}, early, parts);
      if (!dialogue) continue;
      std::string once, twice;
      encode_dialogue({}, *dialogue, once);
      const auto again = decode_dialogue({}, {}, dialogue_tables, early, once);
      if (!again) __builtin_trap();
      encode_dialogue({}, *again, twice);
      if (once != twice) __builtin_trap();
    }
  if (const auto shares = decode_authors(std::string_view{stored}.substr(16))) {
    std::string once;
    encode_authors(*shares, once);
    if (decode_authors(once) != shares) __builtin_trap();
    AudienceTally audience;
    audience.add(std::span{&*shares, 1});
    audience.finish();
  }
  if (const auto rows = decode_audience(std::string_view{stored}.substr(16))) {
    std::string once;
    encode_audience(*rows, once);
    if (decode_audience(once) != rows) __builtin_trap();
  }
  decode_rollup({}, input);
  decode_dialogue({}, {}, dialogue_tables, true, input);
  return 0;
}
