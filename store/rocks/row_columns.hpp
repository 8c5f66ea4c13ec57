#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/text_arena.hpp"
#include "store/labels.hpp"
#include "store/rocks/columns.hpp"

namespace earshot::rocks {

/// Columns of numbers made of rows.
class RowsWriter {
 public:
  explicit RowsWriter(Section& out) : to_{out} {}

  template <class Rows, class Value>
  void column(const Rows& rows, Value value) {
    work_.clear();
    for (const auto& row : rows) work_.push_back(static_cast<std::uint64_t>(value(row)));
    to_.numbers(work_);
  }

 private:
  ColumnWriter to_;
  std::vector<std::uint64_t> work_;
};

/// The same back: sets a member of each row.
class RowsReader {
 public:
  explicit RowsReader(std::string_view section) : from_{section, 0, unused_} {}

  std::vector<std::uint64_t> numbers(std::size_t count) { return from_.numbers(count); }

  template <class Rows, class Set>
  void column(Rows& rows, Set set) {
    const auto values = from_.numbers(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) set(rows[i], values[i]);
  }
  bool done() const { return from_.done(); }

 private:
  TextArena unused_;
  ColumnReader from_;
};

/// An entity as a number that is 0 for none.
inline std::uint64_t packed(EntityIndex entity) {
  return static_cast<EntityIndex>(entity + 1U);
}

inline EntityIndex unpacked(std::uint64_t stored) {
  return static_cast<EntityIndex>(stored - 1);
}

}  // namespace earshot::rocks
