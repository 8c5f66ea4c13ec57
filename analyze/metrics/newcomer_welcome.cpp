#include <algorithm>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

/// A welcome comes within two days, and no answer is looked for after the horizon.
std::int64_t due_after(const Tallies& tallies) {
  constexpr std::chrono::seconds two_days = std::chrono::hours{48};
  return std::min(two_days, tallies.request.horizon).count();
}

bool is_settled(const NewcomerItem& item, const Tallies& tallies) {
  return item.observed_for >= due_after(tallies);
}

bool is_welcome(const NewcomerItem& item, const Tallies& tallies) {
  return item.replied_after && *item.replied_after <= due_after(tallies);
}

std::string why_not(const Tallies& tallies, std::uint64_t eligible) {
  if (eligible > 0) return "no replies are collected from these sources, so answers can't be seen";
  if (tallies.newcomers.empty()) return "nobody spoke for the first time in the window";
  return fmt::format("no first post is {} old yet",
                     format_duration(static_cast<double>(due_after(tallies))));
}

MetricValue measure_welcome(const MetricInput& input) {
  const auto& tallies = input.tallies;
  const auto& begin = tallies.history.begin;
  if (begin && *begin > tallies.request.previous.begin)
    return {.figure = not_measurable(
                {}, Unit::percent,
                fmt::format("the store begins on {}, so the window before is not all in it and "
                            "people look new who are not",
                            input.calendar.format_day(*begin)))};
  std::uint64_t eligible = 0;
  std::uint64_t used = 0;
  std::uint64_t welcome = 0;
  for (const auto& item : tallies.newcomers) {
    if (!is_settled(item, tallies)) continue;
    ++eligible;
    if (!item.threaded) continue;
    ++used;
    if (is_welcome(item, tallies)) ++welcome;
  }
  if (used == 0)
    return {.figure = not_measurable({}, Unit::percent, why_not(tallies, eligible), eligible)};
  MetricValue value{.figure = share_figure({}, Unit::percent, welcome, used, eligible)};
  const auto known = tallies.request.window().begin - *begin;
  value.parts.push_back({.name = "history before",
                         .unit = Unit::days,
                         .value = static_cast<double>(known.count()),
                         .n_used = used,
                         .n_eligible = eligible});
  return value;
}

std::string say(const MetricValue& value) {
  const auto& figure = value.figure;
  return fmt::format("{} of {} people who spoke for the first time got a reply within two days.",
                     figure.ratio->numerator, figure.ratio->denominator);
}

std::vector<PostKey> first_posts(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& item : input.tallies.newcomers)
    if (is_settled(item, input.tallies) && item.threaded) posts.push_back(item.key);
  return posts;
}

}  // namespace

/// First posts of authors that the store has not seen before, at least 48 hours old, that somebody
/// else (an auto-reply is nobody) answered within 48 hours / such posts; only where replies are
/// collected. History before: how far the store reaches back from the window. No value where it
/// does not reach over the window before: then too many look new.
MetricDefinition newcomer_welcome() {
  return {.formula =
              "first-ever posts of their authors with a reply by anyone else within 48 hours / "
              "first-ever posts that are 48 hours old, where replies are collected",
          .source = "CHAOSS: newcomers",
          .misleading_when = "the store is young: people look new who are not",
          .measure = measure_welcome,
          .reads = {Table::newcomers},
          .sentence = say,
          .evidence = {.posts = first_posts}};
}

}  // namespace earshot
