#include "ingest/twitter_files.hpp"

#include <algorithm>
#include <charconv>
#include <compare>
#include <filesystem>
#include <optional>
#include <tuple>

#include "ingest/input.hpp"
#include "ingest/json.hpp"

namespace earshot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_account = 1U << 20U;

/// 0 for "tweets.js", 1 for "tweets-part1.js"; nothing for files without tweets.
std::optional<unsigned> part_of(std::string_view name) {
  if (!name.ends_with(".js")) return {};
  name.remove_suffix(3);
  for (const std::string_view start : {"tweets", "tweet"}) {
    if (name == start) return 0U;
    if (!name.starts_with(start)) continue;
    auto rest = name.substr(start.size());
    if (!rest.starts_with("-part")) continue;
    rest.remove_prefix(5);
    unsigned part = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part);
    if (error == std::errc{} && end == rest.data() + rest.size()) return part;
  }
  return {};
}

/// "2017_10.js"
bool is_month(std::string_view name) {
  return name.size() == 10 && name.ends_with(".js") && name[4] == '_' &&
         std::ranges::all_of(name.substr(0, 4), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (fs::directory_iterator at{folder, failed}, end; !failed && at != end; at.increment(failed))
    paths.push_back(at->path().string());
  return twitter_files_among(paths);
}

/// The JSON that a file assigns to a variable.
Result<JsonDocument> assigned(const fs::path& path) {
  const auto bytes = read_beginning(path.string(), largest_account);
  if (!bytes) return bytes.error();
  const auto begin = bytes->find('=');
  const auto text = std::string_view{*bytes}.substr(begin == std::string::npos ? 0 : begin + 1);
  const auto end = text.find_last_of("]}");
  return JsonDocument::parse(text.substr(0, end == std::string_view::npos ? end : end + 1));
}

}  // namespace

std::vector<std::string> twitter_files(const std::string& path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) return {path};
  for (const auto* folder : {"data", "", "data/js/tweets"})
    if (auto files = files_in(fs::path{path} / folder); !files.empty()) return files;
  return {};
}

std::vector<std::string> twitter_files_among(const std::vector<std::string>& paths) {
  struct Found {
    std::ptrdiff_t depth = 0;
    std::string folder;
    unsigned part = 0;
    std::string path;
  };
  std::vector<Found> found;
  for (const auto& path : paths) {
    const fs::path place{path};
    const auto name = place.filename().string();
    const auto part = is_month(name) ? 0U : part_of(name);
    if (part)
      found.push_back({std::ranges::count(path, '/'), place.parent_path().string(), *part, path});
  }
  std::ranges::sort(found, [](const Found& a, const Found& b) {
    return std::tie(a.depth, a.folder, a.part, a.path) <
           std::tie(b.depth, b.folder, b.part, b.path);
  });
  std::vector<std::string> files;
  for (const auto& each : found)
    if (each.folder == found.front().folder) files.push_back(each.path);
  return files;
}

TwitterAccount twitter_account(const std::string& tweets_path) {
  const auto folder = fs::path{tweets_path}.parent_path();
  if (const auto file = assigned(folder / "account.js")) {
    for (const JsonValue each : file->root()) {
      const JsonValue account = each.at("account");
      return {std::string{account.at("accountId").text()},
              std::string{account.at("username").text()}};
    }
  }
  if (const auto file = assigned(folder / ".." / "user_details.js"))
    return {std::string{file->root().at("id").text()},
            std::string{file->root().at("screen_name").text()}};
  return {};
}

}  // namespace earshot
