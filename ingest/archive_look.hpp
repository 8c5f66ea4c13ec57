#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// What an archive looks like from its first 64 KB.
struct ArchiveLook {
  std::string type;  ///< A name of `sources.def`; empty if only its name can tell.
  /// The names that its records may have: each line at the top of a CSV file, split in each way;
  /// all members of the first records of a JSON file, in one.
  std::vector<std::vector<std::string>> layouts;

  bool has(const std::vector<std::string>& names) const;

  /// How many of these names the layout has that has most of them.
  std::size_t count(const std::vector<std::string>& names) const;
};

/// Looks at a file, which may lie in a packed one, or at the folder that an archive was unpacked
/// to. Sees nothing in standard input, and nothing in what can't be read: whoever reads it will say
/// why.
ArchiveLook look_at_archive(const std::string& path);

/// The same of the first bytes.
ArchiveLook look_at_bytes(std::string_view beginning);

}  // namespace earshot
