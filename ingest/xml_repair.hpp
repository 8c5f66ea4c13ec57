#pragma once

#include <string>
#include <string_view>

#include "ingest/xml.hpp"
#include "store/base/result.hpp"

namespace earshot {

/// The document as well-formed XML that means the same, as far as that can be told, for a parser
/// that must not be surprised. `utf8` is valid UTF-8. Comments, processing instructions, the XML
/// declaration and the DOCTYPE with all that it declares are gone; bare `&` and `<` are escaped and
/// HTML's named characters written out; control characters are spaces; each attribute has a value
/// in quotes; elements that were left open are closed, and end tags of elements that are not open
/// are dropped. Takes time linear in the document. Errors: `format`: a tag or a depth over its
/// limit, or no markup at all.
Result<std::string> repair_xml(std::string_view utf8, const XmlLimits& limits);

}  // namespace earshot
