// The report as one JSON object, for scripts. Fields are only ever added; `schema` says so. The
// same as a JSON Schema is configs/schema/report.schema.json, which `earshot report --schema`
// prints.
//
//   schema      1
//   project     name
//   timezone    name
//   window      {begin, end}: instants in UTC, RFC 3339; end is not in it
//   before      the same, or null without a comparison
//   now         instant
//   labels      {labelled, unlabelled, labelled_otherwise, collapsed}: posts; collapsed are
//               near-duplicates
//   notes       [text]
//   stages      [{name, title, model, question, metrics: [name], needs,
//               criteria: [{metric, status, value, shown, threshold, threshold_shown}] or null,
//               evidenced, verdict, next_step}]; evidenced is null for views that are no stages
//   also        [name]: metrics that are in none of the stages shown
//   metrics     [{name, number, title, level, summary, sentence, value, more_than, shown, unit,
//               n_used, n_eligible, numerator, denominator, small_sample,
//               interval: {low, high, method} or null, not_measurable: text or null,
//               change: {before, difference, unit, interval} or null, parts: [figure],
//               breakdown: [figure with dimension], series: [{day, items}], series_unit,
//               explain: {formula, source, misleading_when, coverage} or null,
//               evidence: {counted: [id], counted_total, others: [id], others_total} or null}]
//   sources     [{name, scheduled, scheduled_hours, covered_hours, coverage, gaps: [[from, to]]}]
//   channels    [{name, items, replies_collected}]
//   highlights  [text]: the few sentences most worth reading
//   charts      {moods: [{day, positive, neutral, negative, net, interval}],
//               spikes: [{at, day, at_shown, about, score, items, usual}], breaks: [{at, day, what}],
//               waits: [{seconds, waiting}], waits_n, heat: {weekdays: [name], items: [[count]]} or
//               null}; a mood's counts are null where nothing was collected
//   tables      [{name, title, note, columns: [{title, unit}], rows: [[{shown, value}]], empty}]
//   posts       [{id, at, at_shown, author, channel, text, url}]
//   manifest    {version, now, minimum_n, config_hash, posts_hash,
//               generations: [{id, posts, model, model_hash, config_hash, expected}]}
//
// A figure of parts and breakdown has name and the fields of a metric from value to change. Numbers
// are in `unit`: percent 0 to 100, points -100 to 100, durations in seconds or days. value is null
// where it is not measurable (the reason is beside it), where the sample is too small (numerator
// and denominator tell) and where it is beyond what was seen (more_than). An interval that is open
// above has high null; items of a series are null where nothing was collected.

#include <fmt/format.h>

#include "analyze/report.hpp"
#include "store/base/json_text.hpp"

namespace earshot {

namespace {

/// Writes JSON with two spaces of indentation; commas and lines are its business.
class JsonWriter {
 public:
  void open(std::string_view key, char bracket) {
    start(key);
    out_ += bracket;
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) new_line();
    out_ += bracket;
    first_ = false;
  }
  void text(std::string_view key, std::string_view value) {
    start(key);
    append_json_string(out_, value);
  }
  void text_or_null(std::string_view key, std::string_view value) {
    start(key);
    if (value.empty())
      out_ += "null";
    else
      append_json_string(out_, value);
  }
  /// Digits as they are, null for none.
  void digits(std::string_view key, std::string_view value) {
    start(key);
    out_ += value.empty() ? "null" : value;
  }
  void number(std::string_view key, std::int64_t value) { digits(key, std::to_string(value)); }
  void count(std::string_view key, std::uint64_t value) { digits(key, std::to_string(value)); }
  void flag(std::string_view key, bool value) { digits(key, value ? "true" : "false"); }
  void null(std::string_view key) { digits(key, {}); }

  template <class Range, class Write>
  void array(std::string_view key, const Range& range, Write write) {
    open(key, '[');
    for (const auto& element : range) write(element);
    close(']');
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    array(key, values, [&](const std::string& value) { text({}, value); });
  }

  std::string take() {
    out_ += '\n';
    return std::move(out_);
  }

 private:
  void new_line() {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  }
  void start(std::string_view key) {
    if (depth_ > 0) {
      if (!first_) out_ += ',';
      new_line();
    }
    first_ = false;
    if (key.empty()) return;
    append_json_string(out_, key);
    out_ += ": ";
  }

