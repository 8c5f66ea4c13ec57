#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "analyze/metric.hpp"
#include "tests/analyze/green_basket.hpp"

namespace earshot::test {

inline Tallies tally(const PostStore& store, const Project& project, Window window, Instant now) {
  auto tallies =
      store.tally({.edges = {window.begin, window.end},
                   .now = now,
                   .horizon = project.inbox.horizon,
                   .entities = entities_of(project),
                   .previous = {window.begin - (window.end - window.begin), window.begin}});
  REQUIRE(tallies);
  return std::move(*tallies);
}

/// Long after the window, so that everything is settled.
inline const Instant later = august(40);

/// The corpus of green_basket.hpp, counted.
struct Counted {
  Project project = green_basket();
  UserFiles files;
  std::unique_ptr<PostStore> store = green_basket_store();
  Instant at = later;
  Tallies now = tally(*store, project, this_fortnight(), at);
  Tallies before = tally(*store, project, fortnight_before(), at);

  MetricValue operator()(std::string_view name) const {
    auto calendar = Calendar::create(project.timezone, project.week_start);
    REQUIRE(calendar);
    const auto* metric = find_metric(name);
    REQUIRE(metric);
    const auto accounts = Accounts::resolve(*store, now.accounts, project, files);
    REQUIRE(accounts);
    return measure(*metric, now, &before, {project, *calendar, *accounts, files});
  }
};

/// The row of that name; fails the test without one.
inline Figure row(const MetricValue& value, std::string_view name) {
  for (const auto& row : value.breakdown)
    if (row.figure.name == name) return row.figure;
  FAIL("no row ", std::string{name});
  return {};
}

}  // namespace earshot::test
