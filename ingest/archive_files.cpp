#include "ingest/archive_files.hpp"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

namespace earshot {

namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  return failed ? 0 : size;
}

class ArchiveOfFiles final : public Source {
 public:
  ArchiveOfFiles(const SourceConfig& config, std::vector<std::string> paths, MakeFile make)
      : config_{config}, paths_{std::move(paths)}, make_{std::move(make)} {
    for (const auto& path : paths_) total_ += size_of(path);
  }

  Result<Page> fetch(HttpClient& http, const FetchState& state, Instant now) override {
    std::size_t at = 0;
    const char* const end = state.cursor.data() + state.cursor.size();
    const auto [rest, error] = std::from_chars(state.cursor.data(), end, at);
    std::string_view cursor;
    if (error != std::errc{} || at >= paths_.size())
      at = 0;
    else if (rest != end)
      cursor = {rest + 1, static_cast<std::size_t>(end - rest - 1)};
    if (auto opened = open(at); !opened) return opened.error();
    auto page = file_->fetch(http, {.cursor = cursor}, now);
    if (!page) return page.error();
    page->next_cursor = fmt::format("{} {}", at, page->next_cursor);
    if (paths_.size() > 1) name_file(*page);
    page->bytes_read += before_;
    page->bytes_total = total_;
    if (!page->more && at + 1 < paths_.size()) {
      page->next_cursor = std::to_string(at + 1);
      page->more = true;
    }
    return page;
  }

 private:
  Result<Done> open(std::size_t at) {
    if (file_ != nullptr && at == opened_) return Done{};
    SourceConfig one = config_;
    one.path = paths_[at];
    auto made = make_(one);
    if (!made) return made.error();
    file_ = std::move(*made);
    opened_ = at;
    before_ = 0;
    for (std::size_t i = 0; i < at; ++i) before_ += size_of(paths_[i]);
    return Done{};
  }

  void name_file(Page& page) const {
    const auto name = fs::path{paths_[opened_]}.filename().string();
    for (auto& bad : page.bad) bad.reason = fmt::format("{} (in {})", bad.reason, name);
  }

  SourceConfig config_;
  std::vector<std::string> paths_;
  MakeFile make_;
  std::unique_ptr<Source> file_;
  std::size_t opened_ = 0;    ///< Which of the paths that is.
  std::uint64_t before_ = 0;  ///< Bytes of the files before it.
  std::uint64_t total_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_archive_of_files(const SourceConfig& config,
                                              std::vector<std::string> paths, MakeFile make) {
  return std::make_unique<ArchiveOfFiles>(config, std::move(paths), std::move(make));
}

}  // namespace earshot
