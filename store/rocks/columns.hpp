#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/text_arena.hpp"

namespace earshot::rocks {

// The columns of a block. Numbers are written in byte planes (all lowest bytes, then all second
// bytes ...), as many planes as the largest number needs: what is small, rises slowly or repeats
// becomes runs that zstd makes short. store/README.md draws them.

/// More posts than this are in no block.
inline constexpr std::size_t most_in_block = 1 << 16;

/// Signed numbers as unsigned ones that are small where they are near 0, and back.
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

/// Texts of which most occur many times: each once, and for each row its number.
struct Dictionary {
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> rows;  ///< Into `texts`.

  std::string_view operator[](std::size_t row) const { return texts[rows[row]]; }
};

/// The columns of a block on their way to disk.
struct Section {
  std::string bytes;
  std::vector<std::size_t> ends;  ///< Of stretches that look alike within, such as byte planes.

  /// What comes next looks otherwise. Short stretches stay with the next one.
  void end_stretch() {
    constexpr std::size_t worth_a_table = 1024;
    const auto begin = ends.empty() ? 0 : ends.back();
    if (bytes.size() - begin >= worth_a_table) ends.push_back(bytes.size());
  }
  void clear() {
    bytes.clear();
    ends.clear();
  }
};

/// Appends columns to a section.
class ColumnWriter {
 public:
  explicit ColumnWriter(Section& out) : out_{out} {}

  void numbers(std::span<const std::uint64_t> values);
  /// As differences from row to row.
  void rising(std::span<const std::int64_t> values);
  void texts(std::span<const std::string_view> texts);
  void dictionary(std::span<const std::string_view> texts);
  /// Native ids: decimal numbers as differences from row to row, others as texts.
  void ids(std::span<const std::string_view> ids);
  /// Ids of other posts, empty for none; decimal numbers as differences from the row's own id.
  void references(std::span<const std::string_view> ids, std::span<const std::string_view> own);

 private:
  Section& out_;
  std::vector<std::uint64_t> work_;
};

/// Reads columns back, in the order in which they were written. After bytes that are no such column
/// everything is empty or 0 and `ok` is false; columns keep their size. Texts point into the
/// section or into `arena`.
class ColumnReader {
 public:
  ColumnReader(std::string_view section, std::size_t rows, TextArena& arena)
      : rest_{section}, rows_{rows}, arena_{arena} {}

  std::vector<std::uint64_t> numbers() { return numbers(rows_); }
  std::vector<std::uint64_t> numbers(std::size_t count);
  std::vector<std::int64_t> rising();
  std::vector<std::string_view> texts() { return texts(rows_); }
  Dictionary dictionary();
  std::vector<std::string_view> ids();
  std::vector<std::string_view> references(std::span<const std::string_view> own);

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::vector<std::string_view> texts(std::size_t count);
  std::uint8_t byte();
  std::string_view decimal(std::uint64_t value);
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  std::size_t rows_;
  TextArena& arena_;
  bool ok_ = true;
};

/// One frame of zstd, appended to `out`. Each stretch has a block of its own, and with it a table
/// of its own of how often which byte occurs.
void compress(const Section& section, std::string& out);
/// The section back, or nothing; `section` is replaced. False for other bytes.
bool decompress(std::string_view bytes, std::string& section);

}  // namespace earshot::rocks
