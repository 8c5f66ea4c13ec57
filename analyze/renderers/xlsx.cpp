// The report as a workbook of spreadsheets: numbers are numbers, texts are never formulas or links.
//
//   Summary            what it is about, notes, highlights, the scorecard
//   Metrics            each metric and its parts, a row each
//   Breakdown          the rows by channel, competitor, topic, ...
//   Series             volume, sentiment, share of voice, topics and waiting, with a chart each
//   (tables)           a sheet each
//   Evidence posts     ids behind each metric, with the posts that are shown
//   Sources & methods  coverage, gaps, channels, how numbers are made
//   Manifest           what the report was made from

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyze/report.hpp"
#include "analyze/spreadsheet.hpp"

namespace earshot {

namespace {

using Cells = std::vector<SheetCell>;

// Told apart by people who don't tell red from green.
constexpr std::uint32_t blue = 0x0072B2;
constexpr std::uint32_t grey = 0x999999;
constexpr std::uint32_t orange = 0xD55E00;

Cells head(const std::vector<std::string>& titles) {
  Cells cells;
  for (const auto& title : titles) cells.push_back(text_cell(title, true));
  return cells;
}

Cells texts(const std::vector<std::string>& values) {
  Cells cells;
  for (const auto& value : values) cells.push_back(text_cell(value));
  return cells;
}

SheetCell exact_cell(const std::optional<std::int64_t>& count) {
  return count ? number_cell(std::to_string(*count)) : SheetCell{};
}
SheetCell optional_cell(const std::optional<std::uint64_t>& count) {
  return count ? count_cell(*count) : SheetCell{};
}

Sheet summary_sheet(const Report& report) {
  Sheet sheet{.name = "Summary", .widths = {26, 30, 18, 30, 30}, .frozen = 0};
  auto& rows = sheet.rows;
  rows.push_back({text_cell(report.project, true)});
  rows.push_back(texts({"window", report.window_shown, report.timezone}));
  if (!report.before_shown.empty()) rows.push_back(texts({"compared with", report.before_shown}));
  const auto count = [&](std::string name, std::uint64_t posts) {
    rows.push_back({text_cell(std::move(name)), count_cell(posts)});
  };
  count("posts labelled", report.labelled);
  count("not yet labelled", report.unlabelled);
  count("labelled otherwise", report.labelled_otherwise);
  count("near-duplicates left out", report.collapsed);
  for (const auto& note : report.notes) rows.push_back(texts({"note", note}));
  if (!report.highlights.empty()) {
    rows.emplace_back();
    rows.push_back(head({"In short"}));
  }
  for (const auto& line : report.highlights) rows.push_back(texts({line}));
  rows.emplace_back();
  rows.push_back(head({"Scorecard", "criterion", "status", "value", "threshold", "value, number",
                       "threshold, number"}));
  for (const auto& view : report.views) {
    rows.push_back(texts({view.title, view.question}));
    for (const auto& criterion : view.criteria)
      rows.push_back({{},
                      text_cell(criterion.title),
                      text_cell(std::string{name_of(criterion.status)}),
                      text_cell(criterion.value_shown),
                      text_cell(criterion.threshold_shown),
                      number_cell(criterion.value),
                      number_cell(criterion.threshold)});
    const auto say = [&](const std::string& what, const std::string& text) {
      if (!text.empty()) rows.push_back(texts({"", what + ": " + text}));
    };
    say("Result", view.verdict);
    say("Next step", view.next_step);
    say("Posts can't show", view.needs);
  }
  return sheet;
}

const std::vector<std::string>& figure_titles() {
  static const std::vector<std::string> titles{"name",           "unit",
                                               "value",          "shown",
                                               "more than",      "low",
                                               "high",           "interval",
                                               "numerator",      "denominator",
                                               "n used",         "n eligible",
                                               "small sample",   "before",
                                               "difference",     "unit of difference",
                                               "difference low", "difference high",
                                               "not measurable"};
  return titles;
}

void append_figure(Cells& cells, const ReportFigure& figure) {
  const auto add = [&](SheetCell cell) { cells.push_back(std::move(cell)); };
  const auto& interval = figure.interval.value_or(ReportInterval{});
  add(text_cell(figure.name));
  add(text_cell(figure.unit));
  add(number_cell(figure.value));
  add(text_cell(figure.shown));
  add(number_cell(figure.more_than));
  add(number_cell(interval.low));
  add(number_cell(interval.high));
  add(text_cell(interval.method));
  add(exact_cell(figure.numerator));
  add(exact_cell(figure.denominator));
  add(count_cell(figure.n_used));
  add(count_cell(figure.n_eligible));
  add(text_cell(figure.small_sample ? "yes" : "no"));
  const auto& change = figure.change.value_or(ReportChange{});
  const auto& span = change.interval.value_or(ReportInterval{});
  add(number_cell(change.before));
  add(number_cell(change.difference));
  add(text_cell(change.unit));
  add(number_cell(span.low));
  add(number_cell(span.high));
  add(text_cell(figure.not_measurable));
}

/// Names of the views that show the metric.
std::string views_of(const Report& report, const ReportMetric& metric) {
  std::string names;
  for (const auto& view : report.views)
    if (std::ranges::find(view.metrics, metric.name) != view.metrics.end())
      names += (names.empty() ? "" : ", ") + view.title;
  return names;
}

Sheet metrics_sheet(const Report& report) {
  Sheet sheet{.name = "Metrics", .widths = {8, 26, 24, 20, 10, 12, 18}};
  auto titles = figure_titles();
  titles.insert(titles.begin(), {"number", "metric", "views"});
  titles.insert(titles.end(),
                {"sentence", "summary", "formula", "source", "misleading when", "coverage"});
  sheet.rows.push_back(head(titles));
  for (const auto& metric : report.metrics) {
    const auto views = views_of(report, metric);
    auto& row = sheet.rows.emplace_back(texts({metric.number, metric.title, views}));
    append_figure(row, metric.figure);
    for (const auto* text : {&metric.sentence, &metric.summary, &metric.formula, &metric.source,
                             &metric.misleading_when, &metric.coverage})
      row.push_back(text_cell(*text));
    for (const auto& part : metric.parts)
      append_figure(sheet.rows.emplace_back(texts({metric.number, metric.title, views})), part);
  }
  return sheet;
}

Sheet breakdown_sheet(const Report& report) {
  Sheet sheet{.name = "Breakdown", .widths = {8, 26, 14, 26, 10, 12, 18}};
  auto titles = figure_titles();
  titles.insert(titles.begin(), {"number", "metric", "by"});
  sheet.rows.push_back(head(titles));
  for (const auto& metric : report.metrics)
    for (const auto& row : metric.breakdown)
      append_figure(sheet.rows.emplace_back(texts({metric.number, metric.title, row.dimension})),
                    row);
  return sheet;
}

/// Blocks of columns side by side, each with its chart above it.
class ChartSheet {
 public:
  static constexpr std::uint32_t head_row = 16;  // charts are 15 rows high

