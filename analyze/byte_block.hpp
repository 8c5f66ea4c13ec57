#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot {

/// Sixteen bytes of a text side by side. What it is asked it answers with a bit for each byte, the
/// first byte's lowest. SSE2 where there is (every x86-64), else byte by byte with the same
/// answers.
class ByteBlock {
 public:
  static constexpr std::size_t size = 16;

#if defined(__SSE2__)
  /// The bytes from `from` on.
  explicit ByteBlock(const char* from)
      : bytes_{_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))} {}

  void store(char* to) const {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_);
  }

  std::uint32_t equal_to(char byte) const {
    return bits_of(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte)));
  }

  /// From `first` to `last`, both of ASCII.
  std::uint32_t between(char first, char last) const {
    return bits_of(range(first, last));
  }

  /// Not of ASCII.
  std::uint32_t beyond_ascii() const {
    return bits_of(bytes_);
  }

  /// The same as the byte before it; `before` stands before the first.
  std::uint32_t same_as_before(char before) const {
    const __m128i moved = _mm_or_si128(_mm_slli_si128(bytes_, 1),
                                       _mm_cvtsi32_si128(static_cast<unsigned char>(before)));
    return bits_of(_mm_cmpeq_epi8(bytes_, moved));
  }

  /// With the capitals of ASCII made small.
  ByteBlock in_lower_case() const {
    return ByteBlock{_mm_or_si128(bytes_, _mm_and_si128(range('A', 'Z'), _mm_set1_epi8(0x20)))};
  }

 private:
  explicit ByteBlock(__m128i bytes) : bytes_{bytes} {}

  __m128i range(char first, char last) const {
    return _mm_and_si128(_mm_cmpgt_epi8(bytes_, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(last + 1)), bytes_));
  }
  static std::uint32_t bits_of(__m128i mask) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(mask));
  }

  __m128i bytes_;
#else
  explicit ByteBlock(const char* from) {
    std::memcpy(bytes_.data(), from, size);
  }
  void store(char* to) const {
    std::memcpy(to, bytes_.data(), size);
  }

  std::uint32_t equal_to(char byte) const {
    return where([&](std::size_t i) { return bytes_[i] == byte; });
  }
  std::uint32_t between(char first, char last) const {
    return where([&](std::size_t i) { return bytes_[i] >= first && bytes_[i] <= last; });
  }
  std::uint32_t beyond_ascii() const {
    return where([&](std::size_t i) { return static_cast<unsigned char>(bytes_[i]) >= 0x80; });
  }
  std::uint32_t same_as_before(char before) const {
    return where([&](std::size_t i) { return bytes_[i] == (i == 0 ? before : bytes_[i - 1]); });
  }
  ByteBlock in_lower_case() const {
    ByteBlock small = *this;
    for (char& byte : small.bytes_)
      if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + 32);
    return small;
  }

 private:
  template <class Is>
  std::uint32_t where(const Is& is) const {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) bits |= std::uint32_t{is(i)} << i;
    return bits;
  }

  std::array<char, size> bytes_;
#endif
};

/// Eight bytes as a number, the first byte lowest.
inline std::uint64_t load_eight(const char* from) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  }
  std::uint64_t bytes = 0;
  for (unsigned i = 0; i < 8; ++i)
    bytes |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  return bytes;
}

}  // namespace earshot
