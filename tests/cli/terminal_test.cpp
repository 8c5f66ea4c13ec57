#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <csignal>
#include <string>

#include "store/base/utf8.hpp"

using namespace earshot;
using namespace std::string_literals;

namespace {

std::string encode(char32_t code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

bool harmless(std::string_view shown, bool lines) {
  while (!shown.empty()) {
    const auto [code, length] = decode_utf8(shown);
    if (code == Utf8Character::invalid || code == 0x7F || (code >= 0x80 && code < 0xA0))
      return false;
    if (code < 0x20 && !(lines && (code == '\n' || code == '\t'))) return false;
    if (code == 0x61C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
        (code >= 0x2066 && code <= 0x2069))
      return false;
    shown.remove_prefix(length);
  }
  return true;
}

}  // namespace

TEST_CASE("terminal: plain text in any script passes as it is") {
  CHECK(printable("late again, café, 遅い, \U0001F600") == "late again, café, 遅い, \U0001F600");
}

TEST_CASE("terminal: what a terminal would obey is shown as an escape") {
  CHECK(printable("\x1b[2Jgone") == "\\x1b[2Jgone");
  CHECK(printable("a\nb\r\tc\0d"s) == "a\\nb\\r\\tc\\x00d");
  CHECK(printable("\u202Eevil\u2066") == "\\u202eevil\\u2066");
  CHECK(printable("\u0085\u2028") == "\\u0085\\u2028");
}

TEST_CASE("terminal: bytes that are no UTF-8 are shown one by one") {
  CHECK(printable("a\xff\xc3z") == "a\\xff\\xc3z");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE(
    "terminal: line breaks pass where the text may have several lines, carriage returns never") {
  CHECK(printable("a\n\tb\rc", LineBreaks::keep) == "a\n\tb\\rc");
}

TEST_CASE("terminal: no scalar value of Unicode and no pair of bytes gets through as a command") {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const auto text = encode(code);
    if (!harmless(printable(text), false) || !harmless(printable(text, LineBreaks::keep), true))
      FAIL_CHECK("U+" << static_cast<unsigned>(code));
  }
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second)
      if (!harmless(printable(std::string{static_cast<char>(first), static_cast<char>(second)}),
                    false))
        FAIL_CHECK("bytes " << first << " " << second);
}

TEST_CASE("terminal: a reader that went away is no error, and is noticed") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  Output out{ends[1]};

  out.write("nobody reads this");

  CHECK(out.flush().has_value());
  CHECK(out.closed());
  close(ends[1]);
}

TEST_CASE("terminal: a full disk is an error that says so") {
  FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  Output out{fileno(full)};

  out.write("x");
  const auto flushed = out.flush();

  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().message == "cannot write to standard output: No space left on device");
  std::fclose(full);
}
