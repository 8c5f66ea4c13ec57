#include "cli/ready_mappings.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "store/base/suggest.hpp"

namespace earshot {

namespace {

/// What one looks like beside an archive.
struct Likeness {
  std::string_view name;
  std::size_t known_by = 0;
  std::size_t found = 0;  ///< Of `known_by`.
};

/// Of those that are known by something, and are for the archive's type where that is clear.
std::vector<Likeness> compare(const ArchiveLook& look) {
  std::vector<Likeness> likenesses;
  for (const auto& ready : ready_mappings()) {
    const auto file = parse_mapping(ready.toml, std::string{ready.name});
    if (!file || file->known_by.empty()) continue;
    if (file->format != (look.type.empty() ? "csv" : look.type)) continue;
    likenesses.push_back({ready.name, file->known_by.size(), look.count(file->known_by)});
  }
  return likenesses;
}

}  // namespace

std::string ready_mapping_names() {
  std::string names;
  for (const auto& ready : ready_mappings())
    names.append(names.empty() ? "" : ", ").append(ready.name);
  return names;
}

Result<MappingFile> find_mapping(const std::string& path, const std::string& name) {
  std::error_code ignored;
  const auto ready = std::ranges::find(ready_mappings(), name, &ReadyMapping::name);
  if (ready != ready_mappings().end() && !std::filesystem::exists(path, ignored))
    return parse_mapping(ready->toml, fmt::format("the mapping {}", name));
  auto file = load_mapping(path);
  if (file || name.find_first_of("./") != std::string::npos ||
      std::filesystem::exists(path, ignored))
    return file;
  std::vector<std::string_view> names;
  for (const auto& each : ready_mappings()) names.push_back(each.name);
  const auto hint = did_you_mean(name, names);
  return Error{Error::Kind::config,
               fmt::format("there is no mapping '{}', and no such file{}", name,
                           hint.empty() ? "; ready ones are " + ready_mapping_names() : hint)};
}

std::string_view recognised_mapping(const ArchiveLook& look) {
  Likeness best;
  for (const auto& each : compare(look))
    if (each.found == each.known_by && each.known_by > best.known_by) best = each;
  return best.name;
}

std::vector<std::string_view> likely_mappings(const ArchiveLook& look) {
  auto likenesses = compare(look);
  std::erase_if(likenesses, [](const auto& each) { return each.found * 2 < each.known_by; });
  std::ranges::stable_sort(likenesses, [](const auto& a, const auto& b) {
    return a.found * b.known_by > b.found * a.known_by;
  });
  std::vector<std::string_view> names;
  for (const auto& each : likenesses) names.push_back(each.name);
  return names;
}

}  // namespace earshot
