#include "analyze/query.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "analyze/query_syntax.hpp"
#include "tests/support/sample_posts.hpp"

using namespace earshot;

namespace {

Post post_of(std::string_view text, std::string_view author = {}) {
  Post post;
  post.text = text;
  post.author_id = author;
  return post;
}

/// Whether one query matches one post.
bool matches(const std::string& query, const Post& post, std::string_view lang = "") {
  const std::vector<std::string> queries{query};
  auto set = QuerySet::compile(queries);
  REQUIRE_MESSAGE(set.has_value(), (set ? "" : set.error().message));
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;
  set->match(post, lang, scratch, hits);
  REQUIRE(hits.size() == 1);
  return hits[0] != 0;
}

bool matches(const std::string& query, std::string_view text) {
  return matches(query, post_of(text));
}

/// The error of a query, or what went wrong instead.
std::string error_of(const std::string& query) {
  const std::vector<std::string> queries{query};
  const auto set = QuerySet::compile(queries);
  if (set) return "no error";
  CHECK(set.error().kind == Error::Kind::config);
  return set.error().message;
}

}  // namespace

TEST_CASE("query: words match whole words without case") {
  CHECK(matches("acme", "I like ACME."));
  CHECK(matches("ACME", "acme"));
  CHECK_FALSE(matches("acme", "acmeism is no acmes"));
  CHECK_FALSE(matches("acme", ""));
  CHECK(matches("4x4", "a 4X4 car"));
}

TEST_CASE("query: a space is AND, which binds tighter than OR, and NOT binds tightest") {
  CHECK(matches("acme delivery", "delivery by acme"));
  CHECK_FALSE(matches("acme delivery", "acme"));
  CHECK(matches("acme OR globex delivery", "acme"));
  CHECK_FALSE(matches("acme OR globex delivery", "globex"));
  CHECK(matches("(acme OR globex) AND delivery", "globex delivery"));
  CHECK_FALSE(matches("acme AND NOT jobs", "acme jobs"));
  CHECK(matches("acme NOT jobs OR hiring", "jobs hiring"));
  CHECK_FALSE(matches("acme NOT (jobs OR hiring)", "acme is hiring"));
  CHECK(matches("NOT NOT acme", "acme"));
  CHECK_FALSE(matches("acme NOT NOT NOT jobs", "acme jobs"));
}

TEST_CASE("query: operators are in capitals, else they are words") {
  CHECK(matches("salt and pepper", "pepper and salt"));
  CHECK_FALSE(matches("salt and pepper", "pepper salt"));
  CHECK_FALSE(matches("this or that", "that"));
  CHECK(matches("why not", "not sure why"));
  CHECK(matches("\"NOT\" acme", "acme, not"));
}

TEST_CASE("query: phrases match words that follow each other, whatever parts them") {
  CHECK(matches("\"free delivery\"", "FREE, delivery!"));
  CHECK(matches("\"free delivery\"", "really free\ndelivery"));
  CHECK(matches("\"free delivery\"", "free free delivery"));
  CHECK(matches("\"free delivery\"", "(free)🚚delivery"));
  CHECK(matches("“free delivery”", "free delivery"));
  CHECK(matches("\"free, delivery\"", "free delivery"));
  CHECK_FALSE(matches("\"free delivery\"", "delivery free"));
  CHECK_FALSE(matches("\"free delivery\"", "free fast delivery"));
  CHECK_FALSE(matches("\"free delivery\"", "free https://a.b delivery"));
  CHECK(matches("\"a b a b c\"", "a b a b a b c"));
  CHECK(matches("coca-cola", "Coca Cola"));
  CHECK_FALSE(matches("coca-cola", "cola coca"));
}

