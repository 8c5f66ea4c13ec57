#pragma once

#include <span>
#include <string>

#include "cli/arguments.hpp"
#include "cli/command.hpp"

namespace earshot {

/// The options that every command takes besides its own.
std::span<const Option> global_options();

/// What `earshot --help` prints.
std::string program_help();

/// What `earshot COMMAND --help` prints.
std::string command_help(const Command& command);

}  // namespace earshot
