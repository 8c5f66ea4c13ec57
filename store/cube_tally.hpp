#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// Sums rows of the cube, one bucket after the other.
class CubeSum {
 public:
  struct Count {
    std::uint64_t items = 0, engaged_items = 0, engagement = 0;

    Count& operator+=(const Count& other) {
      items += other.items;
      engaged_items += other.engaged_items;
      engagement += other.engagement;
      return *this;
    }
  };

  /// All of the row but its bucket and counts says what is counted.
  void add(const CubeRow& row, const Count& count);

  /// Adds the rows of the bucket to `rows`, in their order, and begins the next one.
  void close(std::uint32_t bucket, std::vector<CubeRow>& rows);

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };

  std::uint32_t channel_number(std::uint64_t channel);

  FlatCounter<std::uint64_t, std::uint32_t, Hash> channel_numbers_;  // from 1
  std::vector<std::uint64_t> channels_;
  std::uint64_t last_channel_ = 0;
  std::uint32_t last_number_ = 0;  // of that channel, from 1
  FlatCounter<std::uint64_t, Count, Hash> cells_;
  std::vector<std::pair<std::uint64_t, Count>> sorted_;  // room for the cells of a bucket
};

/// Counts items into the cube. Facts of the same channel that are counted alike are one sum until
/// their bucket is over; only then it is spread over the scopes.
class CubeTally {
 public:
  explicit CubeTally(const Profiles& profiles) : profiles_{profiles} {}

  /// `engagement` is `Fact::engagement`.
  void add(std::uint64_t channel, const Profile& profile, std::int64_t engagement);

  /// Adds the rows of what came since the last call to `rows`, in their order.
  void close(std::uint32_t bucket, std::vector<CubeRow>& rows);

 private:
  struct Cell {
    std::uint64_t channel = 0;
    std::uint32_t share = 0;  ///< The number of a `CubeShare`.
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  struct Hash {
    std::size_t operator()(const Cell& cell) const {
      return mix_bits(cell.channel ^ std::uint64_t{cell.share} << 32U);
    }
  };

  const Profiles& profiles_;
  FlatCounter<Cell, CubeSum::Count, Hash> open_;
  CubeSum spread_;
};

}  // namespace earshot
