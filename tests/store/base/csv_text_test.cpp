#include "store/base/csv_text.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string csv(std::string_view text, Formulas formulas = Formulas::disarm) {
  std::string out;
  append_csv_text(out, text, formulas);
  return out;
}

}  // namespace

TEST_CASE("csv text: every beginning of a formula gets an apostrophe, and nothing else does") {
  CHECK(csv("=1+1") == "'=1+1");
  CHECK(csv("+49 30") == "'+49 30");
  CHECK(csv("-5 stars") == "'-5 stars");
  CHECK(csv("@SUM(A1)") == "'@SUM(A1)");
  CHECK(csv("\t=1") == "\"'\t=1\"");
  CHECK(csv("\r=1") == "\"'\r=1\"");
  CHECK(csv("\uFF1D1+1") == "'\uFF1D1+1");
  CHECK(csv("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
  CHECK(csv("5 stars") == "5 stars");
  CHECK(csv("") == "");
}

TEST_CASE("csv text: quotes what separates fields in some locale, and a new line") {
  CHECK(csv("a,b") == "\"a,b\"");
  CHECK(csv("a;=b") == "\"a;=b\"");
  CHECK(csv("a\tb") == "\"a\tb\"");
  CHECK(csv("a\nb") == "\"a\nb\"");
}

TEST_CASE("csv text: kept formulas are quoted and no more") {
  CHECK(csv("=1+1", Formulas::keep) == "=1+1");
  CHECK(csv("=A(1,2)", Formulas::keep) == "\"=A(1,2)\"");
}
