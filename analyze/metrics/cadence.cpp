#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr double week = 7 * 86'400;

std::vector<Instant> own_post_times(const Tallies& tallies) {
  std::vector<Instant> times;
  for (const auto& item : tallies.own)
    if (is_own_post(item)) times.push_back(item.key.posted_at);
  std::ranges::sort(times);
  return times;
}

/// The longest time without an own post, also before the first and after the last of the window.
std::int64_t longest_gap(const std::vector<Instant>& times, Window observed) {
  auto last = observed.begin;
  std::chrono::seconds longest{0};
  for (const auto at : times) {
    longest = std::max(longest, at - last);
    last = at;
  }
  return std::max(longest, observed.end - last).count();
}

bool heard_from_brand(const Tallies* tallies) {
  return tallies != nullptr && std::ranges::any_of(tallies->own, [](const OwnItem& item) {
           return item.owner == brand_index;
         });
}

MetricValue measure_cadence(const MetricInput& input) {
  // Silence is a real 0 only if the brand's accounts are listened to: some post of theirs, if only
  // a reply, or one of the window before, shows it.
  if (!heard_from_brand(&input.tallies) && !heard_from_brand(input.other))
    return {.figure = not_measurable({}, Unit::posts_per_week, why_no_own_posts(input.project))};
  const Window observed{input.tallies.request.window().begin, input.observed_end()};
  const auto seconds = static_cast<double>((observed.end - observed.begin).count());
  if (seconds <= 0)
    return {.figure = not_measurable({}, Unit::posts_per_week, "the window has not begun yet")};
  const auto times = own_post_times(input.tallies);
  const auto roots = std::ranges::count_if(input.tallies.own, [](const OwnItem& item) {
    return item.owner == brand_index && item.root;
  });
  MetricValue value;
  value.figure = {.unit = Unit::posts_per_week,
                  .value = static_cast<double>(times.size()) * week / seconds,
                  .n_used = times.size(),
                  .n_eligible = static_cast<std::uint64_t>(roots)};
  value.parts.push_back({.name = "longest gap",
                         .unit = Unit::days,
                         .value = static_cast<double>(longest_gap(times, observed)),
                         .n_used = times.size(),
                         .n_eligible = static_cast<std::uint64_t>(roots)});
  return value;
}

std::string say(const MetricValue& value) {
  const auto posts = value.figure.n_used;
  return fmt::format("You posted {} {} of your own; the longest silence was {}.", posts,
                     posts == 1 ? "post" : "posts", format_duration(*value.parts[0].value));
}

Weight weigh(const OwnItem& item, const Tallies&, const Project&) {
  const bool counted = is_own_post(item);
  return {item.owner == brand_index && item.root, counted, counted};
}

}  // namespace

/// Own root posts that are not reposts / weeks of the window up to now. Longest gap: the longest
/// time without one, the window's edges counting as ends. No value if no post of the brand is
/// stored in this window and the other; else no posts are a real 0.
MetricDefinition cadence() {
  return {.formula = "count(own root posts that are not reposts) / weeks; longest time without one",
          .source = "practice",
          .misleading_when = "reposts are counted as posts",
          .measure = measure_cadence,
          .reads = {Table::own_posts},
          .sentence = say,
          .evidence = {.own = weigh},
          .census = true};
}

}  // namespace earshot
