#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// An archive's layout as declared in a TOML file: see `configs/README.md`.
struct MappingFile {
  std::string format;  ///< "csv", "jsonl", "json", or empty: not said.
  /// An archive that has all these columns is of this layout, if nobody says otherwise.
  std::vector<std::string> known_by;
  Mapping mapping;
};

/// Errors (`config`): file:line and what is wrong, with a did-you-mean for unknown keys and fields.
Result<MappingFile> load_mapping(const std::string& path);

/// The same of bytes that were read from `path`.
Result<MappingFile> parse_mapping(std::string_view bytes, const std::string& path);

}  // namespace earshot
