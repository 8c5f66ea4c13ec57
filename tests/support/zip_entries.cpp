#include "tests/support/zip_entries.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

namespace earshot::test {

namespace {

std::size_t little_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  REQUIRE(at + size <= bytes.size());
  std::size_t number = 0;
  for (std::size_t i = size; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::string inflated(std::string packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

}  // namespace

std::map<std::string, std::string> zip_entries(const std::string& bytes) {
  std::map<std::string, std::string> entries;
  const auto end = bytes.rfind("PK\x05\x06");
  REQUIRE(end != std::string::npos);
  const auto count = little_endian(bytes, end + 10, 2);
  auto at = little_endian(bytes, end + 16, 4);  // of the central directory
  for (std::size_t i = 0; i < count; ++i) {
    const auto method = little_endian(bytes, at + 10, 2);
    const auto packed = little_endian(bytes, at + 20, 4);
    const auto size = little_endian(bytes, at + 24, 4);
    const auto name_size = little_endian(bytes, at + 28, 2);
    const auto local = little_endian(bytes, at + 42, 4);
    const auto data =
        local + 30 + little_endian(bytes, local + 26, 2) + little_endian(bytes, local + 28, 2);
    const auto stored = bytes.substr(data, packed);
    REQUIRE((method == 0 || method == Z_DEFLATED));
    entries[bytes.substr(at + 46, name_size)] = method == 0 ? stored : inflated(stored, size);
    at += 46 + name_size + little_endian(bytes, at + 30, 2) + little_endian(bytes, at + 32, 2);
  }
  return entries;
}

}  // namespace earshot::test
