#include "ingest/own_markdown.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace earshot;

TEST_CASE("own markdown: quoted lines are another's words, unless there are no others") {
  CHECK(own_markdown_text("> Boxes are late.\n> > Since when?\n\nMine came **early**.") ==
        "Mine came early.");
  CHECK(own_markdown_text("> Boxes are *late*.") == "> Boxes are late.");
  CHECK(own_markdown_text(">!They are late!<, so 3 > 2") == "They are late, so 3 > 2");
}

TEST_CASE("own markdown: tags and comments of HTML are no words") {
  CHECK(own_markdown_text("<!-- tell us\nwhat happened -->\nIt broke<br>twice") ==
        "It broke\ntwice");
  CHECK(own_markdown_text("<details><summary>log</summary>\n\nx &amp; y\n</details>") ==
        "log\nx & y");
  CHECK(own_markdown_text("cut off <!-- here") == "cut off");
  CHECK(own_markdown_text("press <kbd class=\"k\">Ctrl</kbd>+C, <img src=\"a.png\" alt=\"b\"/>") ==
        "press Ctrl+C,");
}

TEST_CASE("own markdown: what only looks like a tag stays") {
  CHECK(own_markdown_text("a < b and c > d, x <3 y") == "a < b and c > d, x <3 y");
  CHECK(own_markdown_text("<https://shop.example/a_b_c>") == "https://shop.example/a_b_c");
  CHECK(own_markdown_text("an open <a href=") == "an open <a href=");
}

TEST_CASE("own markdown: code stays as it is written") {
  CHECK(own_markdown_text("use `<div>` or ``<p>` ``") == "use <div> or <p>`");
  CHECK(own_markdown_text("```cpp\n> vector<int> v;\n```\nafter") == "> vector<int> v;\nafter");
}

TEST_CASE("own markdown: much of one mark takes time in proportion") {
  for (const std::string mark : {"<", "`", "<a ", "<!--", "> ", "`` `"}) {
    std::string text;
    while (text.size() < 200'000) text += mark;
    CHECK(own_markdown_text(text).size() <= text.size());
  }
}
