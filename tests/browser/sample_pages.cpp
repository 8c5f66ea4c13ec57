// Pages for the browser tests: the report with a bit of everything, and one made of hostile texts.
//
//   sample_pages               the sample report
//   sample_pages --hostile     each text of stdin, a NUL after each, in every place that takes text
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "analyze/svg_charts.hpp"
#include "tests/support/sample_report.hpp"

namespace earshot::test {
namespace {

std::vector<std::string> read_payloads() {
  const std::string bytes{std::istreambuf_iterator<char>{std::cin}, {}};
  std::vector<std::string> payloads;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = bytes.find('\0', at);
    payloads.push_back(bytes.substr(at, end - at));
    at = end == std::string::npos ? bytes.size() : end + 1;
  }
  return payloads;
}

/// What outside texts can be: authors, texts and addresses of posts, names of channels, topics,
/// sources and models, cells of tables, words of charts.
Report hostile_report(const std::vector<std::string>& payloads) {
  auto report = sample_report();
  report.posts.clear();
  report.project = payloads[0];
  report.tables[0].rows.clear();
  auto& topics = report.metrics[3].breakdown;
  const auto row = topics[0];
  topics.clear();
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const auto& payload = payloads[i];
    report.posts.push_back({.id = std::to_string(i) + payload,
                            .at = payload,
                            .at_shown = payload,
                            .author = payload,
                            .channel = payload,
                            .text = payload,
                            .url = i % 2 == 0 ? payload : "https://a.example/" + payload});
    report.channels.push_back({payload, 1, false});
    report.tables[0].rows.push_back({{payload, ""}, {payload, ""}, {payload, ""}, {payload, ""}});
    topics.push_back(row);
    topics.back().name = payload;
    report.metrics[0].evidence->counted.push_back(payload);
    report.sources.push_back({.name = payload});
  }
  report.notes = report.highlights = {payloads.begin(), payloads.begin() + 7};
  for (std::size_t i = 0; i < 7; ++i) report.charts.heat->weekdays[i] = payloads[i];
  for (auto& spike : report.charts.spikes) spike.about = spike.at_shown = payloads[7];
  for (auto& one : report.charts.breaks) one.what = payloads[8];
  for (auto& column : report.tables[0].columns) column.title = payloads[9];
  report.generations[0].model = payloads[10];
  return report;
}

/// All of them as bars: text, names and descriptions within SVG.
std::string hostile_bars(const Report& report) {
  HtmlWriter html;
  BarChart chart{.id = "all-bars",
                 .title = "Bars",
                 .description = "",
                 .name_column = "name",
                 .most_rows = report.posts.size()};
  for (const auto& row : report.metrics[3].breakdown) chart.rows.push_back(&row);
  draw_bars(html, chart);
  return html.take();
}

int run(bool hostile) {
  const auto report = hostile ? hostile_report(read_payloads()) : sample_report();
  auto page = render_report(report, "html", {});
  if (!page) return 1;
  if (hostile) page->insert(page->find("</main>"), hostile_bars(report));
  std::cout << *page;
  return std::cout.flush() ? 0 : 1;
}

}  // namespace
}  // namespace earshot::test

int main(int argc, char** argv) {
  return earshot::test::run(argc > 1 && std::string{argv[1]} == "--hostile");
}