  std::string out_;
  int depth_ = 0;
  bool first_ = true;
};

void write_interval(JsonWriter& json, const std::optional<ReportInterval>& interval) {
  if (!interval) return json.null("interval");
  json.open("interval", '{');
  json.digits("low", interval->low);
  json.digits("high", interval->high);
  json.text("method", interval->method);
  json.close('}');
}

void write_count_or_null(JsonWriter& json, std::string_view key,
                         const std::optional<std::uint64_t>& count) {
  json.digits(key, count ? std::to_string(*count) : std::string{});
}

void write_change(JsonWriter& json, const std::optional<ReportChange>& change) {
  if (!change) return json.null("change");
  json.open("change", '{');
  json.digits("before", change->before);
  json.digits("difference", change->difference);
  json.text("unit", change->unit);
  write_interval(json, change->interval);
  json.close('}');
}

void write_value(JsonWriter& json, const ReportFigure& figure) {
  const auto exact = [&](std::string_view key, const std::optional<std::int64_t>& value) {
    if (value)
      json.number(key, *value);
    else
      json.null(key);
  };
  json.digits("value", figure.value);
  json.digits("more_than", figure.more_than);
  json.text("shown", figure.shown);
  json.text("unit", figure.unit);
  json.count("n_used", figure.n_used);
  json.count("n_eligible", figure.n_eligible);
  exact("numerator", figure.numerator);
  exact("denominator", figure.denominator);
  json.flag("small_sample", figure.small_sample);
  write_interval(json, figure.interval);
  json.text_or_null("not_measurable", figure.not_measurable);
  write_change(json, figure.change);
}

void write_figure(JsonWriter& json, const ReportFigure& figure) {
  json.open({}, '{');
  if (!figure.dimension.empty()) json.text("dimension", figure.dimension);
  json.text("name", figure.name);
  write_value(json, figure);
  json.close('}');
}

void write_explain(JsonWriter& json, const ReportMetric& metric) {
  if (metric.formula.empty()) return json.null("explain");
  json.open("explain", '{');
  json.text("formula", metric.formula);
  json.text("source", metric.source);
  json.text("misleading_when", metric.misleading_when);
  json.text("coverage", metric.coverage);
  json.close('}');
}

void write_evidence(JsonWriter& json, const std::optional<ReportEvidence>& evidence) {
  if (!evidence) return json.null("evidence");
  json.open("evidence", '{');
  json.texts("counted", evidence->counted);
  json.count("counted_total", evidence->counted_total);
  json.texts("others", evidence->others);
  json.count("others_total", evidence->others_total);
  json.close('}');
}

void write_metric(JsonWriter& json, const ReportMetric& metric) {
  json.open({}, '{');
  json.text("name", metric.name);
  json.text("number", metric.number);
  json.text("title", metric.title);
  json.text("level", metric.level);
  json.text("summary", metric.summary);
  json.text("sentence", metric.sentence);
  write_value(json, metric.figure);
  json.array("parts", metric.parts, [&](const auto& part) { write_figure(json, part); });
  json.array("breakdown", metric.breakdown, [&](const auto& row) { write_figure(json, row); });
  json.array("series", metric.series, [&](const ReportPoint& point) {
    json.open({}, '{');
    json.text("day", point.day);
    write_count_or_null(json, "items", point.items);
    json.close('}');
  });
  json.text_or_null("series_unit", metric.series_unit);
  write_explain(json, metric);
  write_evidence(json, metric.evidence);
  json.close('}');
}

void write_criterion(JsonWriter& json, const ReportCriterion& criterion) {
  json.open({}, '{');
  json.text("metric", criterion.metric);
  json.text("status", name_of(criterion.status));
  json.digits("value", criterion.value);
  json.text("shown", criterion.value_shown);
  json.digits("threshold", criterion.threshold);
  json.text("threshold_shown", criterion.threshold_shown);
  json.close('}');
}

void write_view(JsonWriter& json, const ReportView& view) {
  json.open({}, '{');
  json.text("name", view.name);
  json.text("title", view.title);
  json.text("model", view.model);
  json.text("question", view.question);
  json.texts("metrics", view.metrics);
  json.text("needs", view.needs);
  if (view.has_criteria) {
    json.array("criteria", view.criteria,
               [&](const auto& criterion) { write_criterion(json, criterion); });
    json.flag("evidenced", view.evidenced);
  } else {
    json.null("criteria");
    json.null("evidenced");
  }
  json.text_or_null("verdict", view.verdict);
  json.text_or_null("next_step", view.next_step);
  json.close('}');
}

void write_window(JsonWriter& json, std::string_view key, std::string_view begin,
                  std::string_view end) {
  if (begin.empty()) return json.null(key);
  json.open(key, '{');
  json.text("begin", begin);
  json.text("end", end);
  json.close('}');
}

void write_source(JsonWriter& json, const ReportSource& source) {
  json.open({}, '{');
  json.text("name", source.name);
  json.flag("scheduled", source.scheduled);
  json.count("scheduled_hours", source.scheduled_hours);
  json.count("covered_hours", source.covered_hours);
  json.text("coverage", source.coverage);
  json.array("gaps", source.gaps, [&](const auto& gap) {
    json.open({}, '[');
    json.text({}, gap.first);
    json.text({}, gap.second);
    json.close(']');
  });
  json.close('}');
}

void write_mood(JsonWriter& json, const ReportMood& mood) {
  json.open({}, '{');
  json.text("day", mood.day);
  write_count_or_null(json, "positive", mood.positive);
  write_count_or_null(json, "neutral", mood.neutral);
  write_count_or_null(json, "negative", mood.negative);
  json.digits("net", mood.net);
  write_interval(json, mood.interval);
  json.close('}');
}

void write_spike(JsonWriter& json, const ReportSpike& spike) {
  json.open({}, '{');
  json.text("at", spike.at);
  json.text("day", spike.day);
  json.text("at_shown", spike.at_shown);
  json.text("about", spike.about);
  json.digits("score", spike.score);
  json.count("items", spike.items);
  json.digits("usual", spike.usual);
  json.close('}');
}

void write_heat(JsonWriter& json, const std::optional<ReportHeat>& heat) {
  if (!heat) return json.null("heat");
  json.open("heat", '{');
  json.texts("weekdays", heat->weekdays);
  json.array("items", heat->items, [&](const std::vector<std::uint64_t>& hours) {
    json.array({}, hours, [&](std::uint64_t items) { json.count({}, items); });
  });
  json.close('}');
}

void write_charts(JsonWriter& json, const ReportCharts& charts) {
  json.open("charts", '{');
  json.array("moods", charts.moods, [&](const auto& mood) { write_mood(json, mood); });
  json.array("spikes", charts.spikes, [&](const auto& spike) { write_spike(json, spike); });
  json.array("breaks", charts.breaks, [&](const ReportBreak& change) {
    json.open({}, '{');
    json.text("at", change.at);
    json.text("day", change.day);
    json.text("what", change.what);
    json.close('}');
  });
  json.array("waits", charts.waits, [&](const ReportWait& wait) {
    json.open({}, '{');
    json.number("seconds", wait.seconds);
    json.digits("waiting", wait.waiting);
    json.close('}');
  });
  json.count("waits_n", charts.waits_n);
  write_heat(json, charts.heat);
  json.close('}');
}

void write_table(JsonWriter& json, const ReportTable& table) {
  json.open({}, '{');
  json.text("name", table.name);
  json.text("title", table.title);
  json.text_or_null("note", table.note);
  json.array("columns", table.columns, [&](const ReportColumn& column) {
    json.open({}, '{');
    json.text("title", column.title);
    json.text_or_null("unit", column.unit);
    json.close('}');
  });
  json.array("rows", table.rows, [&](const std::vector<ReportCell>& row) {
    json.array({}, row, [&](const ReportCell& cell) {
      json.open({}, '{');
      json.text("shown", cell.shown);
      json.digits("value", cell.digits);
      json.close('}');
    });
  });
  json.text_or_null("empty", table.empty);
  json.close('}');
}

void write_post(JsonWriter& json, const ReportPost& post) {
  json.open({}, '{');
  json.text("id", post.id);
  json.text("at", post.at);
  json.text("at_shown", post.at_shown);
  json.text_or_null("author", post.author);
  json.text("channel", post.channel);
  json.text("text", post.text);
  json.text_or_null("url", post.url);
  json.close('}');
}

void write_manifest(JsonWriter& json, const Report& report) {
  json.open("manifest", '{');
  json.text("version", report.version);
  json.text("now", report.now);
  json.count("minimum_n", report.minimum_n);
  json.text("config_hash", report.config_hash);
  json.text_or_null("posts_hash", report.posts_hash);
  json.array("generations", report.generations, [&](const ReportGeneration& generation) {
    json.open({}, '{');
    json.text("id", generation.id);
    json.count("posts", generation.posts);
    json.text("model", generation.model);
    json.text("model_hash", generation.model_hash);
    json.text("config_hash", generation.config_hash);
    json.flag("expected", generation.expected);
    json.close('}');
  });
  json.close('}');
}

}  // namespace

