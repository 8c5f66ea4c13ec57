#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr std::chrono::days active_for{30};

/// What one author said for or against the brand, in the year.
struct Advocate {
  std::set<std::string> active_days;  // local, of the last 30
  bool ever = false;
  bool warned_since = false;  // after the latest recommendation
};

std::map<std::uint64_t, Advocate> advocates_of(const MetricInput& input) {
  const auto end = input.observed_end();
  std::map<std::uint64_t, Advocate> advocates;
  for (const auto& row : input.tallies.history.stances) {  // oldest first
    const auto at = row.key.posted_at;
    if (row.author == 0 || at < end - stance_memory || at >= end) continue;
    auto& advocate = advocates[row.author];
    advocate.warned_since = row.stance == Stance::detractor;
    if (row.stance != Stance::advocate) continue;
    advocate.ever = true;
    if (at >= end - active_for) advocate.active_days.insert(input.calendar.iso_day(at));
  }
  std::erase_if(advocates, [](const auto& entry) { return !entry.second.ever; });
  return advocates;
}

std::string why_not(const MetricInput& input) {
  const auto end = input.observed_end();
  const auto& history = input.tallies.history;
  if (!history.begin || *history.begin > end - active_for)
    return fmt::format(
        "the store begins on {}: it must know more than the last 30 days to tell who "
        "of the earlier advocates is still active",
        input.calendar.format_day(history.begin.value_or(end)));
  const bool anybody = std::ranges::any_of(history.stances, [&](const StanceRow& row) {
    return row.stance == Stance::advocate && row.key.posted_at >= end - stance_memory &&
           row.key.posted_at < end;
  });
  if (anybody) return "these sources don't name the authors, so people can't be counted";
  return "nobody recommended the brand in the last 365 days";
}

MetricValue measure_advocates(const MetricInput& input) {
  const auto end = input.observed_end();
  const auto& begin = input.tallies.history.begin;
  const auto advocates = advocates_of(input);
  if (!begin || *begin > end - active_for || advocates.empty())
    return {.figure = not_measurable({}, Unit::percent, why_not(input))};
  std::uint64_t active = 0;
  std::uint64_t returning = 0;
  for (const auto& entry : advocates) {
    const auto& advocate = entry.second;
    if (!advocate.active_days.empty()) ++active;
    if (advocate.active_days.size() >= 2 && !advocate.warned_since) ++returning;
  }
  const auto all = static_cast<std::uint64_t>(advocates.size());
  MetricValue value{.figure = share_figure({}, Unit::percent, active, all, all)};
  value.parts.push_back({.name = "returning advocates",
                         .unit = Unit::people,
                         .value = static_cast<double>(returning),
                         .n_used = active,
                         .n_eligible = active});
  const auto known = std::min<std::chrono::seconds>(end - *begin, stance_memory);
  value.parts.push_back({.name = "history",
                         .unit = Unit::days,
                         .value = static_cast<double>(known.count()),
                         .n_used = all,
                         .n_eligible = all});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format(
      "{} of {} people who recommended you in the last year did so in the last 30 "
      "days.",
      figure.ratio->numerator, figure.ratio->denominator);
}

std::vector<PostKey> active_posts(const MetricInput& input) {
  const auto end = input.observed_end();
  std::vector<PostKey> posts;
  for (const auto& row : input.tallies.history.stances)
    if (row.author != 0 && row.stance == Stance::advocate &&
        row.key.posted_at >= end - active_for && row.key.posted_at < end)
      posts.push_back(row.key);
  return posts;
}

}  // namespace

/// Distinct authors who recommended the brand in the 30 days before the window's observed end /
/// those who did in the 365 days before it, however long the window; affiliates never. Returning
/// advocates: did so on two or more local days of the 30, and have not warned of the brand since.
/// History: how much of the 365 days the store has. No value where it has no more than the 30 (all
/// would be active), or nobody recommended the brand.
MetricDefinition active_advocates() {
  return {.formula =
              "distinct authors with an advocate post in the last 30 days / distinct authors with "
              "one in the last 365 days; returning: on two days or more, and no detractor post "
              "since",
          .source = "Owyang & Lovett, Social Marketing Analytics (2010)",
          .misleading_when =
              "staff, affiliates and paid partners are not listed, or the store is younger than a "
              "year",
          .measure = measure_advocates,
          .reads = {Table::stances},
          .sentence = say,
          .evidence = {.posts = active_posts}};
}

}  // namespace earshot
