#pragma once

#include <string>
#include <string_view>

#include "ingest/xml.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// A document made harmless.
struct RepairedXml {
  std::string text;
  std::string_view doctype;  ///< What stood between `<!DOCTYPE` and its subset or end; a view.
};

/// The document as well-formed XML that means the same, as far as that can be told, for a parser
/// that must not be surprised. `utf8` is valid UTF-8. Comments, processing instructions, the XML
/// declaration and the DOCTYPE are gone; bare `&` and `<` are text, and HTML's named characters
/// written out, as are entities that the DOCTYPE declares as plain text of up to 1 KB, up to 1 MB
/// in all; control characters are dropped; each attribute has a value in quotes; elements that were
/// left open are closed, and end tags of elements that are not open are dropped. Of a tag over a
/// limit the attributes past it are dropped, of elements too deep the tags. Takes time linear in
/// the document. Errors: `format`: no markup at all.
Result<RepairedXml> repair_xml(std::string_view utf8, const XmlLimits& limits);

}  // namespace earshot
