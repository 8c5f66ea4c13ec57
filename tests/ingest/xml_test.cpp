#include "ingest/xml.hpp"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "ingest/xml_repair.hpp"

using namespace earshot;

namespace {

/// Writes down what it is told: "<name attr=value>text</>".
struct Transcript final : XmlHandler {
  std::string text;
  void on_start(const XmlElement& element) override {
    text.append("<").append(element.name);
    if (!element.space.empty()) text.append("{").append(element.space).append("}");
    for (const auto& attribute : element.attributes)
      text.append(" ").append(attribute.name).append("=").append(attribute.value);
    text.append(">");
  }
  void on_end(std::string_view, std::string_view) override { text.append("</>"); }
  void on_text(std::string_view piece) override { text.append(piece); }
};

std::string told(std::string_view utf8) {
  Transcript transcript;
  const auto parsed = parse_xml(utf8, transcript);
  return parsed ? transcript.text : "error: " + parsed.error().message;
}

}  // namespace

TEST_CASE("elements, attributes and text come in order, with their namespaces") {
  CHECK(told("<a xmlns='u' x='1'><b>t</b></a>") == "<a{u} x=1><b{u}>t</></>");
  CHECK(told("<?xml version='1.0'?><!-- c --><a><![CDATA[1 < 2 & <b>]]></a>") ==
        "<a>1 < 2 & <b></>");
  CHECK(told("<a x='&lt;&amp;&quot;&eacute;&amp;#38;'>&lt;b&gt; &eacute;&nbsp;&#8364;</a>") ==
        "<a x=<&\"é&#38;><b> é\xC2\xA0€</>");
}

TEST_CASE("a damaged document keeps what it has") {
  CHECK(told("junk <a>one & two < three</a>") == "<a>one & two < three</>");
  CHECK(told("<a><b>x</a>") == "<a><b>x</></>");
  CHECK(told("<a><b>x</c></b><d>y") == "<a><b>x</><d>y</></>");
  CHECK(told("<a></a><b>late</b>") == "<a><b>late</></>");
  CHECK(told("<a x=1 y checked z=\"2\" z=\"3\"/>") == "<a x=1 y= checked= z=2></>");
  CHECK(told(std::string{"<a>one\x01\0two</a>", 15}) == "<a>onetwo</>");
  CHECK(told("<a:b>undeclared</a:b>") == "<b>undeclared</>");
}

TEST_CASE("an entity that is declared as plain text or as one reference is expanded") {
  CHECK(told("<!DOCTYPE a [ <!ENTITY id \"tag:x,\"> <!ENTITY nb '&#160;'> ]><a "
             "b='&id;1'>&id;&nb;2</a>") ==
        "<a b=tag:x,1>tag:x,\xC2\xA0"
        "2</>");
}

TEST_CASE("no other entity is expanded, and no file is opened") {
  CHECK(told("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'><!ENTITY y "
             "'&z;'>]><a>&x;&y;</a>") == "<a>&x;&y;</>");
  std::string bomb = "<!DOCTYPE a [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i)
    bomb += "<!ENTITY a" + std::to_string(i) + " '&a" + std::to_string(i - 1) + ";&a" +
            std::to_string(i - 1) + ";'>";
  CHECK(told(bomb + "]><a>&a29;</a>") == "<a>&a29;</>");
}

TEST_CASE("entities add no more than a megabyte, and long ones nothing") {
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "&e;";
  const auto expanded =
      told("<!DOCTYPE a [<!ENTITY e '" + std::string(1000, 'x') + "'>]><a>" + many + "</a>");
  CHECK(expanded.size() == 1'000'000 + 2000 * 3 + 6);
  CHECK(told("<!DOCTYPE a [<!ENTITY e '" + std::string(2000, 'x') + "'>]><a>&e;</a>") ==
        "<a>&e;</>");
}

TEST_CASE("the DOCTYPE is told without its subset") {
  struct Doctype final : XmlHandler {
    std::string told;
    void on_doctype(std::string_view declaration) override { told = declaration; }
    void on_start(const XmlElement& /*element*/) override {}
    void on_end(std::string_view /*space*/, std::string_view /*name*/) override {}
    void on_text(std::string_view /*text*/) override {}
  } handler;
  REQUIRE(parse_xml("<!DOCTYPE rss PUBLIC '-//X//EN' [ <!ENTITY a 'b'> ]><rss/>", handler));
  CHECK(handler.told == "rss PUBLIC '-//X//EN'");
}

