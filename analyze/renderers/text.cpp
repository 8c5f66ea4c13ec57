// The report for a person at a terminal: a plain sentence first, then the table, then what to make
// of it. Every text that may come from outside goes through `safe`; colour is the only source of
// escape sequences.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyze/report.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/text_page.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

// Of a breakdown and of the channels; JSON has all of them.
constexpr std::size_t most_rows = 8;
constexpr std::size_t most_channels = 20;

std::string safe(std::string_view text) {
  return printable(text);
}

/// A row of a table of measures; a row with a reason or a note has no cells.
struct Row {
  std::size_t indent = 2;
  std::string name;
  std::array<std::string, 4> cells{};  // value, interval, n, change
  std::string note;
  TextPage::Style style = TextPage::Style::plain;
};

std::string show_n(const ReportFigure& figure) {
  if (figure.n_used == figure.n_eligible) return group_digits(figure.n_used);
  return fmt::format("{} of {}", group_digits(figure.n_used), group_digits(figure.n_eligible));
}

/// Names of channels may be long addresses; JSON has all of them.
std::string shortened(const std::string& name) {
  constexpr std::size_t most_columns = 36;
  if (display_width(name) <= most_columns) return name;
  std::string start;
  for (std::size_t size = 1; size <= name.size(); ++size) {
    const bool whole =
        size == name.size() || (static_cast<unsigned char>(name[size]) & 0xC0) != 0x80;
    if (!whole) continue;
    if (display_width(std::string_view{name}.substr(0, size)) >= most_columns) break;
    start = name.substr(0, size);
  }
  return start + "…";
}

Row row_of(const ReportFigure& figure, std::size_t indent, std::string name) {
  Row row{.indent = indent, .name = shortened(safe(name))};
  if (!figure.not_measurable.empty()) {
    const bool plain = figure.not_measurable.starts_with("n/a");
    row.note = (plain ? "" : "not measurable: ") + safe(figure.not_measurable);
    row.style = TextPage::Style::dim;
    return row;
  }
  row.cells = {safe(figure.shown), figure.interval ? safe(figure.interval->shown) : "",
               show_n(figure), ""};
  if (figure.change) {
    row.cells[3] = safe(figure.change->shown + ", was " + figure.change->before_shown);
    if (figure.change->interval) row.cells[3] += " (" + safe(figure.change->interval->shown) + ")";
  }
  return row;
}

std::string group_name(std::string_view dimension) {
  if (dimension == "brand" || dimension == "competitor") return "by name";
  return "by " + std::string{dimension};
}

/// Bars of eight heights for the points of a series, "·" where nothing was collected.
std::string sparkline(const std::vector<ReportPoint>& series, std::size_t begin, std::size_t end,
                      std::uint64_t most) {
  static constexpr std::array<std::string_view, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (auto i = begin; i < end; ++i) {
    if (!series[i].items)
      line += "·";
    else
      line += bars[most == 0 ? 0 : static_cast<std::size_t>(*series[i].items * 7 / most)];
  }
  return line;
}

void add_series(std::vector<Row>& rows, const ReportMetric& metric, std::size_t width) {
  if (metric.series.size() < 2) return;
  std::uint64_t most = 0;
  bool missing = false;
  for (const auto& point : metric.series) {
    most = std::max(most, point.items.value_or(0));
    missing = missing || !point.items;
  }
  const std::size_t room = width - 6;
  for (std::size_t at = 0; at < metric.series.size(); at += room)
    rows.push_back(
        {.indent = 4,
         .name = sparkline(metric.series, at, std::min(at + room, metric.series.size()), most)});
  rows.push_back(
      {.indent = 4,
       .name = fmt::format("a {} from {} to {}, at most {}{}", metric.series_unit,
                           metric.series.front().day, metric.series.back().day, group_digits(most),
                           missing ? "; · where nothing was collected" : ""),
       .style = TextPage::Style::dim});
}

