#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"
#include "cli/man_page.hpp"

namespace earshot {

namespace {

constexpr Option options[] = {
    {.name = "man", .value = "", .help = "print the manual page, for man(1)"},
    {.name = "completion",
     .value = "SHELL",
     .help = "print the completions for bash, zsh or fish",
     .choices = listed<shells>},
};

Result<ExitCode> run(const Arguments& arguments, Context& context) {
  const auto shell = arguments.choice("completion", shells);
  if (!shell) return shell.error();
  const auto& operands = arguments.operands();
  const bool man = arguments.has("man");
  const bool script = arguments.has("completion");
  if (int{man} + int{script} + int{!operands.empty()} > 1)
    return Error{Error::Kind::usage, "ask for one of --man, --completion and a command"};
  const Command* command = nullptr;
  if (!operands.empty()) {
    command = find_command(operands.front());
    if (command == nullptr) return unknown_command(operands.front());
  }
  context.out.write(man                  ? man_page()
                    : script             ? completion(*shell)
                    : command != nullptr ? command_help(*command)
                                         : program_help());
  return ExitCode::done;
}

}  // namespace

CommandDetails describe_help() {
  return {.operands = "[COMMAND]",
          .max_operands = 1,
          .description =
              "Shows what `earshot --help` or `earshot COMMAND --help` shows. The manual page and "
              "the completions are made\n"
              "from the same tables; `cmake --install` and the Debian package put them where man "
              "and the shells look.",
          .example =
              "earshot help --completion bash > ~/.local/share/bash-completion/completions/earshot",
          .options = options,
          .run = run,
          .operand_choices = command_names};
}

}  // namespace earshot