TEST_CASE("query: a star at the end of a word matches any word that begins so") {
  CHECK(matches("organic*", "organically grown"));
  CHECK(matches("organic*", "organic"));
  CHECK_FALSE(matches("organic*", "inorganic organi"));
  CHECK(matches("\"free deliver*\"", "free deliveries"));
  CHECK(matches("\"free* delivery\"", "freest delivery"));
  CHECK(matches("o*", "organic"));
  const std::string very_long(70, 'x');
  CHECK(matches(very_long + "*", very_long + "y"));
  CHECK_FALSE(matches(very_long + "y*", very_long + "z"));
}

TEST_CASE("query: bare words match mentions and hashtags too, those with a sigil only themselves") {
  CHECK(matches("acme", "hi @Acme"));
  CHECK(matches("acme", "#acme"));
  CHECK(matches("@acme", "hi @Acme!"));
  CHECK_FALSE(matches("@acme", "acme #acme joe@acme"));
  CHECK(matches("#acme", "#ACME"));
  CHECK_FALSE(matches("#acme", "acme @acme"));
  CHECK(matches("#free*", "#FreeDelivery"));
  CHECK_FALSE(matches("#free*", "freedom"));
  CHECK(matches("\"thanks @acme\"", "thanks @acme"));
  CHECK_FALSE(matches("\"thanks @acme\"", "thanks acme"));
  CHECK(matches("@acme@example.social", "cc @acme@example.social"));
  CHECK_FALSE(matches("@acme@example.social", "cc @acme"));
}

TEST_CASE("query: a possessive or an elided article doesn't hide a word") {
  CHECK(matches("acme", "Acme's delivery, l'acme"));
  CHECK(matches("acme", "ACME’s"));
  CHECK(matches("@acme", "@acme's"));
  CHECK(matches("\"acme delivery\"", "acme's delivery"));
  CHECK(matches("acme's", "acme's"));
  CHECK_FALSE(matches("acme's", "acme"));
  CHECK(matches("don't", "DON’T"));
  CHECK_FALSE(matches("don", "don't"));
}

TEST_CASE("query: links hold no words") {
  CHECK_FALSE(matches("acme", "https://acme.com/acme"));
  CHECK(matches("acme.com", "try acme.com"));
}

TEST_CASE("query: other scripts") {
  CHECK(matches("ÉCOLE", "l'école"));
  CHECK(matches("café", "CAFE\u0301"));
  CHECK_FALSE(matches("cafe", "café"));
  CHECK(matches("доставка", "ДОСТАВКА!"));
  CHECK(matches("農薬", "無農薬の野菜"));
  CHECK_FALSE(matches("農薬", "薬農"));
  CHECK(matches("野菜　無農薬", "無農薬の野菜"));
  CHECK_FALSE(matches("strasse", "Straße"));
}

TEST_CASE("query: fields look at the author, the channel and the language") {
  Post post = post_of("acme", "u123");
  post.network = "Reddit";
  post.channel = "r/Food";
  post.author_name = "@Jane Doe";

  CHECK(matches("author:U123", post));
  CHECK(matches("author:@u123", post));
  CHECK(matches("author:\"jane doe\"", post));
  CHECK(matches("author:jane*", post));
  CHECK_FALSE(matches("author:jane", post));
  CHECK(matches("acme NOT author:joe", post));
  CHECK(matches("channel:r/food", post));
  CHECK(matches("CHANNEL:reddit", post));
  CHECK_FALSE(matches("channel:food", post));
  CHECK(matches("acme lang:en", post, "en"));
  CHECK(matches("acme lang:EN", post, "en-GB"));
  CHECK_FALSE(matches("acme lang:en", post, "es"));
  CHECK_FALSE(matches("acme lang:en", post));
}

TEST_CASE("query: fields alone need no word of the text") {
  CHECK(matches("author:a NOT jobs", post_of("nothing", "A")));
  CHECK_FALSE(matches("author:a NOT jobs", post_of("jobs", "A")));
  CHECK(matches("acme OR (lang:en NOT globex)", post_of(""), "en"));
}

TEST_CASE("query: an empty query matches nothing") {
  CHECK_FALSE(matches("", "acme"));
  CHECK_FALSE(matches(" \t\n", ""));
}

