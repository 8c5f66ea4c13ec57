#include "analyze/scorecard.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/stage.hpp"

namespace earshot {

namespace {

ReportCriterion judge(const Criterion& criterion, const Project& project,
                      const FindMeasured& find) {
  const auto& metric = *find_metric(criterion.metric);
  const auto measured = find(metric);
  const auto& figure = measured.value->figure;
  const auto* shown = measured.shown;
  const double threshold = threshold_of(criterion, project);
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
    judged.value_shown += fmt::format(", too few to judge: {} are needed", project.minimum_n);
  }
  return judged;
}

void give_verdict(ReportView& view) {
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
    view.next_step = fmt::format("{} is {}; the criterion is {}", unmet->title, unmet->value_shown,
                                 unmet->threshold_shown);
}

}  // namespace

ReportView make_view(const View& view, const Project& project, const FindMeasured& find) {
  ReportView shown{.name = std::string{view.name},
                   .title = std::string{view.title},
                   .model = std::string{view.model},
                   .question = std::string{view.question},
                   .needs = std::string{view.needs},
                   .has_criteria = view.stage.has_value()};
  for (const auto number : view.metrics) shown.metrics.emplace_back(find_metric(number)->name);
  if (view.stage) {
    for (const auto& criterion : criteria())
      if (criterion.stage == *view.stage) shown.criteria.push_back(judge(criterion, project, find));
    give_verdict(shown);
  }
  return shown;
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

}  // namespace earshot
