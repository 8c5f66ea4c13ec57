#include "analyze/report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/checklist.hpp"
#include "analyze/evidence.hpp"
#include "analyze/highlights.hpp"
#include "analyze/metric.hpp"
#include "analyze/report_charts.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/report_tables.hpp"
#include "analyze/report_window.hpp"
#include "analyze/scorecard.hpp"
#include "analyze/selection.hpp"
#include "analyze/share_correction.hpp"
#include "analyze/slices.hpp"
#include "analyze/views.hpp"
#include "analyze/workbook.hpp"
#include "store/base/parallel.hpp"
#include "store/base/utf8.hpp"

namespace earshot {

namespace {

std::string hex(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

/// Bytes of a post that a report quotes.
constexpr std::size_t longest_post = 1000;

/// Builds the report, part by part.
class Builder {
 public:
  Builder(const PostStore& store, const MetricContext& context, const ReportRequest& request,
          const Selection& selection)
      : store_{store},
        context_{context},
        project_{context.project},
        request_{request},
        calendar_{context.calendar},
        selection_{selection} {}

  /// Makes `now` say which posts its rows are, where evidence needs it.
  Result<Report> build(Tallies& now, const Tallies* before) {
    report_.project = project_.name;
    report_.timezone = calendar_.timezone();
    report_.version = request_.version;
    report_.config_hash = hex(labelling_hash(project_));
    report_.posts_hash = hex(now.fingerprint);
    report_.minimum_n = project_.minimum_n;
    add_windows(now, before);
    if (auto added = add_labels(now); !added) return added.error();
    add_sources(now);
    add_notes(now, before);
    const MetricInput input{
        now, before, project_, calendar_, context_.accounts, context_.files, context_.correction};
    measure_all(input);
    for (const auto* metric : selection_.metrics) add_metric(*metric);
    if (auto added = add_evidence(now, before); !added) return added.error();
    const auto find = [&](const Metric& metric) {
      return Measured{&values_.at(&metric),
                      &*std::ranges::find(report_.metrics, metric.name, &ReportMetric::name)};
    };
    for (const auto* view : selection_.views)
      report_.views.push_back(make_view(*view, project_, find));
    for (const auto* metric : selection_.others) report_.other_metrics.emplace_back(metric->name);
    report_.highlights = choose_highlights(report_.metrics);
    if (auto added = add_tables(input); !added) return added.error();
    return std::move(report_);
  }

 private:
  /// Metrics and charts, which know nothing of each other, beside each other.
  void measure_all(const MetricInput& input) {
    const auto count = selection_.metrics.size();
    std::vector<MetricValue> values(count);
    parallel_slices(count + 1, 1, [&](std::size_t begin, std::size_t end) {
      for (auto i = begin; i < end; ++i)
        if (i == 0)  // they take long
          report_.charts = make_charts(input);
        else
          values[i - 1] = measure(*selection_.metrics[i - 1], input.tallies, input.other, context_);
    });
    for (std::size_t i = 0; i < count; ++i) values_[selection_.metrics[i]] = std::move(values[i]);
  }

  void add_windows(const Tallies& now, const Tallies* before) {
    window_ = now.request.window();
    report_.window_begin = format_instant(window_.begin);
    report_.window_end = format_instant(window_.end);
    report_.window_shown = show_window(window_, calendar_);
    report_.now = format_instant(request_.now);
    if (before == nullptr) return;
    const auto earlier = before->request.window();
    report_.before_begin = format_instant(earlier.begin);
    report_.before_end = format_instant(earlier.end);
    report_.before_shown = show_window(earlier, calendar_);
  }

  Result<Done> add_labels(const Tallies& now) {
    report_.labelled = now.labels.labelled;
    report_.unlabelled = now.labels.unlabelled;
    report_.collapsed = now.collapsed;
    for (const auto& [id, posts] : now.labels.generations) {
      const auto generation = store_.generation(id);
      if (!generation) return generation.error();
      const bool expected = id == request_.expected_generation;
      if (!expected && request_.expected_generation != 0) report_.labelled_otherwise += posts;
      report_.generations.push_back({.id = hex(id),
                                     .posts = posts,
                                     .model = generation->model,
                                     .model_hash = hex(generation->model_hash),
                                     .config_hash = hex(generation->config_hash),
                                     .expected = expected});
    }
    return Done{};
  }

  void add_sources(const Tallies& now) {
    for (const auto& row : now.coverage) {
      ReportSource source{.name = row.source,
                          .coverage = "n/a (archive)",
                          .scheduled_hours = row.scheduled_hours,
                          .covered_hours = row.covered_hours,
                          .scheduled = row.scheduled};
      if (row.scheduled)
        source.coverage = row.scheduled_hours == 0
                              ? "not polled in the window"
                              : show_value(static_cast<double>(row.covered_hours) /
                                               static_cast<double>(row.scheduled_hours),
                                           Unit::percent);
      for (const auto& gap : row.gaps)
        source.gaps.emplace_back(format_instant(gap.begin), format_instant(gap.end));
      report_.sources.push_back(std::move(source));
    }
    for (const auto& row : now.channels)
      report_.channels.push_back({channel_name(row), row.items, row.replies > 0});
    std::ranges::stable_sort(report_.channels, std::greater{}, &ReportChannel::items);
  }

  /// Covered / scheduled hours over all sources; nothing if none has a schedule.
  static std::optional<double> coverage_of(const Tallies& tallies) {
    double covered = 0;
    double scheduled = 0;
    for (const auto& row : tallies.coverage) {
      covered += static_cast<double>(row.covered_hours);
      scheduled += static_cast<double>(row.scheduled_hours);
    }
    if (scheduled == 0) return {};
    return covered / scheduled;
  }

  void add_notes(const Tallies& now, const Tallies* before) {
    auto& notes = report_.notes;
    const auto posts = [](std::uint64_t count, std::string_view one, std::string_view more) {
      return fmt::format("{} {}", count_of(count, "post"), count == 1 ? one : more);
    };
    if (report_.unlabelled > 0)
      notes.push_back(posts(report_.unlabelled, "is", "are") +
                      " not labelled yet and in none of the numbers: run earshot analyze");
    if (report_.labelled_otherwise > 0)
      notes.push_back(posts(report_.labelled_otherwise, "has", "have") +
                      " labels of another model or config: run earshot analyze --all");
    else if (request_.expected_generation == 0 && report_.generations.size() > 1)
      notes.push_back(
          fmt::format("the labels come from {} models or configs", report_.generations.size()));
    if (request_.now < now.request.window().end)
      notes.push_back("the window is not over: numbers run to " +
                      calendar_.format_minute(request_.now));
    if (before == nullptr) return;
    const auto covered = coverage_of(now);
    const auto covered_before = coverage_of(*before);
    constexpr double alike = 0.05;
    if (covered && covered_before && std::abs(*covered - *covered_before) > alike)
      notes.push_back(fmt::format(
          "coverage was {} and is {}: part of any change may come from that",
          show_value(*covered_before, Unit::percent), show_value(*covered, Unit::percent)));
    else if (covered.has_value() != covered_before.has_value())
      notes.push_back(
          "only one of the two windows has coverage: the sources differ, and part of "
          "any change may come from that");
  }

  void add_metric(const Metric& metric) {
    const auto& value = values_.at(&metric);
    ReportMetric shown{.name = std::string{metric.name},
                       .number = std::string{metric.number},
                       .title = title_of(metric.name),
                       .level = std::string{name_of(metric.level)},
                       .summary = std::string{metric.summary},
                       .figure = round_figure(value.figure)};
    for (const auto& part : value.parts) shown.parts.push_back(round_figure(part));
    for (const auto& row : value.breakdown) {
      shown.breakdown.push_back(round_figure(row.figure));
      shown.breakdown.back().dimension = row.dimension;
    }
    // Channels may be many, so the large ones come first; the rest keeps the order of the config.
    const auto is_channel = [](const ReportFigure& row) { return row.dimension == "channel"; };
    const auto first = std::ranges::find_if(shown.breakdown, is_channel);
    const auto last = std::find_if_not(first, shown.breakdown.end(), is_channel);
    std::stable_sort(first, last, [](const ReportFigure& a, const ReportFigure& b) {
      return a.n_eligible > b.n_eligible;
    });
    for (const auto& point : value.series)
      shown.series.push_back({calendar_.iso_day(point.begin), point.items});
    if (!value.series.empty()) shown.series_unit = is_weekly(window_) ? "week" : "day";
    if (value.figure.not_measurable.empty() && metric.definition.sentence != nullptr)
      shown.sentence = metric.definition.sentence(value);
    if (request_.explain) explain(metric, shown);
    report_.metrics.push_back(std::move(shown));
  }

  void explain(const Metric& metric, ReportMetric& shown) const {
    shown.formula = metric.definition.formula;
    shown.source = metric.definition.source;
    shown.misleading_when = metric.definition.misleading_when;
    std::uint64_t covered = 0;
    std::uint64_t scheduled = 0;
    std::size_t archives = 0;
    for (const auto& source : report_.sources) {
      covered += source.covered_hours;
      scheduled += source.scheduled_hours;
      archives += source.scheduled ? 0 : 1;
    }
    if (scheduled > 0)
      shown.coverage = fmt::format(
          "{} of {} scheduled hours",
          show_value(static_cast<double>(covered) / static_cast<double>(scheduled), Unit::percent),
          group_digits(scheduled));
    if (archives > 0)
      shown.coverage += fmt::format("{}n/a for {} archive{}", scheduled > 0 ? "; " : "", archives,
                                    archives == 1 ? "" : "s");
    if (shown.coverage.empty()) shown.coverage = "no sources";
  }

  /// Posts behind the metrics: behind all of them if asked for, else behind those with too few.
  Result<Done> add_evidence(Tallies& now, const Tallies* before) {
    std::vector<const Metric*> wanted;
    for (std::size_t i = 0; i < selection_.metrics.size(); ++i) {
      const auto& rule = selection_.metrics[i]->definition.evidence;
      const bool possible = rule.fact || rule.own || rule.inbox || rule.raised || rule.posts;
      if (possible && (request_.evidence || report_.metrics[i].figure.small_sample))
        wanted.push_back(selection_.metrics[i]);
    }
    if (wanted.empty()) return Done{};
    if (auto named = name_rows(now, wanted); !named) return named.error();
    const MetricInput input{
        now, before, project_, calendar_, context_.accounts, context_.files, context_.correction};
    const auto found = collect_evidence(store_, input, wanted, request_.evidence_limit);
    if (!found) return found.error();
    const auto names = name_posts(wanted, *found);
    if (!names) return names.error();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& evidence = (*found)[i];
      ReportEvidence shown{.counted_total = evidence.counted_total,
                           .others_total = evidence.others_total};
      for (const auto& key : evidence.counted) shown.counted.push_back(names->at(key));
      if (request_
              .evidence)  // unasked, a small sample shows the posts that it is made of and no more
        for (const auto& key : evidence.others) shown.others.push_back(names->at(key));
      const auto metric = std::ranges::find(report_.metrics, wanted[i]->name, &ReportMetric::name);
      metric->evidence = std::move(shown);
    }
    return Done{};
  }

  /// Puts in place of inbox and own posts those that say which posts they are, if some of the
  /// metrics needs them and they do not yet.
  Result<Done> name_rows(Tallies& now, const std::vector<const Metric*>& wanted) const {
    auto request = now.request;
    request.tables = evidence_tables(tables_of(wanted, project_)).without(now.request.tables);
    if (request.tables == Tables{}) return Done{};
    auto rows = store_.tally(request);
    if (!rows) return rows.error();
    if (request.tables.has(Table::inbox)) now.inbox = std::move(rows->inbox);
    if (request.tables.has(Table::own)) now.own = std::move(rows->own);
    now.request.tables |= request.tables;
    return Done{};
  }

  /// Their ids. Posts that are to be shown are added to the report.
  Result<std::map<PostKey, std::string>> name_posts(const std::vector<const Metric*>& wanted,
                                                    const std::vector<Evidence>& evidence) {
    std::map<PostKey, std::string> names;
    std::set<PostKey> shown;
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      for (const auto* keys : {&evidence[i].counted, &evidence[i].others})
        for (const auto& key : *keys) names.emplace(key, "(no longer stored)");
      if (request_.show_posts) shown.insert(evidence[i].others.begin(), evidence[i].others.end());
      if (request_.show_posts || values_.at(wanted[i]).figure.small_sample)
        shown.insert(evidence[i].counted.begin(), evidence[i].counted.end());
    }
    std::vector<PostKey> keys;
    for (const auto& [key, name] : names) keys.push_back(key);
    StoredBatch batch;
    if (auto read = store_.posts(keys, batch); !read) return read.error();
    for (const auto& stored : batch.posts) {
      names[stored.key] = post_id(stored.post);
      if (shown.contains(stored.key)) report_.posts.push_back(show_post(stored.post));
    }
    std::ranges::sort(report_.posts, {}, &ReportPost::id);
    return names;
  }