/// The rows of one metric: itself, its parts, its breakdown, its course.
void add_metric_rows(std::vector<Row>& rows, const ReportMetric& metric, std::size_t width) {
  const bool has_name = !metric.figure.name.empty();
  rows.push_back(row_of(metric.figure, 2,
                        has_name ? metric.title + " (" + metric.figure.name + ")" : metric.title));
  for (const auto& part : metric.parts) rows.push_back(row_of(part, 4, part.name));
  add_series(rows, metric, width);
  const auto& all = metric.breakdown;
  for (std::size_t begin = 0; begin < all.size();) {
    const auto name = group_name(all[begin].dimension);
    auto end = begin;
    while (end < all.size() && group_name(all[end].dimension) == name) ++end;
    if (end - begin > 1 || name == "by topic") {
      rows.push_back({.indent = 4, .name = name, .style = TextPage::Style::dim});
      const auto shown = std::min(end, begin + most_rows);
      for (auto i = begin; i < shown; ++i) rows.push_back(row_of(all[i], 6, all[i].name));
      if (shown < end)
        rows.push_back({.indent = 6,
                        .name = fmt::format("and {} more", end - shown),
                        .style = TextPage::Style::dim});
    }
    begin = end;
  }
}

/// Widths of name and cells.
std::array<std::size_t, 5> widths_of(const std::vector<Row>& rows) {
  std::array<std::size_t, 5> widths{};
  for (const auto& row : rows) {
    if (row.cells[0].empty() && row.note.empty()) continue;
    widths[0] = std::max(widths[0], row.indent + display_width(row.name));
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      widths[i + 1] = std::max(widths[i + 1], display_width(row.cells[i]));
  }
  return widths;
}

std::size_t total_width(const std::array<std::size_t, 5>& widths) {
  std::size_t total = widths[0];
  for (std::size_t i = 1; i < widths.size(); ++i) total += widths[i] == 0 ? 0 : widths[i] + 2;
  return total;
}

bool cells_fit(const Row& row, const std::array<std::size_t, 5>& widths) {
  for (std::size_t i = 0; i < row.cells.size(); ++i)
    if (display_width(row.cells[i]) > widths[i + 1]) return false;
  return true;
}

void print_stacked(TextPage& page, const Row& row) {
  page.wrapped(row.indent, row.name + ": " + row.cells[0]);
  std::string rest;
  static constexpr std::array<std::string_view, 4> labels{"", "95 % interval ", "n ", "change "};
  for (std::size_t i = 1; i < row.cells.size(); ++i)
    if (!row.cells[i].empty())
      rest += (rest.empty() ? "" : "; ") + std::string{labels[i]} + row.cells[i];
  page.wrapped(row.indent + 4, rest, TextPage::Style::dim);
}

/// Where the columns don't fit, none is wider than these; what is wider goes in lines of its own.
constexpr std::array<std::size_t, 5> most_width{26, 13, 14, 7, 12};

