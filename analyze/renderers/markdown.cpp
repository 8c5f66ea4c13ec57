// The report as Markdown with GitHub's tables. Every text may come from outside, so each goes
// through `inert`: no HTML, no image, no link, no mention; control characters are visible escapes.

#include <algorithm>

#include <fmt/format.h>

#include "analyze/report.hpp"
#include "analyze/report_figure.hpp"
#include "store/base/ascii.hpp"
#include "store/base/terminal_text.hpp"

namespace earshot {

namespace {

/// Whether the character at `at` would begin an address that GitHub links by itself.
bool begins_address(std::string_view text, std::size_t at) {
  if (text[at] == ':') return text.substr(at).starts_with("://");
  return text[at] == '.' && at >= 3 && lower_case(text.substr(at - 3, 3)) == "www";
}

/// Text that stays text behind any mark of ours: what CommonMark and GitHub would make something
/// of has a backslash in front. A backslash does not keep "@" from being linked, code does.
std::string inert(std::string_view raw) {
  const auto text = printable(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@') {
      const auto end = std::min(text.find_first_not_of('@', i), text.size());
      out += "`" + text.substr(i, end - i) + "`";
      i = end - 1;
      continue;
    }
    const bool mark = std::string_view{"\\`*_{}[]<>#|~$&"}.find(text[i]) != std::string_view::npos;
    if (mark || begins_address(text, i)) out += '\\';
    out += text[i];
  }
  return out;
}

/// The same at the beginning of a line, where lists and underlines begin too.
std::string inert_line(std::string_view raw) {
  raw.remove_prefix(std::min(raw.find_first_not_of(" "), raw.size()));
  const auto text = inert(raw);
  const auto after = text.find_first_not_of("0123456789");
  if (after == std::string::npos) return text;
  const bool list = after > 0 && (text[after] == '.' || text[after] == ')');
  const bool mark = after == 0 && std::string_view{"+-=:"}.find(text[0]) != std::string_view::npos;
  if (list || mark) return text.substr(0, after) + '\\' + text.substr(after);
  return text;
}

/// Blocks of Markdown with one empty line between them.
class Document {
 public:
  void heading(int level, std::string_view text) {
    block(std::string(static_cast<std::size_t>(level), '#') + ' ' + inert(text));
  }
  void paragraph(std::string_view text) {
    if (!text.empty()) block(inert_line(text));
  }
  void list(const std::vector<std::string>& items) {
    if (items.empty()) return;
    block({});
    for (const auto& item : items) out_ += "- " + inert_line(item) + '\n';
  }
  /// The first row is the head; columns from `numbers` on are set flush right.
  void table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& numbers) {
    block({});
    for (const auto& row : rows) {
      out_ += '|';
      for (const auto& cell : row) out_ += ' ' + inert(cell) + " |";
      out_ += '\n';
      if (&row != rows.data()) continue;
      out_ += '|';
      for (const bool number : numbers) out_ += number ? "---:|" : "---|";
      out_ += '\n';
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void block(std::string_view text) {
    if (!out_.empty()) out_ += '\n';
    if (!text.empty()) out_.append(text).append("\n");
  }

  std::string out_;
};

std::string show_n(const ReportFigure& figure) {
  if (figure.n_used == figure.n_eligible) return group_digits(figure.n_used);
  return fmt::format("{} of {}", group_digits(figure.n_used), group_digits(figure.n_eligible));
}

std::string show_change(const ReportChange& change) {
  auto text = fmt::format("{}, was {}", change.shown, change.before_shown);
  if (change.interval) text += " (" + change.interval->shown + ")";
  return text;
}

std::vector<std::string> figure_row(const ReportFigure& figure, std::string name) {
  if (!figure.not_measurable.empty()) {
    const bool plain = figure.not_measurable.starts_with("n/a");
    return {std::move(name), (plain ? "" : "not measurable: ") + figure.not_measurable, "", "", ""};
  }
  return {std::move(name), figure.shown, figure.interval ? figure.interval->shown : "",
          show_n(figure), figure.change ? show_change(*figure.change) : ""};
}

void add_figures(Document& page, const std::vector<const ReportMetric*>& metrics) {
  std::vector<std::vector<std::string>> rows{{"", "value", "95 % interval", "n", "change"}};
  for (const auto* metric : metrics) {
    const auto& name = metric->figure.name;
    rows.push_back(figure_row(metric->figure,
                              name.empty() ? metric->title : metric->title + " (" + name + ")"));
    for (const auto& part : metric->parts)
      rows.push_back(figure_row(part, metric->title + ", " + part.name));
    for (const auto& row : metric->breakdown)
      rows.push_back(figure_row(row, metric->title + ", " + row.dimension + ": " + row.name));
  }
  if (rows.size() > 1) page.table(rows, {false, true, true, true, true});
}

void add_explanations(Document& page, const std::vector<const ReportMetric*>& metrics) {
  for (const auto* metric : metrics) {
    if (metric->formula.empty()) continue;
    page.paragraph(fmt::format("{} ({}, {}): {}", metric->title, metric->number, metric->level,
                               metric->summary));
    std::vector<std::string> lines{"formula: " + metric->formula, "n: " + show_n(metric->figure)};
    if (metric->figure.interval)
      lines.push_back(fmt::format("95 % interval: {} ({})", metric->figure.interval->shown,
                                  metric->figure.interval->method));
    lines.push_back("coverage: " + metric->coverage);
    lines.push_back("source: " + metric->source);
    lines.push_back("misleading when: " + metric->misleading_when);
    page.list(lines);
  }
}

void add_evidence(Document& page, const std::vector<const ReportMetric*>& metrics) {
  std::vector<std::string> lines;
  for (const auto* metric : metrics) {
    if (!metric->evidence) continue;
    const auto list = [&](std::string_view label, const std::vector<std::string>& ids,
                          std::uint64_t total) {
      auto line = fmt::format("Posts behind {}, {}: {}", metric->title, label, group_digits(total));
      for (const auto& id : ids) line += (&id == ids.data() ? ": " : ", ") + id;
      lines.push_back(line);
    };
    list("counted", metric->evidence->counted, metric->evidence->counted_total);
    list("not counted", metric->evidence->others, metric->evidence->others_total);
  }
  page.list(lines);
}

void add_metrics(Document& page, const Report& report, const std::vector<std::string>& names) {
  std::vector<const ReportMetric*> metrics;
  for (const auto& name : names)
    metrics.push_back(&*std::ranges::find(report.metrics, name, &ReportMetric::name));
  std::vector<std::string> sentences;
  for (const auto* metric : metrics)
    if (!metric->sentence.empty()) sentences.push_back(metric->sentence);
  page.list(sentences);
  add_figures(page, metrics);
  add_explanations(page, metrics);
  add_evidence(page, metrics);
}

void add_view(Document& page, const Report& report, const ReportView& view) {
  page.heading(2, view.title + ": " + view.question);
  add_metrics(page, report, view.metrics);
  if (!view.criteria.empty()) {
    std::vector<std::vector<std::string>> rows{{"criterion", "status", "value", "threshold"}};
    for (const auto& criterion : view.criteria)
      rows.push_back({criterion.title, std::string{name_of(criterion.status)},
                      criterion.value_shown, criterion.threshold_shown});
    page.table(rows, {false, false, true, true});
  }
  std::vector<std::string> lines;
  if (!view.verdict.empty()) lines.push_back("Result: " + view.verdict + ".");
  if (!view.next_step.empty()) lines.push_back("Next step: " + view.next_step + ".");
  if (!view.needs.empty()) lines.push_back("Posts can't show: " + view.needs + ".");
  page.list(lines);
}

/// What the volume did that numbers over the whole window don't show.
void add_events(Document& page, const ReportCharts& charts) {
  if (charts.spikes.empty() && charts.breaks.empty()) return;
  page.heading(2, "Spikes and breaks");
  std::vector<std::string> lines;
  for (const auto& spike : charts.spikes)
    lines.push_back(fmt::format("{}: {} about {}, usually {} (robust z {})", spike.at_shown,
                                count_of(spike.items, "post"), spike.about, spike.usual,
                                spike.score));
  for (const auto& change : charts.breaks) lines.push_back(change.day + ": " + change.what);
  page.list(lines);
}

void add_table(Document& page, const ReportTable& table) {
  page.heading(2, table.title);
  page.paragraph(table.note);
  if (table.rows.empty()) return page.paragraph(table.empty);
  std::vector<std::vector<std::string>> rows{{}};
  std::vector<bool> numbers;
  for (const auto& column : table.columns) {
    rows[0].push_back(column.title);
    numbers.push_back(!column.unit.empty());
  }
  for (const auto& cells : table.rows) {
    auto& row = rows.emplace_back();
    for (const auto& cell : cells) row.push_back(cell.shown);
  }
  page.table(rows, numbers);
}

void add_posts(Document& page, const std::vector<ReportPost>& posts) {
  if (posts.empty()) return;
  page.heading(2, "Posts");
  std::vector<std::vector<std::string>> rows{{"post", "when", "author", "channel", "text", "url"}};
  for (const auto& post : posts)
    rows.push_back({post.id, post.at_shown, post.author, post.channel, post.text, post.url});
  page.table(rows, std::vector<bool>(rows[0].size(), false));
}

void add_sources(Document& page, const Report& report) {
  page.heading(2, "Sources & methods");
  if (!report.sources.empty()) {
    std::vector<std::vector<std::string>> rows{
        {"source", "coverage", "hours covered", "hours scheduled", "gaps"}};
    for (const auto& source : report.sources) {
      const auto hours = [&](std::uint64_t count) {
        return source.scheduled ? group_digits(count) : std::string{};
      };
      std::string gaps;
      for (const auto& gap : source.gaps)
        gaps += (gaps.empty() ? "" : ", ") + gap.first + " to " + gap.second;
      rows.push_back({source.name, source.coverage, hours(source.covered_hours),
                      hours(source.scheduled_hours), gaps});
    }
    page.table(rows, {false, true, true, true, false});
  }
  if (!report.channels.empty()) {
    std::vector<std::vector<std::string>> rows{{"channel", "posts", "replies"}};
    for (const auto& channel : report.channels)
      rows.push_back({channel.name, group_digits(channel.items),
                      channel.replies_collected ? "are collected" : "none seen"});
    page.table(rows, {false, true, false});
  }
  page.paragraph(fmt::format(
      "Shares come with n and Wilson's 95 % interval; below n = {} counts are shown in place of a "
      "percentage. What a source does not say is left out, never taken as zero.",
      report.minimum_n));
}

void add_manifest(Document& page, const Report& report) {
  page.heading(2, "Manifest");
  std::vector<std::string> lines{"earshot: " + report.version,
                                 "window: " + report.window_begin + " to " + report.window_end};
  if (!report.before_begin.empty())
    lines.push_back("before: " + report.before_begin + " to " + report.before_end);
  lines.push_back("now: " + report.now);
  lines.push_back("config: " + report.config_hash);
  if (!report.posts_hash.empty()) lines.push_back("posts: " + report.posts_hash);
  for (const auto& generation : report.generations)
    lines.push_back(fmt::format("labels: {}: {} posts by model {} ({}), config {}", generation.id,
                                group_digits(generation.posts), generation.model,
                                generation.model_hash, generation.config_hash));
  page.list(lines);
}

}  // namespace

std::string render_md(const Report& report, const RenderOptions&) {
  Document page;
  page.heading(1, report.project);
  page.paragraph(fmt::format("{} ({})", report.window_shown, report.timezone));
  if (!report.before_shown.empty()) page.paragraph("Compared with " + report.before_shown);
  page.paragraph(fmt::format(
      "Posts: {} labelled, {} not yet labelled, {} labelled by another model or config; {} left "
      "out",
      group_digits(report.labelled), group_digits(report.unlabelled),
      group_digits(report.labelled_otherwise), count_of(report.collapsed, "near-duplicate")));
  page.list(report.notes);
  if (!report.highlights.empty()) page.heading(2, "In short");
  page.list(report.highlights);
  for (const auto& view : report.views) add_view(page, report, view);
  if (!report.other_metrics.empty()) {
    page.heading(2, report.views.empty() ? "Metrics" : "Also measured");
    add_metrics(page, report, report.other_metrics);
  }
  add_events(page, report.charts);
  for (const auto& table : report.tables) add_table(page, table);
  add_posts(page, report.posts);
  add_sources(page, report);
  add_manifest(page, report);
  return page.take();
}

}  // namespace earshot
