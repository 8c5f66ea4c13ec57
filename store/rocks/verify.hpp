#pragma once

#include "store/post_store.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"

namespace earshot::rocks {

/// Reads every block and row, and compares the counters, the marks of what waits, the index of ids
/// and the rollups with them. `store` is the one on the database. Errors are of what can't be read.
Result<VerifyOutcome> verify(Database& database, const PostStore& store, const Ledger& ledger);

}  // namespace earshot::rocks
