#include "ingest/xml.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "ingest/xml_repair.hpp"

namespace earshot {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{}
                         : std::string_view{reinterpret_cast<const char*>(text)};
}

void ignore_error(void* /*context*/, xmlErrorPtr /*error*/) {}

/// What libxml2 says outside a parser would go to stderr by itself. It keeps one setting a thread.
void silence_library() {
  xmlSetStructuredErrorFunc(nullptr, ignore_error);
}

struct Events {
  XmlHandler& handler;
  std::vector<XmlAttribute> attributes;
  std::vector<XmlNamespace> namespaces;
  std::vector<std::string> decoded;  // values that held an ampersand
};

/// libxml2 hands over `&amp;` in a value as `&#38;`, and all else decoded.
std::string with_ampersands(std::string_view value) {
  constexpr std::string_view spelled = "&#38;";
  std::string out;
  for (;;) {
    const auto at = value.find(spelled);
    out.append(value.substr(0, at));
    if (at == std::string_view::npos) return out;
    out += '&';
    value.remove_prefix(at + spelled.size());
  }
}

void on_start(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
              int namespace_count, const xmlChar** namespaces, int attribute_count,
              int /*defaulted*/, const xmlChar** attributes) {
  auto& events = *static_cast<Events*>(context);
  events.attributes.clear();
  events.namespaces.clear();
  for (int i = 0; i < namespace_count; ++i, namespaces += 2)
    events.namespaces.push_back({view(namespaces[0]), view(namespaces[1])});
  events.decoded.clear();
  events.decoded.reserve(static_cast<std::size_t>(attribute_count));
  for (int i = 0; i < attribute_count; ++i, attributes += 5) {
    std::string_view value{reinterpret_cast<const char*>(attributes[3]),
                           static_cast<std::size_t>(attributes[4] - attributes[3])};
    if (value.find('&') != std::string_view::npos)
      value = events.decoded.emplace_back(with_ampersands(value));
    events.attributes.push_back(
        {view(attributes[2]), view(attributes[1]), view(attributes[0]), value});
  }
  events.handler.on_start(
      {view(uri), view(prefix), view(name), events.attributes, events.namespaces});
}

void on_end(void* context, const xmlChar* name, const xmlChar* /*prefix*/, const xmlChar* uri) {
  static_cast<Events*>(context)->handler.on_end(view(uri), view(name));
}

void on_text(void* context, const xmlChar* text, int size) {
  static_cast<Events*>(context)->handler.on_text(
      {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
}

xmlParserInputPtr load_nothing(const char* /*url*/, const char* /*id*/,
                               xmlParserCtxtPtr /*context*/) {
  return nullptr;
}

struct ContextFree {
  void operator()(xmlParserCtxtPtr context) const { xmlFreeParserCtxt(context); }
};

void run_parser(const std::string& text, XmlHandler& handler) {
  static const bool no_loader = (xmlInitParser(), xmlSetExternalEntityLoader(load_nothing), true);
  const std::unique_ptr<xmlParserCtxt, ContextFree> context{
      no_loader ? xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())) : nullptr};
  if (context == nullptr) return;
  Events events{handler, {}, {}, {}};
  xmlSAXHandler callbacks{};
  callbacks.initialized = XML_SAX2_MAGIC;
  callbacks.startElementNs = on_start;
  callbacks.endElementNs = on_end;
  callbacks.characters = on_text;
  callbacks.ignorableWhitespace = on_text;
  callbacks.cdataBlock = on_text;
  callbacks.serror = ignore_error;
  *context->sax = callbacks;
  context->userData = &events;
  xmlCtxtUseOptions(context.get(),
                    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlParseDocument(context.get());
}

}  // namespace

std::optional<std::string_view> XmlElement::attribute(std::string_view wanted) const {
  const auto found = std::ranges::find(attributes, wanted, &XmlAttribute::name);
  return found == attributes.end() ? std::nullopt : std::optional{found->value};
}

Result<Done> parse_xml(std::string_view utf8, XmlHandler& handler, const XmlLimits& limits) {
  if (utf8.size() > limits.document_bytes)
    return Error{Error::Kind::format,
                 fmt::format("larger than {} MB", limits.document_bytes / 1'000'000)};
  silence_library();
  const auto repaired = repair_xml(utf8, limits);
  if (!repaired) return repaired.error();
  if (!repaired->doctype.empty()) handler.on_doctype(repaired->doctype);
  run_parser(repaired->text, handler);
  return Done{};
}

}  // namespace earshot
