#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// The limits of a document. A larger one is refused; of a tag over its limits the attributes past
/// them are dropped, and of elements too deep the tags.
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

/// A namespace that a tag declares.
struct XmlNamespace {
  std::string_view prefix;  ///< Empty for the default.
  std::string_view uri;
};

/// A start tag. Equal namespaces of one document are one text at one address.
struct XmlElement {
  std::string_view space;
  std::string_view prefix;
  std::string_view name;
  std::span<const XmlAttribute> attributes;
  std::span<const XmlNamespace> namespaces;

  /// The value of the first attribute of that name, whatever its namespace, or nothing.
  std::optional<std::string_view> attribute(std::string_view wanted) const;
};

/// What happens with a document, in its order. Views live as long as the call.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  /// Once, before all else, if there is a DOCTYPE: `rss PUBLIC "-//..."`, without its subset.
  virtual void on_doctype(std::string_view /*declaration*/) {}
  virtual void on_start(const XmlElement& element) = 0;
  virtual void on_end(std::string_view space, std::string_view name) = 0;
  /// Text in pieces, references decoded, CDATA too. UTF-8.
  virtual void on_text(std::string_view text) = 0;
};

/// Reads a document, damaged or not, by libxml2's SAX2 interface. It opens no file and no
/// connection, and expands no entity but HTML's names and those that the DOCTYPE declares as plain
/// text. `utf8` is valid UTF-8. Errors: `format`, too large or without any markup.
Result<Done> parse_xml(std::string_view utf8, XmlHandler& handler, const XmlLimits& limits = {});

}  // namespace earshot
