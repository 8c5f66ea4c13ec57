#include "cli/user_files.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using std::chrono::days;
using std::chrono::hours;

namespace {

/// Ten hours ahead of UTC, all year.
const Calendar& brisbane() {
  static const auto calendar = Calendar::create("Australia/Brisbane", 1);
  return *calendar;
}

/// The local midnight of 1 August 2026 in Brisbane.
const Instant first_of_august = from_unix(1'785'506'400);

UserFiles files_of(std::string_view name, std::string_view csv) {
  UserFiles files;
  const auto read = parse_user_file(name, csv, "a.csv", brisbane(), files);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().message));
  return files;
}

std::string error_of(std::string_view name, std::string_view csv) {
  UserFiles files;
  const auto read = parse_user_file(name, csv, "a.csv", brisbane(), files);
  if (read) return "no error";
  CHECK(read.error().kind == Error::Kind::config);
  return read.error().message;
}

}  // namespace

TEST_CASE("user files: columns stand in any order, and a day begins at its local midnight") {
  const auto files = files_of("exposure",
                              "views,date,account,channel\n"
                              "1200,2026-08-01,acme,facebook\n"
                              "0.5,2026-08-02,,\n");

  REQUIRE(files.exposure);
  REQUIRE(files.exposure->size() == 2);
  const auto& [first, second] = std::pair{files.exposure->at(0), files.exposure->at(1)};
  CHECK(first.day == first_of_august);
  CHECK(first.channel == "facebook");
  CHECK(first.account == "acme");
  CHECK(first.views == 1200.0);
  CHECK(second.day == first_of_august + days{1});
  CHECK(second.channel == "");
  CHECK(second.views == 0.5);
  CHECK_FALSE(files.traffic);
}

TEST_CASE("user files: an empty cell is nothing, which is not zero") {
  const auto files = files_of("traffic",
                              "date,source,visits,conversions,value\n"
                              "2026-08-01,facebook,, ,-3.5\n");

  const auto& row = files.traffic.value().at(0);
  CHECK(row.source == "facebook");
  CHECK_FALSE(row.visits);
  CHECK_FALSE(row.conversions);
  CHECK(row.value == -3.5);
}

TEST_CASE("user files: a case has days or instants, and says whether somebody was satisfied") {
  const auto files = files_of("cases",
                              "post_url,opened,resolved,satisfied\n"
                              "https://a.b/1,2026-08-01,2026-08-01T10:00:00+10:00,yes\n"
                              ",2026-08-01T00:00:00Z,,0\n"
                              ",,,\n");

  REQUIRE(files.cases.value().size() == 3);
  const auto& cases = *files.cases;
  CHECK(cases[0].post_url == "https://a.b/1");
  CHECK(cases[0].opened == first_of_august);
  CHECK(cases[0].resolved == first_of_august + hours{10});
  CHECK(cases[0].satisfied == true);
  CHECK(cases[1].opened == first_of_august + hours{10});
  CHECK(cases[1].satisfied == false);
  CHECK_FALSE(cases[2].opened);
  CHECK_FALSE(cases[2].satisfied);
}

TEST_CASE("user files: staff, followers, surveys, spend and milestones") {
  const auto staff =
      files_of("staff", "handle,department,trained,from\nann,orders,true,2026-08-01\nben,,,\n");
  REQUIRE(staff.staff.value().size() == 2);
  CHECK(staff.staff->at(0).department == "orders");
  CHECK(staff.staff->at(0).trained);
  CHECK(staff.staff->at(0).from == first_of_august);
  CHECK_FALSE(staff.staff->at(1).trained);
  CHECK_FALSE(staff.staff->at(1).from);

  const auto followers = files_of("followers", "date,account,count\n2026-08-01,acme,77\n");
  CHECK(followers.followers.value().at(0).account == "acme");
  CHECK(followers.followers->at(0).count == 77.0);

  const auto survey = files_of("survey", "date,kind,score\n2026-08-01,satisfaction,4\n");
  CHECK(survey.survey.value().at(0).kind == "satisfaction");
  CHECK(survey.survey->at(0).score == 4.0);

  const auto spend = files_of("spend", "date,item,cost,hours\n2026-08-01,answers,120.50,3\n");
  CHECK(spend.spend.value().at(0).item == "answers");
  CHECK(spend.spend->at(0).cost == 120.5);
  CHECK(spend.spend->at(0).hours == 3.0);

  const auto milestones =
      files_of("milestones", "date,kind,note\n2026-08-01,fix,\"delivery, at last\"\n");
  CHECK(milestones.milestones.value().at(0).kind == "fix");
  CHECK(milestones.milestones->at(0).note == "delivery, at last");
}

TEST_CASE("user files: as spreadsheets write them: a byte order mark, CRLF, quotes, blank lines") {
  const auto files = files_of("milestones",
                              "\xEF\xBB\xBF\"date\", kind ,note\r\n"
                              "\r\n"
                              "2026-08-01,launch,\"two\nlines and \"\"quotes\"\"\"\r\n"
                              "2026-08-02,fix,no line end");

  REQUIRE(files.milestones.value().size() == 2);
  CHECK(files.milestones->at(0).note == "two\nlines and \"quotes\"");
  CHECK(files.milestones->at(1).note == "no line end");
  CHECK(error_of("milestones", "date,kind,note\n2026-08-01,a,\"b\nc\"\n\n1 May,a,b\n") ==
        "a.csv:5: 'date': '1 May' is not a day like 2026-08-01");
}

