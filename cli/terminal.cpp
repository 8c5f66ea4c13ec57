#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "store/base/utf8.hpp"

namespace earshot {

namespace {

constexpr std::size_t block_size = 256 * 1024;

/// Unicode's Bidi_Control property, and the two separators that some programs take for line ends.
bool steers_layout(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_escape(std::string& out, char32_t code) {
  switch (code) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (code < 0x80)
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(code));
  else
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code));
}

std::string_view environment(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
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

void append_printable(std::string& out, std::string_view text, LineBreaks breaks) {
  while (!text.empty()) {
    const auto [code, length] = decode_utf8(text);
    const bool line = code == '\n' || code == '\t';
    if (code == Utf8Character::invalid)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (line ? breaks == LineBreaks::escape
                  : code < 0x20 || (code >= 0x7F && code < 0xA0) || steers_layout(code))
      append_escape(out, code);
    else
      out.append(text.substr(0, length));
    text.remove_prefix(length);
  }
}

std::string printable(std::string_view text, LineBreaks breaks) {
  std::string out;
  out.reserve(text.size());
  append_printable(out, text, breaks);
  return out;
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
