#include "ingest/encoding.hpp"

#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace earshot;
using namespace std::string_view_literals;

namespace {

/// "encoding: text".
std::string read(std::string_view bytes, std::string_view content_type = {}) {
  const auto decoded = decode_text(bytes, content_type);
  return decoded.encoding + ": " + decoded.text;
}

std::string declared(const std::string& label, const std::string& text) {
  const auto decoded = decode_text("<?xml version='1.0' encoding='" + label + "'?>" + text);
  return decoded.encoding + ": " + decoded.text.substr(decoded.text.find("?>") + 2);
}

}  // namespace

TEST_CASE("a document is read in the encoding that it declares") {
  CHECK(declared("windows-1251", "\xCF\xF0\xE8") == "windows-1251: При");
  CHECK(declared("KOI8-R", "\xF0\xD2\xC9") == "koi8-r: При");
  CHECK(declared("Shift_JIS", "\x93\xFA\x96\x7B") == "shift_jis: 日本");
  CHECK(declared("euc-jp", "\xC6\xFC\xCB\xDC") == "euc-jp: 日本");
  CHECK(declared("gb2312", "\xD6\xD0") == "gb2312: 中");
  CHECK(declared("iso-8859-15", "\xA4") == "iso-8859-15: €");
}

TEST_CASE("labels mean what the web means by them") {
  CHECK(declared("iso-8859-1", "caf\xE9 \x80") == "iso-8859-1: café €");
  CHECK(declared("gb2312", "\x81\x30\x84\x36") == "gb2312: ¥");
  CHECK(declared("x-mac-roman", "caf\x8E") == "x-mac-roman: café");
  CHECK(declared("1251", "\xCF") == "1251: П");
  CHECK(declared("ks_c_5601-1987", "\x81\x41") == "ks_c_5601-1987: 갂");
}

TEST_CASE("a byte order mark goes before all labels, and is no text, however often it is there") {
  CHECK(read("\xEF\xBB\xBF\xEF\xBB\xBFé", "text/xml; charset=iso-8859-1") == "utf-8: é");
  CHECK(read("\xEF\xBB\xBF\xE9") == "utf-8: \xEF\xBF\xBD");
  CHECK(read("\xFF\xFE<\0a\0>\0\xE9\0"sv) == "utf-16le: <a>é");
  CHECK(read("\xFE\xFF\0<\0a\0>\0\xE9"sv) == "utf-16be: <a>é");
  CHECK(read("\xFF\xFE\0\0<\0\0\0"sv) == "utf-32le: <");
}

TEST_CASE("wide characters are known without a mark") {
  CHECK(read("<\0a\0>\0\xE9\0"sv) == "utf-16le: <a>é");
  CHECK(read("\n\0<\0a\0"sv) == "utf-16le: \n<a");
  CHECK(read("\0<\0a\0>\0\xE9"sv) == "utf-16be: <a>é");
  CHECK(read("\0\0\0<\0\0\0\xE9"sv) == "utf-32be: <é");
}

TEST_CASE("the charset of the Content-Type goes before the declaration") {
  CHECK(read("\xCF", "application/xml; charset=windows-1251") == "windows-1251: П");
  CHECK(read("\xCF", "text/xml;Charset = \"Windows-1251\"") == "windows-1251: П");
  CHECK(read("\xCF", "text/xml;charset='windows-1251'; q=1") == "windows-1251: П");
  CHECK(read("x", "text/xml") == "us-ascii: x");
  CHECK(read("x", "application/xml") == "utf-8: x");
}

TEST_CASE("a label that the bytes give the lie to is not believed") {
  CHECK(declared("utf-16", "é") == "utf-8: é");
  CHECK(declared("x-nonsense", "é") == "utf-8: é");
  CHECK(declared("utf-8//IGNORE", "é") == "utf-8: é");
  CHECK(declared("iso-8859-1", "é") == "utf-8: é");
  CHECK(declared("us-ascii", "é") == "utf-8: é");
  CHECK(read("<?xml encoding='windows-1251'?>\xCF", "text/xml; charset=utf-8") ==
        "windows-1251: <?xml encoding='windows-1251'?>П");
}

TEST_CASE("a few bad bytes don't make UTF-8 something else") {
  CHECK(declared("utf-8", "Приложение\xFF снова") == "utf-8: Приложение\xEF\xBF\xBD снова");
  CHECK(declared("utf-8", "d\xE9\xE7u, caf\xE9") == "iso-8859-1: déçu, café");
}

TEST_CASE("without any label the letters tell") {
  const std::string japanese =
      "\xC6\xFC\xCB\xDC\xB8\xEC\xA4\xCE\xCA\xB8\xBE\xCF\xA4\xF2\xC6\xC9\xA4\xE0\xA4\xB3\xA4\xC8"
      "\xA4\xAC\xA4\xC7\xA4\xAD\xA4\xEB\xA1\xA3";
  CHECK(read(japanese) == "euc-jp: 日本語の文章を読むことができる。");
  CHECK(read("no letters at all") == "utf-8: no letters at all");
}

TEST_CASE("whatever comes, the text is UTF-8") {
  for (const auto bytes : {"\xFF\xFE\0"sv, "\xFF\xFE\0\xD8"sv, "\xC3"sv, "\xED\xA0\x80"sv, ""sv,
                           "\x81\x8D\x8F\x90\x9D"sv, "\0\0\0\0"sv}) {
    CAPTURE(bytes);
    CHECK(is_utf8(decode_text(bytes).text));
    CHECK(is_utf8(decode_text(bytes, "text/xml; charset=shift_jis").text));
  }
}

TEST_CASE("UTF-8 is strict") {
  CHECK(is_utf8("aé€😀"));
  for (const auto* bytes : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xC3", "abcdefgh\xFF"}) {
    CAPTURE(bytes);
    CHECK_FALSE(is_utf8(bytes));
  }
}
