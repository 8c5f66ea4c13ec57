// Charts without days: bars, waiting, the hours of the week.

#include <algorithm>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/svg_charts.hpp"
#include "analyze/svg_figure.hpp"
#include "analyze/svg_layout.hpp"

namespace earshot {

namespace {

// ---- bars ----

constexpr double label_width = 210;  // leaves room for the value on a narrow page
constexpr double line_height = 18, bar_height = 14, row_gap = 14;
constexpr std::size_t most_lines = 3;

struct BarScale {
  double low = 0, high = 100;
  double share(double value) const { return (std::clamp(value, low, high) - low) / (high - low); }
};

BarScale scale_of(const BarChart& chart) {
  BarScale scale;
  for (const auto* row : chart.rows) {
    const double value = number_in(row->value);
    if (row->unit != "percent") scale.high = std::max(scale.high, value);
    scale.low = std::min(scale.low, value);
  }
  return scale;
}

std::size_t bars_of(const BarChart& chart) {
  return std::min(chart.rows.size(), chart.most_rows);
}

double draw_bar_row(HtmlWriter& html, const ReportFigure& row, const BarScale& scale, double y) {
  const auto label = wrap_label(row.name, label_width, most_lines);
  for (std::size_t i = 0; i < label.size(); ++i)
    svg_text(html, label[i], "0", y + 13 + line_height * static_cast<double>(i), "start", "label");
  const auto shown = wrap_label(row.shown, 130, 1);
  svg_text(html, shown[0], "100%", y + 13, "end", "value");
  y += line_height * static_cast<double>(label.size());
  const auto rect = [&](std::string_view css_class, double from, double to) {
    html.open("rect", {{"class", std::string{css_class}},
                       {"x", svg_share(from)},
                       {"width", svg_share(to - from)},
                       {"y", svg_length(y)},
                       {"height", svg_length(bar_height)},
                       {"rx", "2"}});
    html.element("title", fmt::format("{}: {}{}", row.name, row.shown,
                                      row.interval ? ", " + row.interval->shown : ""));
    html.close();
  };
  rect("track", 0, 1);
  if (row.value.empty()) return y + bar_height + row_gap;
  const double zero = scale.share(0);
  const double end = scale.share(number_in(row.value));
  rect("bar", std::min(zero, end), std::max(zero, end));
  if (row.interval && !row.interval->high.empty()) {
    const auto middle = svg_length(y + bar_height / 2);
    for (const char* css_class : {"whisker halo", "whisker"})
      html.empty("line", {{"class", css_class},
                          {"x1", svg_share(scale.share(number_in(row.interval->low)))},
                          {"x2", svg_share(scale.share(number_in(row.interval->high)))},
                          {"y1", middle},
                          {"y2", middle}});
  }
  return y + bar_height + row_gap;
}

// ---- waiting ----

constexpr double wait_top = 12, wait_bottom = 200, wait_height = 240;

double wait_y(double percent) {
  return wait_bottom - percent / 100 * (wait_bottom - wait_top);
}

std::string show_wait(std::int64_t seconds) {
  return show_value(static_cast<double>(seconds), Unit::seconds);
}

/// The steps in a drawing 1000 wide that stretches with the page.
std::string step_path(std::span<const ReportWait> waits, double longest) {
  std::string path = fmt::format("M0 {}", svg_length(wait_y(100)));
  for (const auto& wait : waits)
    path += fmt::format(" H{} V{}",
                        svg_length(wait_share(static_cast<double>(wait.seconds), longest) * 1000),
                        svg_length(wait_y(number_in(wait.waiting))));
  return path + " H1000";
}

void draw_wait_axes(HtmlWriter& html, double longest) {
  for (const int percent : {0, 25, 50, 75, 100}) {
    const double y = wait_y(percent);
    html.empty("line", {{"class", percent == 0    ? "axis"
                                  : percent == 50 ? "grid half"
                                                  : "grid"},
                        {"x1", "0"},
                        {"x2", "100%"},
                        {"y1", svg_length(y)},
                        {"y2", svg_length(y)}});
    svg_text(html, fmt::format("{} %", percent), "-8", y + 4, "end");
  }
  for (const auto& tick : wait_ticks(longest)) {
    const auto x = svg_share(tick.share);
    html.empty("line", {{"class", tick.wide_only ? "axis wide" : "axis"},
                        {"x1", x},
                        {"x2", x},
                        {"y1", svg_length(wait_bottom)},
                        {"y2", svg_length(wait_bottom + 4)}});
    svg_text(html, tick.label, x, wait_bottom + 18,
             tick.share == 0     ? "start"
             : tick.share > 0.95 ? "end"
                                 : "middle",
             tick.wide_only ? "tick wide" : "tick");
  }
}

// ---- hours of the week ----

constexpr double cell_height = 24, heat_top = 22;
constexpr int shades = 6;

int shade_of(std::uint64_t items, std::uint64_t most) {
  if (items == 0 || most == 0) return 0;
  return static_cast<int>((items * shades + most - 1) / most);  // 1 to 6, all of equal width
}

void draw_cell(HtmlWriter& html, const ReportHeat& heat, std::size_t day, std::size_t hour,
               std::uint64_t most) {
  const auto items = heat.items[day][hour];
  html.open("rect", {{"class", fmt::format("cell heat{}", shade_of(items, most))},
                     {"x", svg_share(static_cast<double>(hour) / 24)},
                     {"width", svg_share(1.0 / 24)},
                     {"y", svg_length(heat_top + cell_height * static_cast<double>(day))},
                     {"height", svg_length(cell_height)}});
  html.element("title",
               fmt::format("{} {:02}:00: {}", heat.weekdays[day], hour, count_of(items, "post")));
  html.close();
}

/// What the shades stand for, as rows of squares and words.
void write_heat_key(HtmlWriter& html, std::uint64_t most) {
  html.open("ul", {{"class", "shades"}});
  std::uint64_t from = 1;
  for (int shade = 0; shade <= shades; ++shade) {
    const auto to = shade == 0 ? 0 : most * static_cast<std::uint64_t>(shade) / shades;
    if (shade > 0 && to < from) continue;
    html.open("li");
    html.open("svg", {{"width", "14"}, {"height", "14"}, {"aria-hidden", "true"}});
    html.empty("rect",
               {{"class", fmt::format("cell heat{}", shade)}, {"width", "14"}, {"height", "14"}});
    html.close();
    html.text(shade == 0   ? std::string{"0"}
              : from == to ? group_digits(to)
                           : group_digits(from) + " to " + group_digits(to));
    html.close();
    if (shade > 0) from = to + 1;
  }
  html.close();
}

void write_heat_table(HtmlWriter& html, const ReportHeat& heat) {
  std::vector<TextRow> rows;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    TextRow row{fmt::format("{:02}:00", hour)};
    for (const auto& day : heat.items) row.push_back(group_digits(day[hour]));
    rows.push_back(std::move(row));
  }
  TextRow columns{"hour"};
  columns.insert(columns.end(), heat.weekdays.begin(), heat.weekdays.end());
  write_data_table(html, "When people talk", columns, rows);
}

}  // namespace

