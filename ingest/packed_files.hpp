#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/archive_files.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// The files in a packed file that an archive of this type is made of. Where the type is not known
/// (""), the first of these that is there: tweets, an outbox, the posts and comments of Facebook,
/// the only file that is called like an archive. Errors: those of `list_packed`; `format` if there
/// are several that do not belong together, or none.
Result<std::vector<ArchiveFile>> packed_files(const std::string& path, std::string_view type);

}  // namespace earshot
