#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// The limits of a document; over one of them it is refused.
struct XmlLimits {
  std::size_t document_bytes = 15'000'000;
  std::size_t tag_bytes = 64 * 1024;
  std::size_t attributes = 500;  ///< Of one tag.
  std::size_t depth = 256;
};

struct XmlAttribute {
  std::string_view space;  ///< Namespace URI; empty if it has none.
  std::string_view prefix;
  std::string_view name;   ///< Without its prefix.
  std::string_view value;  ///< References decoded.
};

struct XmlElement {
  std::string_view space;
  std::string_view prefix;
  std::string_view name;
  std::span<const XmlAttribute> attributes;

  /// The value of the first attribute of that name, whatever its namespace, or nothing.
  std::optional<std::string_view> attribute(std::string_view wanted) const;
};

/// What happens with a document, in its order. Views live as long as the call.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void on_start(const XmlElement& element) = 0;
  virtual void on_end(std::string_view space, std::string_view name) = 0;
  /// Text in pieces, references decoded, CDATA too. UTF-8.
  virtual void on_text(std::string_view text) = 0;
};

/// Reads a document in any encoding that it declares, damaged or not, by libxml2's SAX2 interface.
/// It opens no file and no connection, and expands no entity but HTML's names. `charset` is what
/// the transport said of it, or empty; a byte order mark goes before it. Errors: `format`, over a
/// limit or without any markup.
Result<Done> parse_xml(std::string_view bytes, std::string_view charset, XmlHandler& handler,
                       const XmlLimits& limits = {});

}  // namespace earshot
