#include "analyze/report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyze/calendar.hpp"
#include "analyze/evidence.hpp"
#include "analyze/metric.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/views.hpp"
#include "store/base/suggest.hpp"

namespace earshot {

namespace {

/// What is shown: views, and metrics that are in none of them.
struct Selection {
  std::vector<const View*> views;
  std::vector<const Metric*> others;
  std::vector<const Metric*> metrics;  // all of them, in the order of metrics.def
};

std::string unknown_metric(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& metric : metrics()) {
    names.push_back(metric.name);
    names.push_back(metric.number);
  }
  const auto hint = did_you_mean(name, names);
  return fmt::format("unknown metric '{}'{}", name,
                     hint.empty() ? "; `earshot report --list` lists them" : hint);
}

std::string unknown_view(std::string_view name) {
  const auto hint = did_you_mean(name, view_names());
  return fmt::format("unknown view '{}'{}", name,
                     hint.empty() ? "; `earshot report --help` names them" : hint);
}

std::vector<const Metric*> metrics_of(const View& view) {
  std::vector<const Metric*> found;
  for (const auto number : view.metrics)
    if (const auto* metric = find_metric(number)) found.push_back(metric);
  return found;
}

Result<Selection> select(const ReportRequest& request) {
  Selection selection;
  for (const auto& name : request.views) {
    const auto* view = find_view(name);
    if (view == nullptr) return Error{Error::Kind::usage, unknown_view(name)};
    if (std::ranges::find(selection.views, view) == selection.views.end())
      selection.views.push_back(view);
  }
  std::set<const Metric*> shown;
  for (const auto& name : request.metrics) {
    const auto* metric = find_metric(name);
    if (metric == nullptr) return Error{Error::Kind::usage, unknown_metric(name)};
    if (shown.insert(metric).second) selection.others.push_back(metric);
  }
  const bool only_metrics = !request.metrics.empty();
  if (only_metrics) selection.views.clear();
  const bool everything = request.views.empty() && !only_metrics;
  if (everything)
    for (const auto& view : views())
      if (view.stage) selection.views.push_back(&view);
  for (const auto* view : selection.views)
    for (const auto* metric : metrics_of(*view)) shown.insert(metric);
  for (const auto& metric : metrics()) {
    if (everything && !shown.contains(&metric)) selection.others.push_back(&metric);
    if (everything || shown.contains(&metric)) selection.metrics.push_back(&metric);
  }
  return selection;
}

/// Errors in what the config says about metrics.
Result<Done> check_names(const Project& project) {
  for (const auto& [name, value] : project.thresholds)
    if (find_metric(name) == nullptr)
      return Error{Error::Kind::config, "[thresholds]: " + unknown_metric(name)};
  for (const auto& objective : project.objectives)
    if (!objective.metric.empty() && find_metric(objective.metric) == nullptr)
      return Error{Error::Kind::config, fmt::format("objective '{}': {}", objective.name,
                                                    unknown_metric(objective.metric))};
  return Done{};
}

Result<Window> checked(Window window, Instant now) {
  if (window.begin >= window.end)
    return Error{Error::Kind::usage,
                 fmt::format("the window from {} to {} is empty", format_instant(window.begin),
                             format_instant(window.end))};
  if (window.begin >= now)
    return Error{Error::Kind::usage,
                 fmt::format("the window from {} begins after now, {}",
                             format_instant(window.begin), format_instant(now))};
  return widen_to_quarter_hours(window);
}

constexpr auto longest_daily = std::chrono::days{92};

bool is_weekly(Window window) {
  return window.end - window.begin > longest_daily;
}

TallyRequest tally_request(std::vector<Instant> edges, const Project& project,
                           const Calendar& calendar, Instant now) {
  const Window window{edges.front(), edges.back()};
  return {.edges = std::move(edges),
          .now = now,
          .horizon = project.inbox.horizon,
          .entities = entities_of(project),
          .previous = widen_to_quarter_hours(calendar.window_before(window))};
}

/// "1 Aug 2026 to 31 Aug 2026": whole days by their first and last, other windows to the minute.
std::string show_window(Window window, const Calendar& calendar) {
  if (!calendar.is_midnight(window.begin) || !calendar.is_midnight(window.end))
    return calendar.format_minute(window.begin) + " to " + calendar.format_minute(window.end);
  const auto first = calendar.format_day(window.begin);
  const auto last = calendar.format_day(window.end - std::chrono::seconds{1});
  return first == last ? first : first + " to " + last;
}

std::string hex(std::uint64_t hash) {
  return fmt::format("{:016x}", hash);
}

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

  Result<Report> build(const Tallies& now, const Tallies* before) {
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
    for (const auto* metric : selection_.metrics)
      values_[metric] = measure(*metric, now, before, context_);
    for (const auto* metric : selection_.metrics) add_metric(*metric);
    if (auto added = add_evidence(now, before); !added) return added.error();
    for (const auto* view : selection_.views) add_view(*view);
    for (const auto* metric : selection_.others) report_.other_metrics.emplace_back(metric->name);
    return std::move(report_);
  }