/// Columns if they fit; else without the intervals of changes, then without what was before; else
/// columns of limited width, and in lines of their own the rows that need more.
void print_rows(TextPage& page, std::vector<Row> rows) {
  auto widths = widths_of(rows);
  const std::array<std::string_view, 5> heads{"", "value", "95 % interval", "n", "change"};
  const auto with_heads = [&] {
    for (std::size_t i = 1; i < widths.size(); ++i)
      if (widths[i] > 0) widths[i] = std::max(widths[i], heads[i].size());
  };
  with_heads();
  for (const std::string_view end : {" (", ", was "}) {
    if (total_width(widths) <= page.width()) break;
    for (auto& row : rows) row.cells[3] = row.cells[3].substr(0, row.cells[3].find(end));
    widths = widths_of(rows);
    with_heads();
  }
  const bool limited = total_width(widths) > page.width();
  if (limited)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::min(widths[i], most_width[i]);
  const bool stacked = total_width(widths) > page.width();
  const auto name_width = std::min(widths[0], page.width() / 2);
  if (!stacked && widths[1] > 0) {
    std::string head = padded("", widths[0]);
    for (std::size_t i = 1; i < widths.size(); ++i)
      if (widths[i] > 0) head += "  " + padded(heads[i], widths[i]);
    page.line(head, TextPage::Style::dim);
  }
  for (const auto& row : rows) {
    const auto name = std::string(row.indent, ' ') + row.name;
    if (!row.note.empty() && stacked) {
      page.wrapped(row.indent + 4, row.name + ": " + row.note, row.style,
                   std::string(row.indent, ' '));
    } else if (!row.note.empty()) {
      if (display_width(name) > name_width) page.line(name, row.style);
      const auto first =
          display_width(name) > name_width ? std::string{} : padded(name, name_width) + "  ";
      page.wrapped(name_width + 2, row.note, row.style, first);
    } else if (row.cells[0].empty()) {
      page.wrapped(row.indent, row.name, row.style);
    } else if (stacked || !cells_fit(row, widths)) {
      print_stacked(page, row);
    } else {
      const bool long_name = display_width(name) > widths[0];
      if (long_name) page.line(name, row.style);
      std::string text = padded(long_name ? "" : name, widths[0]);
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        if (widths[i + 1] > 0) text += "  " + padded(row.cells[i], widths[i + 1]);
      page.line(text, row.style);
    }
  }
}

void print_explanation(TextPage& page, const ReportMetric& metric) {
  if (metric.formula.empty()) return;
  page.wrapped(
      4, fmt::format("{} ({}, {}): {}", metric.title, metric.number, metric.level, metric.summary),
      TextPage::Style::plain, "  ");
  const auto say = [&](std::string_view label, std::string_view text) {
    page.wrapped(6, fmt::format("{}: {}", label, safe(text)), TextPage::Style::dim);
  };
  say("formula", metric.formula);
  say("n", show_n(metric.figure));
  if (metric.figure.interval)
    say("95 % interval",
        metric.figure.interval->shown + " (" + metric.figure.interval->method + ")");
  say("coverage", metric.coverage);
  say("source", metric.source);
  say("misleading when", metric.misleading_when);
}

void print_evidence(TextPage& page, const ReportMetric& metric) {
  if (!metric.evidence) return;
  const auto& evidence = *metric.evidence;
  if (evidence.counted_total + evidence.others_total == 0) return;
  const auto list = [&](std::string_view label, const std::vector<std::string>& ids,
                        std::uint64_t total) {
    if (ids.empty()) return;
    std::string text{label};
    for (const auto& id : ids) text += " " + safe(id);
    if (ids.size() < total) text += fmt::format(" and {} more", group_digits(total - ids.size()));
    page.wrapped(6, text, TextPage::Style::dim);
  };
  page.wrapped(
      2, fmt::format("Posts behind {}: {} counted, {} not", metric.title,
                     group_digits(evidence.counted_total), group_digits(evidence.others_total)));
  list("counted:", evidence.counted, evidence.counted_total);
  list("not counted:", evidence.others, evidence.others_total);
}

void print_metrics(TextPage& page, const std::vector<const ReportMetric*>& metrics) {
  bool spoke = false;
  for (const auto* metric : metrics) {
    if (metric->sentence.empty()) continue;
    page.wrapped(2, safe(metric->sentence));
    spoke = true;
  }
  if (spoke) page.line();
  std::vector<Row> rows;
  for (const auto* metric : metrics) add_metric_rows(rows, *metric, page.width());
  print_rows(page, std::move(rows));
}

/// What stands behind the numbers: how they are made, and the posts.
void print_background(TextPage& page, const std::vector<const ReportMetric*>& metrics) {
  const auto any = [&](auto&& has) { return std::ranges::any_of(metrics, has); };
  if (any([](const auto* metric) { return !metric->formula.empty(); })) page.line();
  for (const auto* metric : metrics) print_explanation(page, *metric);
  if (any([](const auto* metric) { return metric->evidence.has_value(); })) page.line();
  for (const auto* metric : metrics) print_evidence(page, *metric);
}

