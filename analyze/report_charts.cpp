#include "analyze/report_charts.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "analyze/moods.hpp"
#include "analyze/report_figure.hpp"
#include "analyze/spikes.hpp"
#include "analyze/waits.hpp"

namespace earshot {

namespace {

constexpr Scope listening{Scope::Kind::listening};
constexpr std::size_t most_waits = 200;

/// The local day on which the bucket begins that an instant is in; "" outside the window.
std::string bucket_day(const MetricInput& input, Instant at) {
  const auto& edges = input.tallies.request.edges;
  const auto next = std::ranges::upper_bound(edges, at);
  if (next == edges.begin() || next == edges.end()) return {};
  return input.calendar.iso_day(*std::prev(next));
}

/// What was said of the brand between these edges, which are among those of the request.
std::vector<Moods> count_moods(const MetricInput& input, const std::vector<Instant>& edges) {
  std::vector<Moods> counts(edges.size() - 1);
  for (const auto& row : input.tallies.cube) {
    if (row.scope != brand_scope || row.intent != any_intent) continue;
    const auto next = std::ranges::upper_bound(edges, input.tallies.request.edges[row.bucket]);
    counts[static_cast<std::size_t>(next - edges.begin()) - 1].add(row.sentiment, row.items);
  }
  return counts;
}

/// By the buckets of the request; by week, where none of them has the posts that a share takes.
std::vector<ReportMood> moods_of(const MetricInput& input) {
  const auto& request = input.tallies.request;
  auto edges = request.edges;
  auto counts = count_moods(input, edges);
  const auto enough = [&](const Moods& count) {
    return sum_of(count.judged) >= input.project.minimum_n;
  };
  if (std::ranges::none_of(counts, enough)) {
    edges = input.calendar.week_edges(request.window());
    counts = count_moods(input, edges);
  }
  std::vector<ReportMood> moods;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& count = counts[i];
    ReportMood mood{.day = input.calendar.iso_day(edges[i])};
    const Window bucket{edges[i], std::min(edges[i + 1], request.now)};
    const bool blank =
        edges[i] >= request.now || (count.all() == 0 && collected_nothing(input.tallies, bucket));
    if (!blank) {
      mood.negative = count.judged[0];
      mood.neutral = count.judged[1];
      mood.positive = count.judged[2];
    }
    const auto judged = sum_of(count.judged);
    if (judged > 0 && judged >= input.project.minimum_n) {
      const auto net = round_figure(net_mood_figure({}, count, correct_moods(input, count)));
      mood.net = net.value;
      mood.interval = net.interval;
    }
    moods.push_back(std::move(mood));
  }
  return moods;
}

void add_spikes(const MetricInput& input, Scope scope, const std::string& about,
                std::vector<ReportSpike>& spikes) {
  for (const auto& spike : find_spikes(input, scope).spikes)
    spikes.push_back({.at = format_instant(spike.hour),
                      .day = bucket_day(input, spike.hour),
                      .at_shown = input.calendar.format_minute(spike.hour),
                      .about = about,
                      .score = digits_of(spike.score, Unit::score),
                      .items = spike.count,
                      .usual = fmt::format("{:.1f}", spike.usual)});
}

std::vector<ReportSpike> spikes_of(const MetricInput& input) {
  std::vector<ReportSpike> spikes;
  const auto& request = input.tallies.request;
  add_spikes(input, listening, "all", spikes);
  for (const auto topic : entities_of_kind(request, EntityKind::topic))
    add_spikes(input, {Scope::Kind::entity, topic}, request.entities[topic].name, spikes);
  std::ranges::stable_sort(spikes, {}, &ReportSpike::at);
  return spikes;
}

std::vector<ReportBreak> breaks_of(const MetricInput& input) {
  const auto window = input.tallies.request.window();
  std::vector<std::pair<Instant, std::string>> breaks;
  const auto& labels = input.tallies.labels;
  if (!labels.generation_begins.empty()) {
    const auto first = std::ranges::min(labels.generation_begins);
    for (const auto begin : labels.generation_begins)
      if (begin != first) breaks.emplace_back(begin, "labels of another model or config begin");
  }
  for (const auto& source : input.tallies.coverage)
    if (source.scheduled && source.since > window.begin && source.since < input.observed_end())
      breaks.emplace_back(source.since, fmt::format("source '{}' begins", source.source));
  std::ranges::sort(breaks);
  std::vector<ReportBreak> shown;
  for (const auto& [at, what] : breaks)
    shown.push_back({format_instant(at), bucket_day(input, at), what});
  return shown;
}

void add_waits(const MetricInput& input, ReportCharts& charts) {
  const auto waits = brand_waits(input.tallies).sorted;
  if (waits.empty()) return;
  const auto curve = survival_curve(waits);
  charts.waits_n = count_of(waits);
  charts.waits.push_back({0, digits_of(1, Unit::percent)});
  // A curve of many steps is drawn by every so-manieth, and always by its last.
  const std::size_t stride = curve.size() / most_waits + 1;
  for (std::size_t i = 0; i < curve.size(); ++i)
    if (i % stride == 0 || i + 1 == curve.size())
      charts.waits.push_back(
          {static_cast<std::int64_t>(curve[i].time), digits_of(curve[i].survival, Unit::percent)});
  const auto last = static_cast<std::int64_t>(waits.back().time);
  if (charts.waits.back().seconds < last)
    charts.waits.push_back({last, charts.waits.back().waiting});
}

std::optional<ReportHeat> heat_of(const MetricInput& input) {
  ReportHeat heat{.weekdays = {}, .items = std::vector(7, std::vector<std::uint64_t>(24))};
  for (int day = 0; day < 7; ++day) heat.weekdays.emplace_back(input.calendar.weekday_name(day));
  std::uint64_t all = 0;
  const Window window{input.tallies.request.window().begin, input.observed_end()};
  for (const auto& [hour, items] : hourly_counts(input, listening, Heard::items)) {
    if (!window.contains(hour)) continue;
    const auto at = input.calendar.week_hour(hour);
    heat.items[static_cast<std::size_t>(at.weekday)][static_cast<std::size_t>(at.hour)] += items;
    all += items;
  }
  if (all == 0) return std::nullopt;
  return heat;
}

}  // namespace

ReportCharts make_charts(const MetricInput& input) {
  ReportCharts charts{.moods = moods_of(input),
                      .spikes = spikes_of(input),
                      .breaks = breaks_of(input),
                      .heat = heat_of(input)};
  add_waits(input, charts);
  return charts;
}

}  // namespace earshot
