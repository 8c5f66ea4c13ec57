#include "cli/exit_code.hpp"

#include <algorithm>
#include <array>

namespace earshot {

ExitCode exit_code_of(const Error& error) {
  switch (error.kind) {
    case Error::Kind::usage:
    case Error::Kind::config:
      return ExitCode::usage;
    case Error::Kind::network:
    case Error::Kind::format:
    case Error::Kind::io:
      return ExitCode::failed;
    case Error::Kind::store_missing:
      return ExitCode::store_missing;
    case Error::Kind::store_locked:
      return ExitCode::store_locked;
    case Error::Kind::store_damaged:
      return ExitCode::store_damaged;
    case Error::Kind::store_full:
      return ExitCode::store_full;
    case Error::Kind::store_newer:
      return ExitCode::store_newer;
  }
  return ExitCode::failed;
}

ExitCode worse(ExitCode first, ExitCode second) {
  static constexpr std::array order{
      ExitCode::store_damaged, ExitCode::store_full, ExitCode::store_newer, ExitCode::store_locked,
      ExitCode::store_missing, ExitCode::usage,      ExitCode::failed,      ExitCode::partly,
      ExitCode::alert,         ExitCode::done};
  return *std::ranges::find_if(order,
                               [&](ExitCode code) { return code == first || code == second; });
}

std::span<const ExitCodeListing> exit_codes() {
  static constexpr ExitCodeListing all[] = {
      {"0", "done"},
      {"1", "did not reach its end"},
      {"2", "usage or config"},
      {"3", "some source or line failed"},
      {"10", "no store"},
      {"11", "store locked"},
      {"12", "damaged"},
      {"13", "disk full or read-only"},
      {"14", "other format"},
      {"128+n", "signal"},
  };
  return all;
}

}  // namespace earshot
