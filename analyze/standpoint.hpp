#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyze/metric.hpp"

namespace earshot {

/// A window as a competitor would see it: the competitor is the brand (entity 0), and the brand
/// stands among the competitors in its place. So what is written for the brand measures a
/// competitor by the same code: his own posts, his inbox, who talks about him.
///
/// What the store did not count for competitors is empty here, rather than wrong:
/// - scopes `brand_and_entity`, `brand_and_department` and `brand_or_topic`: no rows;
/// - `authors` of the brand, `raised`, `history.stances`, the brand's rows of `history.quarters`,
///   what voices said of the brand before: none.
/// `own`, `inbox` and `answers` hold the competitor's rows alone, which is all that a brand's
/// metric reads. Unchanged are `everything`, `listening` and the topics (`any_topic`, `entity` of a
/// topic), which leave out what the real brand says and not what the competitor does. The user's
/// tables and declared channels are about the brand, so there are none. Priorities are those that
/// the brand's rules give. Evidence can be listed by the rules over rows (own, inbox) and not over
/// facts, whose numbering is not swapped.
struct Standpoint {
  Tallies tallies;
  std::optional<Tallies> other;
  Project project;
  Accounts accounts;
  UserFiles files;
  const Calendar& calendar;
  const ShareCorrection* correction = nullptr;  ///< The model errs about competitors as it does.

  /// Views into this, which must outlive it.
  MetricInput input() const {
    return {tallies, other ? &*other : nullptr, project, calendar, accounts, files, correction};
  }
};

/// Where the competitors stand. Looks up once whose rows of `own`, `inbox` and `answers` are whose;
/// the input must outlive it.
class Standpoints {
 public:
  /// They will have these tables; the others are empty.
  explicit Standpoints(const MetricInput& input, Tables tables = Tables::all());

  /// Swaps brand and competitor in all rows that name owners or entities. `competitor` is one of
  /// `entities_of_kind(request, EntityKind::competitor)`.
  Standpoint of(EntityIndex competitor) const;

 private:
  /// The numbers of each entity's rows, by the entity.
  using Numbers = std::vector<std::vector<std::uint32_t>>;
  struct Rows {
    Numbers own, inbox, answers;
  };
  Rows rows_by_owner(const Tallies& tallies) const;
  Tallies copied(const Tallies& from, const Rows& rows, EntityIndex competitor) const;
  Tallies swapped(const Tallies& tallies, const Rows& rows, EntityIndex competitor) const;

  MetricInput input_;
  Tables tables_;
  Rows now_, other_;
};

/// True for the metrics that say of a competitor what they say of the brand; the others need rows
/// or declarations that only the brand has, and are not to be measured from another standpoint.
bool tells_of_competitors(const Metric& metric);

}  // namespace earshot
