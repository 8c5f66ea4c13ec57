#include "analyze/html_tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_open_rows = 40;  // longer tables are folded

std::string show_n(const ReportFigure& figure) {
  if (figure.n_used == figure.n_eligible) return group_digits(figure.n_used);
  return fmt::format("{} of {}", group_digits(figure.n_used), group_digits(figure.n_eligible));
}

std::string show_change(const ReportChange& change) {
  auto text = fmt::format("{}, was {}", change.shown, change.before_shown);
  if (change.interval) text += fmt::format(" ({})", change.interval->shown);
  return text;
}

/// Rows and cells say what they are: on a narrow page the style sheet stacks them, and then a
/// browser no longer takes them for a table by itself.
void open_table(HtmlWriter& html, std::string_view css_class, std::string_view caption,
                bool hidden_caption) {
  html.open("table", {{"role", "table"}, {"class", std::string{css_class}}});
  html.element("caption", caption, {{"class", hidden_caption ? "hidden" : ""}});
}

void write_head(HtmlWriter& html, const std::vector<std::string>& columns) {
  html.open("thead", {{"role", "rowgroup"}});
  html.open("tr", {{"role", "row"}});
  for (const auto& column : columns)
    html.element("th", column, {{"role", "columnheader"}, {"scope", "col"}});
  html.close();
  html.close();
}

void write_cell(HtmlWriter& html, std::string_view label, std::string_view text) {
  if (text.empty())
    html.element("td", "", {{"role", "cell"}, {"class", "nothing"}});
  else
    html.element("td", text, {{"role", "cell"}, {"data-label", std::string{label}}});
}

/// The columns after the name; without those in which no row has anything.
struct Columns {
  bool interval = false;
  bool change = false;

  void widen(const ReportFigure& figure) {
    interval = interval || figure.interval.has_value();
    change = change || figure.change.has_value();
  }
  std::vector<std::string> heads(std::string first) const {
    std::vector<std::string> heads{std::move(first), "value"};
    if (interval) heads.emplace_back("95 % interval");
    heads.emplace_back("n");
    if (change) heads.emplace_back("change");
    return heads;
  }
  int values() const { return 2 + int{interval} + int{change}; }
};

void write_value_cells(HtmlWriter& html, const ReportFigure& figure, const Columns& columns) {
  if (!figure.not_measurable.empty()) {
    const bool plain = figure.not_measurable.starts_with("n/a");
    html.open(
        "td",
        {{"role", "cell"}, {"colspan", std::to_string(columns.values())}, {"class", "reason"}});
    if (!plain) html.element("strong", "not measurable");
    html.text((plain ? "" : ": ") + figure.not_measurable);
    html.close();
    return;
  }
  html.open("td", {{"role", "cell"}, {"class", "figure"}, {"data-label", "value"}});
  html.element("strong", figure.shown);
  html.close();
  if (columns.interval)
    write_cell(html, "95 % interval", figure.interval ? figure.interval->shown : "");
  write_cell(html, "n", show_n(figure));
  if (columns.change) write_cell(html, "change", figure.change ? show_change(*figure.change) : "");
}

void write_metric_row(HtmlWriter& html, const ReportMetric& metric, const Columns& columns) {
  html.open("tr", {{"role", "row"}});
  html.open("th", {{"role", "rowheader"}, {"scope", "row"}});
  html.element("span", metric.figure.name.empty()
                           ? metric.title
                           : fmt::format("{} ({})", metric.title, metric.figure.name));
  html.text(" ");
  html.element("span", metric.number, {{"class", "number"}});
  if (!metric.summary.empty()) html.element("small", metric.summary);
  html.close();
  write_value_cells(html, metric.figure, columns);
  html.close();
  for (const auto& part : metric.parts) {
    html.open("tr", {{"role", "row"}, {"class", "part"}});
    html.element("th", part.name, {{"role", "rowheader"}, {"scope", "row"}});
    write_value_cells(html, part, columns);
    html.close();
  }
}

std::string group_of(const ReportFigure& figure) {
  if (figure.dimension == "brand" || figure.dimension == "competitor") return "name";
  return figure.dimension;
}

