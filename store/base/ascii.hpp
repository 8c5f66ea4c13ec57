#pragma once

#include <string>
#include <string_view>

namespace earshot {

// Characters of markup, headers and dates: ASCII whatever the locale. Words of people go through
// `analyze/words.hpp`.

inline bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The text without spaces, tabs and line ends around it.
inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

inline std::string lower_case(std::string_view text) {
  std::string lowered{text};
  for (char& c : lowered) c = lower(c);
  return lowered;
}

}  // namespace earshot
