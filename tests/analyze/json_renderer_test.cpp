#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "tests/analyze/formats_report.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const std::string root = EARSHOT_SOURCE_DIR;

std::string rendered(const Report& report) {
  auto text = render_report(report, "json", {});
  REQUIRE(text);
  return *text;
}

/// Whether all files are valid under the published schema; what is wrong is on stdout.
bool valid(const std::string& files) {
  const auto command = "python3 '" + root + "/tests/analyze/validate_json.py' '" + root +
                       "/configs/schema/report.schema.json'" + files;
  return std::system(command.c_str()) == 0;
}

}  // namespace

TEST_CASE("json report: a report with everything is valid under the schema") {
  const TemporaryFolder folder;
  CHECK(valid(" '" + folder.write("sample.json", rendered(formats_report())) + "'"));
}

TEST_CASE("json report: the golden reports are valid under the schema") {
  std::string files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/tests/golden"))
    if (entry.path().filename() == "expected.json" &&
        entry.path().parent_path().filename() != "inbox")  // which is no report
      files += " '" + entry.path().string() + "'";
  REQUIRE_FALSE(files.empty());
  CHECK(valid(files));
}

TEST_CASE("json report: the schema refuses what is no report, and a field it does not have") {
  const TemporaryFolder folder;
  auto text = rendered(formats_report());
  text.replace(text.find("\"schema\": 1"), 11, "\"schema\": 2");
  CHECK_FALSE(valid(" '" + folder.write("other.json", text) + "' >'" + folder / "said" + "'"));
  CHECK(folder.read("said").find("$.schema: 1 was expected") != std::string::npos);
  text = rendered(formats_report());
  text.replace(text.find("\"timezone\""), 10, "\"time_zone\"");
  CHECK_FALSE(valid(" '" + folder.write("other.json", text) + "' >'" + folder / "said" + "'"));
}

TEST_CASE("json report: charts, tables, highlights and posts are there, with nulls for gaps") {
  const auto text = rendered(formats_report());
  for (const auto part : {R"("day": "2026-08-02",
        "positive": null,
        "neutral": null,
        "negative": null,
        "net": null,
        "interval": null)",
                          R"("seconds": 3600,
        "waiting": 55.5)",
                          R"("shown": "-3.1 points",
            "value": -3.1)",
                          R"("empty": "The config declares no pilots.")",
                          R"("posts_hash": "00000000000000dd")", R"("author": "@ann")"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
}