void draw_bars(HtmlWriter& html, const BarChart& chart) {
  if (chart.rows.empty()) return;
  const auto shown = bars_of(chart);
  double height = 0;
  for (std::size_t i = 0; i < shown; ++i)
    height += line_height * static_cast<double>(
                                wrap_label(chart.rows[i]->name, label_width, most_lines).size()) +
              bar_height + row_gap;
  const bool whiskers =
      std::ranges::any_of(chart.rows, [](const auto* row) { return row->interval.has_value(); });
  open_figure(html, {.id = std::string{chart.id},
                     .title = std::string{chart.title},
                     .reading = fmt::format("{}{}{}", chart.description,
                                            whiskers ? " The thin line is the 95 % interval." : "",
                                            shown < chart.rows.size()
                                                ? fmt::format(" The first {} of {}.", shown,
                                                              group_digits(chart.rows.size()))
                                                : ""),
                     .description = fmt::format("{} bars; the table below has the numbers.", shown),
                     .css_class = "bars",
                     .height = height});
  const auto scale = scale_of(chart);
  double y = 0;
  for (std::size_t i = 0; i < shown; ++i) y = draw_bar_row(html, *chart.rows[i], scale, y);
  close_drawing(html);
  std::vector<TextRow> rows;
  for (const auto* row : chart.rows)
    rows.push_back({row->name, row->shown, row->interval ? row->interval->shown : "",
                    group_digits(row->n_used)});
  write_data_table(html, chart.title,
                   {std::string{chart.name_column}, "value", "95 % interval", "n"}, rows);
  html.close();
}

