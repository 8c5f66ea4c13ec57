#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// A document as UTF-8, and the encoding that it was read in.
struct DecodedText {
  std::string text;  ///< Valid UTF-8 without byte order marks; U+FFFD for bytes without meaning.
  std::string encoding;  ///< Its label in lower case: "utf-8", "iso-8859-1", "utf-16le".
};

/// The bytes as UTF-8. Believed in this order, as long as the bytes bear it out: a byte order mark
/// or the shape of wide characters; the charset of `content_type` (a Content-Type header, or
/// empty); the XML declaration; UTF-8 if it is, but for a few bytes; what the letters look like;
/// windows-1252. Names mean what the web means by them: iso-8859-1 is windows-1252, gb2312 is
/// gb18030. A document that says Latin-1 and is UTF-8 is UTF-8. Source: RFC 7303, XML 1.0 appendix
/// F, the WHATWG Encoding Standard's labels.
DecodedText decode_text(std::string_view bytes, std::string_view content_type = {});

bool is_utf8(std::string_view text);

}  // namespace earshot
