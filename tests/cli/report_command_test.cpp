#include <cstdlib>

#include <doctest/doctest.h>

#include "tests/cli/run_earshot.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const std::string root = EARSHOT_SOURCE_DIR;

/// The words that ask for a report about the demo corpus in `store`.
std::vector<std::string> demo_report(const std::string& format) {
  return {"report",     "--config", root + "/configs/demo/earshot.toml",
          "--store",    "store",    "--since",
          "2026-08-24", "--until",  "2026-09-21",
          "--compare",  "previous", "--evidence",
          "--explain",  "--format", format};
}

void collect_demo(const TemporaryFolder& folder) {
  for (const auto* command : {"ingest", "analyze"})
    REQUIRE(run_earshot(folder, {command, "--config", root + "/configs/demo/earshot.toml",
                                 "--store", "store"})
                .exit_code == 0);
}

}  // namespace

TEST_CASE("report command: the demo's JSON is valid under the schema that --schema prints") {
  const TemporaryFolder folder;
  collect_demo(folder);
  const auto schema = folder.write("schema.json", run_earshot(folder, {"report", "--schema"}).out);
  const auto report = folder.write("report.json", run_earshot(folder, demo_report("json")).out);

  const auto command =
      "python3 '" + root + "/tests/analyze/validate_json.py' '" + schema + "' '" + report + "'";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("report command: csv, md and xlsx go to stdout or to a file, the same bytes") {
  const TemporaryFolder folder;
  collect_demo(folder);
  for (const auto* format : {"csv", "md", "xlsx"}) {
    auto words = demo_report(format);
    const auto ran = run_earshot(folder, words);
    CHECK(ran.exit_code == 0);
    CHECK(ran.err.empty());
    words.insert(words.end(), {"--output", "report"});
    CHECK(run_earshot(folder, words).exit_code == 0);
    CHECK_FALSE(ran.out.empty());
    CHECK(folder.read("report") == ran.out);
  }
}

TEST_CASE("report command: an xlsx is kept from a terminal") {
  const TemporaryFolder folder;
  // `script` is a terminal to the command.
  const auto command = "cd '" + folder.path() +
                       "' && script -qec '" EARSHOT_BINARY
                       " report --format xlsx' /dev/null >said </dev/null";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 2);
  CHECK(folder.read("said") ==
        "earshot report: an xlsx is no text for a terminal; name a file with --output "
        "report.xlsx\r\n");
}

TEST_CASE("report command: --raw-csv without csv is a usage error") {
  const TemporaryFolder folder;
  const auto ran = run_earshot(folder, {"report", "--raw-csv"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err == "earshot report: --raw-csv goes with --format csv\n");
}

TEST_CASE("report command: no room for an xlsx's temporary files is an error with a way out") {
  const TemporaryFolder folder;
  collect_demo(folder);
  std::string words;
  for (const auto& word : demo_report("xlsx")) words += " '" + word + "'";
  const auto command = "cd '" + folder.path() + "' && TMPDIR=/nowhere " EARSHOT_BINARY + words +
                       " >report.xlsx 2>said";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
  CHECK(folder.read("said") ==
        "earshot: can't write the temporary files of a report in xlsx; point $TMPDIR to a folder "
        "with room\n");
}
