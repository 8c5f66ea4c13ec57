#include "analyze/slices.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>

#include "analyze/report_figure.hpp"
#include "analyze/report_window.hpp"
#include "analyze/standpoint.hpp"

namespace earshot {

namespace {

constexpr std::size_t most_channels = 12;

/// One slice: its name, and how its numbers come about.
struct Slice {
  std::string name;
  std::function<Result<std::vector<ReportFigure>>(const std::vector<const Metric*>&)> measure;
};

std::vector<ReportFigure> measure_all(const std::vector<const Metric*>& metrics,
                                      const MetricInput& input) {
  std::vector<ReportFigure> figures;
  for (const auto* metric : metrics)
    figures.push_back(round_figure(measure_alone(*metric, input).figure));
  return figures;
}

/// The same from a competitor's standpoint; what cannot be told from there stays blank.
std::vector<ReportFigure> measure_competitor(const std::vector<const Metric*>& metrics,
                                             const MetricInput& input) {
  std::vector<ReportFigure> figures;
  for (const auto* metric : metrics)
    figures.push_back(tells_of_competitors(*metric)
                          ? round_figure(measure_alone(*metric, input).figure)
                          : ReportFigure{});
  return figures;
}

/// A slice that the store tallies anew.
Slice tallied(const PostStore& store, const MetricInput& input, std::string name,
              TallyRequest request) {
  return {std::move(name),
          [&store, input,
           request = std::move(request)](const auto& metrics) -> Result<std::vector<ReportFigure>> {
            const auto tallies = store.tally(request);
            if (!tallies) return tallies.error();
            return measure_all(metrics, {*tallies, nullptr, input.project, input.calendar,
                                         input.accounts, input.files, input.correction});
          }};
}

std::vector<Slice> by_channel(const PostStore& store, const MetricInput& input, Tables tables) {
  auto channels = input.tallies.channels;
  std::ranges::stable_sort(channels, std::greater{}, &ChannelRow::items);
  if (channels.size() > most_channels) channels.resize(most_channels);
  std::vector<Slice> slices;
  for (const auto& channel : channels) {
    auto request = input.tallies.request;
    request.tables = tables;
    request.only_channel = channel.channel;
    slices.push_back(tallied(store, input, channel_name(channel), std::move(request)));
  }
  return slices;
}

std::vector<Slice> by_topic(const PostStore& store, const MetricInput& input, Tables tables) {
  std::vector<Slice> slices;
  for (const auto topic : entities_of_kind(input.tallies.request, EntityKind::topic)) {
    auto request = input.tallies.request;
    request.tables = tables;
    request.only_topic = topic;
    slices.push_back(
        tallied(store, input, input.tallies.request.entities[topic].name, std::move(request)));
  }
  return slices;
}

std::vector<Slice> by_entity(const MetricInput& input, Tables tables) {
  std::vector<Slice> slices{{input.project.brand.name, [&input](const auto& metrics) {
                               return Result{measure_all(metrics, input)};
                             }}};
  const auto standpoints = std::make_shared<const Standpoints>(input, tables);
  for (const auto competitor : entities_of_kind(input.tallies.request, EntityKind::competitor))
    slices.push_back({input.tallies.request.entities[competitor].name,
                      [standpoints, competitor](const auto& metrics) {
                        const auto standpoint = standpoints->of(competitor);
                        return Result{measure_competitor(metrics, standpoint.input())};
                      }});
  return slices;
}

std::vector<Slice> by_week(const PostStore& store, const MetricInput& input, Tables tables) {
  const auto edges = input.calendar.week_edges(input.tallies.request.window());
  std::vector<Slice> slices;
  for (std::size_t i = 0; i + 1 < edges.size() && edges[i] < input.tallies.request.now; ++i)
    slices.push_back(tallied(store, input, input.calendar.iso_day(edges[i]),
                             tally_request({edges[i], edges[i + 1]}, input.project, input.calendar,
                                           input.tallies.request.now, tables)));
  return slices;
}

std::vector<Slice> slices_of(const PostStore& store, const MetricInput& input, Tables tables,
                             std::string_view by) {
  if (by == "channel") return by_channel(store, input, tables);
  if (by == "topic") return by_topic(store, input, tables);
  if (by == "entity") return by_entity(input, tables);
  return by_week(store, input, tables);
}

struct Page {
  std::string name, title;
  std::vector<const Metric*> metrics;
};

std::vector<Page> pages_of(const Selection& selection) {
  std::vector<Page> pages;
  for (const auto* view : selection.views) {
    Page page{std::string{view->name}, std::string{view->title}, {}};
    for (const auto number : view->metrics)
      if (const auto* metric = find_metric(number)) page.metrics.push_back(metric);
    pages.push_back(std::move(page));
  }
  if (!selection.others.empty()) pages.push_back({"metrics", "Metrics", selection.others});
  return pages;
}

}  // namespace

const std::vector<std::string_view>& slice_dimensions() {
  static const std::vector<std::string_view> dimensions{"channel", "topic", "entity", "week"};
  return dimensions;
}

Result<std::vector<ReportTable>> make_slices(const PostStore& store, const MetricInput& input,
                                             const Selection& selection, std::string_view by) {
  const auto pages = pages_of(selection);
  std::vector<const Metric*> metrics;
  std::vector<ReportTable> tables;
  for (const auto& page : pages) {
    ReportTable table{.name = page.name + "_by_" + std::string{by},
                      .title = page.title + " by " + std::string{by},
                      .columns = {{title_of(by), ""}},
                      .empty = "There is no " + std::string{by} + " in the window."};
    for (const auto* metric : page.metrics) {
      table.columns.push_back({title_of(metric->name), std::string{name_of(metric->unit)}});
      metrics.push_back(metric);
    }
    tables.push_back(std::move(table));
  }
  for (const auto& slice : slices_of(store, input, tables_of(metrics, input.project), by)) {
    const auto figures = slice.measure(metrics);
    if (!figures) return figures.error();
    auto figure = figures->begin();
    for (std::size_t i = 0; i < pages.size(); ++i) {
      std::vector<ReportCell> row{{slice.name, {}}};
      for (std::size_t m = 0; m < pages[i].metrics.size(); ++m, ++figure)
        row.push_back({figure->shown, figure->value});
      tables[i].rows.push_back(std::move(row));
    }
  }
  return tables;
}

}  // namespace earshot
