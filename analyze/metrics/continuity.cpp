#include <algorithm>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

/// The local weeks that lie in the window as a whole.
std::vector<Window> whole_weeks(const Calendar& calendar, Window observed) {
  constexpr std::chrono::days more{8};
  const auto edges = calendar.week_edges({observed.begin - more, observed.end + more});
  std::vector<Window> weeks;
  for (std::size_t i = 1; i + 2 < edges.size(); ++i)  // the outermost edges begin no week
    if (observed.begin <= edges[i] && edges[i + 1] <= observed.end)
      weeks.push_back({edges[i], edges[i + 1]});
  return weeks;
}

/// Times of the own replies, rising.
std::vector<Instant> reply_times(const Tallies& tallies) {
  std::vector<Instant> times;
  for (const auto& item : tallies.own)
    if (is_own_reply(item)) times.push_back(item.key.posted_at);
  std::ranges::sort(times);
  return times;
}

std::chrono::seconds longest_silence(const std::vector<Instant>& times, Window observed) {
  auto last = observed.begin;
  std::chrono::seconds longest{0};
  for (const auto at : times) {
    longest = std::max(longest, at - last);
    last = at;
  }
  return std::max(longest, observed.end - last);
}

/// Silence is a real 0 only where a reply would have been seen.
bool replies_are_seen(const Tallies* tallies) {
  return tallies != nullptr && std::ranges::any_of(tallies->own, [](const OwnItem& item) {
           return item.owner == brand_index && (item.threaded || is_own_reply(item));
         });
}

MetricValue measure_continuity(const MetricInput& input) {
  if (!replies_are_seen(&input.tallies) && !replies_are_seen(input.other))
    return {.figure = not_measurable({}, Unit::percent, why_no_own_replies(input))};
  const Window observed{input.tallies.request.window().begin, input.observed_end()};
  const auto weeks = whole_weeks(input.calendar, observed);
  if (weeks.empty())
    return {.figure =
                not_measurable({}, Unit::percent,
                               fmt::format("no whole week lies in the window (weeks begin on {})",
                                           input.calendar.weekday_name(0)))};
  const auto times = reply_times(input.tallies);
  const auto active =
      static_cast<std::uint64_t>(std::ranges::count_if(weeks, [&](const Window& week) {
        const auto first = std::ranges::lower_bound(times, week.begin);
        return first != times.end() && *first < week.end;
      }));
  MetricValue value{.figure = share_figure({}, Unit::percent, active, weeks.size(), weeks.size())};
  value.parts.push_back({.name = "longest silence",
                         .unit = Unit::days,
                         .value = static_cast<double>(longest_silence(times, observed).count()),
                         .n_used = times.size(),
                         .n_eligible = times.size()});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& ratio = *value.figure.ratio;
  return fmt::format("You replied to somebody in {} of {} weeks; the longest silence was {}.",
                     ratio.numerator, ratio.denominator, format_duration(*value.parts[0].value));
}

std::vector<PostKey> own_replies(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.own)
    if (is_own_reply(item)) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Local weeks with an own reply / local weeks, of those that lie in the window (up to now) as a
/// whole: a part of a week may well be quiet. Auto-replies are none. Longest silence: the longest
/// time without an own reply, the window's edges counting as ends. No value without a whole week,
/// or where no reply of the brand could have been seen.
MetricDefinition continuity() {
  return {.formula =
              "local weeks with an own reply / whole local weeks of the window; longest time "
              "without an own reply",
          .source = "ours, for Altimeter's stage Converged",
          .misleading_when = "the business is seasonal, or nobody needed an answer",
          .measure = measure_continuity,
          .reads = {Table::activity},
          .sentence = say,
          .evidence = {.posts = own_replies},
          .census = true};
}

}  // namespace earshot
