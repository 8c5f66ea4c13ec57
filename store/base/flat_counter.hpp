#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace earshot {

/// A hash table from small keys to sums, for counting millions of them: open addressing in one
/// array, no allocation per entry, at most three quarters of the slots in use. `Hash` gives 64
/// well-mixed bits. Entries come out in no particular order; sort them.
template <class Key, class Value, class Hash>
class FlatCounter {
 public:
  FlatCounter() : slots_(64) {}

  /// The value of `key`, made empty on its first use. Stays valid until the next call.
  Value& operator[](const Key& key) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = find(slots_, key);
    if (!slot.full) {
      slot = {key, Value{}, true};
      ++used_;
    }
    return slot.value;
  }

  /// The value of `key`, or null if it has none. Stays valid as above.
  Value* find(const Key& key) {
    Slot& slot = find(slots_, key);
    return slot.full ? &slot.value : nullptr;
  }

  /// Makes room for so many keys.
  void reserve(std::size_t count) {
    while (slots_.size() * 3 < (count + 1) * 4) grow();
  }

  bool contains(const Key& key) const { return find(slots_, key).full; }
  std::size_t size() const { return used_; }

  /// Calls `visit(key, value)` for each entry.
  template <class Visit>
  void visit(Visit visit) const {
    for (const auto& slot : slots_)
      if (slot.full) visit(slot.key, slot.value);
  }

  /// Keeps its memory for what comes next.
  void clear() {
    slots_.assign(slots_.size(), Slot{});
    used_ = 0;
  }

  std::vector<std::pair<Key, Value>> entries() const {
    std::vector<std::pair<Key, Value>> all;
    all.reserve(used_);
    for (const auto& slot : slots_)
      if (slot.full) all.emplace_back(slot.key, slot.value);
    return all;
  }

 private:
  struct Slot {
    Key key{};
    Value value{};
    bool full = false;
  };

  template <class Slots>
  static auto& find(Slots& slots, const Key& key) {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = Hash{}(key)&mask;
    while (slots[at].full && !(slots[at].key == key)) at = (at + 1) & mask;
    return slots[at];
  }

  void grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    for (auto& slot : slots_)
      if (slot.full) find(larger, slot.key) = std::move(slot);
    slots_ = std::move(larger);
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t used_ = 0;
};

/// Mixes an integer so that all bits of the result depend on all bits of it (the finaliser of
/// MurmurHash3).
inline std::uint64_t mix_bits(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53ULL;
  return x ^ (x >> 33);
}

}  // namespace earshot
