#pragma once

#include <chrono>

#include "store/base/flat_set.hpp"
#include "store/facts.hpp"

namespace earshot {

/// Tells near-duplicates from items: the first of a group counts, once a day of UTC, so that what
/// a day says does not depend on the window that asks. Own items are neither collapsed nor
/// collapsed onto: who repeats them speaks for himself.
class DayRepeats {
 public:
  /// From where on facts must be given for one at `at` to be judged.
  static Instant reads_from(Instant at) { return std::chrono::floor<std::chrono::days>(at); }

  /// True if the labelled fact, as it is stored, repeats an earlier one of its day. They come
  /// oldest first.
  bool is_repeat(const Fact& fact) {
    if (fact.group == 0 || fact.owner != no_entity) return false;
    if (const auto day = reads_from(fact.key.posted_at); day != day_) {
      day_ = day;
      groups_.clear();
    }
    return !groups_.insert(fact.group);
  }

 private:
  Instant day_ = Instant::min();
  FlatSet groups_;
};

}  // namespace earshot
