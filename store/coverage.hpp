#pragma once

#include <span>
#include <vector>

#include "store/post_store.hpp"

namespace earshot {

/// The coverage of each source over the request's window, from its state and the ledger (sorted by
/// source and time).
///
/// The schedule is cut into slots of an hour, or of the source's interval rounded up to hours if
/// that is longer, on multiples of their length since the epoch. Slots count from the one with the
/// first poll on, as far as they have ended by `now`. A slot is covered if it has a successful poll
/// and none that overflowed. Sources without an interval are archives and have no schedule.
std::vector<CoverageRow> coverage_of(std::span<const SourceState> sources,
                                     std::span<const Poll> polls, const TallyRequest& request);

}  // namespace earshot
