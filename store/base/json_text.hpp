#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// Appends `text` as a JSON string with its quotes: quotes, backslashes and control characters (C0,
/// DEL) escaped, the rest as it is; each byte that is no UTF-8 becomes U+FFFD. Always one line.
void append_json_string(std::string& out, std::string_view text);

}  // namespace earshot
