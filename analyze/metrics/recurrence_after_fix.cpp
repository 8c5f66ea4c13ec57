#include <algorithm>

#include <fmt/format.h>

#include "analyze/declared.hpp"

namespace earshot {

namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr days least_span{7};  // a week on either side, so that no weekday is missing

struct Fix {
  EntityIndex topic = no_entity;
  Instant day;        ///< Its begin, ...
  Instant day_after;  ///< ... and its end: the day of the fix is on neither side.
};

EntityIndex topic_named(const TallyRequest& request, std::string_view name) {
  for (const auto topic : entities_of_kind(request, EntityKind::topic))
    if (same_name(request.entities[topic].name, name)) return topic;
  return no_entity;
}

/// The fixes of topics in the window.
std::vector<Fix> fixes_of(const MetricInput& input) {
  std::vector<Fix> fixes;
  if (!input.files.milestones) return fixes;
  for (const auto& row : *input.files.milestones) {
    if (!same_name(row.kind, "fix") || !is_observed(input, row.day)) continue;
    const auto topic = topic_named(input.tallies.request, row.note);
    if (topic == no_entity) continue;
    const auto next = input.calendar.day_begin(input.calendar.iso_day(row.day + hours{36}));
    fixes.push_back({topic, row.day, next.value_or(row.day + days{1})});
  }
  return fixes;
}

std::uint64_t complaints_in(const MetricInput& input, EntityIndex topic, Window span) {
  const Scope scope{Scope::Kind::entity, topic};
  std::uint64_t complaints = 0;
  for (const auto& row : input.tallies.history.quarters)
    if (row.scope == scope && span.contains(row.quarter)) complaints += row.complaints;
  return complaints;
}

double days_in(Window span) {
  return static_cast<double>((span.end - span.begin).count()) / 86'400;
}

/// The ratio of two Poisson rates. Given the sum, the later count is binomial, so that Wilson's
/// interval for its share gives one for the ratio, with zeros too.
Figure rate_ratio(std::string name, std::uint64_t after, double days_after, std::uint64_t before,
                  double days_before) {
  const auto ratio_at = [&](double share) {
    return share >= 1 ? Interval::open : share / (1 - share) * days_before / days_after;
  };
  const auto share = wilson_interval(after, after + before);
  Figure figure{.name = std::move(name),
                .unit = Unit::ratio,
                .value = (static_cast<double>(after) / days_after) /
                         (static_cast<double>(before) / days_before),
                .n_used = after + before,
                .n_eligible = after + before};
  figure.interval =
      Interval{ratio_at(share->low), ratio_at(share->high), "Wilson, of the count after"};
  return figure;
}

Figure recurrence(const MetricInput& input, const Fix& fix) {
  const auto& history = input.tallies.history;
  const auto earliest = input.tallies.request.window().begin - quarter_baseline;
  const Window before{std::max(history.begin.value_or(fix.day), earliest), fix.day};
  const Window after{fix.day_after, input.observed_end()};
  const auto name = fmt::format("{}, {}", input.tallies.request.entities[fix.topic].name,
                                input.calendar.format_day(fix.day));
  const auto refuse = [&](std::string why) {
    return not_measurable(name, Unit::ratio, std::move(why));
  };
  if (before.end - before.begin < least_span)
    return refuse(fmt::format("the store begins on {}: a week before the fix is needed",
                              input.calendar.format_day(before.begin)));
  if (after.end - after.begin < least_span)
    return refuse("the fix is less than a week old in this window: wait, or ask for a longer one");
  const auto complaints = complaints_in(input, fix.topic, before);
  if (complaints == 0)
    return refuse(fmt::format("nobody complained about it in the {:.0f} days before the fix",
                              days_in(before)));
  return rate_ratio(name, complaints_in(input, fix.topic, after), days_in(after), complaints,
                    days_in(before));
}

MetricValue measure_recurrence(const MetricInput& input) {
  if (auto why = why_not_of_part(input); !why.empty())
    return {.figure = not_measurable({}, Unit::ratio, std::move(why))};
  const auto fixes = fixes_of(input);
  if (fixes.empty())
    return {.figure = not_measurable(
                {}, Unit::ratio,
                input.files.milestones
                    ? "the milestones file has no fix in the window whose note is a topic"
                    : no_file("milestones"))};
  MetricValue value;
  const Figure* worst = nullptr;
  for (const auto& fix : fixes) value.breakdown.push_back({"fix", recurrence(input, fix)});
  for (const auto& row : value.breakdown)
    if (row.figure.value && (worst == nullptr || *row.figure.value > *worst->value))
      worst = &row.figure;
  value.figure = worst == nullptr ? value.breakdown.front().figure : *worst;
  if (worst == nullptr) value.figure.name.clear();
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  if (*figure.value == 0)
    return fmt::format("Since the fix nobody complains any more ({}).", figure.name);
  return fmt::format("After the fix there were {:.2f} times as many complaints a day ({}).",
                     *figure.value, figure.name);
}

/// Complaints to the brand on a topic after its fix.
std::vector<PostKey> complaints_after(const MetricInput& input) {
  std::vector<PostKey> keys;
  for (const auto& fix : fixes_of(input))
    for (const auto& item : input.tallies.inbox)
      if (is_brands(item) && item.key.posted_at >= fix.day_after &&
          item.intents.has(Intent::complaint) &&
          std::ranges::binary_search(item.entities, fix.topic))
        keys.push_back(item.key);
  return keys;
}

}  // namespace

/// Complaints a day on a topic after its fix / before it. A fix is a milestone of that kind in the
/// window whose note is the topic's name. Before: from eight weeks before the window, or where the
/// store begins; after: to the end of the window; the day of the fix itself is left out. The value
/// is that of the fix with the highest ratio. No value with less than a week on either side, or
/// without a complaint before.
MetricDefinition recurrence_after_fix() {
  return {.formula =
              "per fix: (complaints on its topic after / days) / (complaints before / "
              "days); the value is the highest",
          .source = "Owyang, phase Renewal; interval: Wilson's for the share of the later count",
          .misleading_when = "more or fewer people bought in the meantime, or sources changed",
          .measure = measure_recurrence,
          .reads = {Table::waits, Table::quarters},
          .sentence = say,
          .evidence = {.posts = complaints_after}};
}

}  // namespace earshot
