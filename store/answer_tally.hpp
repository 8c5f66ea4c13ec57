#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/rollup.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// A row of the inbox as `Table::answers` counts it.
AnswerRow answer_of(const InboxItem& item, std::chrono::seconds horizon);

/// The same of a question, not known to be threaded.
AnswerRow answer_of(const Dialogue::Question& question, std::int64_t observed_for,
                    std::chrono::seconds horizon);

/// Adds up `Table::answers`.
class AnswerTally {
 public:
  void add(const AnswerRow& row);
  /// Makes room for so many more.
  void expect(std::size_t rows) { items_.reserve(items_.size() + rows); }

  /// The rows, sorted. Call once.
  std::vector<AnswerRow> finish() const;

 private:
  struct Key {
    std::uint64_t channel = 0;
    std::uint64_t rest = 0;  ///< From the top: owner, flags, seconds.
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return mix_bits(key.channel ^ mix_bits(key.rest));
    }
  };
  FlatCounter<Key, std::uint64_t, Hash> items_;
};

}  // namespace earshot