  ChartSheet() {
    sheet_.name = "Series";
    sheet_.frozen = 0;
    sheet_.widths.assign(60, 13);
    sheet_.rows.resize(head_row + 1);
  }

  /// The first column of `rows` names the categories; `chart` says how the others are drawn.
  void add(const std::vector<std::string>& titles, const std::vector<Cells>& rows,
           SheetChart chart) {
    if (rows.empty()) return;
    place(head_row, head(titles));
    for (std::size_t i = 0; i < rows.size(); ++i)
      place(head_row + 1 + static_cast<std::uint32_t>(i), rows[i]);
    chart.first = head_row + 1;
    chart.last = head_row + static_cast<std::uint32_t>(rows.size());
    chart.categories = static_cast<std::uint16_t>(chart.categories + column_);
    for (auto& value : chart.values) value = static_cast<std::uint16_t>(value + column_);
    chart.column = column_;
    sheet_.charts.push_back(std::move(chart));
    column_ = static_cast<std::uint16_t>(column_ + std::max<std::size_t>(titles.size(), 7) + 2);
  }

  Sheet take() { return std::move(sheet_); }

 private:
  void place(std::uint32_t row, const Cells& cells) {
    if (sheet_.rows.size() <= row) sheet_.rows.resize(row + 1);
    sheet_.rows[row].resize(column_ + cells.size());
    std::ranges::copy(cells, sheet_.rows[row].begin() + column_);
  }

