#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "store/audience.hpp"
#include "store/profiles.hpp"
#include "store/tallies.hpp"

namespace earshot {

/// True for the scopes that `Table::authors` has rows of.
bool tells_of_authors(Scope scope);

/// Counts items by author and scope. What is said is gathered in parts by the author's hash, and a
/// part is sorted and added to its rows when it has grown: no hash table of authors is needed, and
/// the rows come out in their order.
class AuthorTally {
 public:
  /// `every_scope`: those of an audience, too; else of `Table::authors` alone.
  AuthorTally(const Profiles& profiles, bool every_scope)
      : profiles_{profiles}, every_scope_{every_scope} {}

  /// An item of a known author.
  void add(const Fact& fact, std::uint32_t profile);

  /// A known author who is no handle spoke, but said no item: there is a row of him in `everything`
  /// nonetheless, of no items if he says none elsewhere.
  void note(std::uint64_t author) { part_for(author).said.push_back({.author = author}); }

  /// Call once, after the last item. How many rows there are.
  std::size_t close();

  /// Gives the rows part by part, in their order; call once, after `close`.
  void take_rows(const std::function<void(std::span<const AuthorRow>)>& take);

 private:
  static constexpr std::uint32_t no_profile = 0xFFFF'FFFF;  ///< Of what is no item.
  struct Said {
    std::uint64_t author = 0;
    std::int64_t engagement = unknown_count;
    std::uint32_t profile = no_profile;
    bool resource = false;  ///< Has a link, or explains how something is done.
  };
  struct Part {
    std::vector<Said> said;
    std::vector<AuthorRow> rows;  ///< Sorted.
  };

  Part& part_for(std::uint64_t author);
  void fold(Part& part);
  AuthorRow& row_of(std::uint64_t author, Scope scope);
  void add_rows(const Said& said);

  const Profiles& profiles_;
  const bool every_scope_;
  std::array<Part, author_parts> parts_;
  std::vector<AuthorRow> fresh_;  ///< What a part says, while it is folded.
  std::size_t author_begin_ = 0;  ///< Of the author at hand, in `fresh_`.
};

}  // namespace earshot
