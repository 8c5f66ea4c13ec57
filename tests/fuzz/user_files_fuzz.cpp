// A table that somebody keeps in a spreadsheet: any bytes give rows or one line of error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/user_files.hpp"

/// The first line says which table, the rest is its bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto calendar = earshot::Calendar::create("Australia/Brisbane", 1);
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto end = std::min(input.find('\n'), size);
  const auto text = input.substr(std::min(end + 1, size));
  for (const std::string_view name :
       {"exposure", "traffic", "cases", "survey", "followers", "staff", "spend", "milestones"}) {
    if (input.substr(0, end) != name) continue;
    earshot::UserFiles files;
    const auto read = earshot::parse_user_file(name, text, "fuzz.csv", *calendar, files);
    if (!read && !read.error().message.starts_with("fuzz.csv:")) std::abort();
  }
  const auto places = earshot::parse_places(text, "fuzz.csv");
  if (!places && !places.error().message.starts_with("fuzz.csv:")) std::abort();
  return 0;
}
