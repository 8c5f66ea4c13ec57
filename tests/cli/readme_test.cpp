// The README's tables say what the program's lists say.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "analyze/report.hpp"
#include "ingest/source.hpp"
#include "tests/cli/run_earshot.hpp"

namespace earshot::test {
namespace {

std::string file(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream{std::string{EARSHOT_SOURCE_DIR} + '/' + name}.rdbuf();
  return bytes.str();
}

bool has_row(const std::string& page, const std::string& row) {
  return page.find("\n" + row + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE(
    "the README has a row for every metric, source, format and command, in the program's words") {
  const auto readme = file("README.md");
  for (const auto& metric : list_metrics())
    CHECK_MESSAGE(has_row(readme, fmt::format("| {} | `{}` | {} |", metric.number, metric.name,
                                              metric.summary)),
                  metric.name);
  for (const auto& type : source_types())
    CHECK_MESSAGE(has_row(readme, fmt::format("| `{}` | {} |", type.name, type.summary)),
                  type.name);

  constexpr std::pair<std::string_view, std::string_view> formats[] = {
#define EARSHOT_RENDERER(name, summary) {#name, summary},
#include "analyze/renderers.def"
#undef EARSHOT_RENDERER
  };
  for (const auto& format : formats)
    CHECK_MESSAGE(has_row(readme, fmt::format("| `{}` | {} |", format.first, format.second)),
                  format.first);

  const TemporaryFolder folder;
  std::istringstream help{run_earshot(folder, {"--help"}).out};
  int commands = 0;
  for (std::string line; std::getline(help, line) && line != "options of all commands:";) {
    if (!line.starts_with("  ") || line.size() < 12) continue;
    const auto end = line.find(' ', 2);
    const auto summary = line.find_first_not_of(' ', end);
    CHECK_MESSAGE(has_row(readme, fmt::format("| `{}` | {} |", line.substr(2, end - 2),
                                              line.substr(summary))),
                  line);
    ++commands;
  }
  CHECK(commands >= 10);
}

TEST_CASE("the README says why of every package that script/setup installs") {
  const auto readme = file("README.md");
  const auto setup = file("script/setup");
  const auto begin = setup.find("packages=(") + 10;
  std::istringstream lines{setup.substr(begin, setup.find("\n)", begin) - begin)};
  int packages = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find('#') != std::string::npos) continue;
    std::istringstream words{line};
    for (std::string package; words >> package; ++packages)
      CHECK_MESSAGE(readme.find('`' + package + '`') != std::string::npos, package);
  }
  CHECK(packages > 15);
}

}  // namespace earshot::test
