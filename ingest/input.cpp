#include "ingest/input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "ingest/packed.hpp"
#include "ingest/utf16.hpp"

namespace earshot {

namespace {

constexpr std::size_t raw_block = 256 * 1024;
constexpr int longest_window_log = 31;  // 2 GB, what `zstd --long=31` and Reddit's dumps use

std::string reason_of(int error) {
  auto text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

}  // namespace

/// The bytes as they lie on disk or in a packed file, with a window of them to look at.
class Input::File {
 public:
  static Result<std::unique_ptr<File>> open(const std::string& path) {
    const auto packed = packed_path(path);
    return packed ? open_packed(path, *packed) : open_on_disk(path);
  }

  static Result<std::unique_ptr<File>> open_packed(const std::string& path,
                                                   const PackedPath& place) {
    if (place.member.empty())
      return Error{Error::Kind::io,
                   fmt::format("{}: is packed; name a file in it, as {}/NAME", path, path)};
    auto stream = PackedStream::open(place);
    if (!stream) return stream.error();
    auto file = std::make_unique<File>();
    file->path_ = path;
    file->total_ = stream->size();
    file->packed_ = std::move(*stream);
    return file;
  }

  static Result<std::unique_ptr<File>> open_on_disk(const std::string& path) {
    auto file = std::make_unique<File>();
    file->path_ = path == "-" ? "standard input" : path;
    file->is_stdin_ = path == "-";
    file->fd_ = file->is_stdin_ ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file->fd_ < 0)
      return Error{Error::Kind::io,
                   errno == ENOENT ? path + ": no such file" : file->trouble(errno)};
    struct stat facts {};
    if (fstat(file->fd_, &facts) != 0) return Error{Error::Kind::io, file->trouble(errno)};
    if (S_ISDIR(facts.st_mode)) return Error{Error::Kind::io, path + ": is a folder, not a file"};
    file->regular_ = S_ISREG(facts.st_mode) && !file->is_stdin_;
    if (S_ISREG(facts.st_mode)) file->total_ = static_cast<std::uint64_t>(facts.st_size);
    return file;
  }

  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ > 0) ::close(fd_);
  }

  const std::string& path() const { return path_; }
  bool is_stdin() const { return is_stdin_; }
  bool regular() const { return regular_; }
  std::uint64_t taken() const { return taken_; }
  std::uint64_t total() const { return total_; }

  /// Straight into `room`; what `fill` had read ahead comes first.
  Result<std::size_t> read(std::span<char> room) {
    if (begin_ < end_) {
      const auto count = std::min(room.size(), end_ - begin_);
      std::copy_n(block_.begin() + static_cast<std::ptrdiff_t>(begin_), count, room.begin());
      return drop(count), count;
    }
    auto count = read_some(room);
    if (count) taken_ += *count;
    return count;
  }

  /// Makes sure that there are bytes ahead, at least `least` unless the file ends before.
  Result<std::span<const char>> fill(std::size_t least) {
    if (block_.empty()) block_.resize(raw_block);
    if (end_ - begin_ < least) {
      std::copy(block_.begin() + static_cast<std::ptrdiff_t>(begin_),
                block_.begin() + static_cast<std::ptrdiff_t>(end_), block_.begin());
      end_ -= begin_;
      begin_ = 0;
      while (end_ < least) {
        const auto count = read_some(std::span{block_}.subspan(end_));
        if (!count) return count.error();
        if (*count == 0) break;
        end_ += *count;
      }
    }
    return std::span<const char>{block_}.subspan(begin_, end_ - begin_);
  }

  void drop(std::size_t count) {
    begin_ += count;
    taken_ += count;
  }

  bool seek(std::uint64_t offset) {
    if (!regular_ || lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) return false;
    begin_ = end_ = 0;
    taken_ = offset;
    return true;
  }

 private:
  Result<std::size_t> read_some(std::span<char> room) {
    if (packed_) return packed_->read(room);
    for (;;) {
      const auto count = ::read(fd_, room.data(), room.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return Error{Error::Kind::io, trouble(errno)};
    }
  }
  std::string trouble(int error) const {
    return fmt::format("{}: can't be read: {}", path_, reason_of(error));
  }

  std::string path_;
  std::optional<PackedStream> packed_;  ///< In place of `fd_`.
  int fd_ = -1;
  bool is_stdin_ = false;
  bool regular_ = false;
  std::uint64_t taken_ = 0;
  std::uint64_t total_ = 0;
  std::vector<char> block_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// One compression.
class Input::Decoder {
 public:
  virtual ~Decoder() = default;

  /// One step: takes bytes of `from` and fills `room`. Not at the end of a stream that is whole:
  /// `open()`. The text of a fault, or nothing.
  virtual std::optional<std::string> step(std::span<const char> from, std::size_t& taken,
                                          std::span<char> room, std::size_t& filled) = 0;
  /// True inside a member or frame: the end of the file must not come here.
  virtual bool open() const = 0;
  /// What is left to hand out when the file has ended.
  virtual std::size_t rest(std::span<char> /*room*/) { return 0; }
  virtual const char* name() const = 0;
};

class Input::Gzip final : public Decoder {
 public:
  Gzip() { inflateInit2(&stream_, 15 + 16); }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  std::optional<std::string> step(std::span<const char> from, std::size_t& taken,
                                  std::span<char> room, std::size_t& filled) override {
    if (ended_) {
      // Another member, or the zeros that tapes and block devices leave behind.
      if (from[0] == '\0') return taken = 1, std::nullopt;
      inflateReset(&stream_);
      ended_ = false;
    }
    const auto limit = static_cast<std::size_t>(std::numeric_limits<uInt>::max());
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(from.data()));
    stream_.avail_in = static_cast<uInt>(std::min(from.size(), limit));
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(std::min(room.size(), limit));
    const auto in = stream_.avail_in, out = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    taken = in - stream_.avail_in;
    filled = out - stream_.avail_out;
    if (status == Z_STREAM_END) ended_ = true;
    if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) return {};
    return fmt::format("damaged ({})", stream_.msg != nullptr ? stream_.msg : "unknown");
  }
  bool open() const override { return !ended_; }
  const char* name() const override { return "gzip"; }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

