#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// A post with the sentiment that people gave it.
struct LabelledText {
  std::uint8_t label = 0;  ///< 0 negative, 1 neutral, 2 positive.
  std::string_view text;
};

/// A file of `label<TAB>text` lines. Move it, don't copy it: the texts are views into `bytes`.
struct LabelledFile {
  std::string name;  ///< Without its folder.
  std::vector<char> bytes;
  std::uint64_t hash = 0;  ///< XXH3 of the bytes.
  std::vector<LabelledText> rows;
};

/// Errors: `io` (can't be read), `format` (file:line; a line without a tab, another label, no line
/// at all).
Result<LabelledFile> read_labelled_file(const std::string& path);

}  // namespace earshot
