// The report as one flat table, for programs and spreadsheets: RFC 4180, UTF-8, lines end in CR LF,
// the first line names the columns. Every line has all of them; what does not apply is empty. The
// column `row` says what a line is about:
//
//   report        name; value or text: what the report is about and what it was made from
//   note, highlight   text
//   view          view, title; status and text: the verdict, where the view has criteria
//   next_step, needs                 view; text
//   criterion     view, metric, title; value, shown; threshold; text is the threshold in words
//   metric        view (the names of all its views), metric, number, title, a figure; text is its
//                 sentence
//   part, breakdown   metric, number, dimension, name, a figure
//   explain       metric, number; name: formula, source, misleading_when or coverage; text
//   evidence      metric, number; name: counted or others; id of a post
//   evidence_total    metric, number; name: counted or others; value
//   point         metric, number; at: the day on which the day or week (unit) begins; value: items,
//                 empty where nothing was collected
//   mood          at: a day; name: positive, neutral, negative (items) or net (points, low, high)
//   spike         at: the hour; name: a topic or "all"; dimension: items, usual or score; value
//   break         at; text
//   wait          at: seconds since the question; value: percent that wait still; n_used
//   heat          dimension: weekday; at: hour; value: items
//   cell          table, title, line (from 1), name: the column; unit, value; shown
//   post          id, at, author, channel, url, text
//   source        name; shown: coverage; numerator, denominator: covered and scheduled hours
//   gap           name: source; at, until
//   channel       name; value: posts; status: whether replies are collected
//   generation    id; value: posts; status: whether it is the expected one; text: model and hashes
//
// A figure is unit, value, shown, more_than, low, high, method, numerator, denominator, n_used,
// n_eligible, small_sample, before, difference, difference_unit, difference_low, difference_high
// and not_measurable. Numbers are digits with a point, nothing else, negative ones with a minus.
// Columns of text are guarded: what a spreadsheet would take for a formula has an apostrophe in
// front, and control characters are visible escapes. `RenderOptions::raw_csv` turns both off.

#include <array>

#include <fmt/format.h>

#include "analyze/report.hpp"
#include "store/base/csv_text.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

/// One line of the table.
struct Line {
  std::string row, view, metric, number, title, dimension, name, at, until;
  std::string unit, value, shown, more_than, low, high, method, numerator, denominator;
  std::string n_used, n_eligible, small_sample;
  std::string before, difference, difference_unit, difference_low, difference_high, not_measurable;
  std::string status, threshold, table, line, id, author, channel, url, text;
};

enum class Content { digits, text };

struct Column {
  std::string_view name;
  std::string Line::*field;
  Content content;
};

constexpr std::array columns{Column{"row", &Line::row, Content::text},
                             Column{"view", &Line::view, Content::text},
                             Column{"metric", &Line::metric, Content::text},
                             Column{"number", &Line::number, Content::text},
                             Column{"title", &Line::title, Content::text},
                             Column{"dimension", &Line::dimension, Content::text},
                             Column{"name", &Line::name, Content::text},
                             Column{"at", &Line::at, Content::text},
                             Column{"until", &Line::until, Content::text},
                             Column{"unit", &Line::unit, Content::text},
                             Column{"value", &Line::value, Content::digits},
                             Column{"shown", &Line::shown, Content::text},
                             Column{"more_than", &Line::more_than, Content::digits},
                             Column{"low", &Line::low, Content::digits},
                             Column{"high", &Line::high, Content::digits},
                             Column{"method", &Line::method, Content::text},
                             Column{"numerator", &Line::numerator, Content::digits},
                             Column{"denominator", &Line::denominator, Content::digits},
                             Column{"n_used", &Line::n_used, Content::digits},
                             Column{"n_eligible", &Line::n_eligible, Content::digits},
                             Column{"small_sample", &Line::small_sample, Content::text},
                             Column{"before", &Line::before, Content::digits},
                             Column{"difference", &Line::difference, Content::digits},
                             Column{"difference_unit", &Line::difference_unit, Content::text},
                             Column{"difference_low", &Line::difference_low, Content::digits},
                             Column{"difference_high", &Line::difference_high, Content::digits},
                             Column{"not_measurable", &Line::not_measurable, Content::text},
                             Column{"status", &Line::status, Content::text},
                             Column{"threshold", &Line::threshold, Content::digits},
                             Column{"table", &Line::table, Content::text},
                             Column{"line", &Line::line, Content::digits},
                             Column{"id", &Line::id, Content::text},
                             Column{"author", &Line::author, Content::text},
                             Column{"channel", &Line::channel, Content::text},
                             Column{"url", &Line::url, Content::text},
                             Column{"text", &Line::text, Content::text}};

class CsvRows {
 public:
  explicit CsvRows(bool raw) : raw_{raw} {
    for (const auto& column : columns) {
      if (&column != columns.data()) out_ += ',';
      out_ += column.name;
    }
    out_ += "\r\n";
  }

