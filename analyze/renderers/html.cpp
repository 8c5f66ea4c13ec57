// The report as one page for a browser: no script, nothing from outside, and a policy that forbids
// both. Everything from outside goes through HtmlWriter; the style sheet is
// analyze/renderers/report.css, named by its hash.

#include <algorithm>

#include <fmt/format.h>

#include "analyze/html_style.hpp"
#include "analyze/html_tables.hpp"
#include "analyze/html_writer.hpp"
#include "analyze/report.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/svg_charts.hpp"

namespace earshot {

namespace {

using Status = ReportCriterion::Status;

constexpr std::size_t most_channels = 20;  // more of them are folded

std::vector<const ReportMetric*> find_metrics(const Report& report,
                                              const std::vector<std::string>& names) {
  std::vector<const ReportMetric*> found;
  for (const auto& name : names) {
    const auto metric = std::ranges::find(report.metrics, name, &ReportMetric::name);
    if (metric != report.metrics.end()) found.push_back(&*metric);
  }
  return found;
}

/// `panel`: on paper of its own.
void open_section(HtmlWriter& html, const std::string& id, std::string_view title,
                  bool panel = true) {
  html.open("section", {{"aria-labelledby", id}, {"class", panel ? "panel" : ""}});
  html.element("h2", title, {{"id", id}});
}

void write_list(HtmlWriter& html, std::string_view css_class,
                const std::vector<std::string>& texts) {
  html.open("ul", {{"class", std::string{css_class}}});
  for (const auto& text : texts) html.element("li", text);
  html.close();
}

void write_head(HtmlWriter& html, const Report& report) {
  html.open("head");
  html.empty("meta", {{"charset", "utf-8"}});
  html.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                      {"content", fmt::format("default-src 'none'; style-src 'sha256-{}'; img-src "
                                              "data:; base-uri 'none'; form-action 'none'",
                                              report_css_sha256())}});
  html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  html.empty("meta", {{"name", "generator"}, {"content", "earshot " + report.version}});
  html.element("title", fmt::format("{}, {}", report.project, report.window_shown));
  html.style(report_css());
  html.close();
}

void write_title(HtmlWriter& html, const Report& report) {
  html.open("header", {{"class", "page-head"}});
  html.element("p", "What people say", {{"class", "eyebrow"}});
  html.element("h1", report.project);
  html.element("p", fmt::format("{} ({})", report.window_shown, report.timezone),
               {{"class", "window"}});
  if (!report.before_shown.empty())
    html.element("p", "Compared with " + report.before_shown, {{"class", "before"}});
  html.open("dl", {{"class", "facts"}});
  const auto fact = [&](std::string_view term, std::uint64_t count) {
    html.open("div");
    html.element("dt", term);
    html.element("dd", group_digits(count));
    html.close();
  };
  fact("posts labelled", report.labelled);
  fact("not yet labelled", report.unlabelled);
  fact("labelled by another model or config", report.labelled_otherwise);
  fact("near-duplicates left out", report.collapsed);
  html.close();
  html.close();
}

// ---- scorecard ----

/// Told apart by shape: a disc with a tick, a ring with a cross, a dashed ring with a bar.
void draw_status(HtmlWriter& html, Status status) {
  const auto css_class = status == Status::met       ? "met"
                         : status == Status::not_met ? "not-met"
                                                     : "unknown";
  html.open("svg", {{"class", std::string{"mark "} + css_class},
                    {"viewBox", "0 0 20 20"},
                    {"width", "20"},
                    {"height", "20"},
                    {"aria-hidden", "true"}});
  html.empty("circle", {{"cx", "10"}, {"cy", "10"}, {"r", "8.5"}});
  html.empty("path", {{"d", status == Status::met       ? "M5.8 10.4 l3 3 l5.6 -6.4"
                            : status == Status::not_met ? "M7 7 l6 6 M13 7 l-6 6"
                                                        : "M6.5 10 h7"}});
  html.close();
}

void write_criteria(HtmlWriter& html, const ReportView& view) {
  html.open("ul", {{"class", "criteria"}});
  for (const auto& criterion : view.criteria) {
    html.open("li");
    draw_status(html, criterion.status);
    html.open("div");
    html.open("p", {{"class", "criterion"}});
    html.element("b", criterion.title);
    html.text(" ");
    html.element("span", name_of(criterion.status), {{"class", "status"}});
    html.close();
    html.element("p",
                 criterion.threshold_shown.empty()
                     ? criterion.value_shown
                     : fmt::format("{}; {}", criterion.value_shown, criterion.threshold_shown),
                 {{"class", "threshold"}});
    html.close();
    html.close();
  }
  html.close();
}

