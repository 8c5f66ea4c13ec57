#include "analyze/handles.hpp"

#include <algorithm>

#include "analyze/words.hpp"

namespace earshot {

namespace {

std::string folded(std::string_view text) {
  std::string out;
  fold_case(text, out);
  return out;
}

std::string_view without_sigil(std::string_view name) {
  return name.starts_with('@') ? name.substr(1) : name;
}

}  // namespace

std::string folded_handle(std::string_view name) {
  return folded(without_sigil(name));
}

HandleTable::HandleTable(const Project& project) {
  EntityIndex index = 0;
  const auto add = [&](const Party& party) {
    for (const auto& handle : party.handles)
      rows_.push_back({folded_handle(handle.name), folded(handle.network), index, true});
    for (const auto& affiliate : party.affiliates)
      rows_.push_back({folded_handle(affiliate), "", index, false});
    ++index;
  };
  add(project.brand);
  for (const auto& competitor : project.competitors) add(competitor);
  std::erase_if(rows_, [](const Row& row) { return row.name.empty(); });
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
}

Authorship HandleTable::authorship(const Post& post, Scratch& scratch) const {
  Authorship found;
  if (rows_.empty()) return found;
  look_up(post.author_id, post, scratch, found);
  look_up(post.author_name, post, scratch, found);
  return found;
}

void HandleTable::look_up(std::string_view author, const Post& post, Scratch& scratch,
                          Authorship& found) const {
  fold_case(without_sigil(author), scratch.name);
  const auto before = [](const Row& row, std::string_view name) { return row.name < name; };
  auto at = std::lower_bound(rows_.begin(), rows_.end(), std::string_view{scratch.name}, before);
  for (; at != rows_.end() && at->name == scratch.name; ++at) {
    if (!at->network.empty()) {
      fold_case(post.network, scratch.network);
      if (at->network != scratch.network) continue;
    }
    // `no_entity` is the highest number, so the lower one is the first party.
    auto& party = at->owned ? found.owner : found.affiliate;
    party = std::min(party, at->party);
  }
}

}  // namespace earshot
