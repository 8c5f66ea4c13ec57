#include "analyze/features.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace earshot;

namespace {
struct Rows {
  std::vector<std::uint32_t> words, characters;
  bool has_word(std::uint32_t row) const {
    return std::find(words.begin(), words.end(), row) != words.end();
  }
};

Rows rows_of(std::string_view text) {
  std::string normalised;
  Features features;
  const TextStyle style = normalise(text, normalised);
  TokenisedText tokenised;
  tokenised.read(normalised);
  extract_features(tokenised, style, features);
  return {{features.words().begin(), features.words().end()},
          {features.characters().begin(), features.characters().end()}};
}

WordRows word(std::string_view text) {
  WordRows rows;
  REQUIRE(find_word_rows(text, rows));
  return rows;
}
}  // namespace

TEST_CASE("features: a word stands for itself wherever it is") {
  CHECK(rows_of("fresh bread").has_word(word("fresh").plain));
  CHECK(rows_of("the bread is FRESH!!!").has_word(word("fresh").plain));
  CHECK_FALSE(rows_of("the bread is stale").has_word(word("fresh").plain));
}

TEST_CASE("features: a negation marks the words after it, as far as its clause and four words") {
  const auto negated = word("fresh").negated;
  CHECK(rows_of("not fresh").has_word(negated));
  CHECK(rows_of("it isn’t at all fresh").has_word(negated));
  CHECK_FALSE(rows_of("not now. fresh").has_word(negated));
  CHECK_FALSE(rows_of("not now but fresh").has_word(negated));
  CHECK_FALSE(rows_of("not one two three four fresh").has_word(negated));
  CHECK_FALSE(rows_of("very fresh").has_word(negated));
}

TEST_CASE("features: emoticons and emoji are words") {
  CHECK(rows_of("hi :D there").has_word(word(":d").plain));
  CHECK(rows_of("we <3 it").has_word(word("<0").plain));
  CHECK(rows_of("yes\U0001F44D\U0001F3FE").has_word(word("\U0001F44D").plain));
  CHECK_FALSE(rows_of("note:do it").has_word(word(":d").plain));
}

TEST_CASE(
    "features: a text of n characters has runs of three and of five of them, blanks at both ends "
    "counted") {
  CHECK(rows_of("ab").characters.size() == 2);
  CHECK(rows_of("abcd").characters.size() == 4 + 2);
  CHECK(rows_of("äöüß").characters.size() == 4 + 2);
  CHECK(rows_of("").characters.empty());
}

TEST_CASE("features: shouting and exclamation marks are told from their absence") {
  CHECK(rows_of("GIVE IT BACK NOW").words != rows_of("give it back now").words);
  CHECK(rows_of("GIVE IT BACK NOW").characters == rows_of("give it back now").characters);
}

TEST_CASE("features: all rows are inside the table, and a buffer used before changes nothing") {
  std::string normalised;
  Features used;
  const std::string longer(5000, 'x');
  normalise(longer, normalised);
  TokenisedText tokenised;
  tokenised.read(normalised);
  extract_features(tokenised, {}, used);
  const TextStyle style = normalise("a short one", normalised);
  tokenised.read(normalised);
  extract_features(tokenised, style, used);

  const Rows fresh = rows_of("a short one");

  CHECK(
      std::equal(used.words().begin(), used.words().end(), fresh.words.begin(), fresh.words.end()));
  CHECK(std::equal(used.characters().begin(), used.characters().end(), fresh.characters.begin(),
                   fresh.characters.end()));
  for (const std::uint32_t row : fresh.characters) CHECK(row < feature_rows);
}
