#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/html_tables.hpp"
#include "analyze/html_writer.hpp"
#include "analyze/report.hpp"

namespace earshot {

/// The frame that all charts share.
struct ChartFrame {
  std::string id;           ///< Of the figure, unique in the page.
  std::string title;        ///< Its heading, and the drawing's name.
  std::string reading;      ///< How to read it: a line under the heading.
  std::string description;  ///< What it shows, for those who do not see it.
  std::string css_class;    ///< "with-axis": room for labels on the left.
  double height = 0;        ///< Of the drawing.
  bool full_width = false;  ///< In place of half the page, where there is room for two.
};

/// Opens figure and drawing; `close_drawing` and `close_figure` end them.
void open_figure(HtmlWriter& html, const ChartFrame& frame);
void close_drawing(HtmlWriter& html);

/// The numbers of a chart as a table that unfolds.
void write_data_table(HtmlWriter& html, std::string_view title, const TextRow& columns,
                      const std::vector<TextRow>& rows);

/// A line of text in a drawing. `anchor` is "start", "middle" or "end".
void svg_text(HtmlWriter& html, std::string_view text, const std::string& x, double y,
              std::string_view anchor, std::string_view css_class = "tick");

/// Days or weeks next to each other in a drawing, between two heights.
class DayPlot {
 public:
  /// `id` is that of the frame.
  DayPlot(HtmlWriter& html, std::string_view id, std::vector<std::string> days, double top,
          double bottom);

  /// In [0, 1], of the left edge and of the middle of a day.
  double left(std::size_t index) const;
  double middle(std::size_t index) const;
  double width() const { return 1.0 / static_cast<double>(days_.size()); }

  /// A hatched area where nothing was collected: `missing[i]` belongs to day i.
  void draw_gaps(const std::vector<bool>& missing);
  /// A line at each height, with its label beside the plot.
  void draw_grid(const std::vector<std::pair<double, std::string>>& lines);
  void draw_days();
  /// Dashed lines where the day or week of a break begins.
  void draw_breaks(std::span<const ReportBreak> breaks);
  /// What the letters of the breaks mean; outside of the drawing.
  void write_break_key(std::span<const ReportBreak> breaks);

 private:
  HtmlWriter& html_;
  std::string id_;
  std::vector<std::string> days_;
  double top_, bottom_;
};

}  // namespace earshot
