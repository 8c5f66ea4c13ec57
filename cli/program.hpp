#pragma once

namespace earshot {

/// The whole program: takes the command line apart, runs the command, prints its error, returns
/// what the process returns.
int run_program(int argc, const char* const* argv);

}  // namespace earshot
