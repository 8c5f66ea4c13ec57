#include "store/base/json_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace earshot;
using namespace std::string_literals;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("json text: plain text and UTF-8 stay as they are") {
  CHECK(json_string("") == "\"\"");
  CHECK(json_string("late again, caf\u00e9 \U0001F600") == "\"late again, caf\u00e9 \U0001F600\"");
}

TEST_CASE("json text: quotes, backslashes and control characters are escaped") {
  CHECK(json_string("\"a\\b\"") == R"("\"a\\b\"")");
  CHECK(json_string("a\nb\tc\r\0\x1b\x7f"s) == R"("a\nb\tc\r\u0000\u001b\u007f")");
}

TEST_CASE("json text: a byte that is no UTF-8 becomes U+FFFD and costs nothing else") {
  CHECK(json_string("a\xffz") == "\"a\uFFFDz\"");
  CHECK(json_string("\xed\xa0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");  // a surrogate
  CHECK(json_string("\xc0\xaf") == "\"\uFFFD\uFFFD\"");            // overlong "/"
  CHECK(json_string("\xe2\x82") == "\"\uFFFD\uFFFD\"");            // cut short
  CHECK(json_string("\xf5\x80\x80\x80") == "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
}