class Input::Zstd final : public Decoder {
 public:
  Zstd() : stream_{ZSTD_createDCtx()} {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, longest_window_log);
  }
  ~Zstd() override { ZSTD_freeDCtx(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  std::optional<std::string> step(std::span<const char> from, std::size_t& taken,
                                  std::span<char> room, std::size_t& filled) override {
    ZSTD_inBuffer in{from.data(), from.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream_, &out, &in);
    taken = in.pos;
    filled = out.pos;
    if (ZSTD_isError(status) == 0) return open_ = status != 0, std::nullopt;
    if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
      return "compressed with a longer window than there is memory for; compress it again without "
             "--long";
    return fmt::format("damaged ({})", ZSTD_getErrorName(status));
  }
  bool open() const override { return open_; }
  const char* name() const override { return "zstd"; }

 private:
  ZSTD_DCtx* stream_;
  bool open_ = true;
};

/// Spreadsheets save text so.
class Input::FromUtf16 final : public Decoder {
 public:
  explicit FromUtf16(bool big_endian) : decoder_{big_endian} {}

  std::optional<std::string> step(std::span<const char> from, std::size_t& taken,
                                  std::span<char> room, std::size_t& filled) override {
    decoder_.step(from, taken, room, filled);
    return {};
  }
  bool open() const override { return decoder_.inside(); }
  std::size_t rest(std::span<char> room) override {
    std::size_t taken = 0, filled = 0;
    decoder_.step({}, taken, room, filled);
    return filled;
  }
  const char* name() const override { return "UTF-16"; }

 private:
  Utf16Decoder decoder_;
};

Input::Input() = default;
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

Result<Input> Input::open(const std::string& path, Utf16 utf16) {
  auto file = File::open(path);
  if (!file) return file.error();
  Input input;
  input.file_ = std::move(*file);
  const auto start = input.file_->fill(4);
  if (!start) return start.error();
  const std::string_view magic{start->data(), std::min<std::size_t>(start->size(), 4)};
  // No text in UTF-8 begins with any of these bytes.
  if (path.ends_with(".gz") || magic.starts_with("\x1f\x8b"))
    input.decoder_ = std::make_unique<Gzip>();
  else if (path.ends_with(".zst") || magic == "\x28\xb5\x2f\xfd")
    input.decoder_ = std::make_unique<Zstd>();
  else if (utf16 == Utf16::decoded &&
           (magic.starts_with("\xFF\xFE") || magic.starts_with("\xFE\xFF"))) {
    input.decoder_ = std::make_unique<FromUtf16>(magic.starts_with('\xFE'));
    input.file_->drop(2);
  }
  return input;
}

Result<std::size_t> Input::read(std::span<char> room) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    if (fault_) {
      if (filled > 0) break;
      return *fault_;
    }
    std::size_t count = 0;
    if (decoder_ == nullptr) {
      auto plain = file_->read(room.subspan(filled));
      if (!plain) {
        fault_ = plain.error();
        continue;
      }
      count = *plain;
      if (count == 0) break;
    } else {
      const auto raw = file_->fill(1);
      if (!raw) {
        fault_ = raw.error();
        continue;
      }
      if (raw->empty()) {
        const auto left = decoder_->rest(room.subspan(filled));
        filled += left;
        position_ += left;
        if (left > 0) continue;
        if (!decoder_->open()) break;
        fault_ = stream_fault(fmt::format("cut off after {} bytes", file_->taken()));
        continue;
      }
      std::size_t taken = 0;
      const auto fault = decoder_->step(*raw, taken, room.subspan(filled), count);
      file_->drop(taken);
      if (fault) fault_ = stream_fault(fmt::format("{} near byte {}", *fault, file_->taken()));
    }
    filled += count;
    position_ += count;
  }
  return filled;
}