void print_criteria(TextPage& page, const ReportView& view) {
  using Status = ReportCriterion::Status;
  if (view.criteria.empty()) return;
  std::size_t title_width = 0;
  for (const auto& criterion : view.criteria)
    title_width = std::max(title_width, display_width(criterion.title));
  page.line();
  for (const auto& criterion : view.criteria) {
    const auto style = criterion.status == Status::met       ? TextPage::Style::green
                       : criterion.status == Status::not_met ? TextPage::Style::red
                                                             : TextPage::Style::dim;
    const auto mark = criterion.status == Status::met       ? "[x]"
                      : criterion.status == Status::not_met ? "[ ]"
                                                            : "[-]";
    const auto first = fmt::format("  {} {}  {}  ", mark, padded(name_of(criterion.status), 14),
                                   padded(criterion.title, title_width));
    page.wrapped(display_width(first),
                 fmt::format("{}; {}", safe(criterion.value_shown), criterion.threshold_shown),
                 style, first);
  }
}

void print_view(TextPage& page, const Report& report, const ReportView& view) {
  page.line();
  page.wrapped(0, fmt::format("{}: {}", view.title, view.question), TextPage::Style::bold);
  std::vector<const ReportMetric*> metrics;
  for (const auto& name : view.metrics)
    metrics.push_back(&*std::ranges::find(report.metrics, name, &ReportMetric::name));
  if (!metrics.empty()) print_metrics(page, metrics);
  print_criteria(page, view);
  if (!view.verdict.empty()) page.wrapped(2, "Result: " + view.verdict + ".");
  if (!view.next_step.empty()) page.wrapped(2, "Next step: " + safe(view.next_step) + ".");
  if (!view.needs.empty())
    page.wrapped(2, fmt::format("Posts can't show: {}.", view.needs), TextPage::Style::dim);
  print_background(page, metrics);
}

void print_header(TextPage& page, const Report& report) {
  page.line(safe(report.project), TextPage::Style::bold);
  page.wrapped(0, fmt::format("{} ({})", report.window_shown, safe(report.timezone)));
  if (!report.before_shown.empty()) page.wrapped(0, "Compared with " + report.before_shown);
  page.wrapped(0, fmt::format("Posts: {} labelled, {} not yet labelled, {} labelled by another "
                              "model or config; {} left out",
                              group_digits(report.labelled), group_digits(report.unlabelled),
                              group_digits(report.labelled_otherwise),
                              count_of(report.collapsed, "near-duplicate")));
  for (const auto& note : report.notes) page.wrapped(2, safe(note), TextPage::Style::red, "! ");
}

void print_highlights(TextPage& page, const std::vector<std::string>& highlights) {
  if (highlights.empty()) return;
  page.line();
  page.line("In short", TextPage::Style::bold);
  for (const auto& line : highlights) page.wrapped(4, safe(line), TextPage::Style::plain, "  - ");
}

/// What the volume did that numbers over the whole window don't show.
void print_events(TextPage& page, const ReportCharts& charts) {
  if (charts.spikes.empty() && charts.breaks.empty()) return;
  page.line();
  page.line("Spikes and breaks", TextPage::Style::bold);
  for (const auto& spike : charts.spikes)
    page.wrapped(
        4,
        safe(fmt::format("{}: {} about {}, usually {} (robust z {})", spike.at_shown,
                         count_of(spike.items, "post"), spike.about, spike.usual, spike.score)),
        TextPage::Style::plain, "  - ");
  for (const auto& change : charts.breaks)
    page.wrapped(4, safe(change.day + ": " + change.what), TextPage::Style::plain, "  - ");
}

void print_report_table(TextPage& page, const ReportTable& table) {
  page.line();
  page.line(safe(table.title), TextPage::Style::bold);
  page.wrapped(2, safe(table.note));
  if (table.rows.empty())
    page.wrapped(2, safe(table.empty), TextPage::Style::dim);
  else
    print_table(page, table);
}

