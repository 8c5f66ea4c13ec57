#include <algorithm>

#include "ingest/source.hpp"

namespace earshot {

#define EARSHOT_SOURCE(name, archive, summary) SourceDetails describe_##name();
#include "ingest/sources.def"
#undef EARSHOT_SOURCE

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
