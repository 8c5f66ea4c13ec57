#include <algorithm>

#include <fmt/format.h>

#include "analyze/conversations.hpp"

namespace earshot {

namespace {

bool is_resolved(const Conversation& talk) {
  return talk.replied && talk.confirmed();
}

/// Median or p90 of durations in seconds, sorted; an interval for the median.
Figure time_figure(std::string name, std::span<const double> sorted, double p,
                   std::uint64_t n_eligible) {
  Figure figure{.name = std::move(name),
                .unit = Unit::seconds,
                .value = quantile(sorted, p),
                .n_used = sorted.size(),
                .n_eligible = n_eligible};
  if (p == 0.5) figure.interval = median_interval(sorted);
  return figure;
}

/// From opening to resolution, over cases of posts that were resolved in the window.
Figure official_time(const MetricInput& input) {
  const std::string name = "official median";
  if (!input.files.cases)
    return not_measurable(name, Unit::seconds, "no cases file: name one under [files]");
  const Window observed{input.tallies.request.window().begin, input.observed_end()};
  std::vector<double> times;
  std::uint64_t resolved = 0;
  for (const auto& row : *input.files.cases) {
    if (row.post_url.empty() || !row.resolved || !observed.contains(*row.resolved)) continue;
    ++resolved;
    if (row.opened && *row.opened <= *row.resolved)
      times.push_back(static_cast<double>((*row.resolved - *row.opened).count()));
  }
  if (times.empty())
    return not_measurable(
        name, Unit::seconds,
        "the cases file has no case of a post that was resolved in the window, with both times",
        resolved);
  std::ranges::sort(times);
  return time_figure(name, times, 0.5, resolved);
}

MetricValue measure_time(const MetricInput& input) {
  std::vector<double> times;
  std::uint64_t threads = 0;
  for (const auto& talk : conversations_of(input.tallies)) {
    if (!talk.replied || talk.first == nullptr) continue;
    ++threads;
    if (!is_resolved(talk)) continue;
    times.push_back(
        static_cast<double>((talk.last->key.posted_at - talk.first->key.posted_at).count()));
  }
  std::ranges::sort(times);
  MetricValue value;
  if (times.empty()) {
    value.figure = not_measurable({}, Unit::seconds,
                                  threads == 0 ? why_no_own_replies(input)
                                               : "nobody whom the brand replied to said thanks, or "
                                                 "that it is settled",
                                  threads);
  } else {
    value.figure = time_figure("median", times, 0.5, threads);
    value.parts.push_back(time_figure("p90", times, 0.9, threads));
  }
  value.parts.push_back(official_time(input));
  return value;
}

std::string say(const MetricValue& value) {
  return fmt::format("Half of those who confirm that they were helped do so within {}.",
                     format_duration(*value.figure.value));
}

std::vector<PostKey> first_and_last(const MetricInput& input) {
  std::vector<PostKey> posts;
  for (const auto& talk : conversations_of(input.tallies)) {
    if (!is_resolved(talk)) continue;
    posts.push_back(talk.first->key);
    posts.push_back(talk.last->key);
  }
  return posts;
}

}  // namespace

/// Median time from the asker's first post to his last, which confirms, over the threads that
/// `confirmed_resolution` counts; of `n_eligible` threads with an own reply and a known asker only
/// the confirmed ones are used, for nobody can say when the others were settled. Official: from
/// opened to resolved, over cases of posts that were resolved in the window. No value where nobody
/// confirms.
MetricDefinition resolution_time() {
  return {.formula =
              "median and p90 of t(asker's last post, which confirms) - t(asker's first), over "
              "confirmed threads; official: median of resolved - opened in the cases file",
          .source =
              "Owyang & Lovett, Social Marketing Analytics (2010), whose text divides by "
              "inquiries instead",
          .misleading_when = "only the grateful confirm",
          .measure = measure_time,
          .reads = {Table::activity, Table::inbox, Table::threads},
          .sentence = say,
          .evidence = {.posts = first_and_last}};
}

}  // namespace earshot