void print_posts(TextPage& page, const std::vector<ReportPost>& posts) {
  if (posts.empty()) return;
  page.line();
  page.line("Posts", TextPage::Style::bold);
  for (const auto& post : posts) {
    std::string head = "  " + safe(post.at_shown);
    for (const auto& part : {post.author, post.channel})
      if (!part.empty()) head += ", " + safe(part);
    page.line(head, TextPage::Style::dim);
    for (std::string_view rest = post.text; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      page.wrapped(4, safe(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    page.wrapped(4, safe(post.id) + (post.url.empty() ? "" : " " + safe(post.url)),
                 TextPage::Style::dim);
  }
}

void print_sources(TextPage& page, const Report& report) {
  page.line();
  page.line("Sources & methods", TextPage::Style::bold);
  std::size_t width = 7;
  for (const auto& source : report.sources)
    width = std::max(width, display_width(safe(source.name)));
  for (const auto& channel : report.channels)
    width = std::max(width, display_width(safe(channel.name)));
  width = std::min(width, page.width() / 2);
  if (!report.sources.empty())
    page.line("  " + padded("source", width) + "  coverage", TextPage::Style::dim);
  for (const auto& source : report.sources) {
    std::string text = "  " + padded(safe(source.name), width) + "  " + source.coverage;
    if (source.scheduled && source.scheduled_hours > 0)
      text += fmt::format(" ({} of {} h, {} gap{})", group_digits(source.covered_hours),
                          group_digits(source.scheduled_hours), source.gaps.size(),
                          source.gaps.size() == 1 ? "" : "s");
    page.line(text);
  }
  if (!report.channels.empty())
    page.line("  " + padded("channel", width) + "  posts", TextPage::Style::dim);
  const auto shown = std::min(report.channels.size(), most_channels);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& channel = report.channels[i];
    page.line(fmt::format("  {}  {}, {}", padded(safe(channel.name), width),
                          group_digits(channel.items),
                          channel.replies_collected ? "replies are collected" : "no replies seen"));
  }
  if (shown < report.channels.size())
    page.line(fmt::format("  and {} more", group_digits(report.channels.size() - shown)),
              TextPage::Style::dim);
  page.wrapped(
      2,
      fmt::format("Shares come with n and Wilson's 95 % interval; below n = {} counts are shown in "
                  "place of a "
                  "percentage. What a source does not say is left out, never taken as zero.",
                  report.minimum_n),
      TextPage::Style::dim);
}

void print_manifest(TextPage& page, const Report& report) {
  page.line();
  page.line("Manifest", TextPage::Style::bold);
  const auto say = [&](std::string_view label, const std::string& text) {
    page.wrapped(14, safe(text), TextPage::Style::dim, "  " + padded(label, 12));
  };
  say("earshot", report.version);
  say("window", report.window_begin + " to " + report.window_end);
  if (!report.before_begin.empty()) say("before", report.before_begin + " to " + report.before_end);
  say("now", report.now);
  say("config", report.config_hash);
  if (!report.posts_hash.empty()) say("posts", report.posts_hash);
  for (const auto& generation : report.generations)
    say("labels", fmt::format("{}: {} posts by model {} ({}), config {}", generation.id,
                              group_digits(generation.posts), generation.model,
                              generation.model_hash, generation.config_hash));
}

}  // namespace

std::string render_text(const Report& report, const RenderOptions& options) {
  TextPage page{options};
  print_header(page, report);
  print_highlights(page, report.highlights);
  for (const auto& view : report.views) print_view(page, report, view);
  if (!report.other_metrics.empty()) {
    page.line();
    page.line(report.views.empty() ? "Metrics" : "Also measured", TextPage::Style::bold);
    std::vector<const ReportMetric*> others;
    for (const auto& name : report.other_metrics)
      others.push_back(&*std::ranges::find(report.metrics, name, &ReportMetric::name));
    print_metrics(page, others);
    print_background(page, others);
  }
  print_events(page, report.charts);
  for (const auto& table : report.tables) print_report_table(page, table);
  print_posts(page, report.posts);
  print_sources(page, report);
  print_manifest(page, report);
  return page.take();
}

}  // namespace earshot
