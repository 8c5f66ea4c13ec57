// What every metric keeps to, whatever the posts.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "analyze/evidence.hpp"
#include "analyze/metric.hpp"
#include "analyze/report.hpp"
#include "tests/analyze/counted.hpp"
#include "tests/analyze/random_corpus.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

/// All metrics of one corpus.
std::map<std::string_view, MetricValue> measure_all(const Counted& counted) {
  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const auto accounts =
      Accounts::resolve(*counted.store, counted.now.accounts, counted.project, counted.files);
  REQUIRE(accounts);
  std::map<std::string_view, MetricValue> values;
  for (const auto& metric : metrics())
    values[metric.name] = measure(metric, counted.now, &counted.before,
                                  {counted.project, *calendar, *accounts, counted.files});
  return values;
}

/// A corpus at random about a business that declares everything.
Counted random_business(std::uint64_t seed, std::size_t posts, Instant at) {
  Counted counted;
  counted.project = everything_declared();
  counted.files = all_files();
  counted.store =
      store_of(random_posts(seed, posts), seed % 2 == 0 ? std::optional{8} : std::nullopt);
  counted.now = tally(*counted.store, counted.project, this_fortnight(), at);
  counted.before = tally(*counted.store, counted.project, fortnight_before(), at);
  return counted;
}

bool is_share(Unit unit) {
  return unit == Unit::percent || unit == Unit::points || unit == Unit::per_1000;
}

void check_interval(double value, const Interval& interval) {
  CHECK(interval.low <= value);
  CHECK(value <= interval.high);
  CHECK(std::isfinite(interval.low));
  CHECK_FALSE(interval.method.empty());
}

void check_change(const Figure& figure) {
  const auto& change = *figure.change;
  REQUIRE(figure.value);
  CHECK(change.before + change.difference == doctest::Approx(*figure.value));
  if (change.interval) check_interval(change.difference, *change.interval);
}

void check_figure(const Figure& figure) {
  CAPTURE(figure.name);
  CHECK(figure.n_used <= figure.n_eligible);
  if (figure.value) {
    CHECK(std::isfinite(*figure.value));
    if (figure.interval) check_interval(*figure.value, *figure.interval);
  }
  if (!figure.not_measurable.empty()) {
    CHECK_FALSE(figure.value);
    CHECK_FALSE(figure.interval);
    CHECK_FALSE(figure.change);
  }
  if (figure.value && figure.ratio && is_share(figure.unit))
    CHECK(*figure.value == doctest::Approx(static_cast<double>(figure.ratio->numerator) /
                                           static_cast<double>(figure.ratio->denominator)));
  if (figure.change) check_change(figure);
  const bool says_something =
      figure.value || figure.beyond || !figure.words.empty() || !figure.not_measurable.empty();
  CHECK(says_something);
}

/// The sums of a metric's rows by one dimension.
struct Sum {
  std::int64_t numerator = 0, denominator = 0;
  std::uint64_t used = 0, eligible = 0;
};

Sum sum_of_rows(const MetricValue& value, std::string_view dimension) {
  Sum sum;
  for (const auto& row : value.breakdown) {
    if (!dimension.empty() && row.dimension != dimension) continue;
    if (row.figure.ratio) sum.numerator += row.figure.ratio->numerator;
    if (row.figure.ratio) sum.denominator += row.figure.ratio->denominator;
    sum.used += row.figure.n_used;
    sum.eligible += row.figure.n_eligible;
  }
  return sum;
}

/// Shares of one whole: their numerators are all of it.
void check_shares_of_one(const std::map<std::string_view, MetricValue>& values) {
  for (const auto* name : {"share_of_voice", "topic_trend", "channel_breadth",
                           "responder_concentration", "department_spread"}) {
    CAPTURE(std::string{name});
    const auto& value = values.at(name);
    if (!value.figure.not_measurable.empty()) continue;
    for (const auto& row : value.breakdown)
      CHECK(static_cast<std::uint64_t>(row.figure.ratio->denominator) == row.figure.n_used);
    const auto whole = value.breakdown.front().figure.ratio->denominator;
    CHECK(sum_of_rows(value, {}).numerator == whole);
    CHECK(static_cast<std::uint64_t>(whole) == value.figure.n_used);
  }
  const auto& mood = values.at("sentiment_ratio");
  if (!mood.figure.not_measurable.empty()) return;
  std::int64_t moods = 0;
  for (const auto& part : mood.parts) moods += part.ratio->numerator;
  CHECK(static_cast<std::uint64_t>(moods) == mood.figure.n_used);
}