void write_breakdown(HtmlWriter& html, const ReportMetric& metric) {
  const auto& rows = metric.breakdown;
  for (std::size_t begin = 0; begin < rows.size();) {
    const auto group = group_of(rows[begin]);
    auto end = begin;
    while (end < rows.size() && group_of(rows[end]) == group) ++end;
    const auto title = fmt::format("{} by {}", metric.title, group);
    open_scroll_region(html, title);
    open_table(html, "figures stacks", title, false);
    Columns columns;
    for (auto i = begin; i < end; ++i) columns.widen(rows[i]);
    write_head(html, columns.heads(group));
    html.open("tbody", {{"role", "rowgroup"}});
    for (auto i = begin; i < end; ++i) {
      html.open("tr", {{"role", "row"}});
      html.element("th", rows[i].name, {{"role", "rowheader"}, {"scope", "row"}});
      write_value_cells(html, rows[i], columns);
      html.close();
    }
    for (int i = 0; i < 3; ++i) html.close();
    begin = end;
  }
}

void write_term(HtmlWriter& html, std::string_view term, std::string_view text) {
  if (text.empty()) return;
  html.element("dt", term);
  html.element("dd", text);
}

void write_explanation(HtmlWriter& html, const ReportMetric& metric) {
  if (metric.formula.empty()) return;
  html.element("p", "How it is measured", {{"class", "about"}});
  html.open("dl", {{"class", "terms"}});
  write_term(html, "formula", metric.formula);
  write_term(html, "n", show_n(metric.figure));
  if (metric.figure.interval)
    write_term(
        html, "95 % interval",
        fmt::format("{} ({})", metric.figure.interval->shown, metric.figure.interval->method));
  write_term(html, "coverage", metric.coverage);
  write_term(html, "source", metric.source);
  write_term(html, "misleading when", metric.misleading_when);
  write_term(html, "AMEC level", metric.level);
  html.close();
}

void write_post_id(HtmlWriter& html, const std::string& id, const PostPlaces& posts) {
  const auto found = posts.find(id);
  if (found == posts.end()) return html.element("code", id);
  html.open("a", {{"href", fmt::format("#post-{}", found->second + 1)}});
  html.element("code", id);
  html.close();
}

void write_ids(HtmlWriter& html, std::string_view label, const std::vector<std::string>& ids,
               std::uint64_t total, const PostPlaces& posts) {
  if (ids.empty()) return;
  html.open("p", {{"class", "ids"}});
  html.element("b", label);
  for (const auto& id : ids) {
    html.text(" ");
    write_post_id(html, id, posts);
  }
  if (ids.size() < total) html.text(fmt::format(" and {} more", group_digits(total - ids.size())));
  html.close();
}

void write_evidence(HtmlWriter& html, const ReportMetric& metric, const PostPlaces& posts) {
  if (!metric.evidence) return;
  const auto& evidence = *metric.evidence;
  html.element(
      "p",
      fmt::format("Posts behind it: {} counted, {} not", group_digits(evidence.counted_total),
                  group_digits(evidence.others_total)),
      {{"class", "about"}});
  write_ids(html, "counted:", evidence.counted, evidence.counted_total, posts);
  write_ids(html, "not counted:", evidence.others, evidence.others_total, posts);
}

/// What stands behind a number, folded under one line that names it.
void write_background(HtmlWriter& html, const ReportMetric& metric, const PostPlaces& posts) {
  std::vector<std::string> parts;
  for (const auto& row : metric.breakdown)
    if (const auto part = "by " + group_of(row); parts.empty() || parts.back() != part)
      parts.push_back(part);
  if (!metric.formula.empty()) parts.emplace_back("how it is measured");
  if (metric.evidence) parts.emplace_back("the posts behind it");
  if (parts.empty()) return;
  std::string names;
  for (const auto& part : parts) names += (names.empty() ? "" : ", ") + part;
  html.open("details", {{"class", "more printed"}});
  html.open("summary");
  html.element("b", metric.title);
  html.text(": " + names);
  html.close();
  html.open("div", {{"class", "inside"}});
  write_breakdown(html, metric);
  write_explanation(html, metric);
  write_evidence(html, metric, posts);
  html.close();
  html.close();
}

