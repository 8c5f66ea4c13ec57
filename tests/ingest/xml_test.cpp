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

std::string told(std::string_view bytes, std::string_view charset = {}) {
  Transcript transcript;
  const auto parsed = parse_xml(bytes, charset, transcript);
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
  CHECK(told(std::string{"<a>one\x01\0two</a>", 15}) == "<a>one  two</>");
  CHECK(told("<a><![CDATA[open") == "<a>open</>");
  CHECK(told("<a:b>undeclared</a:b>") == "<b>undeclared</>");
}

TEST_CASE("a document is read in the encoding it declares") {
  CHECK(told("<?xml version='1.0' encoding='iso-8859-1'?><a>caf\xE9 \x80</a>") == "<a>café €</>");
  CHECK(told("<?xml version='1.0' encoding='windows-1251'?><a>\xCF\xF0\xE8</a>") == "<a>При</>");
  CHECK(told("<?xml version='1.0' encoding='Shift_JIS'?><a>\x93\xFA\x96\x7B</a>") == "<a>日本</>");
  CHECK(told("<?xml version='1.0' encoding='gb2312'?><a>\xD6\xD0</a>") == "<a>中</>");
  CHECK(told("\xEF\xBB\xBF<a>é</a>") == "<a>é</>");
  CHECK(told(std::string_view{"\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0", 18}) == "<a>é</>");
  CHECK(told(std::string_view{"\0<\0a\0>\0\xE9\0<\0/\0a\0>", 16}) == "<a>é</>");
}

TEST_CASE("the transport's charset goes before the declaration, and a wrong label is no harm") {
  CHECK(told("<?xml version='1.0' encoding='utf-8'?><a>\xCF</a>", "windows-1251") == "<a>П</>");
  CHECK(told("<?xml version='1.0' encoding='utf-8'?><a>caf\xE9</a>") == "<a>café</>");
  CHECK(told("<?xml version='1.0' encoding='no-such-thing'?><a>é</a>") == "<a>é</>");
  CHECK(told("<?xml version='1.0' encoding='utf-16'?><a>é</a>") == "<a>é</>");
}

TEST_CASE("no entity but HTML's is expanded, and no file is opened") {
  CHECK(
      told(
          "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'><!ENTITY y 'z'>]><a>&x;&y;</a>") ==
      "<a>&x;&y;</>");
  std::string bomb = "<!DOCTYPE a [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i)
    bomb += "<!ENTITY a" + std::to_string(i) + " '&a" + std::to_string(i - 1) + ";&a" +
            std::to_string(i - 1) + ";'>";
  CHECK(told(bomb + "]><a>&a29;</a>") == "<a>&a29;</>");
}

TEST_CASE("a document over a limit is refused, with the limit's name") {
  std::string attributes = "<a";
  for (int i = 0; i < 501; ++i) attributes += " x" + std::to_string(i) + "='1'";
  CHECK(told(attributes + "/>") == "error: a tag of more than 500 attributes");
  CHECK(told("<a x='" + std::string(70'000, 'y') + "'/>") == "error: a tag of more than 64 KB");
  std::string deep;
  for (int i = 0; i < 257; ++i) deep += "<a>";
  CHECK(told(deep) == "error: nested more than 256 deep");
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
                            "&", "<", "<a></a>", "<b/>"}) {
    std::string xml = "<r>";
    while (xml.size() < 500'000) xml += piece;
    told(xml);
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
}
