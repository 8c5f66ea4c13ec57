#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/base/time.hpp"

namespace earshot {

/// Appends one JSON object to a text, member by member, in the order of the calls, on one line.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_{out} { out_ += '{'; }

  JsonObject& text(std::string_view name, std::string_view value);
  JsonObject& text_or_null(std::string_view name,
                           std::string_view value);  ///< null where it is empty.
  JsonObject& number(std::string_view name, std::uint64_t value);
  JsonObject& boolean(std::string_view name, bool value);
  JsonObject& time(std::string_view name,
                   Instant at);  ///< null for the epoch, which stands for "never".
  JsonObject& raw(std::string_view name, std::string_view json);

  /// The place of a member's value, for the caller to append it.
  std::string& member(std::string_view name);

  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace earshot
