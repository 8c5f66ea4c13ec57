#include "ingest/utf16.hpp"

#include <algorithm>

namespace earshot {

void Utf16Decoder::step(std::span<const char> from, std::size_t& taken, std::span<char> room,
                        std::size_t& filled) {
  taken = filled = 0;
  for (;;) {
    while (pending_begin_ < pending_end_) {
      if (filled == room.size()) return;
      room[filled++] = pending_[pending_begin_++];
    }
    pending_begin_ = pending_end_ = 0;
    if (taken == from.size()) return;
    const unsigned byte = static_cast<unsigned char>(from[taken++]);
    has_byte_ = !has_byte_;
    if (has_byte_)
      byte_ = byte;
    else
      take_unit(big_endian_ ? byte_ << 8U | byte : byte << 8U | byte_);
  }
}

void Utf16Decoder::take_unit(unsigned unit) {
  constexpr char32_t replacement = 0xFFFD;
  const bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
  if (high_ != 0 && is_low) {
    write(0x10000U + ((high_ - 0xD800U) << 10U) + (unit - 0xDC00U));
    high_ = 0;
    return;
  }
  if (high_ != 0) write(replacement);
  high_ = is_high ? unit : 0;
  if (is_high) return;
  write(is_low ? replacement : static_cast<char32_t>(unit));
}

void Utf16Decoder::write(char32_t character) {
  const auto put = [&](char32_t byte) { pending_[pending_end_++] = static_cast<char>(byte); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xC0U | character >> 6U);
  } else {
    if (character < 0x10000) {
      put(0xE0U | character >> 12U);
    } else {
      put(0xF0U | character >> 18U);
      put(0x80U | (character >> 12U & 0x3FU));
    }
    put(0x80U | (character >> 6U & 0x3FU));
  }
  put(0x80U | (character & 0x3FU));
}

}  // namespace earshot
