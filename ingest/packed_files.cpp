#include "ingest/packed_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "ingest/packed.hpp"
#include "ingest/twitter_files.hpp"

namespace earshot {

namespace {

constexpr std::size_t files_named = 3;

using Members = std::vector<PackedMember>;

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

Members tweets_in(const Members& members) {
  std::vector<std::string> names;
  for (const auto& member : members) names.push_back(member.name);
  Members tweets;
  for (const auto& name : twitter_files_among(names))
    tweets.push_back(*std::ranges::lower_bound(members, name, {}, &PackedMember::name));
  return tweets;
}

/// The outbox of an account; others may lie deeper.
Members outbox_in(const Members& members) {
  Members outbox;
  for (const auto& member : members)
    if (file_name(member.name) == "outbox.json" &&
        (outbox.empty() || member.name.size() < outbox.front().name.size()))
      outbox.assign(1, member);
  return outbox;
}

/// What Facebook's archives have of one's own words. Their names, and those of the folders above,
/// have changed with the years.
bool is_facebook(std::string_view name) {
  constexpr std::array<std::string_view, 4> comments{
      "comments/comments.json", "comments_and_reactions/comments.json",
      "groups/your_comments_in_groups.json", "groups/group_posts_and_comments.json"};
  const auto file = file_name(name);
  return (file.starts_with("your_posts") && file.ends_with(".json")) ||
         std::ranges::any_of(comments, [&](auto ending) { return name.ends_with(ending); });
}

/// Called as archives of this type are, or, where it is not known, as any is.
bool is_called_so(std::string_view name, std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> endings{
      {{".csv", "csv"},
       {".jsonl", "jsonl"},
       {".ndjson", "jsonl"},
       {".json", "json"},
       {".mbox", "mbox"}}};
  for (const std::string_view compression : {".gz", ".zst"})
    if (name.ends_with(compression)) name.remove_suffix(compression.size());
  return std::ranges::any_of(endings, [&](const auto& each) {
    return name.ends_with(each.first) && (type.empty() || type == each.second);
  });
}

template <class Wanted>
Members members_that(const Members& members, Wanted wanted) {
  Members found;
  std::ranges::copy_if(members, std::back_inserter(found),
                       [&](const auto& member) { return wanted(member.name); });
  return found;
}

Error not_one(const std::string& path, const Members& members) {
  if (members.empty()) return {Error::Kind::format, path + ": there is no file in it"};
  std::string names;
  for (std::size_t i = 0; i < std::min(files_named, members.size()); ++i)
    names += fmt::format("{}{}/{}", i == 0 ? "" : ", ", path, members[i].name);
  if (members.size() > files_named)
    names += fmt::format(" or {} more", members.size() - files_named);
  return {Error::Kind::format, fmt::format("{}: name one of the files in it: {}", path, names)};
}

Result<Members> choose(const std::string& path, std::string_view type, const Members& members) {
  const auto may_be = [&](std::string_view other) { return type.empty() || type == other; };
  Members chosen;
  if (may_be("twitter_archive")) chosen = tweets_in(members);
  if (chosen.empty() && may_be("outbox")) chosen = outbox_in(members);
  if (chosen.empty() && may_be("json")) chosen = members_that(members, is_facebook);
  if (!chosen.empty()) return chosen;
  chosen = members_that(members, [&](std::string_view name) { return is_called_so(name, type); });
  if (chosen.empty()) chosen = members;
  if (chosen.size() != 1) return not_one(path, chosen);
  return chosen;
}

}  // namespace

Result<std::vector<ArchiveFile>> packed_files(const std::string& path, std::string_view type) {
  const auto members = list_packed(path);
  if (!members) return members.error();
  const auto chosen = choose(path, type, *members);
  if (!chosen) return chosen.error();
  std::vector<ArchiveFile> files;
  for (const auto& member : *chosen)
    files.push_back({fmt::format("{}/{}", path, member.name), member.size});
  return files;
}

}  // namespace earshot
