// Charts along days or weeks: volume and sentiment.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/svg_charts.hpp"
#include "analyze/svg_figure.hpp"
#include "analyze/svg_layout.hpp"

namespace earshot {

namespace {

constexpr double bottom = 220, height = 262;
constexpr std::size_t most_spikes = 6;  // in the key; the table has all

/// Values to heights in a drawing.
struct Scale {
  double low, high, top;
  double y(double value) const { return bottom - (value - low) / (high - low) * (bottom - top); }
};

/// The letters of breaks stand above the plot.
double top_of(std::span<const ReportBreak> breaks) {
  return breaks.empty() ? 16 : 40;
}

void draw_bar(HtmlWriter& html, const DayPlot& plot, std::size_t index, const ReportPoint& point,
              const Scale& scale) {
  const double items = static_cast<double>(*point.items);
  const double gap = plot.width() > 0.008 ? 0.12 : 0;
  const double y = items > 0 ? std::min(scale.y(items), bottom - 1) : bottom;
  html.open("rect", {{"class", "bar"},
                     {"x", svg_share(plot.left(index) + gap * plot.width())},
                     {"width", svg_share(plot.width() * (1 - 2 * gap))},
                     {"y", svg_length(y)},
                     {"height", svg_length(bottom - y)}});
  html.element("title", fmt::format("{}: {}", long_day(point.day), count_of(*point.items, "post")));
  html.close();
}

std::string describe(const ReportSpike& spike) {
  const auto about = spike.about == "all" ? std::string{} : " about " + spike.about;
  return fmt::format("{}: {}{} in an hour, usually {} (score {})", spike.at_shown,
                     count_of(spike.items, "post"), about, spike.usual, spike.score);
}

/// One triangle a day, over the day's bar.
void draw_spikes(HtmlWriter& html, const DayPlot& plot, const ReportMetric& metric,
                 std::span<const ReportSpike> spikes, const Scale& scale) {
  std::map<std::string, std::string> by_day;
  for (const auto& spike : spikes) {
    auto& text = by_day[spike.day];
    text += (text.empty() ? "" : "; ") + describe(spike);
  }
  for (std::size_t i = 0; i < metric.series.size(); ++i) {
    const auto& point = metric.series[i];
    const auto found = by_day.find(point.day);
    if (found == by_day.end()) continue;
    const auto items = static_cast<double>(point.items.value_or(0));
    html.open("svg", {{"class", "spike"},
                      {"x", svg_share(plot.middle(i))},
                      {"y", svg_length(scale.y(items) - 4)}});
    html.open("path", {{"d", "M0 0 l-5 -9 h10 z"}});
    html.element("title", found->second);
    html.close();
    html.close();
  }
}

void write_spike_key(HtmlWriter& html, std::span<const ReportSpike> spikes) {
  if (spikes.empty()) return;
  html.element("p", "▼ Hours in which much more was said than usual:", {{"class", "key-title"}});
  html.open("ul", {{"class", "key"}});
  for (const auto& spike : spikes.first(std::min(spikes.size(), most_spikes)))
    html.element("li", describe(spike));
  if (spikes.size() > most_spikes)
    html.element("li", fmt::format("and {} more", spikes.size() - most_spikes));
  html.close();
}

std::vector<std::string> days_of(const auto& rows) {
  std::vector<std::string> days;
  for (const auto& row : rows) days.push_back(row.day);
  return days;
}

std::string show_mood(const ReportMood& mood) {
  if (mood.net.empty()) return "too few posts";
  return (mood.net[0] == '-' || number_in(mood.net) == 0 ? "" : "+") + mood.net;
}

/// Runs of days that have a value: first, and one past the last.
std::vector<std::pair<std::size_t, std::size_t>> runs_of(std::span<const ReportMood> moods) {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t i = 0; i < moods.size(); ++i) {
    if (moods[i].net.empty()) continue;
    if (runs.empty() || runs.back().second != i)
      runs.emplace_back(i, i + 1);
    else
      ++runs.back().second;
  }
  return runs;
}

/// The band and the line of a run of days, in a drawing that stretches with the page.
void draw_run(HtmlWriter& html, const DayPlot& plot, std::span<const ReportMood> moods,
              const Scale& scale, std::size_t begin, std::size_t end) {
  const auto point = [&](std::size_t i, double value) {
    return fmt::format("{},{} ", svg_length(plot.middle(i) * 1000), svg_length(scale.y(value)));
  };
  std::string line, upper, lower;
  for (auto i = begin; i < end; ++i) {
    const double net = number_in(moods[i].net);
    line += point(i, net);
    const auto& interval = moods[i].interval;
    upper += point(i, interval ? number_in(interval->high) : net);
    lower = point(i, interval ? number_in(interval->low) : net) + lower;
  }
  html.empty("polygon", {{"class", "band"}, {"points", upper + lower}});
  html.empty("polyline", {{"class", "line"}, {"points", line}});
}

void draw_mood_points(HtmlWriter& html, const DayPlot& plot, std::span<const ReportMood> moods,
                      const Scale& scale) {
  for (std::size_t i = 0; i < moods.size(); ++i) {
    const auto& mood = moods[i];
    if (mood.net.empty()) continue;
    const auto x = svg_share(plot.middle(i));
    if (mood.interval)
      html.empty("line", {{"class", "whisker soft"},
                          {"x1", x},
                          {"x2", x},
                          {"y1", svg_length(scale.y(number_in(mood.interval->low)))},
                          {"y2", svg_length(scale.y(number_in(mood.interval->high)))}});
    html.open("circle", {{"class", "dot"},
                         {"cx", x},
                         {"cy", svg_length(scale.y(number_in(mood.net)))},
                         {"r", moods.size() > 60 ? "2" : "3.5"}});
    html.element("title", fmt::format("{}: {} points{}", long_day(mood.day), show_mood(mood),
                                      mood.interval ? ", " + mood.interval->shown : ""));
    html.close();
  }
}

void write_mood_table(HtmlWriter& html, std::span<const ReportMood> moods) {
  std::vector<TextRow> rows;
  const auto count = [](const auto& items) {
    return items ? group_digits(*items) : std::string{"not collected"};
  };
  for (const auto& mood : moods)
    rows.push_back({long_day(mood.day), mood.positive ? show_mood(mood) : "not collected",
                    mood.interval ? mood.interval->shown : "", count(mood.positive),
                    count(mood.neutral), count(mood.negative)});
  write_data_table(
      html, "Sentiment over time",
      {"begins", "net sentiment, points", "95 % interval", "positive", "neutral", "negative"},
      rows);
}

}  // namespace