  void add(const Line& line) {
    for (const auto& column : columns) {
      if (&column != columns.data()) out_ += ',';
      const auto& field = line.*column.field;
      if (column.content == Content::digits)
        out_ += field;
      else if (raw_)
        append_csv_text(out_, field, Formulas::keep);
      else
        append_csv_text(out_, printable(field, LineBreaks::keep));
    }
    out_ += "\r\n";
  }

  std::string take() { return std::move(out_); }

 private:
  bool raw_;
  std::string out_;
};

std::string digits(const std::optional<std::int64_t>& count) {
  return count ? std::to_string(*count) : std::string{};
}
std::string yes_or_no(bool flag) {
  return flag ? "yes" : "no";
}

/// The line begun in `line`, with a figure.
Line with_figure(Line line, const ReportFigure& figure) {
  line.dimension = figure.dimension;
  line.name = figure.name;
  line.unit = figure.unit;
  line.value = figure.value;
  line.shown = figure.shown;
  line.more_than = figure.more_than;
  if (figure.interval) {
    line.low = figure.interval->low;
    line.high = figure.interval->high;
    line.method = figure.interval->method;
  }
  line.numerator = digits(figure.numerator);
  line.denominator = digits(figure.denominator);
  line.n_used = std::to_string(figure.n_used);
  line.n_eligible = std::to_string(figure.n_eligible);
  line.small_sample = yes_or_no(figure.small_sample);
  line.not_measurable = figure.not_measurable;
  if (!figure.change) return line;
  line.before = figure.change->before;
  line.difference = figure.change->difference;
  line.difference_unit = figure.change->unit;
  if (figure.change->interval) {
    line.difference_low = figure.change->interval->low;
    line.difference_high = figure.change->interval->high;
  }
  return line;
}

void add_about(CsvRows& table, const Report& report) {
  const auto say = [&](std::string name, const std::string& text) {
    table.add({.row = "report", .name = std::move(name), .text = text});
  };
  const auto count = [&](std::string name, std::uint64_t value) {
    table.add({.row = "report", .name = std::move(name), .value = std::to_string(value)});
  };
  say("project", report.project);
  say("timezone", report.timezone);
  say("window_begin", report.window_begin);
  say("window_end", report.window_end);
  say("before_begin", report.before_begin);
  say("before_end", report.before_end);
  say("now", report.now);
  say("version", report.version);
  say("config_hash", report.config_hash);
  say("posts_hash", report.posts_hash);
  count("minimum_n", report.minimum_n);
  count("labelled", report.labelled);
  count("unlabelled", report.unlabelled);
  count("labelled_otherwise", report.labelled_otherwise);
  count("collapsed", report.collapsed);
  for (const auto& note : report.notes) table.add({.row = "note", .text = note});
  for (const auto& line : report.highlights) table.add({.row = "highlight", .text = line});
}

void add_view(CsvRows& table, const ReportView& view) {
  Line head{.row = "view", .view = view.name, .title = view.title, .text = view.verdict};
  if (view.has_criteria) head.status = view.evidenced ? "evidenced" : "not evidenced";
  table.add(head);
  for (const auto& criterion : view.criteria)
    table.add({.row = "criterion",
               .view = view.name,
               .metric = criterion.metric,
               .title = criterion.title,
               .value = criterion.value,
               .shown = criterion.value_shown,
               .status = std::string{name_of(criterion.status)},
               .threshold = criterion.threshold,
               .text = criterion.threshold_shown});
  const auto say = [&](std::string row, const std::string& text) {
    if (!text.empty()) table.add({.row = std::move(row), .view = view.name, .text = text});
  };
  say("next_step", view.next_step);
  say("needs", view.needs);
}

/// Names of the views that show the metric, with spaces between them.
std::string views_of(const Report& report, const ReportMetric& metric) {
  std::string names;
  for (const auto& view : report.views)
    for (const auto& name : view.metrics)
      if (name == metric.name) names += (names.empty() ? "" : " ") + view.name;
  return names;
}

void add_metric(CsvRows& table, const ReportMetric& metric, std::string views) {
  const auto line = [&](std::string row) {
    return Line{.row = std::move(row), .metric = metric.name, .number = metric.number};
  };
  auto head = line("metric");
  head.view = std::move(views);
  head.title = metric.title;
  head.text = metric.sentence;
  table.add(with_figure(std::move(head), metric.figure));
  for (const auto& part : metric.parts) table.add(with_figure(line("part"), part));
  for (const auto& row : metric.breakdown) table.add(with_figure(line("breakdown"), row));
  for (const auto& point : metric.series) {
    auto row = line("point");
    row.at = point.day;
    row.unit = metric.series_unit;
    if (point.items) row.value = std::to_string(*point.items);
    table.add(row);
  }
}

