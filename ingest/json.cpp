#include "ingest/json.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "ingest/html_text.hpp"
#include "store/base/ascii.hpp"
#include "store/base/text_arena.hpp"

namespace earshot {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t most_values = 1'000'000;
constexpr int deepest = 256;

/// The four digits behind "\u"; nothing if they are none.
std::optional<char32_t> hex_digits(std::string_view text) {
  std::uint16_t unit = 0;
  if (text.size() < 4) return {};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
  if (error != std::errc{} || rest != text.data() + 4) return {};
  return unit;
}

/// The character of an escape at the front of `text`, which is cut behind it.
char32_t take_escape(std::string_view& text) {
  constexpr char32_t unknown = 0xFFFD;
  const char letter = text.size() > 1 ? text[1] : '\\';
  text.remove_prefix(std::min<std::size_t>(2, text.size()));
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '"':
    case '\\':
    case '/':
      return static_cast<char32_t>(letter);
    case 'u':
      break;
    default:
      return unknown;
  }
  const auto unit = hex_digits(text);
  if (!unit) return unknown;
  text.remove_prefix(4);
  if (*unit < 0xD800 || *unit > 0xDFFF) return *unit;
  const auto low = text.starts_with("\\u") ? hex_digits(text.substr(2)) : std::nullopt;
  if (*unit > 0xDBFF || !low || *low < 0xDC00 || *low > 0xDFFF) return unknown;
  text.remove_prefix(6);
  return 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00);
}

/// A string that simdjson refuses for an escape, with U+FFFD in place of what is broken. `token` is
/// the string as it is written, in its quotes, and more after it.
std::string lenient_string(std::string_view token) {
  std::string text;
  token.remove_prefix(1);
  while (!token.empty() && token.front() != '"') {
    if (token.front() == '\\') {
      append_utf8(take_escape(token), text);
    } else {
      text += token.front();
      token.remove_prefix(1);
    }
  }
  return text;
}

/// Walks a document once and writes its values down, parents before children.
class Writer {
 public:
  Writer(std::vector<JsonNode>& nodes, TextArena& texts) : nodes_{nodes}, texts_{texts} {}

  simdjson::error_code add(ondemand::value value, std::string_view key) {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (nodes_.size() >= most_values) return simdjson::CAPACITY;
    const std::size_t at = nodes_.size();
    nodes_.push_back({.key = key});
    if (++depth_ > deepest) return simdjson::DEPTH_ERROR;
    const auto error = fill(value, type, at);
    --depth_;
    nodes_[at].size = static_cast<std::uint32_t>(nodes_.size() - at);
    return error;
  }

 private:
  simdjson::error_code fill(ondemand::value value, ondemand::json_type type, std::size_t at) {
    switch (type) {
      case ondemand::json_type::object:
        nodes_[at].kind = JsonNode::Kind::object;
        return add_members(value);
      case ondemand::json_type::array:
        nodes_[at].kind = JsonNode::Kind::list;
        return add_elements(value);
      case ondemand::json_type::string:
        nodes_[at].kind = JsonNode::Kind::string;
        nodes_[at].text = string_of(value);
        return simdjson::SUCCESS;
      case ondemand::json_type::number:
        nodes_[at].kind = JsonNode::Kind::number;
        nodes_[at].text = number_of(value);
        return nodes_[at].text.empty() ? simdjson::NUMBER_ERROR : simdjson::SUCCESS;
      case ondemand::json_type::boolean: {
        bool truth = false;
        if (const auto error = value.get_bool().get(truth)) return error;
        nodes_[at].kind = JsonNode::Kind::boolean;
        nodes_[at].text = truth ? "true" : "false";
        return simdjson::SUCCESS;
      }
      case ondemand::json_type::null:
        break;
    }
    bool null = false;
    if (const auto error = value.is_null().get(null)) return error;
    return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }

