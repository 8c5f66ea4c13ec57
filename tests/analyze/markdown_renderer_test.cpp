#include <doctest/doctest.h>

#include "tests/analyze/formats_report.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

std::string rendered(const Report& report) {
  auto text = render_report(report, "md", {});
  REQUIRE(text);
  return *text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// How a note is written; notes are list items.
std::string written(const std::string& note) {
  Report report;
  report.notes = {note};
  const auto text = rendered(report);
  const auto begin = text.find("\n- ") + 3;
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("markdown report: tables, criteria, highlights and posts are there") {
  const auto text = rendered(formats_report());
  CHECK(contains(text, "# Green Basket\n"));
  CHECK(contains(text, "## In short\n\n- Of every 100 mentions, 34 were of you.\n"));
  CHECK(contains(text,
                 "| Share of voice (by name) | 34.1 % | 31.2 to 37.1 | 1,000 of 1,003 | -12.5 "
                 "points, was 46.6 % (-16.7 to -8.3) |\n"));
  CHECK(contains(text, "| Listening volume | not met | 1,204 | at least 3,000 |\n"));
  CHECK(contains(text, "| Views | not measurable: no exposure file |  |  |  |\n"));
  CHECK(contains(text, "The config declares no pilots.\n"));
  CHECK(
      contains(text, "- 3 Aug 2026 11:00: 14 posts about delivery, usually 1.5 (robust z 6.4)\n"));
  CHECK(contains(text, "- posts: 00000000000000dd\n"));
}

TEST_CASE("markdown report: a pipe does not end a cell") {
  CHECK(contains(rendered(formats_report()), "channel: a\\|b |"));
}

TEST_CASE("markdown report: markup of others is text") {
  CHECK(written("<b>&amp;</b>") == "\\<b\\>\\&amp;\\</b\\>");
  CHECK(written("![x](http://e.example/i.png)") == "!\\[x\\](http\\://e.example/i.png)");
  CHECK(written("www.e.example WWW.e.example") == "www\\.e.example WWW\\.e.example");
  CHECK(written("a@e.example @@b") == "a`@`e.example `@@`b");
  CHECK(written("`*_~#$") == "\\`\\*\\_\\~\\#\\$");
  CHECK(written("back\\slash") == "back\\\\slash");
}

TEST_CASE("markdown report: a text at the beginning of a line begins no list or underline") {
  CHECK(written("- a") == "\\- a");
  CHECK(written("+ a") == "\\+ a");
  CHECK(written("===") == "\\===");
  CHECK(written("12. a") == "12\\. a");
  CHECK(written("12) a") == "12\\) a");
  CHECK(written("     code") == "code");
  CHECK(written("12 posts") == "12 posts");
}

TEST_CASE("markdown report: control characters and new lines are visible") {
  CHECK(written("a\nb\x1b[31m\xE2\x80\xAE\xFF") == "a\\\\nb\\\\x1b\\[31m\\\\u202e\\\\xff");
}
