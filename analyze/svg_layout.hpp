#pragma once

#include <string>
#include <string_view>
#include <vector>

// Where things go in a chart. Across, everything is in percent of the chart's width, so that one
// drawing fits a telephone and a desk; down, in pixels, so that text keeps its size.

namespace earshot {

/// "37.5%" for 0.375 of the width.
std::string svg_share(double share);
/// A length without needless decimals: "12", "7.25".
std::string svg_length(double length);

/// The number in digits of a report; 0 for none.
double number_in(std::string_view digits);

/// Round numbers from 0 on, at least two and at most six, the last at or above `most`.
std::vector<double> round_ticks(double most);

/// "1,500", "20 k", "3 M": nothing is lost for round numbers.
std::string tick_count(double count);

/// "1 Aug" of "2026-08-01"; anything else as it is.
std::string short_day(std::string_view iso_day);
/// "1 Aug 2026"
std::string long_day(std::string_view iso_day);

/// Which of a row of days get a label.
struct DayTick {
  std::size_t index = 0;
  bool with_year = false;  ///< The first one; all, where there are several years.
  bool wide_only = false;  ///< There is no room for it on a narrow page.
};
std::vector<DayTick> day_ticks(const std::vector<std::string>& days);

/// About how wide a text is, in pixels at 13 pixels' height, rather too wide than too narrow.
double text_width(std::string_view text);

/// A label in lines of at most `width` pixels, broken at spaces where there are some; what is
/// longer than `most_lines` ends in "…". Made printable first, so that an escape counts as what it
/// looks like.
std::vector<std::string> wrap_label(std::string_view text, double width, std::size_t most_lines);

/// The times from 0 to `longest` seconds that an axis of waiting names: "0", "1 h", "3 d". Hours
/// lie closer the later they are.
struct WaitTick {
  double share = 0;
  std::string label;
  bool wide_only = false;
};
double wait_share(double seconds, double longest);
std::vector<WaitTick> wait_ticks(double longest);

}  // namespace earshot
