#include "cli/id_list.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace earshot {

namespace {

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  const auto begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

bool is_post_id(std::string_view id) {
  const auto colon = id.find(':', 1);
  return colon != std::string_view::npos && colon + 1 < id.size();
}

std::vector<PostId> posts_shown_as(std::string_view id) {
  std::vector<PostId> posts;
  for (auto at = id.find(':', 1); at != std::string_view::npos && at + 1 < id.size();
       at = id.find(':', at + 1))
    posts.push_back({id.substr(0, at), id.substr(at + 1)});
  return posts;
}

Result<std::vector<std::string>> parse_id_list(std::string_view bytes, std::string_view file) {
  std::vector<std::string> ids;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  for (std::size_t number = 1; !bytes.empty(); ++number) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const auto id = trimmed(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (id.empty()) continue;
    if (!is_post_id(id))
      return Error{
          Error::Kind::usage,
          fmt::format("{}:{}: '{}' is not the id of a post, as in mastodon:123", file, number, id)};
    ids.emplace_back(id);
  }
  return ids;
}

}  // namespace earshot
