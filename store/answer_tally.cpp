#include "store/answer_tally.hpp"

#include <algorithm>
#include <utility>

namespace earshot {

AnswerRow answer_of(const InboxItem& item, std::chrono::seconds horizon) {
  return {.owner = item.owner,
          .channel = item.channel,
          .threaded = item.threaded,
          .settled = item.observed_for >= horizon.count(),
          .answered = item.answered_after.has_value(),
          .seconds = item.answered_after.value_or(item.observed_for),
          .items = 1};
}

std::size_t AnswerTally::Hash::operator()(const AnswerRow& row) const {
  const auto flags =
      static_cast<std::uint64_t>(row.threaded) | static_cast<std::uint64_t>(row.settled) << 1U |
      static_cast<std::uint64_t>(row.answered) << 2U | static_cast<std::uint64_t>(row.owner) << 3U;
  return mix_bits(row.channel ^ mix_bits(static_cast<std::uint64_t>(row.seconds) << 19U ^ flags));
}

void AnswerTally::add(AnswerRow row) {
  const auto items = std::exchange(row.items, 0);
  items_[row] += items;
}

std::vector<AnswerRow> AnswerTally::finish() const {
  std::vector<AnswerRow> rows;
  rows.reserve(items_.size());
  items_.visit([&](AnswerRow row, std::uint64_t items) {
    row.items = items;
    rows.push_back(row);
  });
  std::ranges::sort(rows);
  return rows;
}

}  // namespace earshot