  simdjson::error_code add_members(ondemand::value value) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto next : object) {
      ondemand::field field;
      if (const auto error = std::move(next).get(field)) return error;
      std::string_view key;
      if (field.unescaped_key().get(key)) key = {};  // a name that nobody can ask for
      if (const auto error = add(field.value(), key)) return error;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code add_elements(ondemand::value value) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto next : array) {
      ondemand::value element;
      if (const auto error = std::move(next).get(element)) return error;
      if (const auto error = add(element, {})) return error;
    }
    return simdjson::SUCCESS;
  }

  std::string_view string_of(ondemand::value value) {
    const std::string_view token = value.raw_json_token();
    std::string_view text;
    if (!value.get_string().get(text)) return text;
    return texts_.keep(lenient_string(token));
  }

  /// As it is written; empty if it is no number.
  static std::string_view number_of(ondemand::value value) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
      token.remove_suffix(1);
    return is_json_number(token) ? token : std::string_view{};
  }

  std::vector<JsonNode>& nodes_;
  TextArena& texts_;
  int depth_ = 0;
};

}  // namespace

JsonValue JsonValue::at(std::string_view path) const {
  JsonValue value = *this;
  for (;;) {
    const auto dot = path.find('.');
    value = value.member(path.substr(0, dot));
    if (dot == std::string_view::npos) return value;
    path.remove_prefix(dot + 1);
  }
}

JsonValue JsonValue::member(std::string_view name) const {
  if (!is_object()) return {};
  for (const JsonValue value : *this)
    if (value.name() == name) return value;
  return {};
}

std::string_view JsonValue::text() const {
  const bool said = is(JsonNode::Kind::string) || is(JsonNode::Kind::number);
  return said ? node_->text : std::string_view{};
}

Count JsonValue::count() const {
  const auto digits = text();
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || rest != digits.data() + digits.size()) return {};
  return number;
}

struct JsonDocument::State {
  simdjson::padded_string bytes;
  ondemand::parser parser;
  TextArena texts;
  std::vector<JsonNode> nodes;
  std::size_t root = 0;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_{std::move(state)} {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes = trim(bytes);
  auto state = std::make_unique<State>();
  // A lone number or text is read as the only element of a list.
  const bool lone = !bytes.starts_with('{') && !bytes.starts_with('[');
  state->bytes =
      lone ? simdjson::padded_string{fmt::format("[{}]", bytes)} : simdjson::padded_string{bytes};

  ondemand::document document;
  ondemand::value value;
  auto error = bytes.empty() ? simdjson::EMPTY : state->parser.iterate(state->bytes).get(document);
  if (!error && !lone && bytes.back() != (bytes.front() == '{' ? '}' : ']'))
    error = simdjson::INCOMPLETE_ARRAY_OR_OBJECT;
  if (!error) error = document.get_value().get(value);
  Writer writer{state->nodes, state->texts};
  if (!error) error = writer.add(value, {});
  const auto fault = [](std::string_view reason) {
    return Error{Error::Kind::format, std::string{reason}};
  };
  if (error == simdjson::CAPACITY) return fault("more than 1,000,000 values");
  if (error) return fault(json_fault(error));
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS ||
      (lone && (state->nodes.size() < 2 || state->nodes[1].size + 1 != state->nodes.size())))
    return fault("not JSON: more after its end");
  state->root = lone ? 1 : 0;
  return JsonDocument{std::move(state)};
}

JsonValue JsonDocument::root() const {
  return JsonValue{state_->nodes.data() + state_->root};
}

std::string_view json_fault(int code) {
  switch (static_cast<simdjson::error_code>(code)) {
    case simdjson::UTF8_ERROR:
      return "not UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "not JSON: a string that is never closed";
    case simdjson::STRING_ERROR:
      return "not JSON: a broken escape";
    case simdjson::DEPTH_ERROR:
      return "not JSON: nested too deeply";
    case simdjson::UNESCAPED_CHARS:
      return "not JSON: a control character in a string";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "not JSON: cut off";
    case simdjson::NUMBER_ERROR:
      return "not JSON: a broken number";
    case simdjson::EMPTY:
      return "not JSON: nothing but blanks";
    default:
      return "not JSON";
  }
}

bool is_json_number(std::string_view token) {
  const char* at = token.data();
  const char* const end = at + token.size();
  const auto digits = [&] {
    const char* const from = at;
    while (at != end && *at >= '0' && *at <= '9') ++at;
    return at != from;
  };
  if (at != end && *at == '-') ++at;
  const bool zero = at != end && *at == '0';
  const char* const first = at;
  if (!digits() || (zero && at - first > 1)) return false;
  if (at != end && *at == '.' && (++at, !digits())) return false;
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

}  // namespace earshot
