#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

// Files inside of zip and tar files, read where they are: nothing is unpacked to disk.

/// A place in a packed file, spelled like a path: "a.zip/data/tweets.js".
struct PackedPath {
  std::string file;
  std::string member;  ///< Empty: the packed file itself.
};

/// Splits a path behind the first part that is called like a packed file (.zip, .tar, .tar.gz,
/// .tgz, .tar.zst) and is a file, or not there. Nothing for all other paths.
std::optional<PackedPath> packed_path(const std::string& path);

/// A file in a packed one.
struct PackedMember {
  std::string name;        ///< "data/tweets.js": without "/" or "./" at the front.
  std::uint64_t size = 0;  ///< Unpacked, as the packed file says.
};

/// The files in a packed file, each name once, in the order of names. Left out are folders, links,
/// hidden files and what macOS adds, and names that lead out (`..`) or have over 1,000 bytes.
/// Errors: `io`; `format` (damaged, cut off, more than 100,000 files).
Result<std::vector<PackedMember>> list_packed(const std::string& file);

class PackedReader;

/// The bytes of one member, from its start to its end.
class PackedStream {
 public:
  /// Errors: `io` (also if there is no such member), `format` (damaged, encrypted).
  static Result<PackedStream> open(const PackedPath& path);

  PackedStream(PackedStream&&) noexcept;
  PackedStream& operator=(PackedStream&&) noexcept;
  ~PackedStream();

  /// Fills some of `room` and tells how much; 0 at the end. Error: `format` (damaged, over 100 GB).
  Result<std::size_t> read(std::span<char> room);

  std::uint64_t size() const;  ///< As the packed file says.

 private:
  explicit PackedStream(std::unique_ptr<PackedReader> reader);

  std::unique_ptr<PackedReader> reader_;
  std::string path_;
  std::span<const char> ahead_;  ///< Unpacked and not delivered yet; the reader's.
  std::uint64_t position_ = 0;
};

}  // namespace earshot
