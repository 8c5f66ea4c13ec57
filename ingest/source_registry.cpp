#include <algorithm>

#include "ingest/archive_files.hpp"
#include "ingest/packed.hpp"
#include "ingest/packed_files.hpp"
#include "ingest/source.hpp"

namespace earshot {

#define EARSHOT_SOURCE(name, archive, summary) SourceDetails describe_##name();
#include "ingest/sources.def"
#undef EARSHOT_SOURCE

Result<std::unique_ptr<Source>> SourceType::make(const SourceConfig& config) const {
  auto made = details.make(config);
  const auto packed = packed_path(config.path);
  if (!made || !archive || !packed || !packed->member.empty()) return made;
  const auto find = [type = name](const std::string& path) { return packed_files(path, type); };
  return make_archive_of_files(config, find, details.make);
}

const std::vector<SourceType>& source_types() {
  static const std::vector<SourceType> types{
#define EARSHOT_SOURCE(name, archive, summary) {#name, summary, archive, describe_##name()},
#include "ingest/sources.def"
#undef EARSHOT_SOURCE
  };
  return types;
}

const SourceType* find_source_type(std::string_view name) {
  const auto& types = source_types();
  const auto found = std::ranges::find(types, name, &SourceType::name);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace earshot
