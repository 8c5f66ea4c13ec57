#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// Text of others, safe to print on a terminal: control characters (also ESC, DEL and C1), line and
/// paragraph separators and the twelve bidi controls of Unicode become visible escapes ("\x1b",
/// "\u202e"), bytes that are no UTF-8 become "\xff". All else is kept.
std::string sanitise_for_terminal(std::string_view text);

/// Columns that sanitised UTF-8 takes on a terminal: 2 for East Asian wide characters and emoji, 0
/// for combining marks.
std::size_t display_width(std::string_view text);

/// Sanitised text in lines of at most `width` columns, broken at spaces; longer words stand alone.
std::vector<std::string> wrap_text(std::string_view text, std::size_t width);

}  // namespace earshot
