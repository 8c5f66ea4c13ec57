#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// What some authors said, as far as an audience is made of it.
struct AuthorShares {
  struct Share {
    std::uint32_t scope = 0;  ///< Its number, see `audience_scope`.
    std::uint32_t items = 0;  ///< None in `everything`: he was heard, but repeated others.
    bool recommends = false, warns = false;
    friend bool operator==(const Share&, const Share&) = default;
  };
  std::vector<std::uint64_t> authors;  ///< Rising.
  std::vector<std::uint32_t> ends;     ///< Of the shares of each.
  std::vector<Share> shares;           ///< Of each author by scope.

  friend bool operator==(const AuthorShares&, const AuthorShares&) = default;
};

/// Authors are put together in parts, by the first bits of their hash, so that few of them are in
/// memory at a time.
inline constexpr unsigned author_part_bits = 6;
inline constexpr std::size_t author_parts = std::size_t{1} << author_part_bits;

/// The scopes of `AuthorRow`, numbered without gaps in their order.
constexpr std::uint32_t audience_scope_number(Scope scope) {
  switch (scope.kind) {
    case Scope::Kind::everything:
      return 0;
    case Scope::Kind::listening:
      return 1;
    case Scope::Kind::any_topic:
      return 2;
    default:
      return 3U + scope.entity;
  }
}
constexpr Scope audience_scope(std::uint32_t number) {
  constexpr Scope::Kind first[]{Scope::Kind::everything, Scope::Kind::listening,
                                Scope::Kind::any_topic};
  if (number < 3) return {first[number]};
  return {Scope::Kind::entity, static_cast<EntityIndex>(number - 3)};
}

inline constexpr std::uint32_t last_audience_scope =
    audience_scope_number({Scope::Kind::entity, no_entity});

/// Those of `rows`, which are sorted by author, that are in one of the parts.
std::span<const AuthorRow> part_of(std::span<const AuthorRow> rows, std::size_t part);
std::span<const std::uint64_t> part_of(std::span<const std::uint64_t> authors, std::size_t part);

/// `rows`, sorted by author and scope, as shares.
AuthorShares shares_of(std::span<const AuthorRow> rows);

/// Counts authors by what they said in all of some stretches.
class AudienceTally {
 public:
  /// Of each stretch the shares of the same authors; call once for each part of them.
  void add(std::span<const AuthorShares> stretches);

  void add(std::span<const AuthorRow> rows);

  std::vector<AudienceRow> finish();

 private:
  struct Hash {
    std::size_t operator()(std::uint64_t key) const { return mix_bits(key); }
  };

  void count(const AuthorShares::Share& sum) { ++authors_[key_of(sum)]; }
  static std::uint64_t key_of(const AuthorShares::Share& sum);

  FlatCounter<std::uint64_t, std::uint64_t, Hash> authors_;  // by scope, items, stances
  std::vector<AuthorShares::Share> sums_;                    // of the author at hand, by scope
};

}  // namespace earshot
