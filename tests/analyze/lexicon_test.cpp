#include "analyze/lexicon.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace earshot;

namespace {
ValenceSums sums_of(std::string_view lexicon, std::string_view text) {
  const auto file = parse_lexicon(lexicon, "l.tsv");
  REQUIRE(file);
  const auto slots = make_lexicon_slots(file->words);
  REQUIRE(are_lexicon_slots(slots));
  std::string normalised;
  Features features;
  const TextStyle style = normalise(text, normalised);
  TokenisedText tokenised;
  tokenised.read(normalised);
  extract_features(tokenised, style, features);
  return Lexicon{slots}.sum(features.seen());
}

std::string error_of(std::string_view lexicon) {
  const auto file = parse_lexicon(lexicon, "l.tsv");
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == Error::Kind::format);
  return file.error().message;
}
}  // namespace

TEST_CASE("lexicon: valences above and below zero add up apart, whatever the case") {
  const auto sums = sums_of("2.5\tfresh\n-3\tawful\n1\t:)\n", "FRESH bread, awful queue, fresh :)");
  CHECK(sums.positive == 250 + 250 + 100);
  CHECK(sums.negative == 300);
}

TEST_CASE("lexicon: a negation turns a valence around and takes a quarter off it") {
  const auto sums = sums_of("2\tfresh\n-3\tawful\n", "not fresh. never awful");
  CHECK(sums.negative == 148);
  CHECK(sums.positive == 222);
}

TEST_CASE("lexicon: the first valence of a word counts, also if it is none") {
  CHECK(sums_of("1\tfresh\n2\tfresh\n", "fresh").positive == 100);
  const auto none = sums_of("0\tdie\n-3\tdie\n-1\tbad\n", "die bad");
  CHECK(none.negative == 100);
  CHECK(none.positive == 0);
}

TEST_CASE("lexicon: every word is found again among many") {
  std::string lexicon, text;
  for (int i = 0; i < 676; ++i) {
    const std::string word =
        std::string("w") + static_cast<char>('a' + i / 26) + "x" + static_cast<char>('a' + i % 26);
    lexicon += "1\t" + word + "\n";
    text += word + " ";
  }
  CHECK(sums_of(lexicon, text).positive == 67600);
  CHECK(sums_of(lexicon, "none of these").positive == 0);
}

TEST_CASE("lexicon: entries of several words are left out, and a lexicon may have no valence") {
  const auto file = parse_lexicon("1\tin love\r\n2\tlove\r\n", "a/l.tsv");
  REQUIRE(file);
  CHECK(file->name == "l.tsv");
  CHECK(file->words.size() == 1);
  CHECK(sums_of("0\tfresh\n", "fresh").positive == 0);
}

TEST_CASE("lexicon: slots without an empty one can't be searched") {
  CHECK(are_lexicon_slots({}));
  CHECK(are_lexicon_slots(std::vector<std::uint64_t>{7, 0}));
  CHECK_FALSE(are_lexicon_slots(std::vector<std::uint64_t>{7, 8}));
  CHECK_FALSE(are_lexicon_slots(std::vector<std::uint64_t>{7, 0, 0}));
}

TEST_CASE("lexicon: a line that can't be used is named") {
  CHECK(error_of("1\tgood\ngood 1\n") == "l.tsv:2: no tab between valence and word");
  CHECK(error_of("good\t1\n") == "l.tsv:1: 'good' is no number from -100 to 100");
  CHECK(error_of("nan\tgood\n") == "l.tsv:1: 'nan' is no number from -100 to 100");
  CHECK(error_of("101\tgood\n") == "l.tsv:1: '101' is no number from -100 to 100");
  CHECK(error_of("") == "l.tsv: no word with a valence in it");
}
