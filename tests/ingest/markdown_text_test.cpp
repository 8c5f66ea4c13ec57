#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/markdown_text.hpp"

using namespace earshot;

TEST_CASE("markdown: marks that have their other half go, others are what people wrote") {
  CHECK(markdown_text("**Great** box, *really* _fresh_, ~~late~~ and `cold`") ==
        "Great box, really fresh, late and cold");
  CHECK(markdown_text("***so*** good") == "so good");
  CHECK(markdown_text("f**k this, 5 * 3 * 2, snake_case_name, a ~ b") ==
        "f**k this, 5 * 3 * 2, snake_case_name, a ~ b");
  CHECK(markdown_text("*a **b* c") == "a **b c");
  CHECK(markdown_text("two `` ` `` ticks, one ` tick") == "two  `  ticks, one ` tick");
  CHECK(markdown_text("the end is >!they were late!< and 3 >! 2") ==
        "the end is they were late and 3 >! 2");
}

TEST_CASE("markdown: escapes and character references are decoded once") {
  CHECK(markdown_text(R"(green\_basket \*not bold\* C:\dir)") ==
        R"(green_basket *not bold* C:\dir)");
  CHECK(markdown_text("a &amp;lt; b &lt;3 &eacute; &nope; R&D") == "a &lt; b <3 \u00E9 &nope; R&D");
  CHECK(markdown_text("one\n\n&#x200B;\n\ntwo") == "one\ntwo");
}

TEST_CASE("markdown: a link is its words and its address, a picture only what is on the web") {
  CHECK(markdown_text("see [the **menu**](https://beans.example/a_(b)_c \"Menu\"), ok") ==
        "see the menu https://beans.example/a_(b)_c, ok");
  CHECK(markdown_text("[https://beans.example/](https://beans.example/)") ==
        "https://beans.example/");
  CHECK(markdown_text("[](https://beans.example/) [wiki](/r/beans/wiki)") ==
        "https://beans.example/ wiki");
  CHECK(markdown_text("<https://beans.example/_a_> and https://beans.example/_b_/*") ==
        "https://beans.example/_a_ and https://beans.example/_b_/*");
  CHECK(markdown_text("**https://beans.example/x**!") == "https://beans.example/x!");
  CHECK(markdown_text("yum ![gif](giphy|abc) ![pie](https://pics.example/1.png)") ==
        "yum  pie https://pics.example/1.png");
  CHECK(markdown_text("[not a link] (really), [1][2]") == "[not a link] (really), [1][2]");
}

TEST_CASE("markdown: what stands at the front of lines goes, quotes and lists stay what they are") {
  CHECK(markdown_text(
            "# Boxes #\n\nlate\n\n* one\n+ two\n- three\n\n---\n> said *she*\n>> he\n#tag") ==
        "Boxes\nlate\n- one\n- two\n- three\n> said she\n> he\n#tag");
  CHECK(markdown_text("Title\n=====\n|a|b|\n|:-|-:|\n|1|2|") == "Title\n|a|b|\n|1|2|");
  CHECK(markdown_text("```\nint *a = *b;\n```\ndone\r\n") == "int *a = *b;\ndone");
  CHECK(markdown_text("so:\n\n    # f *x*\n\n    g\n*y*\n    *z*") == "so:\n# f *x*\ng\ny\nz");
  CHECK(markdown_text("  \n\n").empty());
}

TEST_CASE("markdown: text of nothing but marks is read in passing") {
  for (const std::string mark :
       {"[", "![](", "`", "``` `", "*", "_a", "**a ", ">!", "<https://", "&"}) {
    std::string text;
    while (text.size() < 200'000) text += mark;
    CHECK(markdown_text(text).size() <= text.size());
  }
}
