#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

std::size_t priority_index(const InboxItem& item) {
  return std::clamp<std::size_t>(item.priority, 1, 3) - 1;
}

std::int64_t target_of(const InboxItem& item, const Project& project) {
  return project.inbox.sla[priority_index(item)].count();
}

/// Old enough for its target to have been kept, or missed.
bool due(const InboxItem& item, const Project& project) {
  return is_brands(item) && item.observed_for >= target_of(item, project);
}

bool kept(const InboxItem& item, const Project& project) {
  return item.answered_after && *item.answered_after <= target_of(item, project);
}

std::string why_not(const MetricInput& input, std::uint64_t eligible) {
  if (eligible > 0) return "no replies are collected from these sources, so answers can't be seen";
  if (std::ranges::any_of(input.tallies.inbox, is_brands))
    return "no post that needs an answer is as old as its target yet";
  return "no post in the window needs an answer by the brand";
}

MetricValue measure_sla(const MetricInput& input) {
  struct Count {
    std::uint64_t eligible = 0, used = 0, kept = 0;
  };
  Count all;
  std::array<Count, 3> by_priority{};
  for (const auto& item : input.tallies.inbox) {
    if (!due(item, input.project)) continue;
    for (auto* count : {&all, &by_priority[priority_index(item)]}) {
      ++count->eligible;
      if (!item.threaded) continue;
      ++count->used;
      if (kept(item, input.project)) ++count->kept;
    }
  }
  if (all.used == 0)
    return {.figure =
                not_measurable({}, Unit::percent, why_not(input, all.eligible), all.eligible)};
  MetricValue value{.figure = share_figure({}, Unit::percent, all.kept, all.used, all.eligible)};
  for (std::size_t i = 0; i < by_priority.size(); ++i) {
    const auto& count = by_priority[i];
    if (count.eligible == 0) continue;
    const auto target = static_cast<double>(input.project.inbox.sla[i].count());
    auto row = share_figure(fmt::format("{} (within {})", i + 1, format_duration(target)),
                            Unit::percent, count.kept, count.used, count.eligible);
    if (count.used == 0) row.not_measurable = "no replies are collected from these sources";
    value.breakdown.push_back({"priority", row});
  }
  return value;
}

Weight weigh(const InboxItem& item, const Tallies&, const Project& project) {
  const bool eligible = due(item, project);
  const bool used = eligible && item.threaded;
  return {eligible, used, used && kept(item, project)};
}

}  // namespace

/// Posts that need the brand's answer and got it within the target of their priority / such posts
/// that are at least as old as that target; only where replies are collected. A target longer than
/// the horizon is never reached, since no answer is looked for after the horizon.
MetricDefinition sla_attainment() {
  return {.formula =
              "count(needs an answer, first answer within the target of its priority) / "
              "count(needs an answer, as old as that target), where replies are collected",
          .source = "DevLake; Hootsuite",
          .misleading_when = "the targets were moved",
          .measure = measure_sla,
          .reads = {Table::waits},
          .evidence = {.inbox = weigh}};
}

}  // namespace earshot
