#include "analyze/waits.hpp"

#include <utility>
#include <vector>

namespace earshot {

namespace {

std::vector<Observation> business_waits(const MetricInput& input, const BusinessHours& hours,
                                        bool (*wanted)(const InboxItem& item)) {
  const auto window = input.tallies.request.window();
  const OpenTime open{
      input.calendar, hours, {window.begin, window.end + input.tallies.request.horizon}};
  std::vector<Observation> waits;
  for (const auto& item : input.tallies.inbox) {
    if (!is_watched(item) || !wanted(item)) continue;
    auto wait = wait_of(item);
    const auto asked = item.key.posted_at;
    const std::chrono::seconds seconds{static_cast<std::int64_t>(wait.time)};
    wait.time = static_cast<double>(open.between(asked, asked + seconds));
    waits.push_back(wait);
  }
  sort_observations(waits);
  return waits;
}

}  // namespace

bool is_watched(const InboxItem& item) {
  return is_brands(item) && item.threaded;
}

Observation wait_of(const InboxItem& item) {
  return {static_cast<double>(item.answered_after.value_or(item.observed_for)),
          item.answered_after.has_value()};
}

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

MetricValue measure_waits(const MetricInput& input, bool (*wanted)(const InboxItem& item),
                          std::string_view none) {
  std::vector<Observation> waits;
  std::uint64_t eligible = 0;
  for (const auto& item : input.tallies.inbox) {
    if (!is_brands(item) || !wanted(item)) continue;
    ++eligible;
    if (is_watched(item)) waits.push_back(wait_of(item));
  }
  if (waits.empty())
    return {.figure = not_measurable(
                {}, Unit::seconds,
                eligible == 0
                    ? std::string{none}
                    : "no replies are collected from these sources, so answers can't be seen",
                eligible)};
  sort_observations(waits);
  MetricValue value{.figure = wait_figure("median", waits, 0.5, eligible)};
  value.parts.push_back(wait_figure("p90", waits, 0.9, eligible));
  if (const auto& hours = input.project.inbox.business_hours) {
    const auto business = business_waits(input, *hours, wanted);
    value.parts.push_back(wait_figure("median, business hours", business, 0.5, eligible));
    value.parts.push_back(wait_figure("p90, business hours", business, 0.9, eligible));
  }
  return value;
}

}  // namespace earshot