void add_background(CsvRows& table, const ReportMetric& metric) {
  const auto line = [&](std::string row, std::string name) {
    return Line{.row = std::move(row),
                .metric = metric.name,
                .number = metric.number,
                .name = std::move(name)};
  };
  const auto say = [&](std::string name, const std::string& text) {
    auto row = line("explain", std::move(name));
    row.text = text;
    if (!text.empty()) table.add(row);
  };
  say("formula", metric.formula);
  say("source", metric.source);
  say("misleading_when", metric.misleading_when);
  say("coverage", metric.coverage);
  if (!metric.evidence) return;
  const auto list = [&](const std::string& name, const std::vector<std::string>& ids,
                        std::uint64_t total) {
    auto sum = line("evidence_total", name);
    sum.value = std::to_string(total);
    table.add(sum);
    for (const auto& id : ids) {
      auto row = line("evidence", name);
      row.id = id;
      table.add(row);
    }
  };
  list("counted", metric.evidence->counted, metric.evidence->counted_total);
  list("others", metric.evidence->others, metric.evidence->others_total);
}

void add_moods(CsvRows& table, const std::vector<ReportMood>& moods) {
  for (const auto& mood : moods) {
    const auto add = [&](std::string name, const std::optional<std::uint64_t>& items) {
      table.add({.row = "mood",
                 .name = std::move(name),
                 .at = mood.day,
                 .unit = "items",
                 .value = items ? std::to_string(*items) : std::string{}});
    };
    add("positive", mood.positive);
    add("neutral", mood.neutral);
    add("negative", mood.negative);
    Line net{.row = "mood", .name = "net", .at = mood.day, .unit = "points", .value = mood.net};
    if (mood.interval) {
      net.low = mood.interval->low;
      net.high = mood.interval->high;
      net.method = mood.interval->method;
    }
    table.add(net);
  }
}

void add_charts(CsvRows& table, const ReportCharts& charts) {
  add_moods(table, charts.moods);
  for (const auto& spike : charts.spikes) {
    const auto add = [&](std::string dimension, std::string unit, std::string value) {
      table.add({.row = "spike",
                 .dimension = std::move(dimension),
                 .name = spike.about,
                 .at = spike.at,
                 .unit = std::move(unit),
                 .value = std::move(value)});
    };
    add("items", "items", std::to_string(spike.items));
    add("usual", "items", spike.usual);
    add("score", "", spike.score);
  }
  for (const auto& change : charts.breaks)
    table.add({.row = "break", .at = change.at, .text = change.what});
  for (const auto& wait : charts.waits)
    table.add({.row = "wait",
               .at = std::to_string(wait.seconds),
               .unit = "percent",
               .value = wait.waiting,
               .n_used = std::to_string(charts.waits_n)});
  if (!charts.heat) return;
  const auto& heat = *charts.heat;
  for (std::size_t day = 0; day < heat.items.size(); ++day)
    for (std::size_t hour = 0; hour < heat.items[day].size(); ++hour)
      table.add({.row = "heat",
                 .dimension = heat.weekdays[day],
                 .at = std::to_string(hour),
                 .unit = "items",
                 .value = std::to_string(heat.items[day][hour])});
}

void add_cells(CsvRows& table, const ReportTable& report_table) {
  for (std::size_t row = 0; row < report_table.rows.size(); ++row)
    for (std::size_t i = 0; i < report_table.columns.size(); ++i)
      table.add({.row = "cell",
                 .title = report_table.title,
                 .name = report_table.columns[i].title,
                 .unit = report_table.columns[i].unit,
                 .value = report_table.rows[row][i].digits,
                 .shown = report_table.rows[row][i].shown,
                 .table = report_table.name,
                 .line = std::to_string(row + 1)});
}

void add_sources(CsvRows& table, const Report& report) {
  for (const auto& source : report.sources) {
    Line line{.row = "source", .name = source.name, .shown = source.coverage};
    if (source.scheduled) {
      line.numerator = std::to_string(source.covered_hours);
      line.denominator = std::to_string(source.scheduled_hours);
    }
    table.add(line);
    for (const auto& gap : source.gaps)
      table.add({.row = "gap", .name = source.name, .at = gap.first, .until = gap.second});
  }
  for (const auto& channel : report.channels)
    table.add({.row = "channel",
               .name = channel.name,
               .value = std::to_string(channel.items),
               .status = channel.replies_collected ? "replies are collected" : "no replies seen"});
  for (const auto& generation : report.generations)
    table.add({.row = "generation",
               .value = std::to_string(generation.posts),
               .status = generation.expected ? "expected" : "of another model or config",
               .id = generation.id,
               .text = fmt::format("model {} ({}), config {}", generation.model,
                                   generation.model_hash, generation.config_hash)});
}

}  // namespace

std::string render_csv(const Report& report, const RenderOptions& options) {
  CsvRows table{options.raw_csv};
  add_about(table, report);
  for (const auto& view : report.views) add_view(table, view);
  for (const auto& metric : report.metrics) {
    add_metric(table, metric, views_of(report, metric));
    add_background(table, metric);
  }
  add_charts(table, report.charts);
  for (const auto& each : report.tables) add_cells(table, each);
  for (const auto& post : report.posts)
    table.add({.row = "post",
               .at = post.at,
               .id = post.id,
               .author = post.author,
               .channel = post.channel,
               .url = post.url,
               .text = post.text});
  add_sources(table, report);
  return table.take();
}

}  // namespace earshot
