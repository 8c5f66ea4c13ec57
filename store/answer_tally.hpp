#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// A row of the inbox as `Table::answers` counts it.
AnswerRow answer_of(const InboxItem& item, std::chrono::seconds horizon);

/// Adds up `Table::answers`.
class AnswerTally {
 public:
  void add(AnswerRow row);

  /// The rows, sorted. Call once.
  std::vector<AnswerRow> finish() const;

 private:
  struct Hash {
    std::size_t operator()(const AnswerRow& row) const;
  };
  FlatCounter<AnswerRow, std::uint64_t, Hash> items_;  // by a row that counts none
};

}  // namespace earshot
