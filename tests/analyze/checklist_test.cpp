#include "analyze/checklist.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace earshot;
using std::chrono::days;
using std::chrono::seconds;

namespace {

const Calendar& brisbane() {
  static const auto calendar = Calendar::create("Australia/Brisbane", 1);
  return *calendar;
}

/// The cells of a question's row, as shown, from the state on.
std::vector<std::string> row_of(const ReportTable& table, std::string_view key) {
  for (const auto& row : table.rows) {
    if (row.back().shown != key) continue;
    return {row[2].shown, row[3].shown, row[4].shown, row[5].shown};
  }
  FAIL("no row ", key);
  return {};
}

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "checklist: seven success factors, then one to three questions for each of eight phases") {
  std::set<std::string_view> keys;
  std::vector<std::pair<std::string_view, int>> groups;
  for (const auto& question : checklist_questions()) {
    CHECK(keys.insert(question.key).second);
    CHECK(question.question.ends_with('?'));
    if (groups.empty() || groups.back().first != question.group)
      groups.emplace_back(question.group, 0);
    ++groups.back().second;
  }

  REQUIRE(groups.size() == 9);
  CHECK(groups[0] == std::pair{std::string_view{"Success factors"}, 7});
  for (std::size_t phase = 1; phase <= 8; ++phase) {
    CHECK(groups[phase].first.front() == static_cast<char>('0' + phase));
    CHECK(groups[phase].second >= 1);
    CHECK(groups[phase].second <= 3);
  }
}

TEST_CASE(
    "checklist: an answer is declared for 180 local days, then stale; the others are missing") {
  Project project;
  project.checklist = {{"long_view", "growers have names", "Nell", "2026-02-02"},
                       {"clear_goals", "fewer late boxes", "", "2026-02-03"}};
  // 2 August, ten in the evening in Brisbane: the 180th day after 3 February.
  const auto now = *brisbane().day_begin("2026-08-02") + std::chrono::hours{22};

  const auto table = checklist_table(project, brisbane(), now);

  CHECK(table.name == "checklist");
  CHECK(table.rows.size() == checklist_questions().size());
  for (const auto& row : table.rows) CHECK(row.size() == table.columns.size());
  CHECK(row_of(table, "clear_goals") == Cells{"declared", "fewer late boxes", "", "2026-02-03"});
  CHECK(row_of(table, "long_view") == Cells{"stale", "growers have names", "Nell", "2026-02-02"});
  CHECK(row_of(table, "training") == Cells{"missing", "", "", ""});
  CHECK(row_of(checklist_table(project, brisbane(), now + std::chrono::hours{2}),
               "clear_goals")[0] == "stale");
  CHECK(table.note ==
        "declared by the business under [checklist], not measured: 2 of 25 answered; an answer is "
        "stale when it is older than 180 days");
}

TEST_CASE("checklist: an answer without a day is declared, and the table says that it has none") {
  Project project;
  project.checklist = {{"training", "an afternoon each spring", "", ""}};

  const auto table = checklist_table(project, brisbane(), from_unix(1'785'506'400));

  CHECK(row_of(table, "training") == Cells{"declared", "an afternoon each spring", "", "no day"});
  CHECK(table.note ==
        "declared by the business under [checklist], not measured: 1 of 25 answered; an answer is "
        "stale when it is older than 180 days, which cannot be told of one without a day");
}

TEST_CASE("checklist: an hour of daylight saving makes no answer older") {
  // Berlin's clocks go forward in March: 180 local days from 1 March last an hour less.
  const auto berlin = Calendar::create("Europe/Berlin", 1);
  REQUIRE(berlin);
  Project project;
  project.checklist = {{"training", "yes", "", "2026-03-01"}};

  const auto state_on = [&](std::string_view day) {
    return row_of(checklist_table(project, *berlin, *berlin->day_begin(day)), "training")[0];
  };

  CHECK(state_on("2026-08-28") == "declared");
  CHECK(state_on("2026-08-29") == "stale");
}
