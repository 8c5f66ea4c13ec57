#include "analyze/words.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace earshot;

namespace {

/// The words of a text, parted by spaces: mentions with "@", hashtags with "#", links with "~".
std::string split(std::string_view text) {
  WordSplitter splitter;
  std::string joined;
  for (const Word& word : splitter.split(text)) {
    if (!joined.empty()) joined += ' ';
    if (word.kind == WordKind::mention) joined += '@';
    if (word.kind == WordKind::hashtag) joined += '#';
    if (word.kind == WordKind::link) joined += '~';
    joined += word.text;
  }
  return joined;
}

std::string bare(std::string_view text) {
  WordSplitter splitter;
  const auto words = splitter.split(text);
  return words.size() == 1 ? std::string{bare_word(words[0])} : "not one word";
}

std::string folded(std::string_view text) {
  std::string out = "what was there before";
  fold_case(text, out);
  return out;
}

}  // namespace

TEST_CASE("words: letters, digits and underscores make words, all else separates them") {
  CHECK(split("") == "");
  CHECK(split("  ...  ") == "");
  CHECK(split("Free delivery, today!") == "free delivery today");
  CHECK(split("snake_case 4x4 coca-cola a.b\nc") == "snake_case 4x4 coca cola a b c");
  CHECK(split("so 🚚🔥fast🔥") == "so fast");
}

TEST_CASE("words: every ASCII byte separates or joins, wherever it stands in a word") {
  for (int byte = 0; byte < 128; ++byte) {
    const char c = static_cast<char>(byte);
    if (c == '@' || c == '#' || c == '\'') continue;
    const bool digit_or_line = (c >= '0' && c <= '9') || c == '_';
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    const std::string joint = digit_or_line || lower ? std::string(1, c)
                              : upper                ? std::string(1, static_cast<char>(c + 32))
                                                     : " ";
    for (std::size_t before = 1; before < 20; ++before) {
      const std::string head(before, 'M'), tail(20 - before, 'N');
      const std::string text = head + c + tail;
      CHECK(split(text) == std::string(before, 'm') + joint + std::string(20 - before, 'n'));
    }
  }
}

TEST_CASE("words: an apostrophe between letters belongs to the word, in either form") {
  CHECK(split("don't DON’T 'quoted' dogs' rock'n'roll ''") ==
        "don't don't quoted dogs rock'n'roll");
}

TEST_CASE("words: the bare word lacks possessives and elided articles") {
  CHECK(bare("Acme's") == "acme");
  CHECK(bare("acme’s") == "acme");
  CHECK(bare("L'Acme") == "acme");
  CHECK(bare("qu'acme") == "acme");
  CHECK(bare("don't") == "don't");
  CHECK(bare("it's") == "it");
  CHECK(bare("d'a") == "d'a");
  CHECK(bare("acme") == "acme");
}

TEST_CASE("words: sigils make mentions and hashtags, but not inside of a word") {
  CHECK(split("@Acme, #FreeDelivery (@a #b) .@acme's") == "@acme #freedelivery @a #b @acme's");
  CHECK(split("joe@acme.com c#x @ # ## @@acme @@") == "joe acme com c x @acme");
  CHECK(split("＠acme ＃sale") == "@acme #sale");
  CHECK(split("@acme@example.social") == "@acme example social");
  CHECK(split("見て@acme") == "見 て @acme");
}

TEST_CASE("words: a link is one word, as it is written") {
  CHECK(split("see https://Acme.com/Free?x=1&y=#2 now") ==
        "see ~https://Acme.com/Free?x=1&y=#2 now");
  CHECK(split("HTTP://a.b WWW.acme.com/x") == "~HTTP://a.b ~WWW.acme.com/x");
  CHECK(split("https://t.co/abcを見た <http://a.b>c") ==
        "~https://t.co/abc を 見 た ~http://a.b c");
  CHECK(split("http:// https www. xhttp://a") == "http https www xhttp a");
}

TEST_CASE("words: case is folded outside of ASCII too, by simple folding") {
  CHECK(split("CAFÉ École ΣΟΦΟΣ ДОСТАВКА") == "café école σοφοσ доставка");
  CHECK(split("STRASSE Straße STRAẞE") == "strasse straße straße");
  CHECK(split("ȺȺȺȺ") == "ⱥⱥⱥⱥ");
}

TEST_CASE("words: marks join the letter before them, composed where that exists") {
  CHECK(split("Cafe\u0301") == "café");
  CHECK(split("हिन्दी शब्द") == "हिन्दी शब्द");
  CHECK(split("\u0301 a") == "a");
  CHECK(split("か\u3099") == "が");
}

TEST_CASE("words: soft hyphens and joiners vanish, a zero-width space separates") {
  CHECK(split("deli\u00ADvery a\u200Db c\u200Bd ok\uFE0F") == "delivery ab c d ok");
}

TEST_CASE("words: each letter of a script without spaces is a word") {
  CHECK(split("無農薬の野菜box2個") == "無 農 薬 の 野 菜 box2 個");
  CHECK(split("コーヒー") == "コ ー ヒ ー");
  CHECK(split("ผัก") == "ผั ก");
  CHECK(split("무료 배송") == "무료 배송");
}

TEST_CASE("words: bytes that are not UTF-8 separate words") {
  CHECK(split("a\xFF"
              "b\xC3 c\xE2\x82") == "a b c");
}

TEST_CASE("words: begin and end are the word's place in the text") {
  WordSplitter splitter;
  const std::string text = "Oh É, @acme https://a.b";

  const auto words = splitter.split(text);

  REQUIRE(words.size() == 4);
  CHECK(text.substr(words[0].begin, words[0].end - words[0].begin) == "Oh");
  CHECK(text.substr(words[1].begin, words[1].end - words[1].begin) == "É");
  CHECK(text.substr(words[2].begin, words[2].end - words[2].begin) == "@acme");
  CHECK(text.substr(words[3].begin, words[3].end - words[3].begin) == "https://a.b");
}

TEST_CASE("words: names are folded whole") {
  CHECK(folded("Ácme & CO.") == "ácme & co.");
  CHECK(folded("") == "");
  CHECK(folded("a\xFF"
               "B") ==
        "a\xFF"
        "b");
}
