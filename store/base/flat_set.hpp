#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "store/base/flat_counter.hpp"

namespace earshot {

/// A set of 64-bit numbers, for millions of them: eight bytes a slot, at most four fifths of the
/// slots in use.
class FlatSet {
 public:
  FlatSet() : slots_(64) {}

  /// True if it was not in the set before.
  bool insert(std::uint64_t key) {
    if (key == 0) return !std::exchange(has_zero_, true);
    if ((used_ + 1) * 5 > slots_.size() * 4) grow();
    std::uint64_t& slot = find(slots_, key);
    if (slot == key) return false;
    slot = key;
    ++used_;
    return true;
  }

  /// Fetches what `insert` will need of this key, which may be far from the processor.
  void prefetch(std::uint64_t key) const {
    __builtin_prefetch(&slots_[mix_bits(key) & (slots_.size() - 1)]);
  }

  bool contains(std::uint64_t key) const {
    if (key == 0) return has_zero_;
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = mix_bits(key) & mask;
    while (slots_[at] != 0 && slots_[at] != key) at = (at + 1) & mask;
    return slots_[at] == key;
  }

  /// Keeps its memory for what comes next.
  void clear() {
    slots_.assign(slots_.size(), 0);
    used_ = 0;
    has_zero_ = false;
  }

 private:
  static std::uint64_t& find(std::vector<std::uint64_t>& slots, std::uint64_t key) {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = mix_bits(key) & mask;
    while (slots[at] != 0 && slots[at] != key) at = (at + 1) & mask;
    return slots[at];
  }

  void grow() {
    std::vector<std::uint64_t> larger(slots_.size() * 2);
    for (const auto key : slots_)
      if (key != 0) find(larger, key) = key;
    slots_ = std::move(larger);
  }

  std::vector<std::uint64_t> slots_;  // a power of two; 0 is free
  std::size_t used_ = 0;
  bool has_zero_ = false;
};

}  // namespace earshot
