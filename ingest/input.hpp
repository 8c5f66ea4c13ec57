#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "store/base/result.hpp"

namespace earshot {

/// What becomes of text in UTF-16 with a byte order mark.
enum class Utf16 { decoded, kept };

/// An archive as a stream of decompressed bytes: plain, `.gz` (also of several members), `.zst`
/// (windows up to 2 GB: so much memory is taken while it is read, as far as the window is filled),
/// or "-" for standard input. What has no such ending is looked at: gzip and zstd are known by
/// their first bytes too. UTF-16 becomes UTF-8 unless it is to be kept. The path may lead into a
/// packed file: "a.zip/posts.csv.gz".
class Input {
 public:
  /// Errors: `io`, with the path; `format` (a packed file that is damaged).
  static Result<Input> open(const std::string& path, Utf16 utf16 = Utf16::decoded);

  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;
  ~Input();

  /// Fills `room` as far as the input goes and tells how many bytes that were; fewer than asked for
  /// only before the end or a fault, 0 at the end. What came before a fault is delivered first, the
  /// fault by the next call. Errors: `io` (the disk), `format` (a stream that is cut off, damaged,
  /// or needs a window for which there is no memory).
  Result<std::size_t> read(std::span<char> room);

  /// Goes to this offset in the decompressed bytes, which must not lie behind: by a seek in a plain
  /// file on disk, else by reading and dropping. Tells where it got to; less than `offset` if the
  /// input is shorter. Errors as `read`.
  Result<std::uint64_t> skip_to(std::uint64_t offset);

  bool is_stdin() const;
  std::uint64_t position() const;  ///< Decompressed bytes delivered or skipped so far.
  /// Bytes taken from the file as it lies on disk, or in a packed file.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;  ///< The size of that file; 0 where unknown.

 private:
  class File;
  class Decoder;
  class Gzip;
  class Zstd;
  class FromUtf16;
  Input();
  Error stream_fault(const std::string& what) const;

  std::unique_ptr<File> file_;
  std::unique_ptr<Decoder> decoder_;  ///< Null for plain bytes.
  std::uint64_t position_ = 0;
  std::optional<Error> fault_;  ///< Met behind bytes that were still delivered.
};

/// The first bytes of a file, at most `size`. Errors as those of `Input`.
Result<std::string> read_beginning(const std::string& path, std::size_t size,
                                   Utf16 utf16 = Utf16::decoded);

}  // namespace earshot
