#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/base/result.hpp"
#include "store/base/time.hpp"

namespace earshot {

/// One cell of a sheet.
struct SheetCell {
  enum class Kind {
    empty,
    text,      ///< Never a formula, never a link.
    number,    ///< Digits: a number with as many decimals as they have.
    duration,  ///< Digits: seconds, shown as hours and minutes.
  };
  Kind kind = Kind::empty;
  std::string content;
  bool bold = false;
};

SheetCell text_cell(std::string text, bool bold = false);
/// Empty without digits.
SheetCell number_cell(std::string digits);
SheetCell count_cell(std::uint64_t count);
SheetCell duration_cell(std::int64_t seconds);

/// A chart of columns of its own sheet; blank cells are gaps. Rows and columns count from 0; the
/// rows are `first` to `last`, and the names of the values stand in the row before.
struct SheetChart {
  enum class Kind { line, stacked_columns, bars, steps };
  Kind kind = Kind::line;
  std::string title, x_title, y_title;
  std::uint32_t first = 0, last = 0;
  std::uint16_t categories = 0;
  std::vector<std::uint16_t> values;
  std::vector<std::uint32_t> colours;  ///< 0xRRGGBB, of the values; the rest as usual.
  std::uint32_t row = 0;               ///< Where its upper left corner is.
  std::uint16_t column = 0;
};

struct Sheet {
  std::string name;  ///< Any text; made one that spreadsheets take, and one of its own.
  std::vector<std::vector<SheetCell>> rows;
  std::vector<double> widths;  ///< Of the columns, in characters; the rest as usual.
  std::uint32_t frozen = 1;    ///< Rows that stay in sight.
  std::vector<SheetChart> charts;
};

/// The bytes of an .xlsx file (Office Open XML). The same sheets give the same bytes. Texts are
/// shown as `printable` does, and end after 32,767 UTF-16 units, the format's limit, in "…". Errors
/// `io`: its temporary files can't be written.
Result<std::string> write_spreadsheet(const std::vector<Sheet>& sheets, const std::string& title,
                                      Instant created);

}  // namespace earshot