TEST_CASE("user files: a header alone is a table without rows") {
  CHECK(files_of("survey", "date,kind,score\n").survey.value().empty());
}

TEST_CASE("user files: what is wrong with the columns is named") {
  CHECK(error_of("survey", "") ==
        "a.csv:1: empty; the first line names the columns: date, kind, score");
  CHECK(error_of("survey", "date,kind,scroe\n") ==
        "a.csv:1: unknown column 'scroe', did you mean 'score'?");
  CHECK(error_of("survey", "date;kind;score\n") ==
        "a.csv:1: unknown column 'date;kind;score'; the columns are: date, kind, score");
  CHECK(error_of("survey", "\nkind,date\n") ==
        "a.csv:2: there is no column 'score'; the columns are: date, kind, score");
  CHECK(error_of("survey", "date,kind,score,kind\n") == "a.csv:1: there are two columns 'kind'");
}

TEST_CASE("user files: what is wrong with a cell is named with its line") {
  const std::string exposure = "date,channel,account,views\n2026-08-01,a,b,1\n";
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,many\n") ==
        "a.csv:3: 'views': 'many' is not a number like 1234.5");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,\"1,200\"\n") ==
        "a.csv:3: 'views': '1,200' is not a number like 1234.5");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,nan\n") ==
        "a.csv:3: 'views': 'nan' is not a number like 1234.5");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,1e999\n") ==
        "a.csv:3: 'views': '1e999' is not a number like 1234.5");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,-1\n") ==
        "a.csv:3: 'views': '-1' is below 0");
  CHECK(error_of("exposure", exposure + ",a,b,1\n") == "a.csv:3: 'date' is empty");
  CHECK(error_of("exposure", exposure + "2026-02-30,a,b,1\n") ==
        "a.csv:3: 'date': '2026-02-30' is not a day like 2026-08-01");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,1\n") ==
        "a.csv:3: a row of 3 cells, where the first line names 4 columns");
  CHECK(error_of("exposure", exposure + "2026-08-02,a,b,1,2\n") ==
        "a.csv:3: a row of 5 cells, where the first line names 4 columns");
  CHECK(error_of("exposure", exposure + "2026-08-02,\"a,b,1\n") ==
        "a.csv:3: a quote opens in this row and is never closed");
  CHECK(error_of("exposure", exposure + "2026-08-02,caf\xe9,b,1\n") ==
        "a.csv:3: not UTF-8; convert the file first: iconv -f WINDOWS-1252 -t UTF-8");
  CHECK(error_of("staff", "handle,department,trained,from\n,orders,yes,\n") ==
        "a.csv:2: 'handle' is empty");
  CHECK(error_of("staff", "handle,department,trained,from\nann,orders,Y,\n") ==
        "a.csv:2: 'trained': 'Y' is neither yes nor no");
  const std::string cases = "post_url,opened,resolved,satisfied\n";
  CHECK(error_of("cases", cases + ",yesterday,,\n") ==
        "a.csv:2: 'opened': 'yesterday' is neither a day like 2026-08-01 nor a time like "
        "2026-08-01T09:30:00Z");
  CHECK(error_of("cases", cases + ",2026-08-02,2026-08-01,\n") ==
        "a.csv:2: 'resolved' is before 'opened'");
}

TEST_CASE("user files: only those that the config names are read") {
  const TemporaryFolder folder;
  const auto survey = folder.write("survey.csv", "date,kind,score\n2026-08-01,satisfaction,5\n");

  const auto files = load_user_files({{"survey", survey}}, brisbane());
  const auto missing = load_user_files({{"staff", folder.file("none.csv")}}, brisbane());

  REQUIRE(files);
  CHECK(files->survey.value().size() == 1);
  CHECK_FALSE(files->exposure);
  CHECK_FALSE(files->staff);
  CHECK(missing.error().kind == Error::Kind::config);
  CHECK(missing.error().message == folder.file("none.csv") + ": No such file or directory");
}

TEST_CASE("user files: those of the sample corpus can be read, and none is empty") {
  const auto folder = std::string{EARSHOT_SOURCE_DIR} + "/configs/demo/";
  const auto files = load_user_files({{"exposure", folder + "exposure.csv"},
                                      {"traffic", folder + "traffic.csv"},
                                      {"cases", folder + "cases.csv"},
                                      {"survey", folder + "survey.csv"},
                                      {"followers", folder + "followers.csv"},
                                      {"staff", folder + "staff.csv"},
                                      {"spend", folder + "spend.csv"},
                                      {"milestones", folder + "milestones.csv"}},
                                     brisbane());

  REQUIRE_MESSAGE(files.has_value(), (files ? "" : files.error().message));
  CHECK_FALSE(files->exposure.value().empty());
  CHECK_FALSE(files->traffic.value().empty());
  CHECK_FALSE(files->cases.value().empty());
  CHECK_FALSE(files->survey.value().empty());
  CHECK_FALSE(files->followers.value().empty());
  CHECK_FALSE(files->staff.value().empty());
  CHECK_FALSE(files->spend.value().empty());
  CHECK_FALSE(files->milestones.value().empty());
}
