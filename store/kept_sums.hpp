#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/base/flat_set.hpp"
#include "store/base/result.hpp"
#include "store/rollup.hpp"
#include "store/tallies.hpp"

namespace earshot {

// Tables that are no sums of rollups, of what an engine has ready and of facts between that.

/// Those of `dialogue_tables` that the request asks for, which asks for no others, without
/// `questions`. That their channels are threaded is for the caller to tell. Errors: the store's.
Result<Dialogue> kept_dialogue(const PostStore& store, const KeptTallies& kept,
                               const TallyRequest& request);

/// The rows of `Table::audience` of the window of a request that is about all channels and topics.
/// Errors: the store's.
Result<std::vector<AudienceRow>> kept_audience(const PostStore& store, const KeptTallies& kept,
                                               const TallyRequest& request);

/// The same of what is ready of authors, whether or not the audience is.
Result<std::vector<AudienceRow>> audience_of_authors(const PostStore& store,
                                                     const KeptTallies& kept,
                                                     const TallyRequest& request);

/// Those of `authors`, rising, who spoke in one of these stretches and were no handles then.
/// Errors: the store's.
Result<FlatSet> heard_authors(const KeptTallies& kept,
                              std::span<const KeptTallies::Entry> stretches,
                              std::span<const std::uint64_t> authors);

}  // namespace earshot
