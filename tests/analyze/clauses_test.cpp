#include "analyze/clauses.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace earshot;

namespace {
void split_text(ClauseWords& split, std::string_view normalised, const PhraseFilter& filter = {}) {
  TokenisedText text;
  text.read(normalised);
  split.split(text, filter);
}

/// The clauses as "first-last" places of words, with "?" if they ask.
std::string clauses_of(std::string_view text) {
  ClauseWords split;
  split_text(split, text);
  std::string out;
  for (const Clause& clause : split.clauses()) {
    out += std::to_string(clause.begin) + "-" + std::to_string(clause.end - 1);
    out += clause.asks ? "? " : " ";
  }
  return out;
}

std::vector<std::uint64_t> hashes_of(std::string_view text) {
  ClauseWords split;
  split_text(split, text);
  std::vector<std::uint64_t> hashes;
  for (const ClauseWord& word : split.words()) hashes.push_back(word.hash);
  return hashes;
}

std::string quoted_in(std::string_view text) {
  ClauseWords split;
  split_text(split, text);
  std::string out;
  for (const ClauseWord& word : split.words()) out += word.quoted ? 'q' : '.';
  return out;
}
}  // namespace

TEST_CASE("clauses: they end at punctuation and links, and a question mark asks") {
  CHECK(clauses_of("") == "");
  CHECK(clauses_of("one two") == "0-1 ");
  CHECK(clauses_of("one, two three. four?") == "0-0 1-2 3-3? ");
  CHECK(clauses_of("is it!?") == "0-1? ");
  CHECK(clauses_of("see \x02 here") == "0-0 1-1 ");
  CHECK(clauses_of("well-known - or not") == "0-1 2-3 ");
  CHECK(clauses_of("?? ...") == "");
}

TEST_CASE("clauses: a word has the hash of its letters, wherever it stands in the text") {
  const std::string_view words[] = {
      "a", "word", "eightbyt", "ninebytes", "caf\xC3\xA9", "sixteenbyteword", "0", "under_score"};
  for (std::size_t before = 0; before < 70; ++before) {
    for (const std::string_view word : words) {
      CAPTURE(before);
      CAPTURE(word);
      const auto hashes = hashes_of(std::string(before, ' ') + std::string{word});
      CHECK(hashes == std::vector{word_hash(word)});
    }
  }
}

TEST_CASE("clauses: a word of many blocks is one word") {
  for (const std::size_t length : {63U, 64U, 65U, 128U, 200U}) {
    const std::string word(length, 'x');
    CHECK(hashes_of(word + " y") == std::vector{word_hash(word), word_hash("y")});
  }
}

TEST_CASE("clauses: an apostrophe inside a word is dropped, others are no part of it") {
  CHECK(hashes_of("don't") == std::vector{word_hash("dont")});
  CHECK(hashes_of("'tis o'clock'") == std::vector{word_hash("tis"), word_hash("oclock")});
  CHECK(hashes_of("'") == std::vector<std::uint64_t>{});
  CHECK(hashes_of("a'") == std::vector{word_hash("a")});
}

TEST_CASE("clauses: a mention is a word, and hides nobody behind it") {
  CHECK(hashes_of("\x01 hello \x01\x01") ==
        std::vector{mention_word, word_hash("hello"), mention_word, mention_word});
}

TEST_CASE("clauses: words between quotation marks and after a retweet are somebody else's") {
  CHECK(quoted_in("he said \"so good\" again") == "..qq.");
  CHECK(quoted_in("rt \x01 : so good") == "....");
  CHECK(quoted_in("yes it is rt \x01 : so good") == "....qqq");
}

TEST_CASE("clauses: candidates are the words where a phrase of the filter may begin, in order") {
  PhraseFilter filter;
  filter.first.add(word_hash("two"));
  filter.pairs.add(PhraseFilter::pair_of(word_hash("one"), word_hash("two")));
  ClauseWords split;
  split_text(split, "one two, three two. one, two", filter);
  CHECK(std::vector(split.candidates().begin(), split.candidates().end()) ==
        std::vector<std::uint32_t>{0, 1, 3, 5});
}

TEST_CASE("clauses: what is left of a text before does no harm to the next") {
  ClauseWords split;
  split_text(split, std::string(500, 'a') + " b c, d");
  split_text(split, "b");
  CHECK(split.words().size() == 1);
  CHECK(split.clauses().size() == 1);
}
