#pragma once

#include "store/post_store.hpp"
#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"

namespace earshot::rocks {

/// Reads every block and row, and compares the ledger, the marks of what waits and the index of ids
/// with them. Errors are of what can't be read.
Result<VerifyOutcome> verify(Database& database, const Ledger& ledger);

}  // namespace earshot::rocks
