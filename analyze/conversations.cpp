#include "analyze/conversations.hpp"

#include <algorithm>

#include "store/base/flat_set.hpp"

namespace earshot {

namespace {

bool replies_for_brand(EntityIndex owner, Marks marks) {
  return owner == brand_index && !marks.has(Mark::automatic);
}

/// The posts of the brand's inbox, by id.
FlatSet asked_posts(const Tallies& tallies) {
  FlatSet ids;
  for (const auto& item : tallies.inbox)
    if (is_brands(item)) ids.insert(item.key.id);
  return ids;
}

Conversation conversation_of(std::span<const ThreadRow> rows, const FlatSet& asked) {
  Conversation talk{.rows = rows};
  std::uint64_t asker = 0;
  std::uint64_t first_other = 0;
  for (const auto& row : rows) {
    talk.replied = talk.replied || (row.in_window && is_own_reply(row));
    if (row.owner == brand_index) continue;
    talk.has_others = true;
    if (first_other == 0) first_other = row.author;
    if (!asked.contains(row.key.id)) continue;
    talk.needed_answer = true;
    if (asker == 0) asker = row.author;
  }
  if (asker == 0) asker = first_other;
  if (asker == 0) return talk;
  for (const auto& row : rows) {
    if (row.owner != brand_index && row.author == asker) {
      if (talk.first == nullptr) talk.first = &row;
      talk.last = &row;
    } else if (talk.first != nullptr && talk.answer == nullptr && is_own_reply(row)) {
      talk.answer = &row;
    }
  }
  return talk;
}

}  // namespace

bool is_own_reply(const OwnItem& item) {
  return !item.root && !item.repost && replies_for_brand(item.owner, item.marks);
}

bool is_own_reply(const ThreadRow& row) {
  return row.parent != 0 && replies_for_brand(row.owner, row.marks);
}

std::string why_no_own_replies(const MetricInput& input) {
  const auto& own = input.tallies.own;
  const auto is_ours = [](const OwnItem& item) { return item.owner == brand_index; };
  if (std::ranges::none_of(own, is_ours)) return why_no_own_posts(input.project);
  if (std::ranges::none_of(own,
                           [&](const OwnItem& item) { return is_ours(item) && item.threaded; }))
    return "no replies are collected from the channels of the own posts, so they can't be seen";
  return "the brand replied to nobody in the window";
}

bool Conversation::confirmed() const {
  if (answer == nullptr || last->key < answer->key) return false;
  return last->intents.has(Intent::thanks) || last->marks.has(Mark::solved);
}

std::vector<Conversation> conversations_of(const Tallies& tallies) {
  const auto asked = asked_posts(tallies);
  const std::span rows{tallies.threads};
  std::vector<Conversation> talks;
  for (std::size_t begin = 0; begin < rows.size();) {
    auto end = begin;
    while (end < rows.size() && rows[end].root == rows[begin].root) ++end;
    talks.push_back(conversation_of(rows.subspan(begin, end - begin), asked));
    begin = end;
  }
  return talks;
}

}  // namespace earshot
