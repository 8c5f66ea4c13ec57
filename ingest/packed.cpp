#include "ingest/packed.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>  // NOLINT: newlocale is POSIX
#include <unistd.h>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_members = 100'000;
constexpr std::size_t longest_name = 1000;
constexpr std::uint64_t longest_member = 100'000'000'000;
constexpr std::size_t block_size = 64U << 10U;

bool called_packed(std::string_view name) {
  const auto lowered = lower_case(name);
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst"},
      [&](std::string_view ending) { return lowered.ends_with(ending); });
}

/// Empty for what nobody means to be read.
std::string cleaned(std::string_view name) {
  if (name.size() > longest_name) return {};
  std::string clean;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    if (part.empty() || part == ".") continue;
    if (part.starts_with('.') || part == "__MACOSX") return {};
    clean.append(clean.empty() ? "" : "/").append(part);
  }
  return clean;
}

/// libarchive turns names into the character set of the thread's locale, and drops what has no
/// place there.
class NamesInUtf8 {
 public:
  NamesInUtf8()
      : utf8_{newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})}, before_{uselocale(utf8_)} {}
  NamesInUtf8(const NamesInUtf8&) = delete;
  NamesInUtf8& operator=(const NamesInUtf8&) = delete;
  ~NamesInUtf8() {
    uselocale(before_);
    if (utf8_ != locale_t{}) freelocale(utf8_);
  }

 private:
  locale_t utf8_;
  locale_t before_;
};

struct ArchiveCloser {
  void operator()(archive* opened) const { archive_read_free(opened); }
};

}  // namespace

/// A packed file, one member after the other.
class PackedReader {
 public:
  static Result<std::unique_ptr<PackedReader>> open(const std::string& file) {
    auto reader = std::make_unique<PackedReader>();
    reader->file_ = file;
    reader->archive_.reset(archive_read_new());
    archive* const opened = reader->archive_.get();
    // The list at the end of a zip says whether it is whole, and lets members be passed over.
    archive_read_support_format_zip_seekable(opened);
    archive_read_support_format_tar(opened);
    archive_read_support_filter_gzip(opened);
    archive_read_support_filter_zstd(opened);
    if (access(file.c_str(), R_OK) != 0)
      return Error{Error::Kind::io,
                   errno == ENOENT
                       ? file + ": no such file"
                       : fmt::format("{}: can't be read: {}", file,
                                     lower_case(std::generic_category().message(errno)))};
    if (archive_read_open_filename(opened, file.c_str(), block_size) != ARCHIVE_OK)
      return Error{Error::Kind::format,
                   file + ": no zip or tar file, or one that is cut off; load it down again"};
    return reader;
  }

  /// Goes to the next member that is a file with a name; false if there is none.
  Result<bool> next() {
    const NamesInUtf8 names;
    for (;;) {
      const int status = archive_read_next_header(archive_.get(), &entry_);
      if (status == ARCHIVE_EOF) return false;
      if (status < ARCHIVE_WARN) return fault(file_);
      if (archive_entry_filetype(entry_) != AE_IFREG || archive_entry_hardlink(entry_) != nullptr)
        continue;
      const char* const name = archive_entry_pathname(entry_);
      name_ = cleaned(name == nullptr ? "" : name);
      if (!name_.empty()) return true;
    }
  }

  const std::string& name() const { return name_; }
  bool encrypted() const { return archive_entry_is_encrypted(entry_) != 0; }
  std::uint64_t size() const {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry_), 0));
  }

  /// The next bytes of the member; none at its end.
  Result<std::span<const char>> block(const std::string& path, std::uint64_t position) {
    for (;;) {
      const void* bytes = nullptr;
      std::size_t count = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(archive_.get(), &bytes, &count, &offset);
      if (status == ARCHIVE_EOF) return std::span<const char>{};
      if (status != ARCHIVE_OK) return fault(path);
      if (count > 0 && static_cast<std::uint64_t>(offset) != position)
        return Error{Error::Kind::format, path + ": has holes; pack it again without --sparse"};
      if (count > 0) return std::span{static_cast<const char*>(bytes), count};
    }
  }

 private:
  Error fault(const std::string& path) const {
    const char* const reason = archive_error_string(archive_.get());
    return {Error::Kind::format, fmt::format("{}: can't be unpacked ({})", path,
                                             reason == nullptr ? "unknown" : reason)};
  }

  std::string file_;
  std::unique_ptr<archive, ArchiveCloser> archive_;
  archive_entry* entry_ = nullptr;  ///< The archive's.
  std::string name_;
};

std::optional<PackedPath> packed_path(const std::string& path) {
  for (std::size_t end = 0; end != path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const auto file = path.substr(0, end);
    if (!called_packed(file)) continue;
    std::error_code ignored;
    const auto kind = fs::status(file, ignored).type();
    if (kind != fs::file_type::regular && kind != fs::file_type::not_found) continue;
    return PackedPath{file, fs::path{path.substr(end)}.lexically_normal().relative_path().string()};
  }
  return {};
}

Result<std::vector<PackedMember>> list_packed(const std::string& file) {
  auto reader = PackedReader::open(file);
  if (!reader) return reader.error();
  std::vector<PackedMember> members;
  for (;;) {
    const auto found = (*reader)->next();
    if (!found) return found.error();
    if (!*found) break;
    if (members.size() == most_members)
      return Error{Error::Kind::format,
                   fmt::format("{}: has more than {} files", file, most_members)};
    members.push_back({(*reader)->name(), (*reader)->size()});
  }
  std::ranges::stable_sort(members, {}, &PackedMember::name);
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  members.erase(std::unique(members.begin(), members.end(), same), members.end());
  return members;
}

PackedStream::PackedStream(std::unique_ptr<PackedReader> reader) : reader_{std::move(reader)} {}
PackedStream::PackedStream(PackedStream&&) noexcept = default;
PackedStream& PackedStream::operator=(PackedStream&&) noexcept = default;
PackedStream::~PackedStream() = default;

Result<PackedStream> PackedStream::open(const PackedPath& path) {
  auto reader = PackedReader::open(path.file);
  if (!reader) return reader.error();
  PackedStream stream{std::move(*reader)};
  stream.path_ = path.file + "/" + path.member;
  for (;;) {
    const auto found = stream.reader_->next();
    if (!found) return found.error();
    if (!*found) return Error{Error::Kind::io, stream.path_ + ": no such file"};
    if (stream.reader_->name() == path.member) break;
  }
  if (stream.reader_->encrypted())
    return Error{Error::Kind::format,
                 stream.path_ + ": is encrypted; unpack it with its password first"};
  return stream;
}

Result<std::size_t> PackedStream::read(std::span<char> room) {
  if (ahead_.empty()) {
    if (std::max(position_, size()) > longest_member)
      return Error{Error::Kind::format, path_ + ": larger than 100 GB"};
    const auto block = reader_->block(path_, position_);
    if (!block) return block.error();
    ahead_ = *block;
    position_ += ahead_.size();
  }
  const auto count = std::min(room.size(), ahead_.size());
  std::copy_n(ahead_.begin(), count, room.begin());
  ahead_ = ahead_.subspan(count);
  return count;
}

std::uint64_t PackedStream::size() const {
  return reader_->size();
}

}  // namespace earshot