void write_scorecard(HtmlWriter& html, const Report& report) {
  if (std::ranges::none_of(report.views, &ReportView::has_criteria)) return;
  open_section(html, "scorecard", "Stage scorecard", false);
  html.open("div", {{"class", "cards"}});
  for (const auto& view : report.views) {
    if (!view.has_criteria) continue;
    html.open("article", {{"class", view.evidenced ? "card evidenced" : "card"}});
    html.open("h3");
    html.element("a", view.title, {{"href", "#view-" + view.name}});
    html.close();
    html.element("p", view.question, {{"class", "question"}});
    if (!view.criteria.empty()) write_criteria(html, view);
    if (!view.verdict.empty())
      html.element("p", fmt::format("Result: {}.", view.verdict), {{"class", "verdict"}});
    if (!view.next_step.empty())
      html.element("p", fmt::format("Next step: {}.", view.next_step), {{"class", "next"}});
    html.close();
  }
  html.close();
  html.close();
}

// ---- charts ----

const ReportMetric* metric_named(const Report& report, std::string_view name) {
  const auto found = std::ranges::find(report.metrics, name, &ReportMetric::name);
  return found == report.metrics.end() ? nullptr : &*found;
}

void draw_breakdown(HtmlWriter& html, const Report& report, std::string_view metric_name,
                    BarChart chart, std::string_view but_dimension) {
  const auto* metric = metric_named(report, metric_name);
  if (metric == nullptr) return;
  for (const auto& row : metric->breakdown)
    if (but_dimension.empty() || row.dimension == but_dimension) chart.rows.push_back(&row);
  draw_bars(html, chart);
}

HtmlWriter draw_charts(const Report& report) {
  HtmlWriter drawn;
  const auto& charts = report.charts;
  for (const auto& metric : report.metrics)
    draw_volume(drawn, metric,
                metric.name == "listening_volume" ? charts.spikes : std::vector<ReportSpike>{},
                charts.breaks);
  draw_moods(drawn, charts.moods, charts.breaks);
  draw_breakdown(drawn, report, "share_of_voice",
                 {.id = "chart-voice",
                  .title = "Share of voice",
                  .description = "Of the mentions of you and your competitors, in percent.",
                  .name_column = "name"},
                 "");
  draw_breakdown(drawn, report, "topic_trend",
                 {.id = "chart-topics",
                  .title = "Topics",
                  .description = "Of the mentions of a topic in posts about you, in percent.",
                  .name_column = "topic"},
                 "topic");
  draw_waits(drawn, charts.waits, charts.waits_n);
  if (charts.heat) draw_heat(drawn, *charts.heat);
  return drawn;
}

void write_charts(HtmlWriter& html, HtmlWriter drawn) {
  if (drawn.nothing_written()) return;
  open_section(html, "charts", "Charts", false);
  html.open("div", {{"class", "charts"}});
  html.append(std::move(drawn));
  html.close();
  html.close();
}

// ---- views and background ----

void write_view(HtmlWriter& html, const Report& report, const ReportView& view,
                const PostPlaces& posts) {
  open_section(html, "view-" + view.name, view.title);
  html.open("p", {{"class", "question"}});
  html.text(view.question);
  html.text(" ");
  html.element("small", view.model);
  html.close();
  write_metrics(html, view.title, find_metrics(report, view.metrics), posts);
  if (!view.needs.empty())
    html.element("p", fmt::format("Posts can't show: {}.", view.needs), {{"class", "note"}});
  html.close();
}

void write_views(HtmlWriter& html, const Report& report, const PostPlaces& posts) {
  for (const auto& view : report.views) write_view(html, report, view, posts);
  if (report.other_metrics.empty()) return;
  const auto* title = report.views.empty() ? "Metrics" : "Also measured";
  open_section(html, "also", title);
  write_metrics(html, title, find_metrics(report, report.other_metrics), posts);
  html.close();
}

void write_tables(HtmlWriter& html, const Report& report, const PostPlaces& posts) {
  if (report.tables.empty()) return;
  open_section(html, "tables", "Tables");
  for (const auto& table : report.tables) write_table(html, table, posts);
  html.close();
}

void write_channels(HtmlWriter& html, const Report& report) {
  if (report.channels.empty()) return;
  html.element("h3", "Channels");
  const bool folded = report.channels.size() > most_channels;
  if (folded) {
    html.open("details", {{"class", "more"}});
    html.element("summary", fmt::format("{} channels", group_digits(report.channels.size())));
  }
  std::vector<TextRow> rows;
  for (const auto& channel : report.channels)
    rows.push_back({channel.name, group_digits(channel.items),
                    channel.replies_collected ? "are collected" : "none seen"});
  write_text_table(html, "Channels", {"channel", "posts", "replies"}, rows, OnNarrowPages::stacks);
  if (folded) html.close();
}