TEST_CASE("query: errors name the column and a way out") {
  CHECK(error_of("acme (a b") == "column 6: missing ')'");
  CHECK(error_of("acme ((a)") == "column 6: missing ')'");
  CHECK(error_of("acme (") == "column 6: missing ')'");
  CHECK(error_of("acme)") == "column 5: ')' without '('");
  CHECK(error_of(")") == "column 1: ')' without '('");
  CHECK(error_of("a () b") == "column 3: nothing between '(' and ')'");
  CHECK(error_of("OR acme") == "column 1: nothing before OR");
  CHECK(error_of("a (AND b)") == "column 4: nothing before AND");
  CHECK(error_of("acme OR") == "column 6: 'OR' needs something after it");
  CHECK(error_of("acme AND OR b") == "column 6: 'AND' needs something after it");
  CHECK(error_of("abc NOT") == "column 5: 'NOT' needs something after it");
  CHECK(error_of("(a NOT)") == "column 4: 'NOT' needs something after it");
  CHECK(error_of("é \"free") == "column 3: missing closing '\"'");
  CHECK(error_of("a \"\"") == "column 3: no word between the quotes");
  CHECK(error_of("a \"...\"") == "column 3: no word between the quotes");
  CHECK(error_of("a *") == "column 3: a lone '*'");
  CHECK(error_of("éé #*") == "column 5: a lone '*'");
  CHECK(error_of("*acme") == "column 1: '*' belongs at the end of a word");
  CHECK(error_of("ac*me") == "column 3: '*' belongs at the end of a word");
  CHECK(error_of("a || b") == "column 3: no word in '||'; operators are AND, OR, NOT");
  CHECK(error_of("acme -jobs") ==
        "column 6: '-' leaves nothing out; write NOT and a space in its place");
  CHECK(error_of("title:acme") ==
        "column 1: no field 'title:', there are author:, channel: and lang:; quote it to look for "
        "the words");
  CHECK(error_of("a author: b") == "column 3: 'author:' needs a value right after it");
  CHECK(error_of("author:\"\"") == "column 1: 'author:' needs a value right after it");
  CHECK(error_of("author:@*") == "column 1: 'author:' needs a value right after it");
  CHECK(error_of("author:\"a") == "column 8: missing closing '\"'");
  CHECK(error_of("lang:english") == "column 1: 'lang:' needs two letters, as in lang:en");
  CHECK(error_of("a \"see https://acme.com\"") ==
        "column 8: links can't be looked for; give the words or the author");
}

TEST_CASE("query: what matches posts with none of its words is refused") {
  const std::string message = "column 1: a query needs at least one word that must be there";

  CHECK(error_of("NOT jobs") == message);
  CHECK(error_of("acme OR NOT jobs") == message);
  CHECK(error_of("NOT (acme AND jobs)") == message);
  CHECK(error_of("NOT author:acme") == message);
  CHECK(error_of("NOT (NOT acme AND NOT globex)") == "no error");
}

