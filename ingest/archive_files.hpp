#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/source.hpp"

namespace earshot {

/// Makes the source that reads one file.
using MakeFile = std::function<Result<std::unique_ptr<Source>>(const SourceConfig&)>;

/// One of the files of an archive.
struct ArchiveFile {
  std::string path;
  std::uint64_t size = 0;
};

/// Finds the files of the archive at a path; at least one.
using FindFiles = std::function<Result<std::vector<ArchiveFile>>(const std::string&)>;

/// An archive that is several files, read one after the other in the order in which they are found.
/// They are looked for when it is read: it may come later than the config. The cursor is the number
/// of the file and, behind a space, its own. Where there are several, bad lines say in which.
std::unique_ptr<Source> make_archive_of_files(const SourceConfig& config, FindFiles find,
                                              MakeFile make);

}  // namespace earshot
