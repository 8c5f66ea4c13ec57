#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyze/waits.hpp"

namespace earshot {

namespace {

std::size_t priority_index(const InboxItem& item) {
  return std::clamp<std::size_t>(item.priority, 1, 3) - 1;
}

Instant observed_end(const Tallies& tallies) {
  return std::min(tallies.request.window().end, tallies.request.now);
}

/// Unanswered when the window ends, whatever comes after.
bool waits(const InboxItem& item, Instant end) {
  return !item.answered_after ||
         item.key.posted_at + std::chrono::seconds{*item.answered_after} >= end;
}

bool overdue(const InboxItem& item, const Tallies& tallies, const Project& project) {
  const auto end = observed_end(tallies);
  return waits(item, end) && end - item.key.posted_at > project.inbox.sla[priority_index(item)];
}

struct Count {
  std::uint64_t eligible = 0, used = 0, overdue = 0;
};

Figure figure_of(std::string name, const Count& count) {
  return {.name = std::move(name),
          .value = static_cast<double>(count.overdue),
          .ratio = Ratio{static_cast<std::int64_t>(count.overdue),
                         static_cast<std::int64_t>(count.used)},
          .n_used = count.used,
          .n_eligible = count.eligible};
}

MetricValue measure_backlog(const MetricInput& input) {
  Count all;
  std::array<Count, 3> by_priority{};
  std::chrono::seconds oldest{0};
  for (const auto& item : input.tallies.inbox) {
    if (!is_brands(item)) continue;
    const bool late = is_watched(item) && overdue(item, input.tallies, input.project);
    for (auto* count : {&all, &by_priority[priority_index(item)]}) {
      ++count->eligible;
      if (item.threaded) ++count->used;
      if (late) ++count->overdue;
    }
    if (late) oldest = std::max(oldest, input.observed_end() - item.key.posted_at);
  }
  if (all.eligible > 0 && all.used == 0)
    return {.figure = not_measurable(
                {}, Unit::items,
                "no replies are collected from these sources, so answers can't be seen",
                all.eligible)};
  MetricValue value{.figure = figure_of({}, all)};
  if (all.overdue > 0)
    value.parts.push_back({.name = "oldest",
                           .unit = Unit::days,
                           .value = static_cast<double>(oldest.count()),
                           .n_used = all.overdue,
                           .n_eligible = all.overdue});
  for (std::size_t i = 0; i < by_priority.size(); ++i) {
    if (by_priority[i].eligible == 0) continue;
    const auto target = static_cast<double>(input.project.inbox.sla[i].count());
    auto row =
        figure_of(fmt::format("{} (after {})", i + 1, format_duration(target)), by_priority[i]);
    if (by_priority[i].used == 0) {
      row.value.reset();
      row.ratio.reset();
      row.not_measurable = "no replies are collected from these sources";
    }
    value.breakdown.push_back({"priority", std::move(row)});
  }
  return value;
}

std::string say(const MetricValue& value) {
  const auto late = value.figure.ratio->numerator;
  if (late == 0) return "Nobody waits for your answer longer than your targets allow.";
  return fmt::format("{} {} waiting for your answer past {} target; the oldest for {}.", late,
                     late == 1 ? "post is" : "posts are", late == 1 ? "its" : "their",
                     format_duration(*value.parts[0].value));
}

Weight weigh(const InboxItem& item, const Tallies& tallies, const Project& project) {
  const bool used = is_watched(item);
  return {is_brands(item), used, used && overdue(item, tallies, project)};
}

}  // namespace

/// Posts of the window that need the brand's answer, have none when the window ends (or now), and
/// are older than the target of their priority; of those where replies are collected. Answers that
/// come later do not count. Oldest: the age of the oldest. No value where there are such posts but
/// replies are collected from none of their channels; without any post it is a real 0.
MetricDefinition backlog() {
  return {.formula =
              "count(needs an answer, unanswered at the end of the window, older than the target "
              "of its priority), where replies are collected; oldest: the largest age",
          .source = "Plain: queue",
          .misleading_when = "posts were settled in private",
          .measure = measure_backlog,
          .reads = {Table::waits},
          .sentence = say,
          .evidence = {.inbox = weigh},
          .census = true};
}

}  // namespace earshot
