#include "ingest/json_list.hpp"

#include <algorithm>
#include <cstring>

#include "store/base/ascii.hpp"

namespace earshot {

namespace {

/// Behind the quote that closes the string whose text begins at `at`; null if none does.
const char* skip_string(const char* at, const char* end) {
  while (at != end) {
    if (*at == '"') return at + 1;
    if (*at == '\\' && ++at == end) break;
    ++at;
  }
  return nullptr;
}

/// Behind the bracket that closes the one at `at`; null if none does.
const char* skip_nested(const char* at, const char* end) {
  std::size_t depth = 0;
  while (at != end) {
    switch (*at++) {
      case '"':
        at = skip_string(at, end);
        if (at == nullptr) return nullptr;
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at;
        break;
      default:
        break;
    }
  }
  return nullptr;
}

bool ends_plain_value(char c) {
  return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':';
}

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

/// What may lie between two records.
bool is_separator(char c) {
  return is_space(c) || c == ',' || c == ':' || c == ';' || c == ']' || c == '}' || c == '[';
}

/// Whether a list, from behind its bracket, may have records. An empty one may.
bool may_have_records(std::string_view elements) {
  elements = without_spaces(elements);
  return elements.empty() || elements.front() == '{' || elements.front() == ']';
}

}  // namespace

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

std::optional<std::size_t> json_value_size(std::string_view text) {
  if (text.empty()) return {};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  if (*begin == '"')
    at = skip_string(begin + 1, end);
  else if (*begin == '{' || *begin == '[')
    at = skip_nested(begin, end);
  else
    at = std::find_if(begin, end, ends_plain_value);
  if (at == nullptr ||
      (at == end && !text.ends_with('}') && !text.ends_with(']') && !text.ends_with('"')))
    return {};
  return static_cast<std::size_t>(at - begin);
}

std::optional<std::size_t> find_json_list(std::string_view text, std::string_view name) {
  const auto offset = [&, begin = text.data()](std::string_view rest) {
    return static_cast<std::size_t>(rest.data() - begin);
  };
  auto rest = without_spaces(text);
  if (name.empty() && rest.starts_with('[')) return offset(rest) + 1;
  if (!rest.starts_with('{')) return {};
  rest.remove_prefix(1);
  for (;;) {
    rest = without_spaces(rest);
    if (!rest.starts_with('"')) return {};
    const auto key_size = json_value_size(rest);
    if (!key_size) return {};
    const auto key = rest.substr(1, *key_size - 2);
    rest = without_spaces(rest.substr(*key_size));
    if (!rest.starts_with(':')) return {};
    rest = without_spaces(rest.substr(1));
    const bool found = name.empty() ? rest.starts_with('[') && may_have_records(rest.substr(1))
                                    : key == name && rest.starts_with('[');
    if (found) return offset(rest) + 1;
    const auto size = json_value_size(rest);
    if (!size || *size == 0) return {};
    rest = without_spaces(rest.substr(*size));
    if (!rest.starts_with(',')) return {};
    rest.remove_prefix(1);
  }
}

RecordFormat::Cut cut_json_object(std::string_view text) {
  RecordFormat::Cut cut;
  if (text.front() == '{') {
    const auto size = json_value_size(text);
    cut.complete = size.has_value();
    cut.size = cut.next = size.value_or(text.size());
    cut.unclosed = "an object that is never closed";
  } else if (is_separator(text.front())) {
    cut.next =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_separator) - text.begin());
    cut.complete = true;
  } else {
    const auto size = json_value_size(text);
    cut.complete = size.has_value() && *size > 0;
    cut.next = cut.complete ? *size : text.size();
  }
  cut.lines = count_lines(text.substr(0, cut.next));
  return cut;
}

}  // namespace earshot
