#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/result.hpp"

namespace earshot {

/// A line without its "\n" or "\r\n". At least 64 bytes of memory follow it, as simdjson wants
/// them.
struct InputLine {
  std::string_view text;
  bool too_long = false;  ///< Longer than `LineReader::longest`: this is its beginning.
};

/// Lines that were read together, and the bytes they point into.
struct LineBatch {
  std::vector<InputLine> lines;
  std::unique_ptr<char[]> bytes = {};
  std::size_t capacity = 0;  ///< Of `bytes`, without what is behind it for simdjson.
};

/// Reads lines in large batches, but never waits for more while it holds a whole one: who writes a
/// line and waits for the answer gets it.
class LineReader {
 public:
  static constexpr std::size_t longest = 16 << 20;

  explicit LineReader(int descriptor, std::size_t block = 4 << 20);

  /// Fills `batch` with the lines that come next, in its old room if that suffices; none at the end
  /// of the input. The last line may lack its line end. Error `io`.
  Result<Done> next(LineBatch& batch);

  /// True if `next` need not wait for somebody to write.
  bool ready() const;

 private:
  void make_room(LineBatch& batch);
  Result<bool> fill(LineBatch& batch);
  void split(LineBatch& batch);
  void take(LineBatch& batch, std::size_t length, bool too_long);

  int descriptor_;
  std::size_t block_;
  std::string rest_;       ///< The beginning of a line, read with the batch before.
  std::size_t begin_ = 0;  ///< Of what has not been handed out of the present batch.
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool skipping_ = false;  ///< Within a line that was too long.
  bool started_ = false;
};

}  // namespace earshot