void write_source_table(HtmlWriter& html, const Report& report) {
  if (report.sources.empty()) return;
  const bool scheduled = std::ranges::any_of(report.sources, &ReportSource::scheduled);
  TextRow columns{"source", "coverage"};
  if (scheduled) columns.insert(columns.end(), {"hours listened", "gaps"});
  std::vector<TextRow> rows;
  for (const auto& source : report.sources) {
    rows.push_back({source.name, source.coverage});
    if (!scheduled) continue;
    std::string gaps;
    for (const auto& [from, to] : source.gaps)
      gaps += fmt::format("{}{} to {}", gaps.empty() ? "" : "; ", from, to);
    const bool counted = source.scheduled && source.scheduled_hours > 0;
    rows.back().push_back(counted ? fmt::format("{} of {}", group_digits(source.covered_hours),
                                                group_digits(source.scheduled_hours))
                                  : std::string{});
    rows.back().push_back(std::move(gaps));
  }
  html.element("h3", "Sources");
  write_text_table(html, "Sources", columns, rows, OnNarrowPages::stacks);
}

void write_sources(HtmlWriter& html, const Report& report) {
  open_section(html, "sources", "Sources and methods");
  write_source_table(html, report);
  write_channels(html, report);
  html.element("p",
               fmt::format("Shares come with n and Wilson's 95 % interval; below n = {} counts are "
                           "shown in place of a percentage. What a source does not say is left "
                           "out, never taken as zero.",
                           report.minimum_n),
               {{"class", "note"}});
  html.close();
}

void write_manifest(HtmlWriter& html, const Report& report) {
  open_section(html, "manifest", "Manifest");
  html.open("dl", {{"class", "terms"}});
  const auto say = [&](std::string_view term, const std::string& text) {
    html.element("dt", term);
    html.element("dd", text);
  };
  say("earshot", report.version);
  say("window", fmt::format("{} to {}", report.window_begin, report.window_end));
  if (!report.before_begin.empty())
    say("before", fmt::format("{} to {}", report.before_begin, report.before_end));
  say("now", report.now);
  say("config", report.config_hash);
  if (!report.posts_hash.empty()) say("posts", report.posts_hash);
  for (const auto& generation : report.generations)
    say("labels", fmt::format("{}: {} by model {} ({}), config {}{}", generation.id,
                              count_of(generation.posts, "post"), generation.model,
                              generation.model_hash, generation.config_hash,
                              generation.expected ? "" : "; not the present model and config"));
  html.close();
  html.close();
}

void write_contents(HtmlWriter& html, const Report& report, bool has_charts) {
  html.open("nav", {{"aria-label", "Contents"}, {"class", "contents"}});
  html.open("ul");
  const auto link = [&](const std::string& id, std::string_view title) {
    html.open("li");
    html.element("a", title, {{"href", "#" + id}});
    html.close();
  };
  if (!report.highlights.empty()) link("highlights", "Highlights");
  if (std::ranges::any_of(report.views, &ReportView::has_criteria)) link("scorecard", "Scorecard");
  if (has_charts) link("charts", "Charts");
  for (const auto& view : report.views) link("view-" + view.name, view.title);
  if (!report.other_metrics.empty())
    link("also", report.views.empty() ? "Metrics" : "Also measured");
  if (!report.tables.empty()) link("tables", "Tables");
  if (!report.posts.empty()) link("posts", "Posts");
  link("sources", "Sources and methods");
  link("manifest", "Manifest");
  html.close();
  html.close();
}

void write_main(HtmlWriter& html, const Report& report, HtmlWriter charts) {
  if (!report.notes.empty()) {
    html.open("section", {{"class", "first"}, {"aria-labelledby", "first"}});
    html.element("h2", "What to know first", {{"id", "first"}});
    write_list(html, "notes", report.notes);
    html.close();
  }
  if (!report.highlights.empty()) {
    open_section(html, "highlights", "Highlights", false);
    write_list(html, "highlights", report.highlights);
    html.close();
  }
  write_scorecard(html, report);
  write_charts(html, std::move(charts));
  const auto posts = places_of(report);
  write_views(html, report, posts);
  write_tables(html, report, posts);
  if (!report.posts.empty()) {
    open_section(html, "posts", "Posts behind the numbers", false);
    write_posts(html, report.posts);
    html.close();
  }
  write_sources(html, report);
  write_manifest(html, report);
}

}  // namespace

std::string render_html(const Report& report, const RenderOptions&) {
  HtmlWriter html;
  html.open("html", {{"lang", "en"}});
  write_head(html, report);
  html.open("body");
  html.element("a", "Skip to the report", {{"class", "skip"}, {"href", "#report"}});
  write_title(html, report);
  auto charts = draw_charts(report);
  write_contents(html, report, !charts.nothing_written());
  html.open("main", {{"id", "report"}, {"tabindex", "-1"}});
  write_main(html, report, std::move(charts));
  html.close();
  html.open("footer");
  html.element("p",
               fmt::format("Made by earshot {} from posts up to {}.", report.version, report.now));
  html.close();
  html.close();
  html.close();
  return "<!DOCTYPE html>\n" + html.take();
}

}  // namespace earshot