TEST_CASE("query: size and depth are limited") {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '(') + "a" +
           std::string(static_cast<std::size_t>(levels), ')');
  };
  std::string nots = "a";
  for (int i = 0; i < 102; ++i) nots += " NOT";
  std::string many;
  while (many.size() < 65'000) many += "word" + std::to_string(many.size()) + " OR ";

  CHECK(error_of(nested(100)) == "no error");
  CHECK(error_of(nested(101)) == "column 101: more than 100 levels of parentheses and NOT");
  CHECK(error_of(nested(30'000)) == "column 101: more than 100 levels of parentheses and NOT");
  CHECK(error_of(nots + " b") == "column 403: more than 100 levels of parentheses and NOT");
  CHECK(error_of(std::string(65'537, 'a')) == "column 65537: a query is at most 64 KB long");
  CHECK(error_of("b " + std::string(130, '-')) ==
        "column 3: no word in '" + std::string(20, '-') + "'; operators are AND, OR, NOT");
  CHECK(error_of("a-" + std::string(128, 'b')) == "no error");
  std::string phrase = "w";
  for (int i = 0; i < 63; ++i) phrase += "-w";
  CHECK(error_of(phrase) == "no error");
  CHECK(error_of("a " + phrase + "-w") == "column 3: a phrase of more than 64 words");
  CHECK(matches(many + "acme", "acme"));
}

TEST_CASE("query: of several, the one that can't be read is named") {
  const std::vector<std::string> queries{"acme", "", "globex ("};

  const auto set = QuerySet::compile(queries);

  REQUIRE_FALSE(set);
  CHECK(set.error().message == "query 3: column 8: missing ')'");
}

TEST_CASE("query: one scratch serves several sets and posts of any length") {
  const std::vector<std::string> few{"acme", ""}, many{"globex", "acme", "a OR b", "author:joe"};
  const auto first = QuerySet::compile(few);
  const auto second = QuerySet::compile(many);
  REQUIRE(first);
  REQUIRE(second);
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;

  first->match(post_of("acme"), "", scratch, hits);
  CHECK(hits == std::vector<std::uint8_t>{1, 0});
  second->match(post_of("b globex", "Joe"), "", scratch, hits);
  CHECK(hits == std::vector<std::uint8_t>{1, 0, 1, 1});
  first->match(post_of("globex"), "", scratch, hits);
  CHECK(hits == std::vector<std::uint8_t>{0, 0});
  CHECK(first->size() == 2);
  CHECK(scratch.words().size() == 1);
}

namespace {

/// A random query over a small alphabet of words, as text and as a tree that is evaluated word by
/// word.
struct Naive {
  char op = 'w';  ///< 'a' all, 'o' any, 'n' none, 'w' phrase, 'f' author
  std::vector<Naive> parts;
  std::vector<std::string> words;  ///< With sigil and star.

  static Naive random(std::mt19937& dice, int depth) {
    const auto roll = dice() % (depth > 3 ? 6 : 12);
    Naive made;
    if (roll == 0) return made.op = 'f', made.words = {std::string(1, "xyz"[dice() % 3])}, made;
    if (roll < 6) return made.words = random_phrase(dice), made;
    made.op = roll < 8 ? 'a' : roll < 10 ? 'o' : 'n';
    const auto count = made.op == 'n' ? 1 : 2 + dice() % 2;
    for (unsigned i = 0; i < count; ++i) made.parts.push_back(random(dice, depth + 1));
    return made;
  }

  static std::vector<std::string> random_phrase(std::mt19937& dice) {
    std::vector<std::string> words(1 + dice() % 10 / 7 + dice() % 10 / 8);
    for (auto& word : words) {
      word = random_word(dice);
      if (dice() % 5 == 0) word += "*";
    }
    return words;
  }

  static std::string random_word(std::mt19937& dice) {
    std::string word = dice() % 5 == 0 ? "@" : dice() % 5 == 0 ? "#" : "";
    const auto size = 1 + dice() % 3;
    for (unsigned i = 0; i < size; ++i) word += "ab"[dice() % 2];
    return word;
  }

  std::string text() const {
    std::string joined;
    for (const auto& word : words) joined += (joined.empty() ? "" : " ") + word;
    if (op == 'f') return "author:" + joined;
    if (op == 'w') return words.size() == 1 ? joined : "\"" + joined + "\"";
    if (op == 'n') return "NOT " + parts[0].text();
    for (const auto& part : parts)
      joined += (joined.empty() ? "(" : op == 'a' ? " AND " : " OR ") + part.text();
    return joined + ")";
  }

  static bool word_is(const std::string& wanted, const std::string& there) {
    const bool sigil = wanted[0] == '@' || wanted[0] == '#';
    const std::string name =
        !sigil && (there[0] == '@' || there[0] == '#') ? there.substr(1) : there;
    if (wanted.back() != '*') return wanted == name;
    return name.rfind(wanted.substr(0, wanted.size() - 1), 0) == 0;
  }

  bool holds(const std::vector<std::string>& post, const std::string& author) const {
    const auto part_holds = [&](const Naive& part) { return part.holds(post, author); };
    if (op == 'f') return words[0] == author;
    if (op == 'n') return !parts[0].holds(post, author);
    if (op == 'a') return std::all_of(parts.begin(), parts.end(), part_holds);
    if (op == 'o') return std::any_of(parts.begin(), parts.end(), part_holds);
    for (std::size_t i = 0; i + words.size() <= post.size(); ++i)
      if (std::equal(words.begin(), words.end(), post.begin() + static_cast<std::ptrdiff_t>(i),
                     word_is))
        return true;
    return false;
  }
};

}  // namespace

TEST_CASE("query: one pass for all queries finds what each finds by itself, word by word") {
  std::mt19937 dice{7};
  std::size_t hit = 0, missed = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<Naive> naive;
    std::vector<std::string> texts;
    while (naive.size() < 25) {
      auto query = Naive::random(dice, 0);
      if (query.holds({}, "")) continue;  // Refused: it matches what has none of its words.
      texts.push_back(query.text());
      naive.push_back(std::move(query));
    }
    const auto set = QuerySet::compile(texts);
    REQUIRE_MESSAGE(set.has_value(), (set ? "" : set.error().message));

    QuerySet::Scratch scratch;
    std::vector<std::uint8_t> hits;
    for (int i = 0; i < 40; ++i) {
      std::vector<std::string> words(dice() % 8);
      std::string text;
      for (auto& word : words)
        text += (word = Naive::random_word(dice)) + (dice() % 4 == 0 ? ", " : " ");
      const std::string author(1, "xyz"[dice() % 3]);
      set->match(post_of(text, author), "", scratch, hits);
      for (std::size_t q = 0; q < naive.size(); ++q) {
        const bool wanted = naive[q].holds(words, author);
        (wanted ? hit : missed) += 1;
        CHECK_MESSAGE((hits[q] != 0) == wanted, texts[q] << " in: " << text << " by " << author);
      }
    }
  }
  CHECK(hit > 5'000);
  CHECK(missed > 5'000);
}

namespace {
/// "0@1 2@3+2": query 0 at word 1, query 2 at the two words from 3 on.
std::string places_of(const std::vector<std::string>& queries, std::string_view text) {
  const auto set = QuerySet::compile(queries);
  REQUIRE(set);
  QuerySet::Scratch scratch;
  std::vector<std::uint8_t> hits;
  std::vector<QueryPlace> places;
  const auto post = sample_post("1", "somebody", text);
  set->match(post, "en", scratch, hits);
  set->locate(hits, scratch, places);
  std::string out;
  for (const auto& place : places) {
    if (!out.empty()) out += ' ';
    out += std::to_string(place.query) + "@" + std::to_string(place.first);
    if (place.count > 1) out += "+" + std::to_string(place.count);
  }
  return out;
}
}  // namespace

TEST_CASE("query: places are those of words and phrases, each time they stand there") {
  CHECK(places_of({"acme", "\"big shop\""}, "Acme's a big shop, #acme") == "0@0 1@2+2 0@4");
  CHECK(places_of({"organic*"}, "organics or organic") == "0@0 0@2");
  CHECK(places_of({"acme OR shop"}, "the acme shop") == "0@1 0@2");
  CHECK(places_of({"@acme"}, "acme and @acme") == "0@2");
}

TEST_CASE("query: what a query excludes has no place, nor has a query that does not hold") {
  CHECK(places_of({"acme AND NOT (jobs AND hiring)"}, "jobs at acme") == "0@2");
  CHECK(places_of({"acme AND NOT jobs", "jobs"}, "jobs at acme") == "1@0");
  CHECK(places_of({"acme AND NOT (jobs AND NOT acme)"}, "jobs at acme") == "0@2");
}
