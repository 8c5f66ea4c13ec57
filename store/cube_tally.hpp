#pragma once

#include <cstdint>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// Counts items into the cube, oldest first. Facts of the same channel that are counted alike are
/// one sum until their bucket is over; only then it is spread over the scopes.
class CubeTally {
 public:
  explicit CubeTally(const Profiles& profiles) : profiles_{profiles} {}

  /// `bucket` never falls; `engagement` is `Fact::engagement`.
  void add(std::uint32_t bucket, std::uint64_t channel, const Profile& profile,
           std::int64_t engagement);

  /// Adds the rows in their order; call once, after the last item.
  void finish(std::vector<CubeRow>& rows);

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };
  struct Cell {
    std::uint64_t items = 0, engaged_items = 0, engagement = 0;
  };
  using Cells = FlatCounter<std::uint64_t, Cell, Hash>;

  std::uint32_t channel_number(std::uint64_t channel);
  void close_bucket();
  void spread(std::uint64_t channel, const CubeShare& share, const Cell& cell);

  const Profiles& profiles_;
  std::uint32_t bucket_ = 0;
  FlatCounter<std::uint64_t, std::uint32_t, Hash> channel_numbers_;  // from 1
  std::vector<std::uint64_t> channels_;
  Cells open_;   ///< Of the bucket: by channel and `CubeShare`, each by its number.
  Cells cells_;  ///< The same, spread: by channel, scope, sentiment, stance, intent, filtered.
  std::vector<CubeRow> rows_;
};

}  // namespace earshot
