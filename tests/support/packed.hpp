#pragma once

#include <string>
#include <utility>
#include <vector>

namespace earshot::test {

/// Names and bytes of files, in the order in which they are packed.
using PackFiles = std::vector<std::pair<std::string, std::string>>;

/// The bytes of a zip.
std::string zip_of(const PackFiles& files);

/// The same encrypted.
std::string encrypted_zip_of(const PackFiles& files);

/// The bytes of a tar, plain or compressed: "", "gzip" or "zstd".
std::string tar_of(const PackFiles& files, const std::string& compression = {});

/// A tar with a file that is a hole of a megabyte between two bytes.
std::string tar_of_hole(const std::string& name);

/// The start of a tar whose first file says that it is so long.
std::string tar_claiming(const std::string& name, long long size);

/// The files of a folder and below, by their paths from there.
PackFiles files_below(const std::string& folder);

}  // namespace earshot::test
