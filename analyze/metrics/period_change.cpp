#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "analyze/metric.hpp"

namespace earshot {

namespace {

constexpr double most_coverage_apart = 0.05;
constexpr double seconds_a_week = 7 * 86'400;

/// The figures that a report is read for, beside the volume.
constexpr std::array<std::string_view, 4> headline_shares{"share_of_voice", "net_sentiment",
                                                          "response_rate", "net_advocacy"};

MetricInput before_of(const MetricInput& input) {
  return {*input.other, &input.tallies, input.project, input.calendar, input.accounts, input.files};
}

Figure figure_of(std::string_view name, const MetricInput& input) {
  const auto* metric = find_metric(name);
  if (metric == nullptr) return not_measurable({}, Unit::items, "not among the metrics");
  return measure_alone(*metric, input).figure;
}

std::vector<std::uint64_t> generations_of(const Tallies& tallies) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, posts] : tallies.labels.generations) ids.push_back(id);
  return ids;
}

/// Why the two windows can't be compared; empty if they can.
std::string why_not(const MetricInput& input) {
  if (input.other == nullptr) return "nothing to compare with: add --compare previous";
  const auto& now = input.tallies;
  const auto& before = *input.other;
  if (before.request.window().begin >= now.request.window().begin)
    return "the other window is not before this one";
  if (before.labels.labelled == 0) return "no labelled post in the window before";
  if (now.request.entities != before.request.entities ||
      generations_of(now) != generations_of(before))
    return "the posts of the two windows were labelled by different models or configs: run "
           "earshot analyze --all";
  const auto covered = figure_of("coverage", input).value;
  const auto covered_before = figure_of("coverage", before_of(input)).value;
  if (covered.has_value() != covered_before.has_value())
    return "sources were polled in one of the two windows only";
  if (covered && std::abs(*covered - *covered_before) > most_coverage_apart)
    return fmt::format(
        "coverage was {:.0f} % in this window and {:.0f} % in the one before: too far apart",
        *covered * 100, *covered_before * 100);
  return {};
}

std::string title(std::string_view name) {
  std::string words{name};
  std::ranges::replace(words, '_', ' ');
  return words;
}

Figure share_change(std::string_view name, const MetricInput& input) {
  const auto now = figure_of(name, input);
  const auto before = figure_of(name, before_of(input));
  const auto refuse = [&](std::string why) {
    return not_measurable(title(name), Unit::points, std::move(why));
  };
  if (!now.value) return refuse(now.not_measurable);
  if (!before.value) return refuse("in the window before: " + before.not_measurable);
  if (now.small_sample || before.small_sample)
    return refuse(
        fmt::format("fewer than {} posts in one of the windows", input.project.minimum_n));
  if (!now.interval || !before.interval) return refuse("it has no interval");
  return {
      .name = title(name),
      .unit = Unit::points,
      .value = *now.value - *before.value,
      .n_used = now.n_used + before.n_used,
      .n_eligible = now.n_eligible + before.n_eligible,
      .interval = difference_interval(*now.value, *now.interval, *before.value, *before.interval)};
}

struct Rate {
  double per_week = 0;
  Interval interval;
  std::uint64_t posts = 0;
};

/// Posts a week, with the score interval for a Poisson count.
Rate rate_of(const MetricInput& input) {
  const auto volume = figure_of("listening_volume", input);
  const auto count = volume.value.value_or(0);
  const auto begin = input.tallies.request.window().begin;
  const double weeks =
      std::max(1.0, static_cast<double>((input.observed_end() - begin).count())) / seconds_a_week;
  constexpr double z = 1.959964;
  const double centre = count + z * z / 2;
  const double half = z * std::sqrt(count + z * z / 4);
  return {count / weeks,
          {std::max(0.0, centre - half) / weeks, (centre + half) / weeks, "Poisson score"},
          volume.n_used};
}

Figure volume_change(const MetricInput& input) {
  const auto now = rate_of(input);
  const auto before = rate_of(before_of(input));
  auto interval = difference_interval(now.per_week, now.interval, before.per_week, before.interval);
  interval.method = "Zou-Donner";
  return {.name = "listening volume",
          .unit = Unit::posts_per_week,
          .value = now.per_week - before.per_week,
          .n_used = now.posts + before.posts,
          .n_eligible = now.posts + before.posts,
          .interval = interval};
}

bool is_beyond_chance(const Figure& change) {
  return change.interval && (change.interval->low > 0 || change.interval->high < 0);
}

MetricValue measure_change(const MetricInput& input) {
  if (auto why = why_not(input); !why.empty())
    return {.figure = not_measurable({}, Unit::items, std::move(why))};
  MetricValue value;
  value.parts.push_back(volume_change(input));
  for (const auto name : headline_shares) value.parts.push_back(share_change(name, input));
  const auto told = std::ranges::count_if(
      value.parts, [](const Figure& change) { return change.value.has_value(); });
  const auto changed = std::ranges::count_if(value.parts, is_beyond_chance);
  value.figure = {.value = static_cast<double>(changed),
                  .words = fmt::format("{} of {}", changed, told),
                  .ratio = Ratio{changed, told},
                  .n_used = static_cast<std::uint64_t>(told),
                  .n_eligible = value.parts.size()};
  return value;
}

std::string say(const MetricValue& value) {
  std::string changed;
  for (const auto& change : value.parts) {
    if (!is_beyond_chance(change)) continue;
    if (!changed.empty()) changed += ", ";
    changed += fmt::format("{} {}", change.name, *change.value > 0 ? "up" : "down");
  }
  if (changed.empty()) return "Nothing changed by more than chance since the window before.";
  return fmt::format("Changed by more than chance since the window before: {}.", changed);
}

}  // namespace

/// How many of the headline figures changed since the window before by more than chance: those
/// whose interval of the difference leaves out 0. Parts: each change, shares in points, the volume
/// in posts a week so that a window that is still open can be compared. No value without a window
/// before, where coverage is more than 5 points apart, or where entities, models or configs differ;
/// archives have no coverage and are taken as they are. It counts figures, not posts.
MetricDefinition period_change() {
  return {.formula =
              "headline figures (volume a week, share of voice, net sentiment, response "
              "rate, net advocacy) whose M(W) - M(W') has an interval without 0",
          .source = "Owyang, phase Renewal; Newcombe (1998); Zou & Donner (2008)",
          .misleading_when =
              "the season changes the figures, or posts come in bursts (the interval "
              "of the volume takes them as independent)",
          .measure = measure_change,
          .reads = {Table::cube, Table::audience, Table::answers},
          .sentence = say,
          .census = true};
}

}  // namespace earshot
