#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/source.hpp"

namespace earshot {

/// Makes the source that reads one file.
using MakeFile = std::function<Result<std::unique_ptr<Source>>(const SourceConfig&)>;

/// An archive that is several files, read one after the other in this order. The cursor is the
/// number of the file and, behind a space, its own. Where there are several, bad lines say in
/// which.
std::unique_ptr<Source> make_archive_of_files(const SourceConfig& config,
                                              std::vector<std::string> paths, MakeFile make);

}  // namespace earshot
