#include "cli/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "cli/terminal.hpp"

namespace earshot {

namespace {

Error cannot_write(const std::string& path, int error) {
  return {Error::Kind::io, fmt::format("{}: cannot be written: {}", path, std::strerror(error))};
}

/// Creates the file, writes, syncs, closes. Returns 0 or the `errno`; what was begun is removed.
int write_new(const std::string& path, std::string_view bytes) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);  // NOLINT(*-vararg)
  if (file < 0) return errno;
  int error = write_fully(file, bytes);
  if (error == 0 && fsync(file) != 0) error = errno;
  if (close(file) != 0 && error == 0) error = errno;
  if (error != 0) unlink(path.c_str());
  return error;
}

}  // namespace

Result<Done> write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  if (const int error = write_new(temporary, bytes); error != 0) return cannot_write(path, error);
  if (std::rename(temporary.c_str(), path.c_str()) == 0) return Done{};
  const int error = errno;
  unlink(temporary.c_str());
  return cannot_write(path, error);
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
