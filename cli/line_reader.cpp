#include "cli/line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
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
    : descriptor_{descriptor}, block_{block} {}

bool LineReader::ready() const {
  return at_end_ || has_input(descriptor_);
}

Result<Done> LineReader::next(LineBatch& batch) {
  batch.lines.clear();
  begin_ = end_ = 0;
  while (batch.lines.empty() && !(at_end_ && begin_ == end_ && rest_.empty())) {
    make_room(batch);
    const auto more = fill(batch);
    if (!more) return more.error();
    split(batch);
  }
  rest_.assign(batch.bytes.get() + begin_, end_ - begin_);
  return Done{};
}

/// Puts the beginning of a line to the front; makes the buffer larger where nothing else would fit.
void LineReader::make_room(LineBatch& batch) {
  if (begin_ != end_) rest_.assign(batch.bytes.get() + begin_, end_ - begin_);
  std::size_t capacity = std::max(batch.capacity, block_);
  while (capacity <= rest_.size()) capacity *= 2;
  if (capacity > batch.capacity) {
    batch.bytes = std::make_unique<char[]>(capacity + padding);
    batch.capacity = capacity;
  }
  std::memcpy(batch.bytes.get(), rest_.data(), rest_.size());
  begin_ = 0;
  end_ = rest_.size();
  rest_.clear();
}

/// Reads until the buffer is full, the input has nothing more at the moment, or it ends. True if
/// anything came.
Result<bool> LineReader::fill(LineBatch& batch) {
  bool any = false;
  while (!at_end_ && end_ < batch.capacity && (!any || has_input(descriptor_))) {
    const ssize_t got = ::read(descriptor_, batch.bytes.get() + end_, batch.capacity - end_);
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
    if (std::string_view{batch.bytes.get(), end_}.starts_with("\xEF\xBB\xBF")) begin_ = 3;
  }
  return any;
}

void LineReader::take(LineBatch& batch, std::size_t length, bool too_long) {
  std::string_view text{batch.bytes.get() + begin_, length};
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (!skipping_) batch.lines.push_back({text, too_long});
}

void LineReader::split(LineBatch& batch) {
  const char* const bytes = batch.bytes.get();
  while (begin_ < end_) {
    const void* found = std::memchr(bytes + begin_, '\n', end_ - begin_);
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes);
    take(batch, at - begin_, at - begin_ > longest);
    skipping_ = false;
    begin_ = at + 1;
  }
  const std::size_t left = end_ - begin_;
  if (left == 0) return;
  if (at_end_) {
    take(batch, left, left > longest);
    begin_ = end_;
  } else if (left > longest || skipping_) {
    take(batch, left, true);
    skipping_ = true;
    begin_ = end_;
  }
}

}  // namespace earshot
