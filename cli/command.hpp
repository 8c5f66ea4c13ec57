#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/exit_code.hpp"
#include "store/base/result.hpp"

namespace earshot {

struct Context;

/// What a command's file says about it.
struct CommandDetails {
  /// What follows the options: "[VIEW...]"; empty if nothing may. "FILE" is completed with file
  /// names.
  std::string_view operands;
  std::size_t max_operands = 0;
  std::string_view description;     ///< One or more paragraphs for its --help.
  std::string_view example;         ///< One command line that works.
  std::span<const Option> options;  ///< Its own; the global ones are added.
  /// Does it. Checks all arguments before it touches anything. An error is printed by the caller
  /// and decides the exit code.
  Result<ExitCode> (*run)(const Arguments& arguments, Context& context);
  Choices operand_choices = nullptr;  ///< The words that an operand can be; null: any.
};

inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

/// One line of `commands.def` with its file in `cli/commands/`.
struct Command {
  std::string name;  ///< "parse-feed" for the line and the file named parse_feed.
  std::string_view summary;
  CommandDetails details;
};

/// All of them, in the order of `commands.def`.
const std::vector<Command>& commands();

/// The command of that name, or null.
const Command* find_command(std::string_view name);

/// That there is no command of that name (`usage`), with a did-you-mean.
Error unknown_command(std::string_view name);

}  // namespace earshot
