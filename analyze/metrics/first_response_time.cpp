#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

bool watched(const InboxItem& item) {
  return is_brands(item) && item.threaded;
}

/// A quantile of waiting times in which the unanswered are censored.
Figure wait_figure(std::string name, std::span<const Observation> sorted, double p,
                   std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name),
                .unit = Unit::seconds,
                .n_used = sorted.size(),
                .n_eligible = n_eligible};
  const auto quantile = survival_quantile(sorted, p);
  figure.value = quantile.value;
  if (!quantile.value) figure.beyond = quantile.beyond;
  if (p == 0.5) figure.interval = survival_median_interval(sorted);
  return figure;
}

Observation wait_of(const InboxItem& item) {
  return {static_cast<double>(item.answered_after.value_or(item.observed_for)),
          item.answered_after.has_value()};
}

std::vector<Observation> business_waits(const MetricInput& input, const BusinessHours& hours) {
  const auto window = input.tallies.request.window();
  const OpenTime open{
      input.calendar, hours, {window.begin, window.end + input.tallies.request.horizon}};
  std::vector<Observation> waits;
  for (const auto& item : input.tallies.inbox) {
    if (!watched(item)) continue;
    auto wait = wait_of(item);
    const auto asked = item.key.posted_at;
    const std::chrono::seconds seconds{static_cast<std::int64_t>(wait.time)};
    wait.time = static_cast<double>(open.between(asked, asked + seconds));
    waits.push_back(wait);
  }
  sort_observations(waits);
  return waits;
}

MetricValue measure_wait(const MetricInput& input) {
  std::vector<Observation> waits;
  std::uint64_t eligible = 0;
  for (const auto& item : input.tallies.inbox) {
    if (is_brands(item)) ++eligible;
    if (watched(item)) waits.push_back(wait_of(item));
  }
  if (waits.empty())
    return {.figure = not_measurable(
                {}, Unit::seconds,
                eligible == 0
                    ? "no post in the window needs an answer by the brand"
                    : "no replies are collected from these sources, so answers can't be seen",
                eligible)};
  sort_observations(waits);
  MetricValue value{.figure = wait_figure("median", waits, 0.5, eligible)};
  value.parts.push_back(wait_figure("p90", waits, 0.9, eligible));
  if (const auto& hours = input.project.inbox.business_hours) {
    const auto business = business_waits(input, *hours);
    value.parts.push_back(wait_figure("median, business hours", business, 0.5, eligible));
    value.parts.push_back(wait_figure("p90, business hours", business, 0.9, eligible));
  }
  return value;
}

std::string say(const MetricValue& value) {
  if (!value.figure.value)
    return fmt::format("Fewer than half of those who need an answer get one within {}.",
                       format_duration(*value.figure.beyond));
  return fmt::format("Half of those who need an answer get it within {}.",
                     format_duration(*value.figure.value));
}

Weight weigh(const InboxItem& item, const Tallies&, const Project&) {
  const bool used = watched(item);
  return {is_brands(item), used, used && item.answered_after};
}

}  // namespace

/// Median and p90 of the time from a post that needs the brand's answer to its first answer, by
/// Kaplan and Meier: who waits still counts as waiting longer than seen. Only where replies are
/// collected. Business hours: only seconds in which the business is open. Where the curve does not
/// come down to the quantile the figure says what it is beyond.
MetricDefinition first_response_time() {
  return {.formula =
              "Kaplan-Meier median and p90 of t(first answer) - t(post), unanswered posts "
              "censored at min(now, horizon); all hours, and business hours",
          .source = "Sprout; Plain; CHAOSS; Kaplan & Meier (1958)",
          .misleading_when =
              "a mean is taken, the unanswered are dropped, or automatic replies count as answers",
          .measure = measure_wait,
          .sentence = say,
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
