#include "store/base/file.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;
using earshot::TemporaryFolder;

TEST_CASE("file: the new file takes the place of the old one, and nothing else is left") {
  const TemporaryFolder folder;
  folder.write("report.txt", "old");

  REQUIRE(write_file(folder.file("report.txt"), "new"));

  CHECK(folder.read("report.txt") == "new");
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("file: a folder that is not there is an error that names the file") {
  const auto written = write_file("/nonexistent/report.txt", "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == Error::Kind::io);
  CHECK(written.error().message ==
        "/nonexistent/report.txt: cannot be written: No such file or directory");
}

TEST_CASE("file: what is there is not overwritten by create_file") {
  const TemporaryFolder folder;
  const auto path = folder.write("earshot.toml", "mine");

  const auto created = create_file(path, "yours");

  REQUIRE_FALSE(created);
  CHECK(created.error().message ==
        path + " is already there and is left as it is; name another file");
  CHECK(folder.read("earshot.toml") == "mine");
}

TEST_CASE("file: a folder can't be read as a file, and an empty file is no error") {
  const TemporaryFolder folder;

  const auto read = read_file(folder.path());

  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::io);
  CHECK(read.error().message == folder.path() + ": Is a directory");
  CHECK(read_file(folder.write("empty", "")).value() == "");
}

TEST_CASE("file: a device is written to, and still one afterwards") {
  const auto full = write_file("/dev/full", "x");
  REQUIRE_FALSE(full);
  CHECK(full.error().message == "/dev/full: cannot be written: No space left on device");
  CHECK(std::filesystem::is_character_file("/dev/full"));
  CHECK(write_file("/dev/null", "x"));
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("file: a link stays a link, and a private file private") {
  const TemporaryFolder folder;
  folder.write("private.txt", "old");
  std::filesystem::permissions(folder.file("private.txt"), std::filesystem::perms::owner_read);
  std::filesystem::create_symlink("private.txt", folder.file("link.txt"));

  REQUIRE(write_file(folder.file("link.txt"), "new"));

  CHECK(std::filesystem::is_symlink(folder.file("link.txt")));
  CHECK(folder.read("private.txt") == "new");
  CHECK(std::filesystem::status(folder.file("private.txt")).permissions() ==
        std::filesystem::perms::owner_read);
}

TEST_CASE("file: whether a file could be written is known without touching it") {
  const TemporaryFolder folder;
  folder.write("model", "old");

  CHECK(check_writable(folder.file("model")));
  CHECK(check_writable(folder.file("new")));
  const auto nowhere = check_writable("/nonexistent/model");

  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().message ==
        "/nonexistent/model: cannot be written: No such file or directory");
  CHECK(folder.read("model") == "old");
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}
