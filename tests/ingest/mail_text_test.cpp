#include "ingest/mail_text.hpp"

#include <doctest/doctest.h>

#include "ingest/html_text.hpp"

using namespace earshot;

TEST_CASE("own words: quoted lines go, with the line that says whose they are") {
  CHECK(own_words("Yes.\n\nOn Monday, 3 Aug 2026, Ann wrote:\n> late?\n> > older\n") == "Yes.");
  CHECK(own_words("Am 03.08.2026 um 09:15 schrieb Ann:\n> spät?\n\nJa.\n") == "Ja.");
  CHECK(own_words("Le 3 août 2026, Ann a écrit :\n> tard\n\nOui") == "Oui");
  CHECK(own_words("Ann <ann@a.example> wrote:\n\n> late\n\nyes\n\n> and?\n\nno") == "yes\n\nno");
  CHECK(own_words("On Mon, 3 Aug 2026 at 09:15, Ann\n<ann@a.example> wrote:\n> late\nyes") ==
        "yes");
}

TEST_CASE("own words: what only looks like a quotation stays") {
  CHECK(own_words("She wrote:\nit is late\n") == "She wrote:\nit is late");
  CHECK(own_words("On Friday at 9 we open\nand close:\n> never\n") ==
        "On Friday at 9 we open\nand close:");
  CHECK(own_words("a > b\n5 - 3\n") == "a > b\n5 - 3");
}

TEST_CASE("own words: signatures, footers and forwarded originals end them") {
  CHECK(own_words("hello\n-- \nAnn\n") == "hello");
  CHECK(own_words("hello\n\n-----Original Message-----\nFrom: Ben\n") == "hello");
  CHECK(own_words("hello\n_______________________________________________\nBoxes list\n") ==
        "hello");
  CHECK(own_words("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n"
                  "-----BEGIN PGP SIGNATURE-----\nabc\n") == "hello");
  CHECK(own_words("\r\n\r\nhello \r\n\r\n\r\nworld\r\n\r\n") == "hello\n\nworld");
  CHECK(own_words("> only\n> quoted") == "");
  CHECK(own_words("") == "");
}

TEST_CASE("quoted markup is one quoted line, however it is nested") {
  const auto words = [](const std::string& html) {
    return own_words(html_text(mark_quoted_markup(html)));
  };
  CHECK(words("<p>yes</p><div>On Monday Ann wrote:</div><BLOCKQUOTE type=cite>a<blockquote>b"
              "</blockquote>c</BLOCKQUOTE><p>no</p>") == "yes\nno");
  CHECK(words("a<blockquote>never closed") == "a");
  CHECK(words("a</blockquote>b") == "ab");
  CHECK(words("<blockquotes>a</blockquotes>") == "a");
}

TEST_CASE("flowed lines are made whole, quotations apart") {
  CHECK(unfold_flowed_text("one \ntwo\n three\n> a \n> b\nc\n-- \nAnn", false) ==
        "one two\nthree\n> a b\nc\n-- \nAnn\n");
  CHECK(unfold_flowed_text("on \ne\n", true) == "one\n");
}

TEST_CASE("marks before lines that begin with From are taken off once") {
  CHECK(unmarked_from_lines(">From a\n>>From b\n> From c\nFrom d\n>x") ==
        "From a\n>From b\n> From c\nFrom d\n>x");
}

TEST_CASE("what would cost a mail parser too much is cut") {
  const auto limited =
      within_mail_limits("To: " + std::string(9'000, 'g') + "\n folded\nX: y\n\nbody\n");
  CHECK(limited == "To: " + std::string(4'092, 'g') + "\nX: y\n\nbody\n");
  std::string parts = "X: y\n\n";
  for (int i = 0; i < 12'000; ++i) parts += "--x\n";
  CHECK(within_mail_limits(parts).size() == 6 + 4 * 10'000);
  std::string headers;
  for (int i = 0; i < 100'000; ++i) headers += "X: y\n";
  const auto fewer = within_mail_limits(headers + "\nbody\n");
  CHECK(fewer.size() < 270'000);
  CHECK(fewer.ends_with("\nbody\n"));
  CHECK(within_mail_limits("Subject: x\n\nTo: all\n") == "Subject: x\n\nTo: all\n");
}