void draw_waits(HtmlWriter& html, std::span<const ReportWait> waits, std::uint64_t n) {
  if (waits.empty()) return;
  const double longest = std::max(3600.0, static_cast<double>(waits.back().seconds));
  open_figure(
      html,
      {.id = "chart-waits",
       .title = "How long people wait for an answer",
       .reading = fmt::format("Of {}, the share that still waits after so long. Hours lie closer "
                              "the later they are.",
                              count_of(n, "post")),
       .description =
           fmt::format("A falling curve from 100 % to {} % after {}. The table below has "
                       "the numbers.",
                       waits.back().waiting, show_wait(waits.back().seconds)),
       .css_class = "with-axis",
       .height = wait_height});
  draw_wait_axes(html, longest);
  html.open("svg", {{"class", "stretch"},
                    {"viewBox", "0 0 1000 " + svg_length(wait_height)},
                    {"width", "100%"},
                    {"height", svg_length(wait_height)},
                    {"preserveAspectRatio", "none"}});
  const auto path = step_path(waits, longest);
  const auto floor = svg_length(wait_bottom);
  html.empty("path", {{"class", "band"}, {"d", path + " V" + floor + " H0 Z"}});
  html.empty("path", {{"class", "line"}, {"d", path}});
  html.close();
  close_drawing(html);
  std::vector<TextRow> rows;
  for (const auto& wait : waits) rows.push_back({show_wait(wait.seconds), wait.waiting + " %"});
  write_data_table(html, "How long people wait", {"after", "still waiting"}, rows);
  html.close();
}

void draw_heat(HtmlWriter& html, const ReportHeat& heat) {
  std::uint64_t most = 0;
  for (const auto& day : heat.items)
    for (const auto items : day) most = std::max(most, items);
  if (most == 0) return;
  open_figure(
      html, {.id = "chart-heat",
             .title = "When people talk",
             .reading = "Posts by weekday and hour, local time; the stronger the colour, the more.",
             .description = fmt::format("A grid of seven days and 24 hours, at most {} in one of "
                                        "them. The table below has the numbers.",
                                        count_of(most, "post")),
             .css_class = "with-axis",
             .height = heat_top + 7 * cell_height + 2});
  for (std::size_t hour = 0; hour < 24; hour += 3)
    svg_text(html, fmt::format("{:02}", hour), svg_share(static_cast<double>(hour) / 24),
             heat_top - 8, "start", hour % 6 == 0 ? "tick" : "tick wide");
  for (std::size_t day = 0; day < heat.items.size(); ++day) {
    const auto name = wrap_label(heat.weekdays[day], 44, 1);
    svg_text(html, name[0], "-8", heat_top + cell_height * (static_cast<double>(day) + 0.7), "end");
    for (std::size_t hour = 0; hour < 24; ++hour) draw_cell(html, heat, day, hour, most);
  }
  close_drawing(html);
  write_heat_key(html, most);
  write_heat_table(html, heat);
  html.close();
}

}  // namespace earshot
