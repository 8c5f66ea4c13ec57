#include "cli/mail.hpp"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

using namespace earshot;

namespace {

Mail mail() {
  return {.from = "shop@example.org",
          .to = {"owner@example.org", "second@example.org"},
          .subject = "Acme: 1 to answer",
          .body = "Hello.\n",
          .date = from_unix(1'789'977'600)};
}

/// What a mail program makes of quoted-printable.
std::string decoded(const std::string& text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text[i + 1] == '\n') {
      ++i;
    } else {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("mail: headers, an empty line, the body") {
  CHECK(format_mail(mail()) ==
        "From: shop@example.org\n"
        "To: owner@example.org,\n"
        " second@example.org\n"
        "Subject: Acme: 1 to answer\n"
        "Date: Mon, 21 Sep 2026 08:00:00 +0000\n"
        "Auto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: quoted-printable\n"
        "\n"
        "Hello.\n");
}

TEST_CASE("mail: addresses are plain, so that none can end a header or name a second one") {
  for (const auto* good : {"a@b", "owner@example.org", "o.w+ner@mail.example.org", "x'y@z-1.org"})
    CHECK_MESSAGE(is_mail_address(good), good);
  for (const auto* bad : {"",      "owner",         "@example.org", "owner@",
                          "a b@c", "a@b\nBcc: c@d", "a@b\r\n",      "a@b, c@d",
                          "<a@b>", "\"a\"@b",       "a..b@c",       ".a@b",
                          "a.@b",  "a@b.",          "a@b..c",       "a@b@c",
                          "a@b_c", "\xc3\xa4@b",    "a@[1.2.3.4]",  "a@b(c)",
                          "a;b@c"})
    CHECK_MESSAGE(!is_mail_address(bad), bad);
  CHECK_FALSE(is_mail_address(std::string(65, 'a') + "@b"));
  CHECK_FALSE(is_mail_address("a@" + std::string(300, 'b')));
}

TEST_CASE("mail: a subject cannot begin another header") {
  CHECK(encoded_header("Acme\r\nBcc: x@y.example") == "Acme\\r\\nBcc: x@y.example");
  CHECK(encoded_header("") == "");
}

TEST_CASE("mail: subjects beyond ASCII, long ones and look-alikes are encoded words") {
  CHECK(encoded_header("Gr\xc3\xbc\xc3\x9f"
                       "e") == "=?utf-8?B?R3LDvMOfZQ==?=");
  CHECK(encoded_header("=?utf-8?B?eA==?=") == "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=");
  CHECK(encoded_header("a\xff") == "a\\xff");

  std::string fruit;
  for (int i = 0; i < 40; ++i) fruit += "\xf0\x9f\x8d\x8e";  // four bytes each
  std::istringstream lines{encoded_header(fruit)};
  int words = 0;
  for (std::string line; std::getline(lines, line); ++words) {
    CHECK(line.size() <= 76);
    CHECK(line.starts_with(words == 0 ? "=?utf-8?B?8J+N" : " =?utf-8?B?8J+N"));  // whole letters
    CHECK(line.ends_with("?="));
  }
  CHECK(words == 4);  // 160 bytes, ten letters of four a word
}

TEST_CASE("mail: quoted-printable is ASCII in short lines, and decodes to the same") {
  std::string text = "caf\xc3\xa9 = 1+1\n.\nFrom here \n\ttab\t\n\x01\r\n";
  text += std::string(75, 'x') + "\xe2\x80\x9c" + std::string(200, 'y') + "\n";
  text += std::string(76, 'z') + "\n" + std::string(77, 'z') + "\n" + std::string(75, 'z') + "=\n";
  const auto encoded = quoted_printable(text);

  CHECK(decoded(encoded) == text);
  std::istringstream lines{encoded};
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 76);
    CHECK(line != ".");
    CHECK_FALSE(line.starts_with("From "));
    CHECK_FALSE((line.ends_with(" ") || line.ends_with("\t")));
    CHECK(std::ranges::all_of(line, [](char c) { return c == '\t' || (c >= ' ' && c < 0x7F); }));
  }
  CHECK(decoded(quoted_printable("no line end")) == "no line end");
}