  ReportPost show_post(const Post& post) const {
    return {.id = post_id(post),
            .at = format_instant(post.posted_at),
            .at_shown = calendar_.format_minute(post.posted_at),
            .author = std::string{post.author_name.empty() ? post.author_id : post.author_name},
            .channel = std::string{post.channel},
            .text = shorten(post.text, longest_post),
            .url = std::string{post.url}};
  }

  /// True for a report on everything, and where all stages or a phase of Owyang's are among the
  /// views: the checklist is about these two models as wholes.
  bool asks_for_checklist() const {
    const auto stages = std::ranges::count_if(
        selection_.views, [](const View* view) { return view->stage.has_value(); });
    return stages == static_cast<std::ptrdiff_t>(stage_count) ||
           std::ranges::any_of(selection_.views,
                               [](const View* view) { return model_key(*view) == "owyang"; });
  }

  /// What is no metric; of a report on single metrics only how they came about.
  Result<Done> add_tables(const MetricInput& input) {
    auto& tables = report_.tables;
    if (request_.metrics.empty()) {
      tables.push_back(objectives_table(input));
      auto pilots = pilots_table(store_, input);
      if (!pilots) return pilots.error();
      tables.push_back(*std::move(pilots));
      tables.push_back(accounts_table(input));
      if (asks_for_checklist())
        tables.push_back(checklist_table(project_, calendar_, request_.now));
    }
    if (!request_.by.empty()) {
      auto slices = make_slices(store_, input, selection_, request_.by);
      if (!slices) return slices.error();
      std::ranges::move(*slices, std::back_inserter(tables));
    }
    if (request_.workbook) {
      auto pages = make_workbook(store_, input);
      if (!pages) return pages.error();
      std::ranges::move(*pages, std::back_inserter(tables));
    }
    tables.push_back(methods_table(input, report_));
    return Done{};
  }

