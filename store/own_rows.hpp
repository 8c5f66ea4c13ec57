#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "store/tallies.hpp"

namespace earshot {

/// The tables that fill `Tallies::own`.
inline constexpr Tables own_tables{Table::own, Table::activity, Table::own_posts};

/// Picks of all own items of a window, oldest first, the rows that are asked for.
class OwnRows {
 public:
  explicit OwnRows(Tables tables) : all_{tables.has_any({Table::own, Table::activity})} {}

  bool wants(EntityIndex owner, bool root) {
    if (all_) return true;
    const bool first = std::ranges::find(heard_, owner) == heard_.end();
    if (first) heard_.push_back(owner);
    return root || first;
  }

 private:
  bool all_;
  std::vector<EntityIndex> heard_;
};

/// The rows of `Table::own_posts` of all own items of a window, oldest first.
inline std::vector<OwnItem> own_posts_of(std::span<const OwnItem> items) {
  std::vector<OwnItem> posts;
  OwnRows rows{{Table::own_posts}};
  for (const auto& item : items)
    if (rows.wants(item.owner, item.root)) posts.push_back(item);
  return posts;
}

}  // namespace earshot