void write_table_rows(HtmlWriter& html, const ReportTable& table, const PostPlaces& posts) {
  open_scroll_region(html, table.title);
  open_table(html, "stacks", table.title, true);
  html.open("thead", {{"role", "rowgroup"}});
  html.open("tr", {{"role", "row"}});
  for (const auto& column : table.columns)
    html.element("th", column.title,
                 {{"role", "columnheader"},
                  {"scope", "col"},
                  {"class", column.unit.empty() ? "" : "digits"}});
  html.close();
  html.close();
  html.open("tbody", {{"role", "rowgroup"}});
  for (const auto& row : table.rows) {
    html.open("tr", {{"role", "row"}});
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& column = table.columns[i];
      const std::string css_class = column.unit.empty() ? "" : "digits";
      if (i == 0)
        html.open("th", {{"role", "rowheader"}, {"scope", "row"}, {"class", css_class}});
      else
        html.open("td", {{"role", "cell"}, {"class", css_class}, {"data-label", column.title}});
      if (posts.contains(row[i].shown))
        write_post_id(html, row[i].shown, posts);
      else
        write_link(html, row[i].shown, row[i].shown);
      html.close();
    }
    html.close();
  }
  for (int i = 0; i < 3; ++i) html.close();
}

}  // namespace

void open_scroll_region(HtmlWriter& html, std::string_view label) {
  html.open("div", {{"class", "scroll"},
                    {"role", "region"},
                    {"tabindex", "0"},
                    {"aria-label", std::string{label}}});
}

void write_text_table(HtmlWriter& html, std::string_view title, const TextRow& columns,
                      const std::vector<TextRow>& rows, OnNarrowPages narrow) {
  open_scroll_region(html, title);
  open_table(html, narrow == OnNarrowPages::stacks ? "stacks" : "", title, true);
  write_head(html, columns);
  html.open("tbody", {{"role", "rowgroup"}});
  for (const auto& row : rows) {
    html.open("tr", {{"role", "row"}});
    html.element("th", row[0], {{"role", "rowheader"}, {"scope", "row"}});
    for (std::size_t i = 1; i < row.size(); ++i) write_cell(html, columns[i], row[i]);
    html.close();
  }
  for (int i = 0; i < 3; ++i) html.close();
}

PostPlaces places_of(const Report& report) {
  PostPlaces places;
  for (std::size_t i = 0; i < report.posts.size(); ++i) places.emplace(report.posts[i].id, i);
  return places;
}

void write_metrics(HtmlWriter& html, std::string_view title,
                   const std::vector<const ReportMetric*>& metrics, const PostPlaces& posts) {
  if (metrics.empty()) return;
  const bool spoken =
      std::ranges::any_of(metrics, [](const auto* metric) { return !metric->sentence.empty(); });
  if (spoken) {
    html.open("ul", {{"class", "sentences"}});
    for (const auto* metric : metrics)
      if (!metric->sentence.empty()) html.element("li", metric->sentence);
    html.close();
  }
  open_scroll_region(html, fmt::format("{}, metrics", title));
  open_table(html, "figures stacks", fmt::format("{}: the metrics", title), true);
  Columns columns;
  for (const auto* metric : metrics) {
    columns.widen(metric->figure);
    for (const auto& part : metric->parts) columns.widen(part);
  }
  write_head(html, columns.heads("metric"));
  html.open("tbody", {{"role", "rowgroup"}});
  for (const auto* metric : metrics) write_metric_row(html, *metric, columns);
  for (int i = 0; i < 3; ++i) html.close();
  for (const auto* metric : metrics) write_background(html, *metric, posts);
}

void write_table(HtmlWriter& html, const ReportTable& table, const PostPlaces& posts) {
  html.element("h3", table.title);
  if (!table.note.empty()) html.element("p", table.note, {{"class", "note"}});
  if (table.rows.empty()) {
    if (!table.empty.empty()) html.element("p", table.empty);
    return;
  }
  if (table.rows.size() <= most_open_rows) return write_table_rows(html, table, posts);
  html.open("details", {{"class", "more"}});
  html.element("summary",
               fmt::format("{} ({} rows)", table.title, group_digits(table.rows.size())));
  write_table_rows(html, table, posts);
  html.close();
}

void write_posts(HtmlWriter& html, const std::vector<ReportPost>& posts) {
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const auto& post = posts[i];
    html.open("article", {{"class", "post"}, {"id", fmt::format("post-{}", i + 1)}});
    html.open("p", {{"class", "by"}});
    html.element("bdi", post.author, {{"class", "author"}});
    html.text(" on ");
    html.element("bdi", post.channel, {{"class", "channel"}});
    html.text(", ");
    html.element("time", post.at_shown, {{"datetime", post.at}});
    html.close();
    html.open("p", {{"class", "said"}, {"dir", "auto"}});
    html.lines(post.text);
    html.close();
    html.open("p", {{"class", "from"}});
    html.element("code", post.id);
    if (!post.url.empty()) {
      html.text(" ");
      write_link(html, post.url, post.url);
    }
    html.close();
    html.close();
  }
}

}  // namespace earshot
