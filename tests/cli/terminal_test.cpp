#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace earshot;

TEST_CASE("terminal: a reader that went away is no error, and is noticed") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  Output out{ends[1]};

  out.write("nobody reads this");

  CHECK(out.flush().has_value());
  CHECK(out.closed());
  close(ends[1]);
}

TEST_CASE("terminal: a full disk is an error that says so") {
  FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  Output out{fileno(full)};

  out.write("x");
  const auto flushed = out.flush();

  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().message == "cannot write to standard output: No space left on device");
  std::fclose(full);
}
