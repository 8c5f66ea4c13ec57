#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// The bytes of a file, mapped read-only, so that all who open it share one copy in memory. What is
/// no plain file (a pipe) is read instead. The bytes begin at a multiple of eight and stay where
/// they are when this is moved.
class MappedFile {
 public:
  /// Error `io`: "PATH: WHY".
  static Result<MappedFile> open(const std::string& path);

  /// A copy of bytes that are in memory already.
  static MappedFile copy_of(std::string_view bytes);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  void swap(MappedFile& other) noexcept;

  std::string_view bytes_;
  void* mapping_ = nullptr;            ///< Of `bytes_.size()` bytes; null if they are in `copy_`.
  std::vector<std::uint64_t> copy_{};  ///< For the alignment.
};

}  // namespace earshot
