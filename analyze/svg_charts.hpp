#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/html_writer.hpp"
#include "analyze/report.hpp"

// The charts of a report as figures of a page: a heading, the drawing with a title and a
// description for those who do not see it, a key, and the same numbers as a table. All of them
// write nothing where there is nothing to draw, and none computes a number.

namespace earshot {

/// One day or week after the other as bars. Hatched where nothing was collected; spikes, if any are
/// given, as triangles; breaks as dashed lines with letters that the key explains.
void draw_volume(HtmlWriter& html, const ReportMetric& metric, std::span<const ReportSpike> spikes,
                 std::span<const ReportBreak> breaks);

/// Net sentiment with the band of its interval.
void draw_moods(HtmlWriter& html, std::span<const ReportMood> moods,
                std::span<const ReportBreak> breaks);

/// Who still waits for a first answer after so long.
void draw_waits(HtmlWriter& html, std::span<const ReportWait> waits, std::uint64_t n);

/// When people talk, by weekday and hour.
void draw_heat(HtmlWriter& html, const ReportHeat& heat);

/// Shares of a breakdown as bars with the line of their interval. `id` names the figure within the
/// page.
struct BarChart {
  std::string_view id, title, description, name_column;
  std::vector<const ReportFigure*> rows;
  std::size_t most_rows = 12;  ///< Bars; the table has them all.
};
void draw_bars(HtmlWriter& html, const BarChart& chart);

}  // namespace earshot
