#include <doctest/doctest.h>

#include "store/base/terminal_text.hpp"

using namespace earshot;
using namespace std::string_literals;

namespace {

std::string utf8(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000)
    return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

/// Written apart from the code under test: C0, DEL, C1, separators and Bidi_Control.
bool must_be_escaped(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
  for (const std::uint32_t unsafe : {0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C,
                                     0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069})
    if (c == unsafe) return true;
  return false;
}

}  // namespace

TEST_CASE("terminal text: plain text in any script passes as it is") {
  CHECK(printable("late again, café, 遅い, \U0001F600") == "late again, café, 遅い, \U0001F600");
}

TEST_CASE("terminal text: what a terminal would obey is shown as an escape") {
  CHECK(printable("\x1b[2Jgone") == "\\x1b[2Jgone");
  CHECK(printable("a\nb\r\tc\0d"s) == "a\\nb\\r\\tc\\x00d");
  CHECK(printable("\u202Eevil\u2066") == "\\u202eevil\\u2066");
  CHECK(printable("\u0085\u2028") == "\\u0085\\u2028");
}

TEST_CASE("terminal text: line breaks pass where there may be several lines, returns never") {
  CHECK(printable("a\n\tb\rc", LineBreaks::keep) == "a\n\tb\\rc");
}

TEST_CASE("terminal text: of all Unicode just the dangerous characters become visible escapes") {
  std::size_t wrong = 0;
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const auto text = utf8(c);
    const auto safe = printable(text);
    const bool line = c == '\n' || c == '\t';
    if (must_be_escaped(c) ? safe[0] != '\\' || safe.size() < 2 : safe != text) ++wrong;
    if (printable(text, LineBreaks::keep) != (line ? text : safe)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("terminal text: bytes that are no UTF-8 are shown, all pairs of them") {
  std::size_t wrong = 0;
  for (unsigned a = 0x80; a < 0x100; ++a)
    for (unsigned b = 0; b < 0x100; ++b)
      for (const char c : printable(std::string{static_cast<char>(a), static_cast<char>(b)})) {
        const auto byte = static_cast<unsigned char>(c);
        const bool lead = a >= 0xC2 && a <= 0xDF && b >= 0x80 && b < 0xC0;
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !lead)) ++wrong;
      }
  CHECK(wrong == 0);
  CHECK(printable("a\xC0\xAF") == "a\\xc0\\xaf");
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("terminal text: width counts columns, not bytes") {
  CHECK(display_width("Br\xC3\xBC"
                      "cke") == 6);
  CHECK(display_width("\xE6\x97\xA5\xE6\x9C\xAC") == 4);
  CHECK(display_width("e\xCC\x81") == 1);
}

TEST_CASE("terminal text: lines break at spaces, long words stand alone") {
  CHECK(wrap_text("to be or not to be", 8) == std::vector<std::string>{"to be or", "not to", "be"});
  CHECK(wrap_text("a abcdefghij b", 4) == std::vector<std::string>{"a", "abcdefghij", "b"});
}
