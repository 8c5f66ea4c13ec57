#include "store/base/mapped_file.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;

TEST_CASE("mapped file: its bytes are there, also when it has been moved or is gone") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(100000, 'x') + "end");

  auto file = MappedFile::open(path);
  REQUIRE(file);
  std::filesystem::remove(path);
  const MappedFile moved = *std::move(file);

  CHECK(moved.bytes().size() == 100003);
  CHECK(moved.bytes().ends_with("xend"));
}

TEST_CASE("mapped file: an empty file has no bytes") {
  const TemporaryFolder folder;
  const auto file = MappedFile::open(folder.write("empty", ""));
  REQUIRE(file);
  CHECK(file->bytes().empty());
}

TEST_CASE("mapped file: a copy begins at a multiple of eight") {
  const std::string bytes = "0123456789";
  const auto file = MappedFile::copy_of(std::string_view{bytes}.substr(1));
  CHECK(file.bytes() == "123456789");
  CHECK(reinterpret_cast<std::uintptr_t>(file.bytes().data()) % 8 == 0);
}

TEST_CASE("mapped file: what can't be read is named") {
  const TemporaryFolder folder;
  CHECK(MappedFile::open(folder / "none").error().message ==
        (folder / "none") + ": No such file or directory");
  CHECK(MappedFile::open(folder.path()).error().message == folder.path() + ": Is a directory");
}
