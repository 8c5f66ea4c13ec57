#include "store/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

namespace earshot {

namespace {

/// An open file, closed at the latest with this.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_{descriptor} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close_now(); }

  int number() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  /// 0 or the `errno`: some disks say only here that they are full.
  int close_now() {
    const int error = is_open() && close(descriptor_) != 0 ? errno : 0;
    descriptor_ = -1;
    return error;
  }

 private:
  int descriptor_;
};

Error cannot_write(const std::string& path, int error) {
  return {Error::Kind::io, fmt::format("{}: cannot be written: {}", path, std::strerror(error))};
}

/// 0 or the `errno`.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Creates the file, writes, syncs, closes. Returns 0 or the `errno`; what was begun is removed.
/// `mode` 0: what the umask leaves.
int write_new(const std::string& path, std::string_view bytes, mode_t mode = 0) {
  Descriptor file{
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};  // NOLINT(*-vararg)
  if (!file.is_open()) return errno;
  int error = mode != 0 && fchmod(file.number(), mode) != 0 ? errno : 0;
  if (error == 0) error = write_all(file.number(), bytes);
  if (error == 0 && fsync(file.number()) != 0) error = errno;
  if (const int closing = file.close_now(); error == 0) error = closing;
  if (error != 0) unlink(path.c_str());
  return error;
}

/// Where the bytes of a path go.
struct Target {
  std::string path;      ///< Behind links.
  mode_t mode = 0;       ///< Of the file that is there; 0 if none is.
  bool special = false;  ///< A device or a pipe.
};

Result<Target> target_of(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return Target{path};
  if (S_ISDIR(facts.st_mode)) return cannot_write(path, EISDIR);
  if (!S_ISREG(facts.st_mode)) return Target{path, 0, true};
  std::error_code ignored;
  const auto behind = std::filesystem::canonical(path, ignored);
  return Target{ignored ? path : behind.string(), facts.st_mode & 07777U, false};
}

std::string temporary_of(const Target& target) {
  return fmt::format("{}.{}.tmp", target.path, getpid());
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const auto failed = [&] {
    return Error{Error::Kind::io, fmt::format("{}: {}", path, std::strerror(errno))};
  };
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};  // NOLINT(*-vararg)
  if (!file.is_open()) return failed();
  std::string bytes;
  std::array<char, 64 * 1024> block;
  for (;;) {
    const ssize_t got = ::read(file.number(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(got));
  }
}

Result<Done> write_file(const std::string& path, std::string_view bytes) {
  const auto target = target_of(path);
  if (!target) return target.error();
  if (target->special) {
    Descriptor file{open(path.c_str(), O_WRONLY | O_CLOEXEC)};  // NOLINT(*-vararg)
    int error = file.is_open() ? write_all(file.number(), bytes) : errno;
    if (const int closing = file.close_now(); error == 0) error = closing;
    if (error != 0) return cannot_write(path, error);
    return Done{};
  }
  const std::string temporary = temporary_of(*target);
  if (const int error = write_new(temporary, bytes, target->mode); error != 0)
    return cannot_write(path, error);
  if (std::rename(temporary.c_str(), target->path.c_str()) == 0) return Done{};
  const int error = errno;
  unlink(temporary.c_str());
  return cannot_write(path, error);
}

Result<Done> check_writable(const std::string& path) {
  const auto target = target_of(path);
  if (!target) return target.error();
  if (target->special) return Done{};
  const std::string temporary = temporary_of(*target);
  if (const int error = write_new(temporary, {}); error != 0) return cannot_write(path, error);
  unlink(temporary.c_str());
  return Done{};
}

Result<Done> create_file(const std::string& path, std::string_view bytes) {
  const int error = write_new(path, bytes);
  if (error == EEXIST)
    return Error{Error::Kind::usage,
                 fmt::format("{} is already there and is left as it is; name another file", path)};
  if (error != 0) return cannot_write(path, error);
  return Done{};
}

}  // namespace earshot
