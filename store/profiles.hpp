#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "store/base/flat_counter.hpp"
#include "store/facts.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// What a fact says in one scope that it is in.
struct ScopeShare {
  Scope scope;
  Sentiment sentiment = Sentiment::neutral;  ///< Toward the entity of the scope, else of the post.
  Stance stance = Stance::none;              ///< The same.

  friend auto operator<=>(const ScopeShare&, const ScopeShare&) = default;
};

/// The labels of a fact, numbered as the request, and what follows from them alone. Many facts have
/// the same: it is worked out once for all of them.
struct Profile {
  EntityIndex owner = no_entity;
  Sentiment sentiment = Sentiment::neutral;
  Stance stance = Stance::none;
  Intents intents;
  Marks marks;
  std::uint8_t priority = 3;
  bool filtered = false, repost = false, only_thanks = false, affiliate = false;

  bool asked_for = true;  ///< As far as the topic goes that the request is about.
  bool brand = false, any_topic = false, listening = false;  ///< In these scopes.
  Stance brand_stance = Stance::none;                        ///< Toward the brand, in its scope.
  bool raises = false;            ///< Is a `RaisedItem`, if it is an item.
  EntityList matched;             ///< All whose query matches.
  std::vector<EntityIndex> asks;  ///< Parties that it asks for an answer, in their order.
  /// What `QuarterRow` counts it in, once for each: 0 for `listening`, else one more than an
  /// entity.
  std::vector<std::uint32_t> quarters;
  std::vector<ScopeShare> authors;  ///< What `AuthorRow` counts it in.
  std::uint32_t cube = 0;           ///< The number of its `CubeShare`.
};

/// What `CubeRow` counts facts in: equal for many profiles.
struct CubeShare {
  std::vector<ScopeShare> scopes;
  std::uint8_t intents = 0;
  bool filtered = false;

  friend auto operator<=>(const CubeShare&, const CubeShare&) = default;
};

/// The profiles of the facts that a tally reads, numbered as they come.
class Profiles {
 public:
  Profiles(const PostStore& store, const TallyRequest& request)
      : request_{request}, renumbering_{store, request.entities} {}

  /// Call for each batch, before its facts. Errors: the store's, if a generation is missing.
  Result<Done> prepare(const FactBatch& batch);

  /// The number of a labelled fact's profile. `entities` are its rows as they are stored.
  std::uint32_t number_of(const Fact& fact, std::span<const EntityLabel> entities);

  /// The owner of a labelled fact, numbered as the request.
  EntityIndex owner_of(const Fact& fact) {
    return fact.owner == no_entity ? no_entity : renumber(fact.owner, table_of(fact.generation));
  }

  const Profile& operator[](std::uint32_t number) const { return profiles_[number]; }
  const CubeShare& cube(std::uint32_t number) const { return *cubes_[number]; }

 private:
  using Table = std::vector<EntityIndex>;
  /// The labels as they are stored: what a profile is found by.
  struct Labelled {
    std::uint64_t generation = 0, bits = 0;
    std::uint32_t owner = no_entity;
    std::uint32_t first_row = 0, row_count = 0;  // into rows_
  };

  static EntityIndex renumber(EntityIndex entity, const Table& to) {
    return entity < to.size() ? to[entity] : no_entity;
  }
  const Table& table_of(std::uint64_t generation);
  bool same(const Labelled& known, const Fact& fact, std::uint64_t bits,
            std::span<const EntityLabel> entities) const;
  std::uint32_t add(const Fact& fact, std::uint64_t bits, std::span<const EntityLabel> entities);
  Profile profile_of(const Fact& fact, std::span<const EntityLabel> entities);
  void fill_scopes(const Fact& fact, std::span<const EntityLabel> rows, Profile& profile);
  void grow();

  const TallyRequest& request_;
  Renumbering renumbering_;
  std::uint64_t generation_ = 0;  // of `table_`
  const Table* table_ = nullptr;
  std::vector<Profile> profiles_;
  std::vector<Labelled> labelled_;  // belongs to profiles_
  std::vector<std::uint64_t> hashes_;
  std::vector<EntityLabel> rows_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024);  // 1 + a profile's number
  std::map<CubeShare, std::uint32_t> cube_numbers_;
  std::vector<const CubeShare*> cubes_;
};

}  // namespace earshot
