#include "store/rocks/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace earshot::rocks {

Result<Done> MultiLookup::run(
    const std::function<void(std::size_t, std::string_view)>& found) const {
  constexpr std::size_t together = 512;
  std::vector<rocksdb::Slice> keys(together);
  std::vector<rocksdb::PinnableSlice> values(together);
  std::vector<rocksdb::Status> statuses(together);
  for (std::size_t first = 0; first < keys_.size(); first += together) {
    const auto count = std::min(together, keys_.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      keys[i] = keys_[first + i];
      values[i].Reset();
    }
    database_.db().MultiGet({}, database_.family(family_), count, keys.data(), values.data(),
                            statuses.data());
    for (std::size_t i = 0; i < count; ++i) {
      if (statuses[i].ok())
        found(first + i, {values[i].data(), values[i].size()});
      else if (!statuses[i].IsNotFound())
        return database_.error(statuses[i]);
    }
  }
  return Done{};
}

Error damaged_record(const Database& database, std::string_view what) {
  return {
      Error::Kind::store_damaged,
      fmt::format("{}: {} can't be read; restore the store from a copy", database.path(), what)};
}

}  // namespace earshot::rocks
