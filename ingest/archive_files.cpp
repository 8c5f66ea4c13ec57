#include "ingest/archive_files.hpp"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

namespace earshot {

namespace {

namespace fs = std::filesystem;

class ArchiveOfFiles final : public Source {
 public:
  ArchiveOfFiles(const SourceConfig& config, FindFiles find, MakeFile make)
      : config_{config}, find_{std::move(find)}, make_{std::move(make)} {}

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    if (auto found = find_files(); !found) return found.error();
    std::size_t at = 0;
    const char* const end = state.cursor.data() + state.cursor.size();
    const auto [rest, error] = std::from_chars(state.cursor.data(), end, at);
    std::string_view cursor;
    if (error != std::errc{} || at >= files_.size())
      at = 0;
    else if (rest != end)
      cursor = {rest + 1, static_cast<std::size_t>(end - rest - 1)};
    if (auto opened = open(at); !opened) return opened.error();
    auto page = file_->fetch(http, {.cursor = cursor}, now);
    if (!page) return page.error();
    page->next_cursor = fmt::format("{} {}", at, page->next_cursor);
    if (files_.size() > 1) name_file(*page);
    page->bytes_read += before_;
    page->bytes_total = total_;
    if (!page->more && at + 1 < files_.size()) {
      page->next_cursor = std::to_string(at + 1);
      page->more = true;
    }
    return page;
  }

 private:
  Result<Done> find_files() {
    if (!files_.empty()) return Done{};
    auto found = find_(config_.path);
    if (!found) return found.error();
    files_ = std::move(*found);
    for (const auto& file : files_) total_ += file.size;
    return Done{};
  }

  Result<Done> open(std::size_t at) {
    if (file_ != nullptr && at == opened_) return Done{};
    SourceConfig one = config_;
    one.path = files_[at].path;
    auto made = make_(one);
    if (!made) return made.error();
    file_ = std::move(*made);
    opened_ = at;
    before_ = 0;
    for (std::size_t i = 0; i < at; ++i) before_ += files_[i].size;
    return Done{};
  }

  void name_file(Page& page) const {
    const auto name = fs::path{files_[opened_].path}.filename().string();
    for (auto& bad : page.bad) bad.reason = fmt::format("{} (in {})", bad.reason, name);
  }

  SourceConfig config_;
  FindFiles find_;
  MakeFile make_;
  std::vector<ArchiveFile> files_;  ///< Empty until they were looked for.
  std::unique_ptr<Source> file_;
  std::size_t opened_ = 0;    ///< Which of the files that is.
  std::uint64_t before_ = 0;  ///< Bytes of the files before it.
  std::uint64_t total_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_archive_of_files(const SourceConfig& config, FindFiles find,
                                              MakeFile make) {
  return std::make_unique<ArchiveOfFiles>(config, std::move(find), std::move(make));
}

}  // namespace earshot
