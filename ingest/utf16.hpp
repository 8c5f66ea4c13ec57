#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace earshot {

/// UTF-16 to UTF-8, piece by piece. The byte order mark is the caller's to skip. Half a surrogate
/// pair becomes U+FFFD.
class Utf16Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_{big_endian} {}

  /// Takes bytes of `from` and fills `room`, as far as both go.
  void step(std::span<const char> from, std::size_t& taken, std::span<char> room,
            std::size_t& filled);

  /// True inside a character: the text must not end here.
  bool inside() const { return has_byte_ || high_ != 0; }

 private:
  void take_unit(unsigned unit);
  void write(char32_t character);

  bool big_endian_;
  bool has_byte_ = false;
  unsigned byte_ = 0;     ///< The first of a unit.
  unsigned high_ = 0;     ///< The first half of a pair.
  char pending_[8] = {};  ///< Written, but not handed out.
  std::size_t pending_begin_ = 0;
  std::size_t pending_end_ = 0;
};

}  // namespace earshot
