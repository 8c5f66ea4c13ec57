#pragma once

#include <span>
#include <string_view>

#include "store/base/result.hpp"

namespace earshot {

/// What the process returns. Where several hold, the one that `worse` prefers wins.
enum class ExitCode : int {
  done = 0,
  failed = 1,  ///< The run did not reach its end.
  usage = 2,   ///< Command line or config.
  partly = 3,  ///< Finished, but some source or line failed.
  alert = 4,   ///< Finished, and an alert fired (only with --alert-exit).
  store_missing = 10,
  store_locked = 11,
  store_damaged = 12,
  store_full = 13,   ///< Disk full or not writable.
  store_newer = 14,  ///< Written by another version, in another format.
};

/// The code that an error ends the process with.
ExitCode exit_code_of(const Error& error);

/// The more serious of two: 12 > 13 > 14 > 11 > 10 > 2 > 1 > 3 > 4 > 0.
ExitCode worse(ExitCode first, ExitCode second);

/// A code as help and manual name it.
struct ExitCodeListing {
  std::string_view code;     ///< "3", "128+n"
  std::string_view meaning;  ///< "some source or line failed"
};

/// Those that a command can end with today, in ascending order.
std::span<const ExitCodeListing> exit_codes();

}  // namespace earshot
