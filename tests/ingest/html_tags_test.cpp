#include "ingest/html_tags.hpp"

#include <doctest/doctest.h>

using namespace earshot;

namespace {

/// "a href=x title=y|br" of a page.
std::string tags_of(std::string_view html) {
  std::string all;
  visit_html_tags(html, [&](const HtmlTag& tag) {
    all.append(all.empty() ? "" : "|").append(tag.name);
    for (const auto& [name, value] : tag.attributes)
      all.append(" ").append(name).append("=").append(value);
  });
  return all;
}

}  // namespace

TEST_CASE("tags: names and attributes as browsers read them") {
  CHECK(tags_of("<!DOCTYPE html><A HREF=\"x?a=1&amp;b\" title='it&#39;s'  >t</a><br/><p>") ==
        "a href=x?a=1&b title=it's|br|p");
  CHECK(tags_of("<link rel = alternate href=/feed.xml disabled><img src=a/b>") ==
        "link rel=alternate href=/feed.xml disabled=|img src=a/b");
  CHECK(tags_of("a < b <3 <> </p> <?php x?> <i class=\" x \">") == "i class=x");
}

TEST_CASE("tags: none in comments, scripts and styles") {
  CHECK(tags_of("<!-- <a> --><script>if (a<b) '<p>'</SCRIPT><i><style><b></style><u>") ==
        "script|i|style|u");
  CHECK(tags_of("<p><!-- <a>") == "p");
  CHECK(tags_of("<p><script><a>") == "p|script");
}

TEST_CASE("tags: a page that ends within one") {
  for (const auto* html : {"<", "<a", "<a ", "<a b", "<a b=", "<a b='c", "<a b=c", "<a b='c'"})
    CHECK_MESSAGE(tags_of(html).empty(), html);
}

TEST_CASE("tags: the first of two attributes of a name counts") {
  visit_html_tags("<a x=1 x=2>", [](const HtmlTag& tag) {
    CHECK(tag.attribute("x") == "1");
    CHECK(tag.attribute("y") == "");
  });
}
