#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

using WeekHour = Calendar::WeekHour;

/// The local hours of the week in which the brand is usually there: it replied in them in two
/// different weeks, or once where the window is shorter than two weeks.
std::set<WeekHour> usual_hours(const MetricInput& input) {
  constexpr std::chrono::days two_weeks{14};
  const Window observed{input.tallies.request.window().begin, input.observed_end()};
  const std::size_t enough = observed.end - observed.begin < two_weeks ? 1 : 2;
  const auto edges = input.calendar.week_edges(observed);
  std::map<WeekHour, std::set<std::ptrdiff_t>> weeks;
  for (const auto& item : input.tallies.own) {
    if (!is_own_reply(item)) continue;
    const auto at = item.key.posted_at;
    weeks[input.calendar.week_hour(at)].insert(std::ranges::upper_bound(edges, at) - edges.begin());
  }
  std::set<WeekHour> usual;
  for (const auto& entry : weeks)
    if (entry.second.size() >= enough) usual.insert(entry.first);
  return usual;
}

bool arrives_in(const InboxItem& item, const std::set<WeekHour>& hours, const Calendar& calendar) {
  return hours.contains(calendar.week_hour(item.key.posted_at));
}

MetricValue measure_fit(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto needed = static_cast<std::uint64_t>(std::ranges::count_if(tallies.inbox, is_brands));
  if (needed == 0)
    return {.figure = not_measurable({}, Unit::percent,
                                     "no post in the window needs an answer by the brand")};
  if (std::ranges::none_of(tallies.own, [](const OwnItem& item) { return is_own_reply(item); }))
    return {.figure = not_measurable({}, Unit::percent, why_no_own_replies(input), needed)};
  const auto usual = usual_hours(input);
  if (usual.empty())
    return {.figure = not_measurable(
                {}, Unit::percent,
                "the brand replied in no hour of the week in two different weeks, so no hour is "
                "usual yet",
                needed)};
  std::uint64_t fitting = 0;
  for (const auto& item : tallies.inbox)
    if (is_brands(item) && arrives_in(item, usual, input.calendar)) ++fitting;
  MetricValue value{.figure = share_figure({}, Unit::percent, fitting, needed, needed)};
  value.parts.push_back(count_figure("usual hours of the week", usual.size()));
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format("{} of {} posts that need an answer came at hours at which you usually reply.",
                     figure.ratio->numerator, figure.ratio->denominator);
}

/// What came when nobody usually replies: the hours that are missed.
std::vector<PostKey> outside_posts(const MetricInput& input) {
  const auto usual = usual_hours(input);
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.inbox)
    if (is_brands(item) && !arrives_in(item, usual, input.calendar)) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// Posts that need the brand's answer and came in an hour of the week that is usual for its replies
/// / posts that need its answer. An hour of the week (local) is usual if the brand replied in it in
/// two different weeks of the window, or once where the window is shorter than two weeks;
/// auto-replies are no replies. The posts behind it are those outside these hours. No value where
/// no hour is usual.
MetricDefinition hours_fit() {
  return {.formula =
              "count(needs an answer, came in a usual hour of the week) / count(needs an answer); "
              "usual: with own replies in two different weeks",
          .source = "Owyang: planning of resources",
          .misleading_when = "the time zone of the config is wrong",
          .measure = measure_fit,
          .reads = {Table::activity, Table::waits},
          .sentence = say,
          .evidence = {.posts = outside_posts}};
}

}  // namespace earshot
