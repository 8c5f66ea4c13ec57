#include "analyze/normalise.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace earshot;

namespace {
std::string normal(std::string_view text) {
  std::string out;
  normalise(text, out);
  return out;
}

TextStyle style_of(std::string_view text) {
  std::string out;
  return normalise(text, out);
}
}  // namespace

TEST_CASE("normalise: case, blanks and digits") {
  CHECK(normal("  Hello\t\n WORLD  ") == "hello world");
  CHECK(normal("Flight 4722 at 10:30") == "flight 0 at 0:0");
  CHECK(normal("ÄRGER Łódź") == "ärger łódź");
}

TEST_CASE("normalise: a mention of any network is one mark") {
  CHECK(normal("@Green_Basket thanks") == "\x01 thanks");
  CHECK(normal("hi @anna@mastodon.example.") == "hi \x01 .");
  CHECK(normal("@anna.bsky.social, hi") == "\x01 , hi");
  CHECK(normal("mail me: a@b.example") == "mail me: a@b.example");
  CHECK(normal("@ home") == "@ home");
}

TEST_CASE("normalise: an address is one mark, masked or not") {
  CHECK(normal("see https://shop.example/a?b=1 now") == "see \x02 now");
  CHECK(normal("see http") == "see \x02");
  CHECK(normal("WWW.shop.example is down") == "\x02 is down");
  CHECK(normal("pic.example.com/abc cute") == "\x02 cute");
  CHECK(normal("{link} #sxsw") == "\x02 #sxsw");
  CHECK(normal("and/or, the httpd server") == "and/or, the httpd server");
}

TEST_CASE("normalise: long runs become short") {
  CHECK(normal("sooooo goooood!!!!!!!") == "soo good!!!");
  CHECK(normal("no.........") == "no...");
  CHECK(normal("\U0001F600\U0001F600\U0001F600\U0001F600") == "\U0001F600 \U0001F600");
}

TEST_CASE("normalise: entities and typographic signs become plain ASCII") {
  CHECK(normal("you &amp; me &lt;3 &quot;hi&quot; don&#39;t") == "you & me <0 \"hi\" don't");
  CHECK(normal("don’t “do” it – now…") == "don't \"do\" it - now...");
  CHECK(normal("&unknown; &amp") == "&unknown; &amp");
}

TEST_CASE("normalise: emoji stand alone, without skin tone and variant") {
  CHECK(normal("love\U0001F44D\U0001F3FDit") == "love \U0001F44D it");
  CHECK(normal("\u2764\uFE0F") == "\u2764");
}

TEST_CASE("normalise: what is not UTF-8 and control characters can't fake a mark") {
  CHECK(normal("a\xff"
               "b") == "a \xEF\xBF\xBD b");
  CHECK(normal("a\x01"
               "b\x02"
               "c") == "a b c");
  CHECK(normal("cut\xF0\x9F\x98") == "cut \xEF\xBF\xBD");
}

TEST_CASE("normalise: what it takes away is counted") {
  const TextStyle style = style_of("@a @b WHY?? so SLOOOOW! #fail http://x.example");
  CHECK(style.mentions == 2);
  CHECK(style.links == 1);
  CHECK(style.hashtags == 1);
  CHECK(style.questions == 2);
  CHECK(style.exclamations == 1);
  CHECK(style.elongations == 2);
  CHECK(style.capitals == 10);
}

TEST_CASE("normalise: once is enough") {
  for (const std::string_view text :
       {"Sooo GOOD @x https://a.example!!", "don’t &lt;3 \U0001F44D\U0001F3FD 42"}) {
    const std::string once = normal(text);
    if (once.find_first_of("\x01\x02") == std::string::npos) CHECK(normal(once) == once);
  }
}

TEST_CASE("normalise: hostile texts take time in proportion to their length") {
  constexpr std::size_t size = 1 << 20;
  for (const std::string_view piece :
       {"a/", "@a", "a.", "&", "@a@", "{", "http", "\xF0\x9F", "www"}) {
    std::string text;
    while (text.size() < size) text += piece;
    const auto start = std::chrono::steady_clock::now();
    const std::string out = normal(text);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    CHECK(out.size() <= text.size() * 6 + 6);
  }
}

namespace {
/// What `normalise` does to letters of ASCII and blanks, a character at a time.
std::string plainly_normalised(std::string_view text, std::uint32_t& capitals) {
  std::string out;
  capitals = 0;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    capitals += small != c ? 1 : 0;
    const std::size_t size = out.size();
    if (small == ' ' && (size == 0 || out.back() == ' ')) continue;
    if (small != ' ' && size >= 2 && out[size - 1] == small && out[size - 2] == small) continue;
    out += small;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}
}  // namespace

TEST_CASE("normalise: a block of letters at a time gives what one at a time gives") {
  constexpr std::string_view alphabet =
      "aabB oO Xx tT  ";  // neither h nor w: nothing like an address
  std::uint64_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int length = round % 90; length > 0; --length) {
      state = state * 6364136223846793005 + 1442695040888963407;
      text += alphabet[(state >> 33) % alphabet.size()];
    }
    std::uint32_t capitals = 0;
    const std::string expected = plainly_normalised(text, capitals);
    std::string normalised;
    const TextStyle style = normalise(text, normalised);
    CAPTURE(text);
    REQUIRE(normalised == expected);
    REQUIRE(style.capitals == capitals);
  }
}