Error Input::stream_fault(const std::string& what) const {
  return {Error::Kind::format,
          fmt::format("{}: the {} stream is {}", file_->path(), decoder_->name(), what)};
}

Result<std::uint64_t> Input::skip_to(std::uint64_t offset) {
  if (decoder_ == nullptr && file_->regular() && offset <= file_->total() && file_->seek(offset)) {
    position_ = offset;
    return position_;
  }
  std::vector<char> dropped(raw_block);
  while (position_ < offset) {
    const auto wanted = std::min<std::uint64_t>(dropped.size(), offset - position_);
    const auto count = read(std::span{dropped}.first(static_cast<std::size_t>(wanted)));
    if (!count) return count.error();
    if (*count == 0) break;
  }
  return position_;
}

bool Input::is_stdin() const {
  return file_->is_stdin();
}
std::uint64_t Input::position() const {
  return position_;
}
std::uint64_t Input::bytes_read() const {
  return file_->taken();
}
std::uint64_t Input::bytes_total() const {
  return file_->total();
}

Result<std::string> read_beginning(const std::string& path, std::size_t size, Utf16 utf16) {
  auto input = Input::open(path, utf16);
  if (!input) return input.error();
  constexpr std::size_t step = 1U << 20U;
  std::string bytes;
  while (bytes.size() < size) {
    const auto begin = bytes.size();
    bytes.resize(std::min(size, begin + step));
    const auto room = std::span{bytes}.subspan(begin);
    const auto count = input->read(room);
    if (!count) return count.error();
    bytes.resize(begin + *count);
    if (*count < room.size()) break;
  }
  return bytes;
}

}  // namespace earshot
