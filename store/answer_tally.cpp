#include "store/answer_tally.hpp"

#include <algorithm>
#include <tuple>

namespace earshot {

namespace {

constexpr unsigned owner_at = 48, flags_at = 45;
constexpr std::uint64_t seconds_mask = (1ULL << flags_at) - 1;

}  // namespace

AnswerRow answer_of(const Dialogue::Question& question, std::int64_t observed_for,
                    std::chrono::seconds horizon) {
  return {.owner = question.owner,
          .channel = question.channel,
          .settled = observed_for >= horizon.count(),
          .answered = question.answered_after.has_value(),
          .seconds = question.answered_after.value_or(observed_for),
          .items = 1};
}

AnswerRow answer_of(const InboxItem& item, std::chrono::seconds horizon) {
  auto row = answer_of(Dialogue::Question{item.key, item.channel, item.owner, item.answered_after},
                       item.observed_for, horizon);
  row.threaded = item.threaded;
  return row;
}

void AnswerTally::add(const AnswerRow& row) {
  const std::uint64_t flags = (row.threaded ? 4U : 0U) | (row.settled ? 2U : 0U) | row.answered;
  const auto seconds = static_cast<std::uint64_t>(row.seconds) & seconds_mask;
  items_[{row.channel, static_cast<std::uint64_t>(row.owner) << owner_at | flags << flags_at |
                           seconds}] += row.items;
}

std::vector<AnswerRow> AnswerTally::finish() const {
  auto counts = items_.entries();
  std::ranges::sort(counts, {}, [](const auto& count) {
    const auto& [key, items] = count;
    return std::tuple{key.rest >> owner_at, key.channel, key.rest};
  });
  std::vector<AnswerRow> rows;
  rows.reserve(counts.size());
  for (const auto& [key, items] : counts) {
    const auto flags = key.rest >> flags_at;
    rows.push_back({.owner = static_cast<EntityIndex>(key.rest >> owner_at),
                    .channel = key.channel,
                    .threaded = (flags & 4U) != 0,
                    .settled = (flags & 2U) != 0,
                    .answered = (flags & 1U) != 0,
                    .seconds = static_cast<std::int64_t>(key.rest & seconds_mask),
                    .items = items});
  }
  return rows;
}

}  // namespace earshot
