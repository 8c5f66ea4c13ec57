#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/rocks/database.hpp"

namespace earshot::rocks {

/// How many posts each source has brought, a record each in `meta`: a write costs what its own
/// sources do, however many others there are.
class SourceCounts {
 public:
  using Changes = std::map<std::string, std::int64_t, std::less<>>;

  /// Error `store_damaged` if a record can't be read.
  static Result<SourceCounts> read(const Database& database);

  /// Adds to a batch the records of these sources as they will be.
  void write(const Changes& changes, const Database& database, rocksdb::WriteBatch& writes) const;

  /// The same, once the batch is written.
  void take(const Changes& changes);

  /// Sorted by name; no source has 0.
  std::vector<std::pair<std::string, std::uint64_t>> all() const;

 private:
  std::uint64_t after(const Changes::value_type& change) const;

  std::map<std::string, std::uint64_t, std::less<>> posts_;
};

}  // namespace earshot::rocks
