#include "cli/line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace earshot {

namespace {

constexpr std::size_t padding = 64;

bool has_input(int descriptor) {
  pollfd asked{descriptor, POLLIN, 0};
  return poll(&asked, 1, 0) > 0;
}

}  // namespace

LineReader::LineReader(int descriptor, std::size_t block)
    : descriptor_{descriptor},
      bytes_{std::make_unique<char[]>(block + padding)},
      capacity_{block} {}

Result<Done> LineReader::next(std::vector<InputLine>& lines) {
  lines.clear();
  while (lines.empty() && !(at_end_ && begin_ == end_)) {
    const auto more = fill();
    if (!more) return more.error();
    split(lines);
  }
  return Done{};
}

/// Moves what is left to the front; where that is a whole buffer, makes a larger one.
void LineReader::make_room() {
  const std::size_t left = end_ - begin_;
  if (left == capacity_) {
    capacity_ *= 2;
    auto larger = std::make_unique<char[]>(capacity_ + padding);
    std::memcpy(larger.get(), bytes_.get() + begin_, left);
    bytes_ = std::move(larger);
  } else {
    std::memmove(bytes_.get(), bytes_.get() + begin_, left);
  }
  begin_ = 0;
  end_ = left;
}

/// Reads until the buffer is full, the input has nothing more at the moment, or it ends. True if
/// anything came.
Result<bool> LineReader::fill() {
  make_room();
  bool any = false;
  while (!at_end_ && end_ < capacity_ && (!any || has_input(descriptor_))) {
    const ssize_t got = ::read(descriptor_, bytes_.get() + end_, capacity_ - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return Error{Error::Kind::io,
                   fmt::format("cannot read standard input: {}", std::strerror(errno))};
    at_end_ = got == 0;
    end_ += static_cast<std::size_t>(got);
    any = any || got > 0;
  }
  if (any && !started_) {
    started_ = true;
    if (std::string_view{bytes_.get(), end_}.starts_with("\xEF\xBB\xBF")) begin_ = 3;
  }
  return any;
}

void LineReader::take(std::vector<InputLine>& lines, std::size_t length, bool too_long) {
  std::string_view text{bytes_.get() + begin_, length};
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (!skipping_) lines.push_back({text, too_long});
}

void LineReader::split(std::vector<InputLine>& lines) {
  while (begin_ < end_) {
    const void* found = std::memchr(bytes_.get() + begin_, '\n', end_ - begin_);
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.get());
    take(lines, at - begin_, at - begin_ > longest);
    skipping_ = false;
    begin_ = at + 1;
  }
  const std::size_t left = end_ - begin_;
  if (left == 0) return;
  if (at_end_) {
    take(lines, left, left > longest);
    begin_ = end_;
  } else if (left > longest || skipping_) {
    take(lines, left, true);
    skipping_ = true;
    begin_ = end_;
  }
}

}  // namespace earshot