void draw_volume(HtmlWriter& html, const ReportMetric& metric, std::span<const ReportSpike> spikes,
                 std::span<const ReportBreak> breaks) {
  const auto& series = metric.series;
  if (series.size() < 2) return;
  std::uint64_t highest = 0;
  std::vector<bool> missing;
  for (const auto& point : series) {
    highest = std::max(highest, point.items.value_or(0));
    missing.push_back(!point.items);
  }
  const bool any_missing = std::ranges::find(missing, true) != missing.end();
  const auto ticks = round_ticks(static_cast<double>(highest));
  const Scale scale{0, ticks.back(), top_of(breaks)};
  const auto id = "chart-" + metric.name;
  open_figure(
      html,
      {.id = id,
       .title = metric.title + " over time",
       .reading = fmt::format("Posts a {}.{}", metric.series_unit,
                              any_missing ? " Hatched where nothing was collected." : ""),
       .description = fmt::format(
           "Bars of posts a {} from {} to {}, at most {}; {} spikes and {} breaks are marked. The "
           "table below has the numbers.",
           metric.series_unit, long_day(series.front().day), long_day(series.back().day),
           group_digits(highest), spikes.size(), breaks.size()),
       .css_class = "with-axis",
       .height = height,
       .full_width = true});
  DayPlot plot{html, id, days_of(series), scale.top, bottom};
  plot.draw_gaps(missing);
  std::vector<std::pair<double, std::string>> lines;
  for (const double tick : ticks) lines.emplace_back(scale.y(tick), tick_count(tick));
  plot.draw_grid(lines);
  for (std::size_t i = 0; i < series.size(); ++i)
    if (series[i].items) draw_bar(html, plot, i, series[i], scale);
  plot.draw_breaks(breaks);
  draw_spikes(html, plot, metric, spikes, scale);
  plot.draw_days();
  close_drawing(html);
  write_spike_key(html, spikes);
  plot.write_break_key(breaks);
  std::vector<TextRow> rows;
  for (const auto& point : series)
    rows.push_back({long_day(point.day), point.items ? group_digits(*point.items)
                                                     : std::string{"nothing was collected"}});
  write_data_table(html, metric.title + " over time", {metric.series_unit + " from", "posts"},
                   rows);
  if (spikes.size() > most_spikes) {
    rows.clear();
    for (const auto& spike : spikes)
      rows.push_back(
          {spike.at_shown, spike.about, group_digits(spike.items), spike.usual, spike.score});
    write_data_table(html, "Spikes", {"hour", "about", "posts", "usually", "score"}, rows);
  }
  html.close();
}

void draw_moods(HtmlWriter& html, std::span<const ReportMood> moods,
                std::span<const ReportBreak> breaks) {
  if (moods.size() < 2) return;
  std::vector<bool> missing;
  bool any = false;
  for (const auto& mood : moods) {
    missing.push_back(!mood.positive);
    any = any || !mood.net.empty();
  }
  if (!any) return;
  const std::string id = "chart-moods";
  open_figure(
      html,
      {.id = id,
       .title = "Sentiment over time",
       .reading = "Positive minus negative posts about you, in points, with the band of the "
                  "95 % interval. No point: too few posts.",
       .description = fmt::format("A line of net sentiment from {} to {}, between -100 and +100 "
                                  "points. The table below has the numbers.",
                                  long_day(moods.front().day), long_day(moods.back().day)),
       .css_class = "with-axis",
       .height = height,
       .full_width = true});
  const Scale scale{-100, 100, top_of(breaks)};
  DayPlot plot{html, id, days_of(moods), scale.top, bottom};
  plot.draw_gaps(missing);
  std::vector<std::pair<double, std::string>> lines;
  for (const int tick : {-100, -50, 0, 50, 100})
    lines.emplace_back(scale.y(tick), fmt::format("{}{}", tick > 0 ? "+" : "", tick));
  plot.draw_grid(lines);
  html.open("svg", {{"class", "stretch"},
                    {"viewBox", "0 0 1000 " + svg_length(height)},
                    {"width", "100%"},
                    {"height", svg_length(height)},
                    {"preserveAspectRatio", "none"}});
  for (const auto& run : runs_of(moods)) draw_run(html, plot, moods, scale, run.first, run.second);
  html.close();
  draw_mood_points(html, plot, moods, scale);
  plot.draw_breaks(breaks);
  plot.draw_days();
  close_drawing(html);
  plot.write_break_key(breaks);
  write_mood_table(html, moods);
  html.close();
}

}  // namespace earshot