/// Each row is the same figure of a part, and the parts make up the whole.
void check_parts_of_a_whole(const std::map<std::string_view, MetricValue>& values) {
  const std::pair<const char*, const char*> cut[] = {
      {"response_rate", "channel"}, {"sla_attainment", "priority"},
      {"backlog", "priority"},      {"amplification", "channel"},
      {"applause", "channel"},      {"conversation_rate", "channel"},
      {"coverage", "source"}};
  for (const auto& row : cut) {
    const std::string name{row.first};
    CAPTURE(name);
    const auto& value = values.at(name);
    if (!value.figure.not_measurable.empty()) continue;
    const auto sum = sum_of_rows(value, row.second);
    CHECK(sum.numerator == value.figure.ratio->numerator);
    CHECK(sum.denominator == value.figure.ratio->denominator);
    CHECK(sum.used == value.figure.n_used);
    CHECK(sum.eligible == value.figure.n_eligible);
  }
  const auto& volume = values.at("listening_volume");
  if (!volume.figure.not_measurable.empty()) return;
  CHECK(sum_of_rows(volume, "channel").used == volume.figure.n_used);
  std::uint64_t of_days = 0;
  for (const auto& point : volume.series) of_days += point.items.value_or(0);
  CHECK(of_days == volume.figure.n_used);
  CHECK(sum_of_rows(values.at("channel_parity"), "channel").denominator ==
        static_cast<std::int64_t>(values.at("channel_parity").figure.n_eligible));
}

void check_all(const std::map<std::string_view, MetricValue>& values) {
  for (const auto& entry : values) {
    const std::string name{entry.first};
    CAPTURE(name);
    const auto& value = entry.second;
    check_figure(value.figure);
    for (const auto& part : value.parts) check_figure(part);
    for (const auto& row : value.breakdown) check_figure(row.figure);
  }
  check_shares_of_one(values);
  check_parts_of_a_whole(values);
}

/// Counting rows by a metric's predicates gives the numbers of its value.
void check_evidence(const Counted& counted, const std::map<std::string_view, MetricValue>& values) {
  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const auto accounts =
      Accounts::resolve(*counted.store, counted.now.accounts, counted.project, counted.files);
  REQUIRE(accounts);
  std::vector<const Metric*> wanted;
  for (const auto& metric : metrics()) {
    const auto& rule = metric.definition.evidence;
    if ((rule.fact || rule.own || rule.inbox || rule.raised) &&
        values.at(metric.name).figure.not_measurable.empty())
      wanted.push_back(&metric);
  }
  const auto evidence = collect_evidence(
      *counted.store,
      {counted.now, &counted.before, counted.project, *calendar, *accounts, counted.files}, wanted,
      10'000);
  REQUIRE(evidence);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CAPTURE(std::string{wanted[i]->name});
    const auto& one = (*evidence)[i];
    const auto& figure = values.at(wanted[i]->name).figure;
    CHECK(one.eligible == figure.n_eligible);
    CHECK(one.used == figure.n_used);
    if (wanted[i]->name == "topic_trend")  // its value is one topic's
      CHECK(one.sum == figure.ratio->denominator);
    else if (figure.ratio)
      CHECK(one.sum == figure.ratio->numerator);
    CHECK(std::ranges::is_sorted(one.counted));
    CHECK(one.counted.size() == one.counted_total);
  }
}

/// A metric's value and evidence where the store makes only some tables.
struct OnTables {
  MetricValue value;
  std::vector<Evidence> evidence;
};

OnTables measure_on(const Counted& counted, const Metric& metric, Tables tables) {
  const auto calendar = Calendar::create(counted.project.timezone, counted.project.week_start);
  REQUIRE(calendar);
  const auto only = [&](TallyRequest request) {
    request.tables = tables;
    auto tallies = counted.store->tally(request);
    REQUIRE(tallies);
    return *std::move(tallies);
  };
  const auto now = only(counted.now.request);
  const auto before = only(counted.before.request);
  const auto accounts =
      Accounts::resolve(*counted.store, now.accounts, counted.project, counted.files);
  REQUIRE(accounts);
  const auto evidence = collect_evidence(
      *counted.store, {now, &before, counted.project, *calendar, *accounts, counted.files},
      std::array{&metric}, 20);
  REQUIRE(evidence);
  return {measure(metric, now, &before, {counted.project, *calendar, *accounts, counted.files}),
          *evidence};
}

