#include "cli/console.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <string>

#include "cli/numbers.hpp"

using namespace earshot;
using std::chrono::milliseconds;

namespace {

/// What a console writes while `use` is at it.
template <class Use>
std::string written(Terminal terminal, Use use) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  Console console{ends[1], terminal};
  use(console);
  close(ends[1]);
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(read(ends[0], text.data(), text.size())));
  close(ends[0]);
  return text;
}

}  // namespace

TEST_CASE("console: a bar shows share, count, rate and what is left") {
  const Progress progress{"support_2017.csv", 2250, "rows", 450, 1000};
  CHECK(progress_line(progress, milliseconds{1500}, 80) ==
        "support_2017.csv   45 %  2,250 rows  1,500/s  2 s left");
}

TEST_CASE("console: without a total there is neither share nor remaining time") {
  CHECK(progress_line({"stdin", 10, "rows", 0, 0}, milliseconds{2000}, 80) ==
        "stdin  10 rows  5/s");
}

TEST_CASE("console: a bar never fills the last column and never tears a character") {
  CHECK(progress_line({"caf\u00e9s", 1, "rows", 0, 0}, milliseconds{0}, 5) == "caf");
}

TEST_CASE("console: remaining time grows into minutes and hours") {
  const auto line = [](std::uint64_t total) {
    return progress_line({"x", 1, "rows", 1, total}, milliseconds{1000}, 80);
  };
  CHECK(line(62) == "x    2 %  1 rows  1/s  1:01 min left");
  CHECK(line(7321) == "x    0 %  1 rows  1/s  2:02 h left");
}

TEST_CASE("console: a message is one line, made harmless") {
  CHECK(written({}, [](Console& console) { console.say("a\nb \x1b[31m"); }) ==
        "earshot: a\\nb \\x1b[31m\n");
  CHECK(written({}, [](Console& console) { console.say("no", "report"); }) ==
        "earshot report: no\n");
}

TEST_CASE("console: there is no bar off a terminal, nor in the first second") {
  const auto show = [](Console& console) {
    console.show({"x", 1, "rows", 1, 2});
    console.finish_progress();
    console.say("done");
  };
  CHECK(written({}, show) == "earshot: done\n");
  CHECK(written({.interactive = true}, show) == "earshot: done\n");
}

TEST_CASE("numbers: thousands are grouped, one is not many") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(14485) == "14,485");
  CHECK(grouped(1234567890) == "1,234,567,890");
  CHECK(counted(1, "post", "posts") == "1 post");
  CHECK(counted(1000, "post", "posts") == "1,000 posts");
}
