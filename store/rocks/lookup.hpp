#pragma once

#include <rocksdb/slice.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"
#include "store/rocks/database.hpp"

namespace earshot::rocks {

/// Many keys of one family, looked up together.
class MultiLookup {
 public:
  MultiLookup(const Database& database, Family family) : database_{database}, family_{family} {}

  void add(std::string key) { keys_.push_back(std::move(key)); }

  /// Calls `found(i, value)` for the keys that are stored, i in the order of `add`. The value lives
  /// as long as the call.
  Result<Done> run(const std::function<void(std::size_t i, std::string_view value)>& found) const;

 private:
  const Database& database_;
  Family family_;
  std::vector<std::string> keys_;
};

/// Error `store_damaged`: "PATH: WHAT can't be read; ..."
Error damaged_record(const Database& database, std::string_view what);

}  // namespace earshot::rocks