  const PostStore& store_;
  const MetricContext& context_;
  const Project& project_;
  const ReportRequest& request_;
  const Calendar& calendar_;
  const Selection& selection_;
  Window window_{};
  std::map<const Metric*, MetricValue> values_;  // looked up only, never walked
  Report report_;
};

/// What metrics and tables look at, in both windows.
Tables tables_for(const ReportRequest& request, const Selection& selection,
                  const Project& project) {
  auto tables = tables_of(selection.metrics, project);
  if (request.metrics.empty()) tables |= objectives_tables(project) | Tables{Table::accounts};
  if (request.workbook) tables |= workbook_tables(project);
  if (request.by == "entity" && tables.has_any(inbox_tables)) tables.add(Table::inboxes);
  return tables;
}

/// The audit of the labels of both windows, if all of them are of one generation and it has one.
std::optional<ShareCorrection> correction_for(const std::vector<Audit>& audits, const Tallies& now,
                                              const Tallies* before) {
  auto generations = now.labels.generations;
  if (before != nullptr)
    std::ranges::copy(before->labels.generations, std::back_inserter(generations));
  for (const auto& audit : audits) {
    const auto is_audited = [&](const auto& row) { return row.first == audit.frame.generation; };
    if (!generations.empty() && std::ranges::all_of(generations, is_audited))
      return ShareCorrection{audit};
  }
  return std::nullopt;
}

}  // namespace

