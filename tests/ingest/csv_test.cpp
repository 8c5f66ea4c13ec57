#include "ingest/csv.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::vector<std::string> fields_of(std::string_view record, char delimiter = ',') {
  std::vector<std::string_view> fields;
  TextArena unquoted;
  split_csv_record(record, delimiter, fields, unquoted);
  return {fields.begin(), fields.end()};
}

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("a record is split at its delimiters") {
  CHECK(fields_of("a,b,c") == Fields{"a", "b", "c"});
  CHECK(fields_of("a,,") == Fields{"a", "", ""});
  CHECK(fields_of("") == Fields{""});
  CHECK(fields_of("a,b;c", ';') == Fields{"a,b", "c"});
  CHECK(fields_of("a\tb", '\t') == Fields{"a", "b"});
}

TEST_CASE("quotes hold delimiters, line ends and doubled quotes") {
  CHECK(fields_of(R"("a,b","say ""hi""",c)") == Fields{"a,b", "say \"hi\"", "c"});
  CHECK(fields_of("\"two\nlines\",x") == Fields{"two\nlines", "x"});
  CHECK(fields_of(R"("","""")") == Fields{"", "\""});
}

TEST_CASE("quotes in the wrong place cost nothing but themselves") {
  CHECK(fields_of(R"(5" screen,b)") == Fields{"5\" screen", "b"});
  CHECK(fields_of(R"("a"b,c)") == Fields{"ab", "c"});
  CHECK(fields_of(R"("never closed,c)") == Fields{"never closed,c"});
}

TEST_CASE("a record ends at the line end that no quote holds") {
  const std::string text = "a,\"b\r\nc\",d\r\nnext";
  const auto record = find_csv_record(text, ',');
  CHECK(record.complete);
  CHECK(text.substr(0, record.size) == "a,\"b\r\nc\",d");
  CHECK(text.substr(record.next) == "next");
  CHECK(record.lines == 2);
}

TEST_CASE("a stray quote inside a field does not hold the line end") {
  const std::string text = "1,5\" screen\n2,x\n";
  const auto record = find_csv_record(text, ',');
  CHECK(text.substr(0, record.size) == "1,5\" screen");
}

TEST_CASE("a record that the text cuts off is not complete, and says whether a quote is open") {
  const auto cut = find_csv_record("a,b", ',');
  CHECK_FALSE(cut.complete);
  CHECK_FALSE(cut.open_quote);
  CHECK(cut.size == 3);
  const auto open = find_csv_record("a,\"b\nc\n", ',');
  CHECK_FALSE(open.complete);
  CHECK(open.open_quote);
}
