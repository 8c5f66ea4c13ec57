#include "ingest/feed_text.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

std::string shown(std::string_view author) {
  const auto person = person_of(author);
  return person.name + "|" + person.email;
}

std::string mended(std::string text) {
  mend_encoding(text);
  return text;
}

std::string text_of(std::string_view raw, FeedMarkup markup) {
  std::string text;
  append_feed_text(raw, markup, text, nullptr);
  return text;
}

}  // namespace

TEST_CASE("a text is read as its markup says") {
  CHECK(text_of(" 1 &lt;\n <b>2</b> ", FeedMarkup::plain) == "1 &lt; <b>2</b>");
  CHECK(text_of("<p>1 &lt;</p><p>2</p>", FeedMarkup::html) == "1 <\n2");
  CHECK(text_of("\v one\n two \v\v three \v", FeedMarkup::blocks) == "one two\nthree");
  CHECK(text_of("<b>AT&amp;T</b>", FeedMarkup::guess) == "AT&T");
  CHECK(text_of("if a < b & c > d", FeedMarkup::guess) == "if a < b & c > d");
}

TEST_CASE("HTML is known by an end tag or a reference, and by nothing that is not HTML's") {
  CHECK(looks_like_html("<b>x</b>"));
  CHECK(looks_like_html("a &amp; b"));
  CHECK(looks_like_html("&#8217;"));
  CHECK_FALSE(looks_like_html("a <br> b"));
  CHECK_FALSE(looks_like_html("the <blink>x</blink> tag"));
  CHECK_FALSE(looks_like_html("<b>x</b> &nosuch;"));
  CHECK_FALSE(looks_like_html("R&D; 1 < 2"));
  CHECK_FALSE(looks_like_html(""));
}

TEST_CASE("an author's name and address are taken apart") {
  CHECK(shown("Bob") == "Bob|");
  CHECK(shown("bob@example.com (Bob)") == "Bob|bob@example.com");
  CHECK(shown("Bob (bob@example.com)") == "Bob|bob@example.com");
  CHECK(shown("Bob <bob@example.com>") == "Bob|bob@example.com");
  CHECK(shown("bob+news@mail.example.com") == "|bob+news@mail.example.com");
  CHECK(shown("Bob (mailto:bob@example.com)") == "Bob|bob@example.com");
  CHECK(shown("Bob @ work") == "Bob @ work|");
  CHECK(shown("Bob &amp; Ann") == "Bob & Ann|");
  CHECK(shown("@bob@example.social") == "@|bob@example.social");
  CHECK(shown("") == "|");
}

TEST_CASE("UTF-8 that was encoded twice is mended, and nothing else is touched") {
  CHECK(mended("â€¦") == "…");
  CHECK(mended("CafÃ© â€œolÃ©â€\x9d") == "CafÃ© â€œolÃ©â€\x9d");  // not UTF-8 to begin with
  CHECK(mended("CafÃ©") == "Café");
  CHECK(mended("Café") == "Café");
  CHECK(mended("日本 Ã©") == "日本 Ã©");
  CHECK(mended("Ã") == "Ã");
  CHECK(mended("") == "");
}

TEST_CASE("control characters are what windows-1252 has for them") {
  CHECK(mended("don\xC2\x92t \xC2\x80"
               "5") == "don’t €5");
  CHECK(mended("a\xC2\xA0"
               "b") ==
        "a\xC2\xA0"
        "b");
}

TEST_CASE("base64 is decoded, whatever its lines and padding") {
  CHECK(decode_base64("RXhh\n bXBs ZQ==") == "Example");
  CHECK(decode_base64("RXhhbXBsZQ") == "Example");
  CHECK(decode_base64("") == "");
  CHECK_FALSE(decode_base64("not base64!").has_value());
}
