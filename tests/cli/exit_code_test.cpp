#include "cli/exit_code.hpp"

#include <doctest/doctest.h>

using namespace earshot;

TEST_CASE("exit code: the more serious of two wins, in either order") {
  const ExitCode order[] = {ExitCode::store_damaged, ExitCode::store_full,    ExitCode::store_newer,
                            ExitCode::store_locked,  ExitCode::store_missing, ExitCode::usage,
                            ExitCode::failed,        ExitCode::partly,        ExitCode::alert,
                            ExitCode::done};
  for (std::size_t i = 0; i < std::size(order); ++i)
    for (std::size_t j = i; j < std::size(order); ++j) {
      CHECK(worse(order[i], order[j]) == order[i]);
      CHECK(worse(order[j], order[i]) == order[i]);
    }
}

TEST_CASE("exit code: each kind of error has its own") {
  CHECK(exit_code_of({Error::Kind::usage, ""}) == ExitCode::usage);
  CHECK(exit_code_of({Error::Kind::config, ""}) == ExitCode::usage);
  CHECK(exit_code_of({Error::Kind::io, ""}) == ExitCode::failed);
  CHECK(exit_code_of({Error::Kind::store_missing, ""}) == ExitCode::store_missing);
  CHECK(exit_code_of({Error::Kind::store_newer, ""}) == ExitCode::store_newer);
}
