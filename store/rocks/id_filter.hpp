#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace earshot::rocks {

/// A blocked Bloom filter of 64-bit hashes: one cache line a hash, 16 bits a hash at its capacity,
/// of which about one in a thousand that is not in it seems to be. Its memory has a bound; at twice
/// as many hashes as fit into that, one in 30 seems to be.
class IdFilter {
 public:
  static constexpr std::size_t most_lines = 2U << 20U;  // 128 MB

  /// Empty, for so many hashes.
  void reset(std::size_t capacity, std::size_t bound = most_lines) {
    std::size_t lines = 1;
    while (lines * hashes_of_a_line < capacity && lines < bound) lines *= 2;
    lines_.assign(lines, {});
    line_bits_ = static_cast<unsigned>(std::countr_zero(lines));
    capacity_ = std::max(capacity, lines * hashes_of_a_line);
    size_ = 0;
  }
  std::size_t capacity() const { return capacity_; }
  std::size_t size() const { return size_; }

  /// Fetches what is known of a hash, which may be far from the processor.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&lines_[place(hash)]); }

  void add(std::uint64_t hash) {
    Line& line = lines_[place(hash)];
    for (std::size_t i = 0; i < words; ++i) line.words[i] |= bit(hash, i);
    ++size_;
  }
  bool may_hold(std::uint64_t hash) const {
    const Line& line = lines_[place(hash)];
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < words; ++i) missing |= ~line.words[i] & bit(hash, i);
    return missing == 0;
  }

 private:
  static constexpr std::size_t words = 8, hashes_of_a_line = 32;
  struct alignas(64) Line {
    std::uint64_t words[IdFilter::words] = {};
  };

  // The line by the first bits of the hash, so that sorted hashes fill one line after the other;
  // the bits by all of it, six for a word.
  std::size_t place(std::uint64_t hash) const {
    return line_bits_ == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - line_bits_));
  }
  static std::uint64_t bit(std::uint64_t hash, std::size_t word) {
    return 1ULL << ((hash * 0x9E3779B97F4A7C15ULL) >> (58 - 6 * word) & 63U);
  }

  std::vector<Line> lines_;
  unsigned line_bits_ = 0;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace earshot::rocks
