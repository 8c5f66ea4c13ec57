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
                .n_used = count_of(sorted),
                .n_eligible = n_eligible};
  const auto quantile = survival_quantile(sorted, p);
  figure.value = quantile.value;
  if (!quantile.value) figure.beyond = quantile.beyond;
  if (p == 0.5) figure.interval = survival_median_interval(sorted);
  return figure;
}

Waits brand_waits(const Tallies& tallies) {
  if (!tallies.request.tables.has(Table::answers)) return waits_in_inbox(tallies, is_brands);
  Waits waits;
  for (const auto& row : tallies.answers) {
    if (row.owner != brand_index) continue;
    waits.eligible += row.items;
    if (row.threaded)
      waits.sorted.push_back({static_cast<double>(row.seconds), row.answered, row.items});
  }
  sort_observations(waits.sorted);
  return waits;
}

Waits waits_in_inbox(const Tallies& tallies, bool (*wanted)(const InboxItem& item)) {
  Waits waits;
  for (const auto& item : tallies.inbox) {
    if (!is_brands(item) || !wanted(item)) continue;
    ++waits.eligible;
    if (is_watched(item)) waits.sorted.push_back(wait_of(item));
  }
  sort_observations(waits.sorted);
  return waits;
}

MetricValue measure_waits(const MetricInput& input, const Waits& waits,
                          bool (*wanted)(const InboxItem& item), std::string_view none) {
  const auto eligible = waits.eligible;
  if (waits.sorted.empty())
    return {.figure = not_measurable(
                {}, Unit::seconds,
                eligible == 0
                    ? std::string{none}
                    : "no replies are collected from these sources, so answers can't be seen",
                eligible)};
  MetricValue value{.figure = wait_figure("median", waits.sorted, 0.5, eligible)};
  value.parts.push_back(wait_figure("p90", waits.sorted, 0.9, eligible));
  if (const auto& hours = input.project.inbox.business_hours) {
    const auto business = business_waits(input, *hours, wanted);
    value.parts.push_back(wait_figure("median, business hours", business, 0.5, eligible));
    value.parts.push_back(wait_figure("p90, business hours", business, 0.9, eligible));
  }
  return value;
}

}  // namespace earshot
