#include "store/base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "store/base/file.hpp"

namespace earshot {

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // NOLINT(*-vararg)
  struct stat facts {};
  const bool plain = file >= 0 && fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
  MappedFile mapped;
  int error = file < 0 ? errno : 0;
  if (const auto size = static_cast<std::size_t>(facts.st_size); plain && size > 0) {
    void* const at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED) {
      error = errno;
    } else {
      mapped.mapping_ = at;
      mapped.bytes_ = {static_cast<const char*>(at), size};
    }
  }
  if (file >= 0) close(file);  // the mapping outlives it
  if (error != 0) return Error{Error::Kind::io, fmt::format("{}: {}", path, std::strerror(error))};
  if (plain) return mapped;
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  return copy_of(*bytes);
}

MappedFile MappedFile::copy_of(std::string_view bytes) {
  MappedFile file;
  if (bytes.empty()) return file;
  file.copy_.resize((bytes.size() + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t));
  std::memcpy(file.copy_.data(), bytes.data(), bytes.size());
  file.bytes_ = {reinterpret_cast<const char*>(file.copy_.data()), bytes.size()};
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept {
  swap(other);
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  MappedFile taken{std::move(other)};
  swap(taken);
  return *this;
}

MappedFile::~MappedFile() {
  if (mapping_ != nullptr) munmap(mapping_, bytes_.size());
}

void MappedFile::swap(MappedFile& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(mapping_, other.mapping_);
  copy_.swap(other.copy_);
}

}  // namespace earshot
