#include "ingest/xml.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "ingest/xml_repair.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{}
                         : std::string_view{reinterpret_cast<const char*>(text)};
}

// --- encodings ---

/// The encodings that the web reads under these names.
std::string web_name(std::string_view label) {
  static constexpr std::array<std::array<std::string_view, 2>, 12> aliases{
      {{"iso-8859-1", "windows-1252"},
       {"iso8859-1", "windows-1252"},
       {"latin1", "windows-1252"},
       {"us-ascii", "windows-1252"},
       {"ascii", "windows-1252"},
       {"gb2312", "gb18030"},
       {"gbk", "gb18030"},
       {"shift_jis", "cp932"},
       {"shift-jis", "cp932"},
       {"ks_c_5601-1987", "cp949"},
       {"euc-kr", "cp949"},
       {"utf8", "utf-8"}}};
  const auto lower = lower_case(label);
  const auto found =
      std::ranges::find(aliases, std::string_view{lower}, [](const auto& pair) { return pair[0]; });
  return found == aliases.end() ? lower : std::string{(*found)[1]};
}

/// What the XML declaration says, read as ASCII.
std::string declared_encoding(std::string_view bytes) {
  const auto start = bytes.substr(0, 1024);
  const auto declaration = start.find("<?xml");
  if (declaration == std::string_view::npos) return {};
  const auto text = start.substr(declaration, start.find("?>", declaration) - declaration);
  auto at = text.find("encoding");
  if (at == std::string_view::npos) return {};
  at = text.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const auto end = text.find(text[at], at + 1);
  return end == std::string_view::npos ? std::string{}
                                       : web_name(text.substr(at + 1, end - at - 1));
}

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    if (*at < 0x80) {
      ++at;
      continue;
    }
    const unsigned lead = *at;
    const int more = lead >= 0xC2 && lead <= 0xDF   ? 1
                     : (lead & 0xF0U) == 0xE0       ? 2
                     : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                    : 0;
    if (more == 0 || end - at <= more) return false;
    const unsigned second = at[1];
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
      return false;
    for (int i = 1; i <= more; ++i)
      if ((at[i] & 0xC0U) != 0x80U) return false;
    at += more + 1;
  }
  return true;
}

void ignore_error(void* /*context*/, xmlErrorPtr /*error*/) {}

/// What libxml2 says outside a parser, as its converters do, would go to stderr by itself. It keeps
/// one setting a thread.
void silence_library() {
  xmlSetStructuredErrorFunc(nullptr, ignore_error);
}

struct BufferFree {
  void operator()(xmlBufferPtr buffer) const { xmlBufferFree(buffer); }
};
using Buffer = std::unique_ptr<xmlBuffer, BufferFree>;

/// Through libxml2's converters; a byte that means nothing becomes U+FFFD. Nothing if the encoding
/// is unknown.
std::optional<std::string> transcode(std::string_view bytes, const std::string& encoding) {
  xmlCharEncodingHandlerPtr const converter = xmlFindCharEncodingHandler(encoding.c_str());
  if (converter == nullptr) return {};
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  constexpr std::size_t step = 64 * 1024;
  Buffer left{xmlBufferCreate()};
  const Buffer converted{xmlBufferCreate()};
  std::size_t given = 0;
  for (;;) {
    const auto more = std::min(step, bytes.size() - given);
    xmlBufferAdd(left.get(), reinterpret_cast<const xmlChar*>(bytes.data() + given),
                 static_cast<int>(more));
    given += more;
    const int before = xmlBufferLength(left.get());
    if (before == 0) break;
    const int status = xmlCharEncInFunc(converter, converted.get(), left.get());
    out.append(reinterpret_cast<const char*>(xmlBufferContent(converted.get())),
               static_cast<std::size_t>(xmlBufferLength(converted.get())));
    xmlBufferEmpty(converted.get());
    const bool stuck = xmlBufferLength(left.get()) == before && more == 0;
    if (status == -2 || stuck) {
      out += "\xEF\xBF\xBD";
      xmlBufferShrink(left.get(), 1);
    }
  }
  xmlCharEncCloseFunc(converter);
  return out;
}

struct Signature {
  std::string_view bytes;
  std::string_view encoding;
  std::size_t mark;  // bytes of it that are no text
};

/// A byte order mark, or the shape of `<` in wide encodings. The longer come first.
const Signature* signature_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  static constexpr std::array signatures{
      Signature{"\xEF\xBB\xBF"sv, "utf-8", 3},    Signature{"\xFF\xFE\0\0"sv, "utf-32le", 4},
      Signature{"\0\0\xFE\xFF"sv, "utf-32be", 4}, Signature{"<\0\0\0"sv, "utf-32le", 0},
      Signature{"\0\0\0<"sv, "utf-32be", 0},      Signature{"\xFF\xFE"sv, "utf-16le", 2},
      Signature{"\xFE\xFF"sv, "utf-16be", 2},     Signature{"<\0"sv, "utf-16le", 0},
      Signature{"\0<"sv, "utf-16be", 0},          Signature{"\x4C\x6F\xA7\x94"sv, "ibm037", 0}};
  const auto found =
      std::ranges::find_if(signatures, [&](const auto& s) { return bytes.starts_with(s.bytes); });
  return found == signatures.end() ? nullptr : &*found;
}

bool is_wide(std::string_view encoding) {
  return encoding.starts_with("utf-16") || encoding.starts_with("utf-32") ||
         encoding.starts_with("ucs-") || encoding.starts_with("iso-10646");
}

/// In the order of trust: byte order mark, transport, declaration, UTF-8 if it is, windows-1252.
std::string to_utf8(std::string_view bytes, std::string_view charset) {
  if (const auto* signature = signature_of(bytes); signature != nullptr) {
    bytes.remove_prefix(signature->mark);
    if (signature->encoding != "utf-8")
      if (auto text = transcode(bytes, std::string{signature->encoding}); text && is_utf8(*text))
        return std::move(*text);
  } else {
    for (const auto& encoding : {web_name(charset), declared_encoding(bytes)}) {
      if (encoding.empty() || is_wide(encoding) || encoding == "utf-8") {
        if (encoding == "utf-8" && is_utf8(bytes)) break;
        continue;
      }
      if (auto text = transcode(bytes, encoding); text && is_utf8(*text)) return std::move(*text);
    }
  }
  if (is_utf8(bytes)) return std::string{bytes};
  auto text = transcode(bytes, "windows-1252");
  return text && is_utf8(*text) ? std::move(*text) : std::string{};
}

// --- events ---

struct Events {
  XmlHandler& handler;
  std::vector<XmlAttribute> attributes;
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
              int /*namespace_count*/, const xmlChar** /*namespaces*/, int attribute_count,
              int /*defaulted*/, const xmlChar** attributes) {
  auto& events = *static_cast<Events*>(context);
  events.attributes.clear();
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
  events.handler.on_start({view(uri), view(prefix), view(name), events.attributes});
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
  Events events{handler, {}, {}};
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

Result<Done> parse_xml(std::string_view bytes, std::string_view charset, XmlHandler& handler,
                       const XmlLimits& limits) {
  if (bytes.size() > limits.document_bytes)
    return Error{Error::Kind::format,
                 fmt::format("larger than {} MB", limits.document_bytes / 1'000'000)};
  silence_library();
  const auto text = repair_xml(to_utf8(bytes, charset), limits);
  if (!text) return text.error();
  run_parser(*text, handler);
  return Done{};
}

}  // namespace earshot