TEST_CASE("a start tag tells the namespaces that it declares") {
  struct Spaces final : XmlHandler {
    std::string told;
    void on_start(const XmlElement& element) override {
      for (const auto& space : element.namespaces)
        told.append(space.prefix).append("=").append(space.uri).append(" ");
    }
    void on_end(std::string_view /*space*/, std::string_view /*name*/) override {}
    void on_text(std::string_view /*text*/) override {}
  } handler;
  REQUIRE(parse_xml("<a xmlns='u' xmlns:b='v'><c/></a>", handler));
  CHECK(handler.told == "=u b=v ");
}

TEST_CASE("a section that never ends is read as if it had not begun") {
  CHECK(told("<a><b><![CDATA[x &amp; y</b><c>z</c></a>") == "<a><b>x & y</><c>z</></>");
}

TEST_CASE("a section without an end does not take the end of a later one") {
  CHECK(told("<a><b><![CDATA[x</b><b><![CDATA[y]]></b></a>") == "<a><b>x</><b>y</></>");
  CHECK(told("<a><b><![CDATA[x <![CDATA[ y ]]> z</b></a>") == "<a><b>x <![CDATA[ y  z</></>");
  CHECK(told("<a><b><![CDATA[x</b>y]]></b></a>") == "<a><b>x</b>y</></>");
}

TEST_CASE("an end tag in other letters closes its element") {
  CHECK(told("<a><Item>x</item><Item>y</item></a>") == "<a><Item>x</><Item>y</></>");
}

TEST_CASE("what is no character of XML is dropped") {
  CHECK(told("<a>x\xEF\xBF\xBEy\xEF\xBF\xBFz\xEF\xBC\xA1</a>") == "<a>xyzＡ</>");
  CHECK(told("<a>1 <![CDATA[x\x02y]]></a>") == "<a>1 xy</>");
}

TEST_CASE("of a tag over a limit the rest is dropped, and the document goes on") {
  std::string attributes = "<r><a";
  for (int i = 0; i < 501; ++i) attributes += " x" + std::to_string(i) + "='1'";
  const auto kept = told(attributes + ">t</a><b>u</b></r>");
  CHECK(kept.find(" x499=1>t</><b>u</>") != std::string::npos);
  CHECK(kept.find("x500") == std::string::npos);
  CHECK(told("<r><a x='" + std::string(70'000, 'y') + "' z='1'>t</a></r>") == "<r><a z=1>t</></>");
}

TEST_CASE("elements deeper than the limit lose their tags and keep their text") {
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "<a>";
  std::string ends;
  for (int i = 0; i < 299; ++i) ends += "</a>";
  const auto kept = told(deep + "x" + ends + "<b>y</b>");
  CHECK(kept.find("<a>x</>") != std::string::npos);
  CHECK(kept.ends_with("<b>y</></>"));
  CHECK(kept.size() == 256 * 3 + 1 + 255 * 3 + 7 + 3);
}

TEST_CASE("a document that is too large, or has no markup, is refused") {
  CHECK(told(std::string(15'000'001, ' ')) == "error: larger than 15 MB");
  CHECK(told("no markup") == "error: no markup in it");
  CHECK(told("") == "error: no markup in it");
}

TEST_CASE("a document as deep and as wide as allowed is read whole") {
  std::string deep;
  for (int i = 0; i < 256; ++i) deep += "<a>";
  CHECK(told(deep + "x").find('x') != std::string::npos);
  const auto wide = told("<a>" + std::string(14'000'000, 'x') + "</a>");
  CHECK(wide.size() == 14'000'006);
}

TEST_CASE("a document made to be slow takes its length and no more") {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto* piece : {"<a ", "<a b=\"", "<a b='>", "<!--", "<?", "<![CDATA[", "<!D", "</a>",
                            "<a><![CDATA[</a>", "&", "<", "<a></a>", "<b/>"}) {
    std::string xml = "<r>";
    while (xml.size() < 500'000) xml += piece;
    told(xml);
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
}