Result<Report> make_report(const PostStore& store, const Project& project, const UserFiles& files,
                           const ReportRequest& request) {
  const auto selection = select(request);
  if (!selection) return selection.error();
  if (auto checks = check_metric_names(project); !checks) return checks.error();
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  const auto window = check_window(request.window, request.now);
  if (!window) return window.error();

  const auto tables = tables_for(request, *selection, project);
  auto asked = tally_request(bucket_edges(*window, *calendar), project, *calendar, request.now,
                             tables | chart_tables);
  // Beside tables that read facts, rows that say which posts they are cost little.
  if (request.evidence || asked.tables.has_any(fact_tables))
    asked.tables = evidence_tables(asked.tables);
  auto now = store.tally(asked);
  if (!now) return now.error();
  std::optional<Tallies> before;
  if (request.compare) {
    const auto earlier = now->request.previous;
    auto of_before =
        tally_request({earlier.begin, earlier.end}, project, *calendar, request.now, tables);
    auto tallies = store.tally(of_before);
    if (!tallies) return tallies.error();
    before = std::move(*tallies);
  }
  const auto accounts = Accounts::resolve(store, now->accounts, project, files);
  if (!accounts) return accounts.error();
  const auto correction = correction_for(request.audits, *now, before ? &*before : nullptr);
  const MetricContext context{project, *calendar, *accounts, files,
                              correction ? &*correction : nullptr};
  return Builder{store, context, request, *selection}.build(*now, before ? &*before : nullptr);
}

std::vector<MetricListing> list_metrics() {
  std::vector<MetricListing> listings;
  for (const auto& metric : metrics())
    listings.push_back({metric.number, metric.name, name_of(metric.unit), metric.summary});
  return listings;
}

const std::vector<std::string_view>& view_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const auto& view : views()) all.push_back(view.name);
    for (const auto& view : views())
      if (std::ranges::find(all, model_key(view)) == all.end()) all.push_back(model_key(view));
    return all;
  }();
  return names;
}

}  // namespace earshot
