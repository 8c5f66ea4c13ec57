#include "cli/output_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using earshot::TemporaryFolder;

TEST_CASE("output file: the new file takes the place of the old one, and nothing else is left") {
  const TemporaryFolder folder;
  folder.write("report.txt", "old");

  REQUIRE(write_file(folder.file("report.txt"), "new"));

  CHECK(folder.read("report.txt") == "new");
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("output file: a folder that is not there is an error that names the file") {
  const auto written = write_file("/nonexistent/report.txt", "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == Error::Kind::io);
  CHECK(written.error().message ==
        "/nonexistent/report.txt: cannot be written: No such file or directory");
}

TEST_CASE("output file: what is there is not overwritten by create_file") {
  const TemporaryFolder folder;
  const auto path = folder.write("earshot.toml", "mine");

  const auto created = create_file(path, "yours");

  REQUIRE_FALSE(created);
  CHECK(created.error().message ==
        path + " is already there and is left as it is; name another file");
  CHECK(folder.read("earshot.toml") == "mine");
}
