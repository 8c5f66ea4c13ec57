#pragma once

#include <rocksdb/write_batch.h>

#include "store/rocks/codec.hpp"
#include "store/rocks/database.hpp"

namespace earshot::rocks {

/// What the store knows of itself. Error `store_damaged` if it can't be read.
Result<Ledger> read_ledger(const Database& database);

/// Adds the ledger to a batch, and writes both.
Result<Done> write_ledger(Database& database, const Ledger& ledger, rocksdb::WriteBatch& writes);

}  // namespace earshot::rocks
