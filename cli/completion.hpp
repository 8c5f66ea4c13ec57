#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"

namespace earshot {

/// The shells that there are scripts for.
inline constexpr std::string_view shells[] = {"bash", "zsh", "fish"};

/// Scripts that complete earshot's command line, from the tables of --help: commands, the options
/// of each, the choices of a value, file names where a file is asked for. The same bytes for one
/// version.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

/// The script for one of `shells`.
std::string completion(std::string_view shell);

/// What can stand in one place of the command line: some words, or file names, or neither.
struct Candidates {
  std::vector<std::string_view> words;
  bool files = false;
};

/// For the value of an option that takes one.
Candidates candidates_for(const Option& option);

/// For the operands of a command.
Candidates candidates_for(const CommandDetails& details);

std::vector<std::string_view> command_names();

/// "planning presence", with the separator between the words.
std::string joined(const std::vector<std::string_view>& words, std::string_view separator = " ");

}  // namespace earshot
