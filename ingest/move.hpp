#pragma once

#include <string>
#include <string_view>

#include "ingest/collect_job.hpp"

namespace earshot {

// What permanent redirects do to a source's address: 301 and 308 to the same target in three polls
// in a row, and from then on it is asked there. The config's address is asked again once a week
// (with the full answer), and after any failure there.

/// The address to ask instead of the config's; empty if that is the one. The query is the config's:
/// it may hold a secret, and no secret goes into the store.
std::string address_of(const CollectJob& job);

/// Notes where a poll was led for good (`Page::moved_to`, empty: nowhere). Says so in the job's
/// outcome when the address changes. No address is taken over that has another query than the
/// config's, where that has a user name, or that leads from https to http.
void note_move(CollectJob& job, std::string_view moved_to);

/// After a failure: the config's address is asked next. True if it was not the one that failed.
bool forget_move(CollectJob& job);

}  // namespace earshot
