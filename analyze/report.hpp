#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/audit.hpp"
#include "analyze/project.hpp"
#include "analyze/user_files.hpp"
#include "store/base/result.hpp"
#include "store/base/time.hpp"
#include "store/post_store.hpp"

namespace earshot {

/// What `earshot report` was asked for.
struct ReportRequest {
  std::vector<std::string> views;    ///< "planning", "engagement", ...; empty: all stages.
  std::vector<std::string> metrics;  ///< Names or numbers ("M27"); if given, only these are shown.
  Window window;
  bool compare = false;             ///< With the window of the same length right before.
  Instant now;                      ///< What is not answered by then is open.
  bool explain = false;             ///< Formula, source and what would mislead, at each metric.
  bool evidence = false;            ///< Ids of the posts behind each metric.
  bool show_posts = false;          ///< With them, the posts.
  std::size_t evidence_limit = 20;  ///< Ids a metric.
  /// Empty, or "channel", "topic", "entity", "week": each figure once more for each of these.
  std::string by;
  bool workbook = false;  ///< The planning workbook: what to know before a channel is opened.
  std::uint64_t expected_generation =
      0;                ///< Of the present model and config; labels of others are pointed out.
  std::string version;  ///< Of earshot, for the manifest.
  /// What people found of the errors of labels. One of the very labels of the windows corrects
  /// their shares of sentiment.
  std::vector<Audit> audits = {};
};

/// The ends of a 95 % interval, as digits in the unit of its figure and in words.
struct ReportInterval {
  std::string low;
  std::string high;  ///< Empty: the data give no upper end.
  std::string shown;
  std::string method;
};

/// The same figure in the window before. `unit` is that of the difference: points, for a
/// percentage.
struct ReportChange {
  std::string before, before_shown;
  std::string difference, shown;
  std::string unit;
  std::optional<ReportInterval> interval;
};

/// One number, rounded. Digits have no grouping and always as many decimals as the unit asks for.
struct ReportFigure {
  std::string dimension;  ///< Of a breakdown row: "channel", "competitor", "topic", ...
  std::string name;
  std::string unit;
  std::string value;      ///< Digits; empty where there is no value, or too small a sample for one.
  std::string more_than;  ///< Digits, in place of a value that is beyond what was seen.
  std::string shown;      ///< For people: "34.1 %", "3 h 12 min", "12 of 17", "not measurable".
  std::optional<std::int64_t> numerator, denominator;
  std::uint64_t n_used = 0;
  std::uint64_t n_eligible = 0;
  std::optional<ReportInterval> interval;
  std::optional<ReportChange> change;
  std::string not_measurable;  ///< The reason, and what to do.
  bool small_sample = false;
};

/// One bucket of a series: a local day or week. No items: nothing was collected.
struct ReportPoint {
  std::string day;  ///< On which it begins: "2026-08-01".
  std::optional<std::uint64_t> items;
};

/// Posts behind a metric, "network:native id", oldest first, at most
/// `ReportRequest::evidence_limit` of each kind.
struct ReportEvidence {
  std::vector<std::string> counted;  ///< In the number.
  /// Looked at, and not in the number: unanswered, of competitors, ...
  std::vector<std::string> others;
  std::uint64_t counted_total = 0;
  std::uint64_t others_total = 0;
};

struct ReportMetric {
  std::string name, number, title, level, summary;
  ReportFigure figure;
  std::vector<ReportFigure> parts, breakdown;
  std::vector<ReportPoint> series;
  std::string series_unit;                                 ///< "day" or "week".
  std::string sentence;                                    ///< In plain words; may be empty.
  std::string formula, source, misleading_when, coverage;  ///< Empty unless asked for.
  std::optional<ReportEvidence> evidence;
};

/// A post that is shown: behind a number, or in a table.
struct ReportPost {
  std::string id;  ///< "network:native id"
  std::string at;  ///< RFC 3339 in UTC.
  std::string at_shown, author, channel, text, url;
};

/// One bucket of sentiment over time: items about the brand. Nothing collected: no counts.
struct ReportMood {
  std::string day;  ///< On which it begins.
  std::optional<std::uint64_t> positive, neutral, negative;
  std::string net;  ///< Digits in points; empty without items or below the minimum n.
  std::optional<ReportInterval> interval;
};

/// An hour in which much more was said than at this hour of the week in the weeks before.
struct ReportSpike {
  std::string at;        ///< RFC 3339 in UTC: the hour's begin.
  std::string day;       ///< The bucket of the volume's series that it is in.
  std::string at_shown;  ///< Local.
  std::string about;     ///< "all", or a topic's name.
  std::string score;     ///< Digits: robust z.
  std::uint64_t items = 0;
  std::string usual;  ///< Digits: the median of that hour.
};

/// Something changed that makes numbers before and after it hard to compare.
struct ReportBreak {
  std::string at, day;  ///< As in `ReportSpike`.
  std::string what;     ///< "source 'local-news' begins", "labels of another model or config".
};

/// The share of people that still wait for a first answer after so long, by Kaplan and Meier: a
/// falling step curve, each point the level from there on.
struct ReportWait {
  std::int64_t seconds = 0;
  std::string waiting;  ///< Digits in percent.
};

/// When people talk: items that were listened to by local weekday and hour, the week's first day
/// first.
struct ReportHeat {
  std::vector<std::string> weekdays;              ///< Seven names: "Mon", ...
  std::vector<std::vector<std::uint64_t>> items;  ///< [weekday][hour], 7 x 24.
};

/// What charts are drawn from, beside the series and breakdowns of the metrics.
struct ReportCharts {
  std::vector<ReportMood> moods;
  std::vector<ReportSpike> spikes;
  std::vector<ReportBreak> breaks;
  std::vector<ReportWait> waits;  ///< Empty where the first response time is not measurable.
  std::uint64_t waits_n = 0;
  std::optional<ReportHeat> heat;
};

struct ReportColumn {
  std::string title;
  std::string unit;  ///< Of the numbers in it, "percent"; empty for text.
};

struct ReportCell {
  std::string shown;
  std::string digits;  ///< In the unit of the column; empty for text, and where there is no number.
};

/// A table that is no metric: objectives, pilots, accounts, the checklist, slices by channel,
/// sources and methods, the pages of the planning workbook. Each row has as many cells as there are
/// columns.
struct ReportTable {
  std::string name;   ///< "objectives", "workbook_topics"
  std::string title;  ///< "Objectives"
  std::string note;   ///< How to read it; may be empty.
  std::vector<ReportColumn> columns;
  std::vector<std::vector<ReportCell>> rows;
  std::string empty;  ///< What to say where there are no rows.
};

/// What a stage asks of one metric.
struct ReportCriterion {
  enum class Status { met, not_met, not_measurable };
  std::string metric, title;
  Status status = Status::not_measurable;
  std::string value, value_shown;          ///< Empty and the reason, where there is none.
  std::string threshold, threshold_shown;  ///< "0.8" in the metric's unit; "at least 80.0 %".
};
std::string_view name_of(ReportCriterion::Status status);  ///< "met", "not met", "not measurable"

/// A view of the report: a stage, or a part of another model.
struct ReportView {
  std::string name, title, model, question;
  std::vector<std::string> metrics;  ///< Names, in order; all in `Report::metrics`.
  std::string needs;                 ///< What posts cannot show.
  bool has_criteria = false;         ///< Only stages have criteria, and a verdict.
  std::vector<ReportCriterion> criteria;
  bool evidenced = false;  ///< All measurable ones are met, and at least three are measurable.
  std::string verdict;     ///< The same in words.
  std::string next_step;   ///< The first criterion that is not met; may be empty.
};

struct ReportSource {
  std::string name;
  std::string coverage;  ///< "97.2 %", or "n/a (archive)".
  std::uint64_t scheduled_hours = 0, covered_hours = 0;
  bool scheduled = false;
  std::vector<std::pair<std::string, std::string>> gaps;  ///< Instants, from and to.
};

struct ReportChannel {
  std::string name;
  std::uint64_t items = 0;
  bool replies_collected = false;
};

struct ReportGeneration {
  std::string id;  ///< 16 hexadecimal digits.
  std::uint64_t posts = 0;
  std::string model, model_hash, config_hash;
  bool expected = false;
};

/// A finished report: values already computed and rounded, in the order in which they are shown.
/// Renderers only lay it out.
struct Report {
  std::string project;
  std::string timezone;
  std::string window_begin, window_end, window_shown;  ///< RFC 3339 in UTC; local days for people.
  std::string before_begin, before_end, before_shown;  ///< Empty without a comparison.
  std::string now;
  std::uint64_t labelled = 0, unlabelled = 0, labelled_otherwise = 0, collapsed = 0;
  /// What a reader must know first: stale labels, changed sources.
  std::vector<std::string> notes;
  std::vector<ReportView> views;
  std::vector<std::string> other_metrics;  ///< Names: shown, but in none of the views.
  std::vector<ReportMetric> metrics;
  std::vector<std::string> highlights;  ///< The few sentences most worth reading, in plain words.
  ReportCharts charts;
  std::vector<ReportTable> tables;  ///< In the order in which they are shown, after the metrics.
  std::vector<ReportPost> posts;    ///< By id: those of evidence and of small samples.
  std::vector<ReportSource> sources;
  std::vector<ReportChannel> channels;
  std::vector<ReportGeneration> generations;
  std::string version;
  std::string config_hash;  ///< Of what labels depend on, as the config is now.
  std::string posts_hash;   ///< Of the posts of the window, and their labels, in the store.
  std::uint64_t minimum_n = 0;
};

/// Error `usage` for an unknown view or metric, with a did-you-mean: what is wrong with a request
/// whatever the store and the project.
Result<Done> check_request(const ReportRequest& request);

/// The window is widened to quarter-hours of UTC. Errors: the store's; `usage` for an empty window
/// and for an unknown view or metric, with a did-you-mean; `config` for an unknown time zone and
/// for thresholds or objectives that name no metric.
Result<Report> make_report(const PostStore& store, const Project& project, const UserFiles& files,
                           const ReportRequest& request);

struct RenderOptions {
  int width = 80;  ///< Columns of the terminal.
  bool colour = false;
  bool raw_csv = false;  ///< CSV without the guards against formulas and control characters.
};

/// The names of all formats, as in `renderers.def`: "text", "json", "csv", "md", "xlsx".
const std::vector<std::string_view>& report_formats();

/// The report in that format. Errors: `usage`, no such format; `io`, no room for temporary files.
Result<std::string> render_report(const Report& report, std::string_view format,
                                  const RenderOptions& options);

/// By what `ReportRequest::by` may cut: "channel", "topic", "entity", "week".
const std::vector<std::string_view>& slice_dimensions();

/// All metrics, for `earshot report --list` and the README: number, name, unit, summary.
struct MetricListing {
  std::string_view number, name, unit, summary;
};
std::vector<MetricListing> list_metrics();

/// "planning", "presence", ..., and "altimeter", "cisco", ... for all of a model: the names that
/// `ReportRequest::views` takes.
const std::vector<std::string_view>& view_names();

}  // namespace earshot