std::string render_json(const Report& report, const RenderOptions&) {
  JsonWriter json;
  json.open({}, '{');
  json.number("schema", 1);
  json.text("project", report.project);
  json.text("timezone", report.timezone);
  write_window(json, "window", report.window_begin, report.window_end);
  write_window(json, "before", report.before_begin, report.before_end);
  json.text("now", report.now);
  json.open("labels", '{');
  json.count("labelled", report.labelled);
  json.count("unlabelled", report.unlabelled);
  json.count("labelled_otherwise", report.labelled_otherwise);
  json.count("collapsed", report.collapsed);
  json.close('}');
  json.texts("notes", report.notes);
  json.array("stages", report.views, [&](const auto& view) { write_view(json, view); });
  json.texts("also", report.other_metrics);
  json.array("metrics", report.metrics, [&](const auto& metric) { write_metric(json, metric); });
  json.array("sources", report.sources, [&](const auto& source) { write_source(json, source); });
  json.array("channels", report.channels, [&](const ReportChannel& channel) {
    json.open({}, '{');
    json.text("name", channel.name);
    json.count("items", channel.items);
    json.flag("replies_collected", channel.replies_collected);
    json.close('}');
  });
  json.texts("highlights", report.highlights);
  write_charts(json, report.charts);
  json.array("tables", report.tables, [&](const auto& table) { write_table(json, table); });
  json.array("posts", report.posts, [&](const auto& post) { write_post(json, post); });
  write_manifest(json, report);
  json.close('}');
  return json.take();
}

}  // namespace earshot
