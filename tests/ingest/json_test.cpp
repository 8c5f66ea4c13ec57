#include "ingest/json.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

JsonDocument parsed(std::string_view bytes) {
  auto document = JsonDocument::parse(bytes);
  REQUIRE_MESSAGE(document, bytes);
  return std::move(*document);
}

std::string fault_of(std::string_view bytes) {
  const auto document = JsonDocument::parse(bytes);
  REQUIRE_FALSE_MESSAGE(document, bytes);
  CHECK(document.error().kind == Error::Kind::format);
  return document.error().message;
}

}  // namespace

TEST_CASE("json: members are found by path, and what is missing has nothing in it") {
  const auto document = parsed(R"({"a":{"b":[1,"x",null,true],"b.c":"dotted"},"n":null,"a":2})");
  const JsonValue root = document.root();

  CHECK(root.is_object());
  CHECK(root.at("a.b").is_list());
  std::vector<std::string> texts;
  for (const JsonValue value : root.at("a.b")) texts.emplace_back(value.text());
  CHECK(texts == std::vector<std::string>{"1", "x", "", ""});
  CHECK(root.at("a").member("b.c").text() == "dotted");
  CHECK_FALSE(root.at("n"));
  CHECK_FALSE(root.at("nowhere"));
  CHECK_FALSE(root.at("a.b.c.d.e"));
  CHECK(root.at("nowhere").text().empty());
  CHECK(root.at("nowhere").empty());
  CHECK(root.at("n").at("x").begin() == JsonValue::Iterator{});
}

TEST_CASE("json: ids are texts whether they are written as numbers or not; counts are numbers") {
  const auto document = parsed(
      R"({"big":123456789012345678901234567890,"id":42,"text":"43","less":-1,"part":1.5,"yes":true,"e":1e400})");
  const JsonValue root = document.root();

  CHECK(root.at("big").text() == "123456789012345678901234567890");
  CHECK(root.at("id").text() == "42");
  CHECK(root.at("id").count() == Count{42});
  CHECK(root.at("text").count() == Count{43});
  CHECK(root.at("e").text() == "1e400");
  for (const auto* name : {"big", "less", "part", "yes", "e", "nowhere"})
    CHECK_MESSAGE(!root.at(name).count(), name);
  CHECK(root.at("yes").is_true());
  CHECK_FALSE(root.at("id").is_true());
}

TEST_CASE("json: a whole answer may be one value") {
  CHECK(parsed("121003").root().text() == "121003");
  CHECK_FALSE(parsed("null").root());
  CHECK(parsed(" \"x\" ").root().text() == "x");
  CHECK(parsed("\xEF\xBB\xBF{}").root().is_object());
}

TEST_CASE("json: a broken escape costs its character, not the answer") {
  const auto document =
      parsed(R"(["a\ud83dz\u00e9\n","\ude00","\u12","\x","\ud83d\ude00","q\"\ud83d"])");
  std::vector<std::string> texts;
  for (const JsonValue value : document.root()) texts.emplace_back(value.text());

  CHECK(texts ==
        std::vector<std::string>{"a\uFFFDzé\n", "\uFFFD", "\uFFFD12", "\uFFFD", "😀", "q\"\uFFFD"});
}

TEST_CASE("json: what is no JSON is told why") {
  CHECK(fault_of("") == "not JSON: nothing but blanks");
  CHECK(fault_of("[1,2") == "not JSON: cut off");
  CHECK(fault_of("{\"a\":\"b") == "not JSON: a string that is never closed");
  CHECK(fault_of("\"\xFF\"") == "not UTF-8");
  CHECK(fault_of("01") == "not JSON: a broken number");
  CHECK(fault_of("1,2") == "not JSON: more after its end");
  CHECK(fault_of("{}{}") == "not JSON: more after its end");
  CHECK(fault_of(std::string(2000, '[') + std::string(2000, ']')) == "not JSON: nested too deeply");
  CHECK(fault_of("<html>") == "not JSON");
}

TEST_CASE("json: an answer of endless values is refused") {
  std::string values = "[0";
  for (int i = 0; i < 1'000'000; ++i) values += ",0";
  CHECK(fault_of(values + "]") == "more than 1,000,000 values");
}
