#pragma once

#include <string>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// All bytes of a file, or of whatever else can be read to an end. Error `io`: "PATH: WHY".
Result<std::string> read_file(const std::string& path);

/// Writes a file so that whoever looks finds the old one or the new one, never a half: into a
/// temporary file beside it, synced, then renamed. The new one has the old one's permissions. A
/// link stays one: the file behind it is replaced. Devices and pipes are written to, as there is
/// nothing to replace. Error `io`, with the path.
Result<Done> write_file(const std::string& path, std::string_view bytes);

/// What `write_file` would fail with, asked before the work whose result is to be written.
Result<Done> check_writable(const std::string& path);

/// Makes a file that must not be there yet. Error `usage` if it is, else `io`.
Result<Done> create_file(const std::string& path, std::string_view bytes);

}  // namespace earshot