 private:
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
  Result<Done> add_evidence(const Tallies& now, const Tallies* before) {
    std::vector<const Metric*> wanted;
    for (std::size_t i = 0; i < selection_.metrics.size(); ++i) {
      const auto& rule = selection_.metrics[i]->definition.evidence;
      const bool possible = rule.fact || rule.own || rule.inbox || rule.raised || rule.posts;
      if (possible && (request_.evidence || report_.metrics[i].figure.small_sample))
        wanted.push_back(selection_.metrics[i]);
    }
    if (wanted.empty()) return Done{};
    const MetricInput input{now, before, project_, calendar_, context_.accounts, context_.files};
    const auto found = collect_evidence(store_, input, wanted, request_.evidence_limit);
    if (!found) return found.error();
    const auto names = name_posts(*found);
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

  Result<std::map<PostKey, std::string>> name_posts(const std::vector<Evidence>& evidence) const {
    std::map<PostKey, std::string> names;
    for (const auto& one : evidence)
      for (const auto* keys : {&one.counted, &one.others})
        for (const auto& key : *keys) names.emplace(key, "(no longer stored)");
    std::vector<PostKey> keys;
    for (const auto& [key, name] : names) keys.push_back(key);
    StoredBatch batch;
    if (auto read = store_.posts(keys, batch); !read) return read.error();
    for (const auto& stored : batch.posts) names[stored.key] = post_id(stored.post);
    return names;
  }

  ReportCriterion judge(const Criterion& criterion) const {
    const auto& metric = *find_metric(criterion.metric);
    const auto& figure = values_.at(&metric).figure;
    const auto shown = std::ranges::find(report_.metrics, metric.name, &ReportMetric::name);
    const double threshold = threshold_of(criterion, project_);
    ReportCriterion judged{.metric = std::string{metric.name},
                           .title = shown->title,
                           .value = shown->figure.value,
                           .value_shown = shown->figure.shown,
                           .threshold = digits_of(threshold, metric.unit),
                           .threshold_shown = (criterion.at_least ? "at least " : "at most ") +
                                              show_value(threshold, metric.unit)};
    using Status = ReportCriterion::Status;
    const auto met = [](bool is) { return is ? Status::met : Status::not_met; };
    if (!figure.not_measurable.empty()) {
      judged.value_shown = figure.not_measurable;
    } else if (!shown->figure.value.empty()) {
      judged.status =
          met(criterion.at_least ? *figure.value >= threshold : *figure.value <= threshold);
    } else if (figure.beyond && *figure.beyond >= threshold) {
      judged.status = met(criterion.at_least);
    } else if (figure.small_sample) {
      judged.value_shown += fmt::format(", too few to judge: {} are needed", project_.minimum_n);
    }
    return judged;
  }

  void add_view(const View& view) {
    ReportView shown{.name = std::string{view.name},
                     .title = std::string{view.title},
                     .model = std::string{view.model},
                     .question = std::string{view.question},
                     .needs = std::string{view.needs},
                     .has_criteria = view.stage.has_value()};
    for (const auto number : view.metrics) {
      if (const auto* metric = find_metric(number))
        shown.metrics.emplace_back(metric->name);
      else
        shown.not_computed.push_back(fmt::format("{} ({})", metric_name(number), number));
    }
    if (view.stage) {
      for (const auto& criterion : criteria())
        if (criterion.stage == *view.stage) shown.criteria.push_back(judge(criterion));
      give_verdict(shown);
    }
    report_.views.push_back(std::move(shown));
  }

  static void give_verdict(ReportView& view) {
    using Status = ReportCriterion::Status;
    const auto count = [&](Status status) {
      return static_cast<std::size_t>(
          std::ranges::count(view.criteria, status, &ReportCriterion::status));
    };
    const auto measurable = count(Status::met) + count(Status::not_met);
    view.evidenced = count(Status::not_met) == 0 && measurable >= least_measurable;
    if (view.criteria.empty())
      view.verdict = "not evidenced: this version has no criteria for it yet";
    else if (view.evidenced)
      view.verdict = fmt::format("evidenced: all {} measurable criteria are met", measurable);
    else if (measurable < least_measurable)
      view.verdict =
          fmt::format("not evidenced: {} of {} criteria can be measured, and {} are needed",
                      measurable, view.criteria.size(), least_measurable);
    else
      view.verdict = fmt::format("not evidenced: {} of {} measurable criteria are met",
                                 count(Status::met), measurable);
    const auto unmet = std::ranges::find(view.criteria, Status::not_met, &ReportCriterion::status);
    if (unmet != view.criteria.end())
      view.next_step = fmt::format("{} is {}; the criterion is {}", unmet->title,
                                   unmet->value_shown, unmet->threshold_shown);
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

}  // namespace

Result<Done> check_request(const ReportRequest& request) {
  const auto selection = select(request);
  if (!selection) return selection.error();
  return Done{};
}

Result<Report> make_report(const PostStore& store, const Project& project, const UserFiles& files,
                           const ReportRequest& request) {
  const auto selection = select(request);
  if (!selection) return selection.error();
  if (auto checks = check_names(project); !checks) return checks.error();
  const auto calendar = Calendar::create(project.timezone, project.week_start);
  if (!calendar) return calendar.error();
  const auto window = checked(request.window, request.now);
  if (!window) return window.error();

  const auto edges =
      is_weekly(*window) ? calendar->week_edges(*window) : calendar->day_edges(*window);
  const auto now = store.tally(tally_request(edges, project, *calendar, request.now));
  if (!now) return now.error();
  std::optional<Tallies> before;
  if (request.compare) {
    const auto earlier = now->request.previous;
    auto tallies =
        store.tally(tally_request({earlier.begin, earlier.end}, project, *calendar, request.now));
    if (!tallies) return tallies.error();
    before = std::move(*tallies);
  }
  const auto accounts = Accounts::resolve(store, now->accounts, project, files);
  if (!accounts) return accounts.error();
  const MetricContext context{project, *calendar, *accounts, files};
  return Builder{store, context, request, *selection}.build(*now, before ? &*before : nullptr);
}

std::string_view name_of(ReportCriterion::Status status) {
  switch (status) {
    case ReportCriterion::Status::met:
      return "met";
    case ReportCriterion::Status::not_met:
      return "not met";
    case ReportCriterion::Status::not_measurable:
      break;
  }
  return "not measurable";
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
    return all;
  }();
  return names;
}

}  // namespace earshot
