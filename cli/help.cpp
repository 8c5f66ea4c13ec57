#include "cli/help.hpp"

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/exit_code.hpp"

namespace earshot {

namespace {

constexpr std::size_t width = 92;

constexpr Option everywhere[] = {
    {.name = "config",
     .value = "FILE",
     .help = "the config; else $EARSHOT_CONFIG, ./earshot.toml, ~/.config/earshot/earshot.toml"},
    {.name = "store", .value = "PATH", .help = "the store, in place of the config's"},
    {.name = "threads",
     .value = "N",
     .help = "threads to use; results are the same with any number (default: all cores)"},
    {.name = "now",
     .value = "TIME",
     .help = "what counts as now, as 2026-08-01T09:30:00Z, for runs that can be repeated"},
    {.name = "verbose", .value = "", .help = "say more on stderr", .letter = 'v'},
    {.name = "help", .value = "", .help = "show this and exit", .letter = 'h'},
};

/// "exit codes: 0 done, ...", in lines under each other.
std::string exit_code_lines() {
  constexpr std::string_view title = "exit codes: ";
  std::string text{title};
  std::size_t column = title.size();
  for (const auto& [code, meaning] : exit_codes()) {
    const auto item = fmt::format("{} {}", code, meaning);
    if (column > title.size()) {
      const bool fits = column + 2 + item.size() < width;
      text += fits ? ", " : fmt::format(",\n{:{}}", "", title.size());
      column = fits ? column + 2 : title.size();
    }
    text += item;
    column += item.size();
  }
  return text + "\n";
}

}  // namespace

std::span<const Option> global_options() {
  return everywhere;
}

std::string program_help() {
  std::string text = fmt::format(
      "earshot {}: self-hosted social listening\n\n"
      "usage: earshot COMMAND [options]\n\n"
      "commands:\n",
      earshot_version());
  for (const auto& command : commands())
    fmt::format_to(std::back_inserter(text), "  {:<12}{}\n", command.name, command.summary);
  text += "\noptions of all commands:\n" + describe_options(everywhere);
  text +=
      "\n`earshot --version` prints the version.\n"
      "`earshot COMMAND --help` shows a command's own options.\n";
  return text + exit_code_lines();
}

std::string command_help(const Command& command) {
  const auto& details = command.details;
  std::string text = fmt::format(
      "earshot {}: {}\n\nusage: earshot {} [options]{}{}\n\n{}\n", command.name, command.summary,
      command.name, details.operands.empty() ? "" : " ", details.operands, details.description);
  if (!details.options.empty()) text += "\noptions:\n" + describe_options(details.options);
  text += "\noptions of all commands:\n" + describe_options(everywhere);
  return text + fmt::format("\nexample:\n  {}\n", details.example);
}

}  // namespace earshot
