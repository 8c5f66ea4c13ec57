#pragma once

#include <string>
#include <string_view>

namespace earshot {

enum class Formulas {
  disarm,  ///< What a spreadsheet would take for a formula gets an apostrophe in front.
  keep,    ///< The text as it is: for programs.
};

/// Appends a text field of CSV (RFC 4180), quoted where it must be. Excel, LibreOffice and Sheets
/// take = + - @ tab CR at the beginning for a formula, in some locales also the full-width forms;
/// with `disarm` such a text stays text. For columns of text only: a number must be able to be
/// negative.
void append_csv_text(std::string& out, std::string_view text, Formulas formulas = Formulas::disarm);

}  // namespace earshot
