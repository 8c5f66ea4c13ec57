#include "analyze/svg_figure.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "analyze/svg_layout.hpp"

namespace earshot {

namespace {

/// A, B, ..., Z, then 27, 28, ...
std::string letter_of(std::size_t index) {
  if (index < 26) return std::string(1, static_cast<char>('A' + index));
  return std::to_string(index + 1);
}

}  // namespace

void open_figure(HtmlWriter& html, const ChartFrame& frame) {
  html.open("figure", {{"class", frame.full_width ? "chart full" : "chart"}, {"id", frame.id}});
  html.open("figcaption");
  html.element("h3", frame.title);
  html.element("p", frame.reading, {{"class", "reading"}});
  html.close();
  html.open("div", {{"class", "drawing " + frame.css_class}});
  html.open("svg", {{"role", "img"},
                    {"aria-labelledby", frame.id + "-title " + frame.id + "-desc"},
                    {"width", "100%"},
                    {"height", svg_length(frame.height)}});
  html.element("title", frame.title, {{"id", frame.id + "-title"}});
  html.element("desc", frame.description, {{"id", frame.id + "-desc"}});
}

void close_drawing(HtmlWriter& html) {
  html.close();
  html.close();
}

void write_data_table(HtmlWriter& html, std::string_view title, const TextRow& columns,
                      const std::vector<TextRow>& rows) {
  html.open("details", {{"class", "data"}});
  html.element("summary", fmt::format("{}: the numbers", title));
  write_text_table(html, title, columns, rows, OnNarrowPages::scrolls);
  html.close();
}

void svg_text(HtmlWriter& html, std::string_view text, const std::string& x, double y,
              std::string_view anchor, std::string_view css_class) {
  html.element("text", text,
               {{"class", std::string{css_class}},
                {"x", x},
                {"y", svg_length(y)},
                {"text-anchor", std::string{anchor}}});
}

DayPlot::DayPlot(HtmlWriter& html, std::string_view id, std::vector<std::string> days, double top,
                 double bottom)
    : html_{html}, id_{id}, days_{std::move(days)}, top_{top}, bottom_{bottom} {}

double DayPlot::left(std::size_t index) const {
  return static_cast<double>(index) * width();
}

double DayPlot::middle(std::size_t index) const {
  return (static_cast<double>(index) + 0.5) * width();
}

void DayPlot::draw_gaps(const std::vector<bool>& missing) {
  const auto pattern = id_ + "-hatch";
  html_.open("defs");
  html_.open("pattern", {{"id", pattern},
                         {"width", "7"},
                         {"height", "7"},
                         {"patternUnits", "userSpaceOnUse"},
                         {"patternTransform", "rotate(45)"}});
  html_.empty("rect", {{"class", "hatch"}, {"width", "2"}, {"height", "7"}});
  html_.close();
  html_.close();
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!missing[i]) continue;
    auto end = i;
    while (end < missing.size() && missing[end]) ++end;
    html_.open("rect", {{"fill", "url(#" + pattern + ")"},
                        {"x", svg_share(left(i))},
                        {"width", svg_share(left(end) - left(i))},
                        {"y", svg_length(top_)},
                        {"height", svg_length(bottom_ - top_)}});
    const auto last = end - 1;
    html_.element("title", i == last ? fmt::format("{}: nothing was collected", long_day(days_[i]))
                                     : fmt::format("{} to {}: nothing was collected",
                                                   long_day(days_[i]), long_day(days_[last])));
    html_.close();
    i = last;
  }
}

void DayPlot::draw_grid(const std::vector<std::pair<double, std::string>>& lines) {
  for (const auto& [y, label] : lines) {
    html_.empty("line", {{"class", y == bottom_ ? "axis" : "grid"},
                         {"x1", "0"},
                         {"x2", "100%"},
                         {"y1", svg_length(y)},
                         {"y2", svg_length(y)}});
    svg_text(html_, label, "-8", y + 4, "end");
  }
}

void DayPlot::draw_days() {
  constexpr double room = 0.085;  // half a label on a narrow page
  for (const auto& tick : day_ticks(days_)) {
    const auto& day = days_[tick.index];
    const double middle_x = middle(tick.index);
    const bool at_start = middle_x < room;
    const bool at_end = middle_x > 1 - room;
    const auto anchor = at_start ? "start" : at_end ? "end" : "middle";
    const auto x = at_start ? left(tick.index) : at_end ? 1.0 : middle_x;
    const auto css_class = tick.wide_only ? "tick wide" : "tick";
    html_.empty("line", {{"class", tick.wide_only ? "axis wide" : "axis"},
                         {"x1", svg_share(middle_x)},
                         {"x2", svg_share(middle_x)},
                         {"y1", svg_length(bottom_)},
                         {"y2", svg_length(bottom_ + 4)}});
    svg_text(html_, short_day(day), svg_share(x), bottom_ + 18, anchor, css_class);
    if (tick.with_year)
      svg_text(html_, day.substr(0, 4), svg_share(x), bottom_ + 34, anchor, css_class);
  }
}

void DayPlot::draw_breaks(std::span<const ReportBreak> breaks) {
  constexpr double room = 0.07;  // a letter on a narrow page
  constexpr std::size_t lanes = 2;
  std::vector<double> taken(lanes, -1);
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const auto after = std::ranges::upper_bound(days_, breaks[i].day);
    if (after == days_.begin()) continue;
    const double x = left(static_cast<std::size_t>(after - days_.begin()) - 1);
    html_.open("line", {{"class", "break"},
                        {"x1", svg_share(x)},
                        {"x2", svg_share(x)},
                        {"y1", svg_length(top_ - 6)},
                        {"y2", svg_length(bottom_)}});
    html_.element("title", fmt::format("{}: {}", long_day(breaks[i].day), breaks[i].what));
    html_.close();
    const auto lane = std::ranges::find_if(taken, [&](double at) { return x - at >= room; });
    if (lane == taken.end()) continue;  // the key has its day
    *lane = x;
    const auto y = top_ - 10 - 14 * static_cast<double>(lane - taken.begin());
    svg_text(html_, letter_of(i), svg_share(x), y, x < 0.03 ? "start" : "middle", "letter");
  }
}

void DayPlot::write_break_key(std::span<const ReportBreak> breaks) {
  if (breaks.empty()) return;
  html_.element(
      "p", "Numbers before and after a dashed line are hard to compare:", {{"class", "key-title"}});
  html_.open("ul", {{"class", "key"}});
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    html_.open("li");
    html_.element("b", letter_of(i));
    html_.text(fmt::format(" {}: {}", long_day(breaks[i].day), breaks[i].what));
    html_.close();
  }
  html_.close();
}

}  // namespace earshot
