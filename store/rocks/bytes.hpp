#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace earshot::rocks {

static_assert(std::endian::native == std::endian::little, "records are written little-endian");

/// Appends values to a record: fixed-width integers in little-endian, texts behind their length.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_{out} {}

  template <class Integer>
  void fixed(Integer value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof value);
  }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void text(std::string_view text) {
    varint(text.size());
    out_.append(text);
  }

 private:
  std::string& out_;
};

/// Reads a record back. After a read past the end everything is 0 or empty and `ok` is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_{bytes} {}

  template <class Integer>
  Integer fixed() {
    Integer value{};
    if (rest_.size() < sizeof value) return fail(), value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail(), 0;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return fail(), 0;
  }
  std::string_view text() {
    const auto size = varint();
    if (rest_.size() < size) return fail(), std::string_view{};
    const auto text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  bool ok() const { return ok_; }
  /// True if all was read, and nothing more.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// Integers in keys: big-endian, so that bytes sort as numbers do.
inline void append_big_endian(std::string& key, std::uint64_t value) {
  value = __builtin_bswap64(value);
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}
inline std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return __builtin_bswap64(value);
}

}  // namespace earshot::rocks
