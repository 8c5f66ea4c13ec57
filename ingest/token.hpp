#pragma once

#include <string>

#include "store/base/result.hpp"

namespace earshot {

/// Where a secret is kept, which never stands in a config: it is read when it is needed, and lives
/// no longer than the run.
struct TokenPlace {
  enum class Kind {
    none,
    environment,  ///< `token_env`: the name of a variable.
    file,         ///< `token_file`: a path.
    command,      ///< `token_cmd`: a line for /bin/sh; the first line that it prints.
  };

  Kind kind = Kind::none;
  std::string where = {};

  friend bool operator==(const TokenPlace&, const TokenPlace&) = default;
};

/// The secret, without white space around it; empty if there is no place. A command has 30 s.
/// Errors
/// (`config`) name the key and neither its value nor what was found there: "token_env: the variable
/// that it names is not set".
Result<std::string> read_token(const TokenPlace& place);

}  // namespace earshot