std::string report_of(const PostStore& store, std::string by) {
  const auto report = make_report(store, everything_declared(), all_files(),
                                  {.window = this_fortnight(),
                                   .compare = true,
                                   .now = later,
                                   .explain = true,
                                   .evidence = true,
                                   .show_posts = true,
                                   .by = std::move(by),
                                   .workbook = true});
  REQUIRE(report);
  const auto json = render_report(*report, "json", {});
  REQUIRE(json);
  return *json;
}

}  // namespace

TEST_CASE("metrics: every value keeps the rules of honest numbers") {
  check_all(measure_all(Counted{}));
}

TEST_CASE("metrics: counting by predicate gives the numbers of the value") {
  const Counted counted;
  check_evidence(counted, measure_all(counted));
}

TEST_CASE("metrics: both hold on corpora at random, in the middle of a window too") {
  std::set<std::string_view> never, compared;
  for (const auto& metric : metrics()) never.insert(metric.name);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    auto counted = random_business(seed, 60 * seed, seed % 2 == 0 ? later : august(13, 5));
    counted.project.minimum_n = seed % 3 == 0 ? 30 : 1;
    if (seed % 4 == 0) counted.files = {};
    const auto values = measure_all(counted);
    check_all(values);
    check_evidence(counted, values);
    for (const auto& [name, value] : values) {
      if (value.figure.not_measurable.empty()) never.erase(name);
      if (value.figure.change) compared.insert(name);
    }
  }
  // A property of what is never measured would hold of nothing.
  std::string unmeasured;
  for (const auto name : never) unmeasured += std::string{name} + ' ';
  CHECK(unmeasured == "");
  CHECK(compared.size() > 50);
}

TEST_CASE("metrics: each needs no more tables than it declares") {
  std::size_t measured = 0;
  for (std::uint64_t seed = 0; seed <= 3; ++seed) {
    CAPTURE(seed);
    const auto counted = seed == 0 ? Counted{} : random_business(seed, 250, later);
    for (const auto& metric : metrics()) {
      CAPTURE(metric.name);
      const auto all = measure_on(counted, metric, Tables::all());
      const auto reads = tables_of(metric, counted.project);
      const auto declared = measure_on(counted, metric, reads);
      const auto named = measure_on(counted, metric, evidence_tables(reads));
      CHECK(declared.value == all.value);
      CHECK(named.evidence == all.evidence);
      measured += all.value.figure.not_measurable.empty();
    }
  }
  CHECK(measured > 200);
}

TEST_CASE("metrics: together they read all tables, and few of them few") {
  std::vector<const Metric*> all;
  for (const auto& metric : metrics()) all.push_back(&metric);
  const std::array few{find_metric("share_of_voice"), find_metric("response_rate")};

  auto project = green_basket();
  // Inboxes of competitors are for a report by entity.
  CHECK((evidence_tables(tables_of(all, project)) | Tables{Table::inboxes}) == Tables::all());
  CHECK(tables_of(few, project) == Tables{Table::cube, Table::answers});
  const auto& waits = *find_metric("first_response_time");
  project.inbox.business_hours.reset();
  CHECK(tables_of(waits, project) == Tables{Table::answers});
  project.inbox.business_hours.emplace();
  CHECK(tables_of(waits, project) == Tables{Table::answers, Table::waits});
  const auto& objectives = *find_metric("objective_measurability");
  project.objectives = {{.name = "answers", .metric = "backlog"},
                        {.name = "itself", .metric = "objective_measurability"}};
  CHECK(tables_of(objectives, project) == Tables{Table::cube, Table::waits});
}

TEST_CASE("metrics: a corpus that is shuffled gives the same report") {
  auto posts = random_posts(7, 200);
  const auto by_channel = report_of(*store_of(posts), "channel");
  const auto by_topic = report_of(*store_of(posts), "topic");
  CHECK(by_topic.size() > 50'000);
  Draw draw{11};
  for (int i = 0; i < 3; ++i) {
    for (auto left = posts.size(); left > 1; --left) std::swap(posts[left - 1], posts[draw(left)]);
    const auto shuffled = store_of(posts);
    CHECK(report_of(*shuffled, "channel") == by_channel);
    CHECK(report_of(*shuffled, "topic") == by_topic);
  }
}
