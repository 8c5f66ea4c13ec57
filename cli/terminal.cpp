#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace earshot {

namespace {

constexpr std::size_t block_size = 256 * 1024;

std::string_view environment(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets variables
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

Terminal inspect_terminal(int descriptor) {
  Terminal terminal;
  terminal.interactive = isatty(descriptor) == 1;
  if (!terminal.interactive) return terminal;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) terminal.width = size.ws_col;
  terminal.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  return terminal;
}

int write_fully(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void Output::write(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() >= block_size) (void)flush();
}

Result<Done> Output::flush() {
  if (!closed_ && error_ == 0) error_ = write_fully(descriptor_, buffer_);
  buffer_.clear();
  if (error_ == EPIPE) {
    closed_ = true;
    error_ = 0;
  }
  if (error_ != 0)
    return Error{Error::Kind::io,
                 fmt::format("cannot write to standard output: {}", std::strerror(error_))};
  return Done{};
}

}  // namespace earshot
