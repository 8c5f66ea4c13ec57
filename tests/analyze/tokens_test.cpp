#include "analyze/tokens.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace earshot;

namespace {
std::vector<std::string> pieces_of(std::string_view normalised) {
  TokenisedText text;
  text.read(normalised);
  std::vector<std::string> pieces;
  for (const Token& token : text.tokens()) pieces.emplace_back(text.text_of(token));
  return pieces;
}

using Pieces = std::vector<std::string>;
}  // namespace

TEST_CASE("tokens: words, punctuation and marks stand apart, blanks are nobody's") {
  CHECK(pieces_of("") == Pieces{});
  CHECK(pieces_of("don't go, now!!") == Pieces{"don't", "go", ",", "now", "!!"});
  CHECK(pieces_of("\x01 see \x02") == Pieces{"\x01", "see", "\x02"});
  CHECK(pieces_of("caf\xC3\xA9 \xF0\x9F\x98\x80") == Pieces{"caf\xC3\xA9", "\xF0\x9F\x98\x80"});
}

TEST_CASE("tokens: a face with a letter for its mouth is one, a word behind a colon is none") {
  CHECK(pieces_of("nice :d ;p") == Pieces{"nice", ":d", ";p"});
  CHECK(pieces_of("note :done") == Pieces{"note", ":", "done"});
  CHECK(pieces_of(":d") == Pieces{":d"});
}

TEST_CASE("tokens: they are the same wherever in a text they stand") {
  const std::string_view sample = "not so :d, a'b -- ninebytesword?! \x01 0";
  const Pieces expected = pieces_of(sample);
  REQUIRE(expected.size() == 10);
  for (std::size_t before = 1; before < 140; ++before) {
    CAPTURE(before);
    CHECK(pieces_of(std::string(before, ' ') + std::string{sample}) == expected);
  }
}

TEST_CASE("tokens: what is long goes on across blocks") {
  for (const std::size_t length : {63U, 64U, 65U, 128U, 200U}) {
    CHECK(pieces_of(std::string(length, 'x') + " y") == Pieces{std::string(length, 'x'), "y"});
    CHECK(pieces_of(std::string(length, '-') + "y") == Pieces{std::string(length, '-'), "y"});
  }
}

TEST_CASE(
    "tokens: punctuation tells whether a clause ends with it, a word whether it has an "
    "apostrophe") {
  TokenisedText text;
  text.read("it's (so) here. :d");
  std::string said;
  for (const Token& token : text.tokens())
    said += token.ends_clause ? 'e' : token.apostrophe ? 'a' : '.';
  CHECK(said == "a....e.");
}