  Sheet sheet_;
  std::uint16_t column_ = 0;
};

void chart_series(ChartSheet& sheet, const ReportMetric& metric) {
  std::vector<Cells> rows;
  for (const auto& point : metric.series)
    rows.push_back({text_cell(point.day), optional_cell(point.items)});
  sheet.add({metric.series_unit, "items"}, rows,
            {.kind = SheetChart::Kind::line,
             .title = metric.title,
             .x_title = metric.series_unit,
             .y_title = "posts",
             .values = {1}});
}

void chart_moods(ChartSheet& sheet, const std::vector<ReportMood>& moods) {
  std::vector<Cells> counts;
  std::vector<Cells> nets;
  for (const auto& mood : moods) {
    counts.push_back({text_cell(mood.day), optional_cell(mood.positive),
                      optional_cell(mood.neutral), optional_cell(mood.negative)});
    const auto& interval = mood.interval.value_or(ReportInterval{});
    nets.push_back({text_cell(mood.day), number_cell(mood.net), number_cell(interval.low),
                    number_cell(interval.high)});
  }
  sheet.add({"from", "positive", "neutral", "negative"}, counts,
            {.kind = SheetChart::Kind::stacked_columns,
             .title = "Sentiment",
             .y_title = "posts about the brand",
             .values = {1, 2, 3},
             .colours = {blue, grey, orange}});
  sheet.add({"from", "net sentiment", "low", "high"}, nets,
            {.kind = SheetChart::Kind::line,
             .title = "Net sentiment",
             .y_title = "points",
             .values = {1, 2, 3},
             .colours = {blue, grey, grey}});
}

/// The breakdown of a metric as bars, where it has one with numbers.
void chart_breakdown(ChartSheet& sheet, const Report& report, std::string_view name,
                     const std::vector<std::string_view>& dimensions) {
  const auto metric = std::ranges::find(report.metrics, name, &ReportMetric::name);
  if (metric == report.metrics.end()) return;
  std::vector<Cells> rows;
  for (const auto& row : metric->breakdown)
    if (std::ranges::find(dimensions, row.dimension) != dimensions.end() && !row.value.empty())
      rows.push_back({text_cell(row.name), number_cell(row.value)});
  sheet.add({dimensions.back() == "topic" ? "topic" : "name", metric->figure.unit}, rows,
            {.kind = SheetChart::Kind::bars,
             .title = metric->title,
             .y_title = metric->figure.unit,
             .values = {1}});
}

/// A curve of steps: each level is drawn from its time to the next.
void chart_waits(ChartSheet& sheet, const ReportCharts& charts) {
  std::vector<Cells> rows;
  const auto add = [&](std::int64_t seconds, const std::string& waiting) {
    rows.push_back(
        {duration_cell(seconds), number_cell(waiting), number_cell(std::to_string(seconds))});
  };
  for (std::size_t i = 0; i < charts.waits.size(); ++i) {
    if (i > 0) add(charts.waits[i].seconds, charts.waits[i - 1].waiting);
    add(charts.waits[i].seconds, charts.waits[i].waiting);
  }
  sheet.add({"waited (h:mm)", "percent still waiting", "seconds"}, rows,
            {.kind = SheetChart::Kind::steps,
             .title = fmt::format("Waiting for a first answer (n = {})", charts.waits_n),
             .x_title = "waited (h:mm)",
             .y_title = "percent",
             .values = {1}});
}

void chart_heat(Sheet& sheet, const std::optional<ReportHeat>& heat) {
  if (!heat) return;
  sheet.rows.emplace_back();
  sheet.rows.push_back(head({"Posts by weekday and hour"}));
  Cells hours{text_cell("weekday", true)};
  for (std::uint64_t hour = 0; hour < 24; ++hour) hours.push_back(count_cell(hour));
  sheet.rows.push_back(hours);
  for (std::size_t day = 0; day < heat->items.size(); ++day) {
    auto& row = sheet.rows.emplace_back(texts({heat->weekdays[day]}));
    for (const auto items : heat->items[day]) row.push_back(count_cell(items));
  }
}

void list_events(Sheet& sheet, const ReportCharts& charts) {
  if (charts.spikes.empty() && charts.breaks.empty()) return;
  sheet.rows.emplace_back();
  sheet.rows.push_back(head({"Spikes and breaks", "at", "what", "items", "usual", "robust z"}));
  for (const auto& spike : charts.spikes)
    sheet.rows.push_back({text_cell("spike"), text_cell(spike.at), text_cell(spike.about),
                          count_cell(spike.items), number_cell(spike.usual),
                          number_cell(spike.score)});
  for (const auto& change : charts.breaks)
    sheet.rows.push_back(texts({"break", change.at, change.what}));
}

Sheet series_sheet(const Report& report) {
  ChartSheet charts;
  for (const auto& metric : report.metrics) chart_series(charts, metric);
  chart_moods(charts, report.charts.moods);
  chart_breakdown(charts, report, "share_of_voice", {"brand", "competitor"});
  chart_breakdown(charts, report, "topic_trend", {"topic"});
  chart_waits(charts, report.charts);
  auto sheet = charts.take();
  chart_heat(sheet, report.charts.heat);
  list_events(sheet, report.charts);
  return sheet;
}

Sheet table_sheet(const ReportTable& table) {
  Sheet sheet{.name = table.title, .frozen = 0};
  sheet.rows.push_back({text_cell(table.title, true)});
  if (!table.note.empty()) sheet.rows.push_back(texts({table.note}));
  if (table.rows.empty()) {
    sheet.rows.push_back(texts({table.empty}));
    return sheet;
  }
  auto& titles = sheet.rows.emplace_back();
  for (const auto& column : table.columns) {
    titles.push_back(text_cell(column.title, true));
    sheet.widths.push_back(20);
    if (!column.unit.empty()) titles.push_back(text_cell(column.title + ", " + column.unit, true));
    if (!column.unit.empty()) sheet.widths.push_back(12);
  }
  for (const auto& cells : table.rows) {
    auto& row = sheet.rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row.push_back(text_cell(cells[i].shown));
      if (!table.columns[i].unit.empty()) row.push_back(number_cell(cells[i].digits));
    }
  }
  return sheet;
}

Sheet evidence_sheet(const Report& report) {
  Sheet sheet{.name = "Evidence posts", .widths = {26, 12, 24, 22, 20, 16, 60, 40}};
  sheet.rows.push_back(
      head({"metric", "in the number", "post", "at", "author", "channel", "text", "url"}));
  std::map<std::string_view, const ReportPost*> posts;
  for (const auto& post : report.posts) posts[post.id] = &post;
  std::set<std::string> listed;
  const auto add = [&](const std::string& metric, const std::string& counted,
                       const std::string& id) {
    const auto found = posts.find(id);
    listed.insert(id);
    const ReportPost post = found == posts.end() ? ReportPost{} : *found->second;
    sheet.rows.push_back(
        texts({metric, counted, id, post.at, post.author, post.channel, post.text, post.url}));
  };
  for (const auto& metric : report.metrics) {
    if (!metric.evidence) continue;
    for (const auto& id : metric.evidence->counted) add(metric.title, "yes", id);
    for (const auto& id : metric.evidence->others) add(metric.title, "no", id);
  }
  for (const auto& post : report.posts)
    if (!listed.contains(post.id)) add("", "", post.id);
  return sheet;
}

Sheet sources_sheet(const Report& report) {
  Sheet sheet{.name = "Sources & methods", .widths = {26, 20, 22, 22}, .frozen = 0};
  auto& rows = sheet.rows;
  rows.push_back(head({"source", "coverage", "hours covered", "hours scheduled"}));
  for (const auto& source : report.sources) {
    auto& row = rows.emplace_back(texts({source.name, source.coverage}));
    if (source.scheduled) row.push_back(count_cell(source.covered_hours));
    if (source.scheduled) row.push_back(count_cell(source.scheduled_hours));
    for (const auto& gap : source.gaps) rows.push_back(texts({"", "gap", gap.first, gap.second}));
  }
  rows.emplace_back();
  rows.push_back(head({"channel", "posts", "replies"}));
  for (const auto& channel : report.channels)
    rows.push_back({text_cell(channel.name), count_cell(channel.items),
                    text_cell(channel.replies_collected ? "are collected" : "none seen")});
  rows.emplace_back();
  rows.push_back(texts({fmt::format(
      "Shares come with n and Wilson's 95 % interval; below n = {} counts are shown in "
      "place of a percentage. What a source does not say is left out, never taken as "
      "zero.",
      report.minimum_n)}));
  return sheet;
}

Sheet manifest_sheet(const Report& report) {
  Sheet sheet{.name = "Manifest", .widths = {18, 30, 22, 22, 22, 22}, .frozen = 0};
  const auto say = [&](const std::string& name, const std::string& text) {
    sheet.rows.push_back(texts({name, text}));
  };
  say("earshot", report.version);
  say("window begins", report.window_begin);
  say("window ends", report.window_end);
  if (!report.before_begin.empty()) {
    say("before begins", report.before_begin);
    say("before ends", report.before_end);
  }
  say("now", report.now);
  say("config", report.config_hash);
  if (!report.posts_hash.empty()) say("posts", report.posts_hash);
  sheet.rows.push_back({text_cell("minimum n"), count_cell(report.minimum_n)});
  sheet.rows.emplace_back();
  sheet.rows.push_back(head({"labels", "model", "model hash", "config hash", "posts", "expected"}));
  for (const auto& generation : report.generations)
    sheet.rows.push_back({text_cell(generation.id), text_cell(generation.model),
                          text_cell(generation.model_hash), text_cell(generation.config_hash),
                          count_cell(generation.posts),
                          text_cell(generation.expected ? "yes" : "no")});
  return sheet;
}

/// The day of `Report::now`, "2026-09-08T14:00:00Z": the workbook's date does not change with the
/// day on which it is made.
Instant created_at(const std::string& now) {
  using namespace std::chrono;
  if (now.size() < 10) return {};
  const auto part = [&](std::size_t at, std::size_t size) {
    int number = 0;
    for (const char c : now.substr(at, size)) number = number * 10 + (c - '0');
    return number;
  };
  return sys_days{year{part(0, 4)} / part(5, 2) / part(8, 2)};
}

}  // namespace

/// Empty where the temporary files of a workbook can't be written.
std::string render_xlsx(const Report& report, const RenderOptions&) {
  std::vector<Sheet> sheets{summary_sheet(report), metrics_sheet(report), breakdown_sheet(report),
                            series_sheet(report)};
  for (const auto& table : report.tables) sheets.push_back(table_sheet(table));
  sheets.push_back(evidence_sheet(report));
  sheets.push_back(sources_sheet(report));
  sheets.push_back(manifest_sheet(report));
  auto bytes = write_spreadsheet(sheets, report.project, created_at(report.now));
  return bytes ? std::move(*bytes) : std::string{};
}

}  // namespace earshot
