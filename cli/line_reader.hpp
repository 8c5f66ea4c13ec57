#pragma once

#include <cstddef>
#include <memory>
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

/// Reads lines in large batches, but never waits for more while it holds a whole one: who writes a
/// line and waits for the answer gets it.
class LineReader {
 public:
  static constexpr std::size_t longest = 16 << 20;

  explicit LineReader(int descriptor, std::size_t block = 4 << 20);

  /// Fills `lines` with those that come next; none at the end of the input. They live until the
  /// next call. The last line may lack its line end. Error `io`.
  Result<Done> next(std::vector<InputLine>& lines);

 private:
  void make_room();
  Result<bool> fill();
  void split(std::vector<InputLine>& lines);
  void take(std::vector<InputLine>& lines, std::size_t length, bool too_long);

  int descriptor_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t begin_ = 0;  ///< Of what has not been handed out.
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool skipping_ = false;  ///< Within a line that was too long.
  bool started_ = false;
};

}  // namespace earshot
