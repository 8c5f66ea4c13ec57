#include "analyze/html_writer.hpp"

#include <doctest/doctest.h>

#include "analyze/html_style.hpp"

using namespace earshot;

namespace {

std::string text_in_page(std::string_view text) {
  HtmlWriter html;
  html.element("p", text);
  return html.take();
}

}  // namespace

TEST_CASE("html writer: elements close in order, and only blocks begin a line") {
  HtmlWriter html;
  html.open("p", {{"class", "note"}});
  html.text("a ");
  html.element("b", "bold");
  html.empty("br");
  html.close();

  CHECK(html.take() == "<p class=\"note\">a <b>bold</b>\n<br/></p>\n");
}

TEST_CASE("html writer: text and attributes from outside cannot become markup") {
  HtmlWriter html;
  html.element("p", "</p><script>alert('1')</script> & \"x\"",
               {{"title", "\" onmouseover=\"alert(1)"}});

  CHECK(html.take() ==
        "<p title=\"&quot; onmouseover=&quot;alert(1)\">&lt;/p&gt;&lt;script&gt;alert('1')"
        "&lt;/script&gt; &amp; &quot;x&quot;</p>\n");
}

TEST_CASE("html writer: control characters, direction controls and broken UTF-8 are shown") {
  CHECK(text_in_page("a\x1b[31m") == "<p>a\\x1b[31m</p>\n");
  CHECK(text_in_page(std::string_view{"a\0b", 3}) == "<p>a\\x00b</p>\n");
  CHECK(text_in_page("\xE2\x80\xAE txet") == "<p>\\u202e txet</p>\n");
  CHECK(text_in_page("\xFF<") == "<p>\\xff&lt;</p>\n");
  CHECK(text_in_page("two\nlines") == "<p>two\\nlines</p>\n");

  HtmlWriter html;
  html.open("p");
  html.lines("two\nlines\r");
  html.close();
  CHECK(html.take() == "<p>two\nlines\\r</p>\n");
}

TEST_CASE("html writer: only addresses of the web become links") {
  for (const auto* url : {"https://a.example/?x=1&y=\"", "HTTP://a.example"})
    CHECK_MESSAGE(is_web_link(url), url);
  for (const auto* url :
       {"javascript:alert(1)", "java\tscript:alert(1)", " https://a.example", "data:text/html,x",
        "//a.example", "https:a.example", "https://a.example/ x", "https://a.example/\x01",
        "https://a.example/\xE2\x80\xAE", "", "file:///etc/passwd", "https://\xFF"})
    CHECK_MESSAGE(!is_web_link(url), url);

  HtmlWriter html;
  html.open("p");
  write_link(html, "https://a.example/?x=1&y=\"", "here");
  write_link(html, "javascript:alert(1)", "there");
  html.close();
  CHECK(html.take() ==
        "<p><a href=\"https://a.example/?x=1&amp;y=&quot;\" rel=\"noopener noreferrer nofollow\">"
        "here</a><span>there</span></p>\n");
}

TEST_CASE("html writer: the style sheet holds nothing that ends it early or asks for anything") {
  for (const auto* forbidden : {"</", "@import", "url(", "expression"})
    CHECK_MESSAGE(report_css().find(forbidden) == std::string_view::npos, forbidden);
  CHECK(report_css_sha256().size() == 44);
  CHECK(report_css_sha256().ends_with('='));
}
