#include <doctest/doctest.h>

#include <algorithm>

#include "analyze/report.hpp"
#include "tests/analyze/green_basket.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

/// The table of that name in a report on the fortnight of green_basket.hpp.
ReportTable table_of(const Project& project, std::string_view name, std::string by = {}) {
  const auto report =
      make_report(*green_basket_store(), project, {},
                  {.window = this_fortnight(), .now = august(40), .by = std::move(by)});
  REQUIRE(report);
  const auto found = std::ranges::find(report->tables, name, &ReportTable::name);
  REQUIRE(found != report->tables.end());
  return *found;
}

}  // namespace

TEST_CASE("report tables: an objective has target, actual, gap and state") {
  // Three of four posts that needed an answer got one: 75 %, 5 points below 80 %.
  auto project = green_basket();
  project.objectives = {{.name = "answer", .metric = "response_rate", .target = 0.8}};

  const auto table = table_of(project, "objectives");

  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0][2].digits == "80.0");
  CHECK(table.rows[0][3].digits == "75.0");
  CHECK(table.rows[0][4].digits == "5.0");
  CHECK(table.rows[0][7].shown == "not reached yet");
}

TEST_CASE("report tables: --by channel counts each channel alone, and they sum to the whole") {
  // K: 12 items, 3 of them on the blog.
  const auto table = table_of(green_basket(), "planning_by_channel", "channel");

  std::uint64_t sum = 0;
  for (const auto& row : table.rows) {
    REQUIRE(row.size() == table.columns.size());
    if (row[0].shown == "blog") CHECK(row[1].digits == "3");
    sum += std::stoull(row[1].digits);
  }
  CHECK(sum == 12);
}

TEST_CASE("report tables: --by entity knows who waits for a competitor, whatever is asked for") {
  const auto project = green_basket();
  const auto ask = [](const char* id, EntityIndex whom) {
    return Said{.id = id,
                .at = this_fortnight().begin,
                .author = id,
                .about = {{.entity = whom}},
                .intents = {Intent::question}};
  };
  auto reply = ask("d", no_entity);
  reply.parent = "a";  // so that replies are collected there
  reply.about = {};
  const auto store =
      make_labelled_store({ask("a", 0), ask("b", 1), ask("c", 1), reply}, entities_of(project));

  const auto report = make_report(
      *store, project, {},
      {.metrics = {"backlog"}, .window = this_fortnight(), .now = august(40), .by = "entity"});

  REQUIRE(report);
  const auto table = std::ranges::find(report->tables, "metrics_by_entity", &ReportTable::name);
  REQUIRE(table != report->tables.end());
  REQUIRE(table->rows.size() == 1 + project.competitors.size());
  CHECK(table->rows[0][1].digits == "1");
  CHECK(table->rows[1][1].digits == "2");
}
