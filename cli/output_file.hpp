#pragma once

#include <string>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// Writes a file so that whoever looks finds the old one or the new one, never a half: into a
/// temporary file beside it, synced, then renamed. Error `io`, with the path.
Result<Done> write_file(const std::string& path, std::string_view bytes);

/// Makes a file that must not be there yet. Error `usage` if it is, else `io`.
Result<Done> create_file(const std::string& path, std::string_view bytes);

}  // namespace earshot
