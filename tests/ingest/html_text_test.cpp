#include "ingest/html_text.hpp"

#include <chrono>

#include <doctest/doctest.h>

using namespace earshot;

TEST_CASE("inline elements leave no trace, block elements and br a line end") {
  CHECK(html_text("so <b>ve</b>ry <i>good</i>") == "so very good");
  CHECK(html_text("<p>one</p><p>two</p>") == "one\ntwo");
  CHECK(html_text("one<br>two<br/>three<BR />four") == "one\ntwo\nthree\nfour");
  CHECK(html_text("<ul><li>a</li><li>b</li></ul>") == "a\nb");
  CHECK(html_text("<div>\n  <p>  one\n two </p>\n</div>") == "one two");
}

TEST_CASE("references are decoded once") {
  CHECK(html_text("Fish &amp; chips &lt;3") == "Fish & chips <3");
  CHECK(html_text("&amp;lt;b&amp;gt;") == "&lt;b&gt;");
  CHECK(html_text("caf&eacute; &#233; &#xE9; &#x1F600;") == "café é é 😀");
  CHECK(html_text("it&#146;s &euro;5") == "it’s €5");
  CHECK(html_text("a&nbsp;b") ==
        "a\xC2\xA0"
        "b");
  CHECK(html_text("AT&T &nosuch; &#0; &#xD800; R&D;") == "AT&T &nosuch; &#0; &#xD800; R&D;");
}

TEST_CASE("scripts, styles, comments and declarations are no text") {
  CHECK(html_text("a<script>if (x < 1) alert('</p>')</script>b") == "ab");
  CHECK(html_text("a<STYLE type=x>p { color: red }</Style >b") == "ab");
  CHECK(html_text("a<!-- no <b>text</b> -->b<!DOCTYPE html><?php x ?>c") == "abc");
  CHECK(html_text("a<script>never closed") == "a");
}

TEST_CASE(
    "a '>' in a value does not end the tag, and a value without its end does not eat the text") {
  CHECK(html_text("<a title=\"x > y\" href='z'>link</a>") == "link");
  CHECK(html_text("<a title = \"x > y\">link</a>") == "link");
  CHECK(html_text("<a href=\"broken>link</a>") == "link");
}

TEST_CASE("the addresses of a fragment come in order, as they are spelled") {
  std::string text;
  std::vector<std::string> links;
  append_html_text(
      "<A class=x HREF = \" /a?b=1&amp;c=2 \">a</a><img alt='src=no' src=b.png><a name=n>c</a>"
      "<video src='d'></video><a href=http://e/\">f</a><script src=g></script><p href=h>",
      text, &links);
  CHECK(links == std::vector<std::string>{"/a?b=1&c=2", "b.png", "d", "http://e/\""});
  CHECK(text == "acf");
}

TEST_CASE("what only looks like markup is text, but an empty tag is none") {
  CHECK(html_text("a<>b") == "ab");
  CHECK(html_text("a<!' <b>b</b>") == "a<!' b");
  CHECK(html_text("a<![endif]>b") == "ab");
  CHECK(html_text("I <3 you, 1 < 2 > 0") == "I <3 you, 1 < 2 > 0");
  CHECK(html_text("a <b") == "a <b");
  CHECK(html_text("") == "");
  CHECK(html_text("  plain\n text ") == "plain text");
}

TEST_CASE("a fragment made to be slow takes its length and no more") {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto* piece : {"<a<", "<a b=\"", "<a b='>", "<!--", "<script>", "</script", "<div>",
                            "&", "<a x ", "<![CDATA["}) {
    std::string html;
    while (html.size() < 300'000) html += piece;
    html_text(html + ">");
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
}
