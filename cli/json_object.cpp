#include "cli/json_object.hpp"

#include <array>
#include <charconv>

#include "store/base/json_text.hpp"

namespace earshot {

std::string& JsonObject::member(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  append_json_string(out_, name);
  out_ += ':';
  return out_;
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
  append_json_string(member(name), value);
  return *this;
}

JsonObject& JsonObject::text_or_null(std::string_view name, std::string_view value) {
  return value.empty() ? raw(name, "null") : text(name, value);
}

JsonObject& JsonObject::number(std::string_view name, std::uint64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw(name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonObject& JsonObject::boolean(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}

JsonObject& JsonObject::time(std::string_view name, Instant at) {
  return at == Instant{} ? raw(name, "null") : text(name, format_instant(at));
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json) {
  member(name).append(json);
  return *this;
}

}  // namespace earshot
