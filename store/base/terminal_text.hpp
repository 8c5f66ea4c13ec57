#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// What a terminal may obey in place of showing it: control characters (C0, DEL, C1), line and
/// paragraph separators and the twelve direction controls of Unicode (Bidi_Control).
bool steers_terminal(char32_t code);

enum class LineBreaks {
  keep,    ///< "\n" and tab pass: the text is shown over several lines.
  escape,  ///< They are shown as escapes: one record stays one line.
};

/// Appends `text` so that no terminal takes any of it for a command: what `steers_terminal` becomes
/// a visible escape ("\n", "\x1b", "\u202e"), and so does each byte that is no UTF-8 ("\xff").
/// Everything that comes from posts or servers goes through here on its way to a terminal or to
/// stderr. Printable text stays as it is.
void append_printable(std::string& out, std::string_view text, LineBreaks breaks);
std::string printable(std::string_view text, LineBreaks breaks = LineBreaks::escape);

/// Columns that printable text takes on a terminal: 2 for East Asian wide characters and emoji, 0
/// for combining marks.
std::size_t display_width(std::string_view text);

/// Printable text in lines of at most `width` columns, broken at spaces; longer words stand alone.
std::vector<std::string> wrap_text(std::string_view text, std::size_t width);

}  // namespace earshot
