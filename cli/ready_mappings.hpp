#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/mapping_file.hpp"
#include "ingest/archive_look.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// A mapping that comes with earshot: a file of configs/mappings/, called by its name.
struct ReadyMapping {
  std::string_view name;
  std::string_view toml;
};

/// All of them, by name.
std::span<const ReadyMapping> ready_mappings();

/// "4cat, airlines_2015, brandwatch, ...": for messages and help.
std::string ready_mapping_names();

/// The mapping in the file at `path`; where there is no such file, the ready one that is called
/// `name`. Error: `config`; with a did-you-mean if it is neither.
Result<MappingFile> find_mapping(const std::string& path, const std::string& name);

/// The name of the ready mapping for archives that look so: all columns by which it is known are
/// there. Of several the one that is known by most. Empty if there is none.
std::string_view recognised_mapping(const ArchiveLook& look);

/// The ready mappings half of whose columns are there, the likeliest first.
std::vector<std::string_view> likely_mappings(const ArchiveLook& look);

}  // namespace earshot
