#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// Posts that need an answer on each day, in order of time.
using Daily = std::vector<double>;

/// The local days that lie in the window as a whole.
std::vector<Window> whole_days(const MetricInput& input) {
  const auto edges =
      input.calendar.day_edges({input.tallies.request.window().begin, input.observed_end()});
  std::vector<Window> days;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    if (input.calendar.is_midnight(edges[i]) && input.calendar.is_midnight(edges[i + 1]))
      days.push_back({edges[i], edges[i + 1]});
  return days;
}

/// p90 of posts a day, in hours of handling.
Figure hours_figure(std::string name, Daily daily, double handling_minutes,
                    std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name),
                .unit = Unit::hours_per_day,
                .n_used = daily.size(),
                .n_eligible = n_eligible};
  std::ranges::sort(daily);
  figure.value = quantile(daily, 0.9).value_or(0) * handling_minutes / 60;
  return figure;
}

Figure mean_hours(const Daily& daily, double handling_minutes, std::uint64_t n_eligible) {
  double posts = 0;
  for (const auto day : daily) posts += day;
  return {.name = "on average",
          .unit = Unit::hours_per_day,
          .value = posts * handling_minutes / 60 / static_cast<double>(daily.size()),
          .n_used = daily.size(),
          .n_eligible = n_eligible};
}

MetricValue measure_workload(const MetricInput& input) {
  const auto& tallies = input.tallies;
  auto days = whole_days(input);
  const auto all_days = static_cast<std::uint64_t>(days.size());
  std::erase_if(days, [&](const Window& day) { return collected_nothing(tallies, day); });
  if (days.empty())
    return {.figure = not_measurable({}, Unit::hours_per_day,
                                     all_days == 0 ? "no whole day lies in the window"
                                                   : "nothing was collected on any of the days",
                                     all_days)};
  Daily all(days.size());
  std::map<std::uint64_t, Daily> by_channel;
  for (const auto& item : tallies.inbox) {
    const auto at = item.key.posted_at;
    if (!is_brands(item) || at < days.front().begin) continue;
    const auto next = std::ranges::upper_bound(days, at, {}, &Window::begin) - days.begin();
    const auto day = static_cast<std::size_t>(next) - 1;
    if (!days[day].contains(at)) continue;
    auto& channel = by_channel[item.channel];
    channel.resize(all.size());
    ++all[day];
    ++channel[day];
  }
  const double minutes = input.project.inbox.handling_minutes;
  MetricValue value{.figure = hours_figure({}, all, minutes, all_days)};
  value.parts.push_back(mean_hours(all, minutes, all_days));
  for_each_channel(tallies, by_channel, [&](std::string name, const Daily& daily) {
    value.breakdown.push_back({"channel", hours_figure(std::move(name), daily, minutes, all_days)});
  });
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Nine days of ten need at most {} of answering.",
                     format_duration(*value.figure.value * 3600));
}

std::vector<PostKey> inbox_posts(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.inbox)
    if (is_brands(item)) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// p90 over the whole local days of the window (up to now) of the posts that need the brand's
/// answer, answered or not, x handling minutes of the config / 60; n are days. Days without such
/// posts count as 0, days on which nothing was collected are left out. On average: the mean in
/// place of p90. By channel: p90 of each, which do not add up. No value without a whole day.
MetricDefinition workload_need() {
  return {.formula =
              "p90 over local days of count(needs an answer) x handling_minutes / 60; on average: "
              "the mean over days",
          .source = "Owyang: planning of resources",
          .misleading_when = "the future is unlike the past, or handling_minutes is a guess",
          .measure = measure_workload,
          .reads = {Table::waits},
          .sentence = say,
          .evidence = {.posts = inbox_posts},
          .census = true};
}

}  // namespace earshot
