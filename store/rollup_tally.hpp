#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "store/base/result.hpp"
#include "store/rollup.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// The tables that are sums of rollups.
inline constexpr Tables rolled_tables{Table::cube, Table::quarters, Table::channels_before,
                                      Table::stances, Table::accounts};

/// Makes those tallies of a window that add up: of the rollups that the engine keeps, and for the
/// stretches between them of facts.
class RollupTally {
 public:
  /// `kept` may be null. `since`: no post is older.
  RollupTally(const TallyRequest& request, const Profiles& profiles, const KeptTallies* kept,
              Instant since, Tallies& tallies);

  /// Finds out what is there. Errors: the engine's.
  Result<Done> prepare();

  /// The stretches whose facts are needed, joined where they meet, oldest first.
  std::vector<Window> gaps() const;

  /// True if a fact of this instant is needed. Instants of facts never fall.
  bool wants(Instant at);

  /// A fact that is wanted; as in `RollupBuilder`.
  void add(const Fact& fact, const Profile& profile, bool repeat) {
    builder_.add(fact, profile, repeat);
  }
  void add_unlabelled(const Fact& fact) { builder_.add_unlabelled(fact); }

  /// Fills cube, quarters, stances, accounts, channels and those before, labels, fingerprint. Call
  /// once, after the last fact. Errors: the engine's.
  Result<Done> finish();

 private:
  struct Step {
    Window window;
    std::optional<std::size_t> kept;  ///< Into `entries_`; else made of facts.
  };

  Window range() const;
  std::vector<Instant> cuts(Window range) const;
  void plan(Window range);
  void close_step();
  void close_bucket();
  void take(Rollup& rollup);
  void take_items(const Rollup& rollup);

  const TallyRequest& request_;
  const KeptTallies* kept_;
  const Instant since_;
  const Window window_, replies_, heard_;
  const Instant quarters_from_, stances_from_;
  Tallies& tallies_;
  RollupBuilder builder_;
  std::vector<KeptTallies::Entry> entries_;
  std::vector<Step> steps_;
  std::size_t step_ = 0;  ///< The one at hand.
  Result<Done> read_ = Done{};
  std::size_t bucket_ = 0;
  CubeSum cube_;
  std::map<std::uint64_t, Rollup::Generation> generations_;
  std::map<std::uint64_t, ChannelRow> channels_;
  std::map<std::pair<std::uint64_t, EntityIndex>, AccountRow> accounts_;
  std::map<std::uint64_t, std::uint64_t> before_;
};

}  // namespace earshot
