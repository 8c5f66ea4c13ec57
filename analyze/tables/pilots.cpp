#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "analyze/report_figure.hpp"
#include "analyze/report_tables.hpp"
#include "analyze/report_window.hpp"

namespace earshot {

namespace {

constexpr double z = 1.959963984540054;

struct Windows {
  Window before, during;
};

/// As long before as during; nothing if the pilot begins after now.
std::optional<Windows> windows_of(const Pilot& pilot, const MetricInput& input) {
  const auto begin = input.calendar.day_begin(pilot.from);
  if (!begin) return std::nullopt;
  auto end = pilot.to.empty() ? input.tallies.request.now
                              : input.calendar.day_begin(pilot.to).value_or(*begin);
  end = std::min(end, input.tallies.request.now);
  if (end <= *begin) return std::nullopt;
  const auto during = widen_to_quarter_hours({*begin, end});
  return Windows{widen_to_quarter_hours(input.calendar.window_before(during)), during};
}

Result<Tallies> tally(const PostStore& store, const MetricInput& input, const Pilot& pilot,
                      const Metric& metric, Window window) {
  auto request = tally_request({window.begin, window.end}, input.project, input.calendar,
                               input.tallies.request.now,
                               tables_of(metric, input.project) | Tables{Table::cube});
  if (!pilot.query.empty())
    request.only_topic = find_entity(request, EntityKind::pilot, pilot.name);
  return store.tally(request);
}

std::uint64_t count_competitors(const Tallies& tallies) {
  std::uint64_t items = 0;
  for (const auto competitor : entities_of_kind(tallies.request, EntityKind::competitor))
    items += count_items(tallies, {Scope::Kind::entity, competitor});
  return items;
}

/// "+24 % against the competitors (-3 % to +58 %)": how much more the brand's mentions grew than
/// theirs.
std::string against_competitors(const Tallies& before, const Tallies& during) {
  const std::array<std::uint64_t, 4> counts{count_items(during, brand_scope),
                                            count_items(before, brand_scope),
                                            count_competitors(during), count_competitors(before)};
  if (entities_of_kind(during.request, EntityKind::competitor).empty())
    return "no competitor to compare with";
  if (std::ranges::find(counts, std::uint64_t{0}) != counts.end())
    return "one of the counts is 0, so there is no ratio";
  double log_ratio = 0;
  double variance = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    log_ratio += (i == 0 || i == 3 ? 1 : -1) * std::log(count);
    variance += 1 / count;
  }
  const auto percent = [](double logarithm) {
    return fmt::format("{:+.1f} %", (std::exp(logarithm) - 1) * 100);
  };
  const double half = z * std::sqrt(variance);
  return fmt::format("{} against the competitors ({} to {})", percent(log_ratio),
                     percent(log_ratio - half), percent(log_ratio + half));
}

std::string state_of(const Pilot& pilot, const MetricInput& input) {
  const auto begin = input.calendar.day_begin(pilot.from);
  const auto now = input.observed_end();
  if (!pilot.decision.empty()) return "decided: " + pilot.decision;
  if (begin && *begin > now) return "not begun";
  const auto days = begin ? (now - *begin) / std::chrono::days{1} : 0;
  if (days > pilot.limit_days)
    return fmt::format("{} days old, undecided: {} were allowed", days, pilot.limit_days);
  return fmt::format("{} of {} days", days, pilot.limit_days);
}

Result<std::vector<ReportCell>> row_of(const PostStore& store, const MetricInput& input,
                                       const Pilot& pilot) {
  const auto* metric = find_metric(pilot.metric.empty() ? "listening_volume" : pilot.metric);
  std::vector<ReportCell> row{{pilot.name, {}},
                              {title_of(metric->name), {}},
                              {pilot.from + " to " + (pilot.to.empty() ? "now" : pilot.to), {}}};
  const auto windows = windows_of(pilot, input);
  if (!windows) {
    row.resize(8);
    row[7].shown = state_of(pilot, input);
    return row;
  }
  const auto before = tally(store, input, pilot, *metric, windows->before);
  if (!before) return before.error();
  const auto during = tally(store, input, pilot, *metric, windows->during);
  if (!during) return during.error();
  const MetricContext context{input.project, input.calendar, input.accounts, input.files,
                              input.correction};
  const auto value = measure(*metric, *during, &*before, context);
  const auto earlier = measure_alone(*metric, {*before, &*during, input.project, input.calendar,
                                               input.accounts, input.files, input.correction});
  const auto now = round_figure(value.figure);
  const auto then = round_figure(earlier.figure);
  row.push_back({then.shown, then.value});
  row.push_back({now.shown, now.value});
  if (now.change) {
    row.push_back({now.change->shown, now.change->difference});
    if (now.change->interval) row.back().shown += " (" + now.change->interval->shown + ")";
  } else {
    row.emplace_back();
  }
  row.push_back({against_competitors(*before, *during), {}});
  row.push_back({state_of(pilot, input), {}});
  return row;
}

}  // namespace

Result<ReportTable> pilots_table(const PostStore& store, const MetricInput& input) {
  ReportTable table{
      .name = "pilots",
      .title = "Pilots",
      .note =
          "Before is as long as the pilot so far and ends where it begins. Against the "
          "competitors: how much more mentions of you grew than mentions of them.",
      .columns = {{"Pilot", ""},
                  {"Metric", ""},
                  {"Time", ""},
                  {"Before", "number"},
                  {"During", "number"},
                  {"Change", "number"},
                  {"Difference in differences", ""},
                  {"State", ""}},
      .empty = "No pilot is declared: add [[pilot]] to the config, with a date on which it began."};
  for (const auto& pilot : input.project.pilots) {
    auto row = row_of(store, input, pilot);
    if (!row) return row.error();
    table.rows.push_back(*std::move(row));
  }
  return table;
}

}  // namespace earshot
