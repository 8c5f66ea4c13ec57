#include "cli/line_reader.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

std::vector<std::string> lines_of(const std::string& bytes, std::size_t block) {
  const TemporaryFolder folder;
  const int file = open(folder.write("input", bytes).c_str(), O_RDONLY);
  LineReader reader{file, block};
  std::vector<std::string> all;
  LineBatch batch;
  while (reader.next(batch) && !batch.lines.empty())
    for (const auto& line : batch.lines)
      all.push_back(line.too_long ? "(too long)" : std::string{line.text});
  close(file);
  return all;
}

}  // namespace

TEST_CASE("line reader: lines come whole and in order whatever the size of the block") {
  const std::vector<std::string> expected{"one", "", "two and a bit", "three"};
  for (const std::size_t block : {1U, 2U, 3U, 7U, 64U, 4096U}) {
    CHECK(lines_of("one\n\ntwo and a bit\r\nthree", block) == expected);
    CHECK(lines_of("one\n\ntwo and a bit\nthree\n", block) == expected);
  }
  CHECK(lines_of("", 16).empty());
  CHECK(lines_of("\n", 16) == std::vector<std::string>{""});
}

TEST_CASE("line reader: a byte order mark is no part of the first line") {
  CHECK(lines_of("\xEF\xBB\xBFone\ntwo\n", 16) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("line reader: a line that is too long is one line, and the next is read as ever") {
  const std::string giant(LineReader::longest + 5'000'000, 'x');
  CHECK(lines_of("one\n" + giant + "\ntwo\n", 1 << 20) ==
        std::vector<std::string>{"one", "(too long)", "two"});
}

TEST_CASE("line reader: a whole line is handed out before the next one is written") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  LineReader reader{ends[0]};
  LineBatch batch;

  REQUIRE(write(ends[1], "hello\nwor", 9) == 9);
  REQUIRE(reader.next(batch));
  REQUIRE(batch.lines.size() == 1);
  CHECK(batch.lines[0].text == "hello");

  REQUIRE(write(ends[1], "ld\n", 3) == 3);
  REQUIRE(reader.next(batch));
  REQUIRE(batch.lines.size() == 1);
  CHECK(batch.lines[0].text == "world");
  close(ends[0]);
  close(ends[1]);
}
